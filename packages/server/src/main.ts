import type { App } from "./app.ts";
import { type Config, ConfigError, loadConfig } from "./config.ts";
import type { Database } from "./db/index.ts";
import { type Listener, listen } from "./http/listen.ts";
import { createLogger, type Logger } from "./kernel/log.ts";
import { releaseMemory } from "./kernel/memory.ts";
import { logTelemetryEvent } from "./kernel/telemetry/log-event.ts";
import { NO_TELEMETRY, type Telemetry } from "./kernel/tracing.ts";
import { openInstallation } from "./open-installation.ts";
import { SOFTWARE_VERSION } from "./version.ts";

export interface ServeOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** One line for whoever waits: `ready <url>`, and the first time the management key. */
  print(line: string): void;
  /** Run before the service joins its cluster, when nobody is served yet; it listens and answers that it is not ready. */
  prepare?(opened: Opened): Promise<void>;
  /** Called when the service cannot go on; the process should end with this status. */
  onFatal(message: string): void;
}

/** An installation that is open and listens. */
export interface Opened {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  readonly url: string;
}

export interface Serving {
  readonly url: string;
  /** Says that it is not ready and goes on for CLAVIGER_DRAIN_MS, lets leases of verifiers end, finishes what is under way, gives the lease back. */
  stop(): Promise<void>;
}

/** Runs the service until `stop`. Throws ConfigError, EngineError or DatabaseError, each with one line that says what to do. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const config = loadConfig(options.environment, options.workingDirectory);
  const { telemetry, logger } = await openLogs(config);
  try {
    const serving = await open(options, config, logger, telemetry);
    return { ...serving, stop: () => serving.stop().finally(telemetry.stop) };
  } catch (error) {
    // What was logged until then says why.
    await telemetry.stop();
    throw error;
  }
}

async function open(options: ServeOptions, config: Config, logger: Logger, telemetry: Telemetry): Promise<Serving> {
  const onExit = (): void => options.onFatal("the database server ended");
  const { app, close } = await openInstallation(config, logger, onExit, { telemetry });
  let listener: Listener | null = null;
  try {
    // Before anything is made for good: a key that is generated and then not printed would be lost.
    const listening = await listenOr(app, config);
    listener = listening;
    app.setUrl(listening.url);
    await options.prepare?.({ config, database: app.database, logger, url: config.publicUrl ?? listening.url });
    releaseMemory();
    const generated = await app.start();
    if (generated !== null) options.print(`management key (shown once): ${generated.reveal()}`);
    options.print(`ready ${config.publicUrl ?? listening.url}`);
    return {
      url: listening.url,
      stop: async () => {
        app.drain();
        listening.drain();
        if (config.drainMs > 0) await new Promise((resolve) => setTimeout(resolve, config.drainMs));
        await Promise.all([listening.stop(), app.leave()]);
        await close();
      },
    };
  } catch (error) {
    await listener?.stop();
    await close();
    throw error;
  }
}

/** What goes by OpenTelemetry, which is loaded only where it is on, and the log. */
async function openLogs({ telemetry: settings, logLevel }: Config): Promise<{ telemetry: Telemetry; logger: Logger }> {
  if (settings === null) return { telemetry: NO_TELEMETRY, logger: createLogger(logLevel) };
  const { openTelemetry } = await import("./kernel/telemetry/open-telemetry.ts");
  const telemetry = openTelemetry(settings, SOFTWARE_VERSION, (signal, event) =>
    logTelemetryEvent(logger, signal, event),
  );
  const logger = createLogger(logLevel, { fields: telemetry.fields, also: telemetry.log });
  return { telemetry, logger };
}

async function listenOr(app: App, config: Config) {
  try {
    return await listen(app.fetch, config.host, config.port, app.hotPath, app.upgrade);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const names: Record<string, [string, string]> = {
      EADDRINUSE: ["CLAVIGER_PORT", `"${config.port}" is in use on ${config.host}; must be a free port`],
      EACCES: ["CLAVIGER_PORT", `"${config.port}" needs privileges; must be a port this process may listen on`],
      EADDRNOTAVAIL: ["CLAVIGER_HOST", `"${config.host}" is no address of this machine; must be one`],
    };
    const [name, message] = names[code] ?? ["CLAVIGER_HOST", `"${config.host}" cannot be listened on: ${code}`];
    throw new ConfigError(name, message);
  }
}
