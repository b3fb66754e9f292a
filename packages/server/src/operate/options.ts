/** Where an operator's command finds the installation: the same settings as the service. */
export interface OperateOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}
