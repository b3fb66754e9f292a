/**
 * What the CLI and the testkit may use of the server, and library mode. What is published as this package is the latter alone:
 * `library/index.ts`.
 */
export { type App, createApp, type House } from "./app.ts";
export { type Config, ConfigError, loadConfig } from "./config.ts";
export * from "./db/index.ts";
export { type DemoOptions, prepareDemo, readDemoSeed } from "./demo/prepare-demo.ts";
export { systemClock } from "./kernel/clock.ts";
export { createLogger } from "./kernel/log.ts";
export { systemRandom } from "./kernel/random.ts";
export { sha256 } from "./kernel/sha256.ts";
export * from "./library/index.ts";
export { type ServeOptions, type Serving, serve } from "./main.ts";
export { openInstallation } from "./open-installation.ts";
export * from "./operate/index.ts";
export { SETTINGS, type Setting } from "./settings.ts";
