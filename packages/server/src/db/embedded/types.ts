import type { Platform } from "./platform.ts";

/** How to reach one database as one role; also valid as settings of a `pg` client. */
export interface ConnectionSettings {
  /** The directory of the server's unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface EngineLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface EmbeddedOptions {
  /** Made where it does not exist; its parent need not exist either. */
  readonly dataDir: string;
  readonly logger: EngineLogger;
  /** Called when the server ends without having been asked to. */
  readonly onExit?: (exit: { code: number | null }) => void;
  /** Default: the machine's own. */
  readonly platform?: Platform;
}

export interface EmbeddedPostgres {
  /** Owns the database `claviger`, may create roles and databases; for migrations. */
  readonly ownerUrl: ConnectionSettings;
  /** May only log in; what it may do in the database is granted by migrations. */
  readonly nodeUrl: ConnectionSettings;
  readonly pid: number;
  /** Ends sessions and server, waits until it is gone, and gives the directory free. Further calls do nothing. */
  stop(): Promise<void>;
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<{ code: number | null }>;
}
