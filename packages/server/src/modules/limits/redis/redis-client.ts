import { createHash } from "node:crypto";
import { ClavigerError } from "@claviger/core";
import type { Cluster, Redis, RedisOptions } from "ioredis";
import type { Logger } from "../../../kernel/log.ts";
import type { RedisAddress } from "../../../kernel/redis-address.ts";

/** Redis or Valkey, as far as scripts need it. */
export interface RedisClient {
  /** Runs a script on keys of one slot. Rejects as UNAVAILABLE where no answer is to be had in time; the script may have run. */
  run(script: RedisScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  /** Begins to connect; resolves once there is a connection, or after so many milliseconds. */
  connect(withinMs: number): Promise<void>;
  /** Ends all connections; what is under way is lost. */
  close(): void;
}

export interface RedisScript {
  readonly lua: string;
  readonly sha: string;
}

export function redisScript(lua: string): RedisScript {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}

/** How long an answer may take; far more than a healthy Redis needs, and a caller waits no longer. */
const ANSWER_MS = 1_000;
const CONNECT_MS = 2_000;
const LONGEST_PAUSE_MS = 1_000;
const FIRST_PAUSE_MS = 50;
const SLOTS_MS = 2_000;
const QUIET_MS = 10_000;

const pause = (times: number): number => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(times, 10));

/**
 * Connects, and again whenever a connection is lost or says nothing. Nothing is queued while there is none, and nothing is
 * sent twice: who asked is told that there is no answer, and decides. Warns once for each outage.
 */
export function createRedisClient(address: RedisAddress, logger: Logger): RedisClient {
  let client: Redis | Cluster | null = null;
  let closed = false;
  return {
    connect: async (withinMs) => {
      client ??= watched(await openClient(address), logger, () => closed);
      const late = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
      await Promise.race([whenReady(client), late]);
    },
    run: async (script, keys, args) => {
      if (client === null) throw new ClavigerError("UNAVAILABLE", { internal: "Redis: not connected" });
      return answered(evaluate(client, script, keys, args));
    },
    close: () => {
      closed = true;
      client?.disconnect();
    },
  };
}

function watched<C extends Redis | Cluster>(client: C, logger: Logger, isClosed: () => boolean): C {
  let warned = false;
  const lost = (error?: unknown): void => {
    if (!warned && !isClosed()) logger.warn({ error }, "Redis, where limits are divided, cannot be reached");
    warned = true;
  };
  client.on("error", lost);
  client.on("close", () => lost());
  client.on("ready", () => {
    if (warned) logger.info({}, "Redis, where limits are divided, is reached again");
    warned = false;
  });
  return client;
}

/** By its hash, which Redis remembers; told in full where it does not. */
async function evaluate(
  client: Redis | Cluster,
  { lua, sha }: RedisScript,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return client.eval(lua, keys.length, ...keys, ...args);
  }
}

async function answered(answer: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TypeError(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
    timer.unref();
  });
  try {
    return await Promise.race([answer, late]);
  } catch (cause) {
    throw new ClavigerError("UNAVAILABLE", { internal: `Redis: ${messageOf(cause)}`, cause });
  } finally {
    clearTimeout(timer);
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** In a cluster also with all of its masters, which are else connected to when they are first asked, and refuse meanwhile. */
async function whenReady(client: Redis | Cluster): Promise<void> {
  if (client.status !== "ready") await new Promise<void>((resolve) => client.once("ready", () => resolve()));
  if (!("nodes" in client)) return;
  await Promise.allSettled(client.nodes("master").map((node) => node.ping()));
}

function optionsOf({ username, password, tls }: RedisAddress) {
  return {
    ...{ connectTimeout: CONNECT_MS, connectionName: "claviger", protocol: 2 as const, disableClientInfo: true },
    // A connection that says nothing is given up, so that what comes later is not behind what is lost.
    ...{ socketTimeout: ANSWER_MS, keepAlive: QUIET_MS },
    ...{ autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 },
    // A master that has become a replica: another connection finds the new one.
    reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password: password.reveal() }),
    ...(tls ? { tls: {} } : {}),
  } satisfies RedisOptions;
}

/** Loaded here, because most installations have no Redis. */
async function openClient(address: RedisAddress): Promise<Redis | Cluster> {
  const library = await import("ioredis");
  const options = optionsOf(address);
  const [node] = address.nodes;
  if (node === undefined) throw new TypeError("an address of Redis names at least one node");
  if (!address.cluster) {
    const single = { ...options, ...node, db: address.db, retryStrategy: pause };
    return new library.Redis({ ...single, enableOfflineQueue: false });
  }
  return new library.Cluster([...address.nodes], {
    redisOptions: options,
    clusterRetryStrategy: pause,
    clusterNodeRetryStrategy: pause,
    enableOfflineQueue: false,
    // Zero: a command whose connection closed may have been carried out, and is not sent again.
    retryDelayOnFailover: 0,
    slotsRefreshTimeout: CONNECT_MS,
    slotsRefreshInterval: SLOTS_MS,
    // Certificates are for names, which a look-up here would replace by addresses.
    ...(address.tls ? { dnsLookup: (name, done) => done(null, name) } : {}),
  });
}
