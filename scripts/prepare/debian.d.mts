/** Installs packages by apt-get, as root, and disables the services they bring. Throws an error that says what failed. */
export function installFromDebian(packages: readonly string[], services: readonly string[]): void;
