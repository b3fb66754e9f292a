import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { ClavigerError, type Secret, type Verifier } from "@claviger/core";
import { getRequestListener } from "@hono/node-server";
import type { App } from "../app.ts";
import { SECURITY_HEADERS } from "../http/security-headers.ts";
import { createLogger } from "../kernel/log.ts";
import { problemOf } from "../kernel/problem.ts";
import { openInstallation } from "../open-installation.ts";
import { behind, requestWithoutBase, withoutBase } from "./mount.ts";
import { type ClavigerOptions, inOptionNames, type LibrarySettings, readOptions } from "./options.ts";

/** A node of Claviger inside this process. As a verifier it decides from the node's own memory, and can be handed to any middleware. */
export interface ClavigerNode extends Verifier {
  /** The first management key, where none was given and this is the first start of the installation. It is told here and nowhere else. */
  readonly generatedManagementKey: Secret | null;
  /** The API as a Web-standard handler, for Hono, Next.js and others. `env`: what the framework hands on beside the request. */
  fetch(request: Request, env?: unknown): Promise<Response>;
  /** The API as a handler of node:http, Express and Fastify's raw requests. It has to come before whatever reads bodies. */
  nodeHandler(request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): void;
  /** The stream of verifiers, for the event `upgrade` of a server. False where the request is not for Claviger: nothing was done. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** A verifier for the keys of another environment. */
  verifier(environment: string): Verifier;
  /** From now on `/readyz` says that it is not ready, and verifiers are sent to other nodes; all else goes on. */
  drain(): void;
  /**
   * Refuses everything from then on, lets what is under way finish, waits until leases lent to verifiers have ended (six
   * seconds at most), gives its own lease back and closes what it opened. May be called again.
   */
  close(): Promise<void>;
}

/** How long a close waits for requests under way, in milliseconds. */
const FINISH_MS = 6_000;

/**
 * Runs Claviger inside this process, on the main thread: a node like any other of the installation, with its own lease. It listens
 * on nothing, takes no setting from variables, handles no signals and ends no process. Migrations are run under a lock.
 *
 * ```ts
 * const claviger = await createClaviger({ databaseUrl, masterKey, basePath: "/claviger" });
 * app.mount("/claviger", claviger.fetch);              // manage
 * app.use("/contacts/*", honoKeys(claviger));          // verify
 * ```
 *
 * @throws ConfigError for options that cannot work, EngineError and DatabaseError for a database that cannot be used
 */
export async function createClaviger(options: ClavigerOptions = {}): Promise<ClavigerNode> {
  const settings = readOptions(options, { env: process.env, workingDirectory: process.cwd() });
  const logger = options.logger ?? createLogger(settings.config.logLevel);
  const onExit = (): void => {
    logger.error({}, "the embedded database ended; every key is refused from now on");
    options.onFatal?.("the embedded database ended");
  };
  try {
    const mount = { basePath: settings.basePath };
    const { app, close } = await openInstallation(settings.config, logger, onExit, {
      ...{ mount, importHook: options.importHook },
    });
    try {
      app.setUrl("");
      const generated = await app.start();
      return nodeOver({ app, close, settings, generated, options });
    } catch (error) {
      await close();
      throw error;
    }
  } catch (error) {
    throw inOptionNames(error);
  }
}

interface Opened {
  readonly app: App;
  readonly close: () => Promise<void>;
  readonly settings: LibrarySettings;
  readonly generated: Secret | null;
  readonly options: ClavigerOptions;
}

function nodeOver({ app, close, settings, generated, options }: Opened): ClavigerNode {
  const { environment, basePath, service } = settings;
  const verifier = app.verifier(environment, service);
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;

  const answer = async (request: Request, env: unknown): Promise<Response> => {
    if (closing !== null) return unavailable();
    const own = requestWithoutBase(request, basePath);
    return app.fetch(
      own,
      behind(env, () => options.address?.(request)),
    );
  };
  const noted = <T>(work: Promise<T>): Promise<T> => {
    const noting = work.finally(() => underWay.delete(noting));
    underWay.add(noting);
    return noting;
  };
  const fetch: ClavigerNode["fetch"] = (request, env) => noted(answer(request, env));
  const listener = getRequestListener((request, env) => fetch(request, env), { overrideGlobalObjects: false });
  return {
    ...{ mode: verifier.mode, environment, observer: verifier.observer, generatedManagementKey: generated },
    verify: verifier.verify,
    answered: (verdict, status, durationMs) => verifier.answered?.(verdict, status, durationMs),
    fetch,
    nodeHandler: (request, response, next) => {
      if (isRead(request)) return refuseRead(response, next);
      request.url = withoutBase(request.url ?? "/", basePath);
      if (closing !== null || !app.hotPath(request, response)) void listener(request, response);
      else if (!response.writableEnded) void noted(new Promise((resolve) => response.once("close", resolve)));
    },
    upgrade: (request, socket, head) => {
      const { url = "/" } = request;
      request.url = withoutBase(url, basePath);
      if (app.upgrade.takes(request)) {
        app.upgrade.upgrade(request, socket, head);
        return true;
      }
      request.url = url;
      return false;
    },
    verifier: (name) => app.verifier(name, service),
    drain: () => app.drain(),
    close: () => {
      closing ??= (async () => {
        await verifier.close();
        app.drain();
        await Promise.all([finished(underWay), app.leave()]);
        await close();
      })();
      return closing;
    },
  };
}

/** Resolves once all are settled, or after a while. */
async function finished(underWay: ReadonlySet<Promise<unknown>>): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, FINISH_MS).unref());
  await Promise.race([Promise.allSettled(underWay), late]);
}

function unavailable(): Response {
  const { status, body, headers } = problemOf(new ClavigerError("UNAVAILABLE"), "");
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...SECURITY_HEADERS, ...headers, "Content-Type": "application/problem+json" },
  });
}

/** Whether somebody else has read the body, and nothing is left for us. */
function isRead(request: IncomingMessage): boolean {
  return request.readableDidRead && !("rawBody" in request);
}

function refuseRead(response: ServerResponse, next: ((error?: unknown) => void) | undefined): void {
  const error = new TypeError("Claviger: the body of this request was read already; mount it before body parsers");
  if (next !== undefined) {
    next(error);
    return;
  }
  process.emitWarning(error.message);
  response.statusCode = 500;
  response.end();
}
