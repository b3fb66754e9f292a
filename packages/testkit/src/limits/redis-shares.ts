/** What the tests of limits in Redis share: nodes of one installation over servers that fail in every way. */
import type { Database } from "../../../server/src/db/index.ts";
import type { Clock } from "../../../server/src/kernel/clock.ts";
import { systemRandom } from "../../../server/src/kernel/random.ts";
import { parseRedisAddress, type RedisAddress } from "../../../server/src/kernel/redis-address.ts";
import { systemTimers } from "../../../server/src/kernel/timers.ts";
import { NodeShares, type RedisUnavailable } from "../../../server/src/modules/limits/node-shares.ts";
import { createRedisClient, type RedisClient } from "../../../server/src/modules/limits/redis/redis-client.ts";
import { RedisPart } from "../../../server/src/modules/limits/redis/redis-part.ts";
import { RedisShares } from "../../../server/src/modules/limits/redis/redis-shares.ts";
import { silentLogger } from "../logger.ts";
import { type FaultyProxy, proxyTo } from "../proxy.ts";
import type { SeededRandom } from "../random.ts";
import type { RedisCluster, RedisServer } from "../redis.ts";
import { waitFor } from "../wait.ts";
import type { Faults } from "./simulate-limits.ts";

function addressOf(url: string): RedisAddress {
  const address = parseRedisAddress(url);
  if (address === null) throw new TypeError("no address of Redis");
  return address;
}

/** A client that is connected. */
export async function testRedisClient(url: string): Promise<RedisClient> {
  const client = createRedisClient(addressOf(url), silentLogger);
  await client.connect(5_000);
  return client;
}

export interface TestSharesOptions {
  /** Default 1. */
  readonly parts?: number;
  /** Default `refuse`. */
  readonly whenUnavailable?: RedisUnavailable;
  lost?(): void;
}

/** Shares of one node, in Redis through this client. */
export function sharesInRedis(
  client: RedisClient,
  database: Database,
  clock: Clock,
  { parts = 1, whenUnavailable = "refuse", lost = () => undefined }: TestSharesOptions = {},
): NodeShares {
  return new NodeShares({
    ...{ database, clock, whenUnavailable },
    redis: (registry) =>
      new RedisShares({
        ...{ client, registry, clock, parts, lost, random: systemRandom, timers: systemTimers, logger: silentLogger },
      }),
  });
}

/** Resolves once the client has answers for so many parts. */
export async function answering(client: RedisClient, parts = 1): Promise<void> {
  const probes = Array.from({ length: parts }, (_, index) => new RedisPart(client, "probe", index));
  const answers = (): Promise<boolean> =>
    Promise.all(probes.map((probe) => probe.holders())).then(
      () => true,
      () => false,
    );
  await waitFor(answers, { what: "Redis to answer", timeoutMs: 10_000 });
}

/** A node's own way to Redis. */
interface Link {
  readonly proxy: FaultyProxy;
  readonly client: RedisClient;
  isCut: boolean;
}

/**
 * Two servers, of which one is meant to be the master, and a way to it for each node. Servers lose all they have, or one key;
 * they come back with what they had some time before; ways are cut, for all or for some; nodes are led to the other server,
 * together or apart.
 */
export class RedisFaults implements Faults {
  readonly #servers: readonly RedisServer[];
  readonly #options: TestSharesOptions;
  readonly #links: Link[] = [];

  constructor(servers: readonly RedisServer[], options: TestSharesOptions) {
    this.#servers = servers;
    this.#options = options;
  }

  readonly makeShares = async (database: Database, clock: Clock): Promise<NodeShares> => {
    const proxy = await proxyTo({ host: "127.0.0.1", port: this.#servers[0]?.port ?? 0 });
    const client = await testRedisClient(`redis://127.0.0.1:${proxy.connection.port}`);
    this.#links.push({ proxy, client, isCut: false });
    return sharesInRedis(client, database, clock, this.#options);
  };

  async happen(random: SeededRandom, work: Promise<void>): Promise<void> {
    for (let turns = random.int(30); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
    await this.#happen(random, random.int(100));
    await work;
    await Promise.all(this.#links.filter(({ isCut }) => !isCut).map(({ client }) => answering(client)));
  }

  async close(): Promise<void> {
    for (const { proxy, client } of this.#links) {
      client.close();
      await proxy.close();
    }
  }

  async #happen(random: SeededRandom, lot: number): Promise<void> {
    const server = random.pick(this.#servers);
    const link = random.pick(this.#links);
    const [one, other] = random.int(2) === 0 ? this.#servers : [...this.#servers].reverse();
    if (lot < 14) await server.command("FLUSHALL");
    else if (lot < 24) await this.#deleteKey(server, random);
    else if (lot < 34) await server.command("SAVE");
    else if (lot < 46) await server.restart();
    else if (lot < 60) this.#cut([link]);
    else if (lot < 65) this.#cut(this.#links);
    else if (lot < 75) this.#breakFor(this.#links);
    else if (lot < 80) this.#lead([link], one);
    else if (lot < 85) this.#lead(this.#links, other);
    else this.#heal();
  }

  /** One of the keys of an installation is evicted. */
  async #deleteKey(server: RedisServer, random: SeededRandom): Promise<void> {
    const keys = (await server.command("KEYS", "claviger:*")).split("\n").filter((key) => key !== "");
    if (keys.length > 0) await server.command("UNLINK", random.pick(keys));
  }

  #cut(links: readonly Link[]): void {
    for (const link of links) {
      link.proxy.cut();
      link.isCut = true;
    }
  }

  #breakFor(links: readonly Link[]): void {
    this.#cut(links);
    this.#heal();
  }

  /** Everybody reaches the first server again. */
  #heal(): void {
    for (const link of this.#links) {
      if (link.isCut) link.proxy.heal();
      link.isCut = false;
    }
  }

  #lead(links: readonly Link[], server: RedisServer | undefined): void {
    if (server === undefined) return;
    for (const { proxy } of links) proxy.lead({ host: "127.0.0.1", port: server.port });
  }
}

/** A cluster of Redis, whose masters lose what they have, or go and come back empty. */
export class ClusterFaults implements Faults {
  readonly #cluster: RedisCluster;
  readonly #options: TestSharesOptions;
  readonly #clients: RedisClient[] = [];

  constructor(cluster: RedisCluster, options: TestSharesOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  readonly makeShares = async (database: Database, clock: Clock): Promise<NodeShares> => {
    const client = await testRedisClient(this.#cluster.url);
    this.#clients.push(client);
    return sharesInRedis(client, database, clock, this.#options);
  };

  async happen(random: SeededRandom, work: Promise<void>): Promise<void> {
    for (let turns = random.int(30); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
    const server = random.pick(this.#cluster.servers);
    if (random.int(3) > 0) await server.command("FLUSHALL");
    else await server.restart();
    await work;
    for (const client of this.#clients) await answering(client, PROBED_PARTS);
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
  }
}

/** Enough that some are on each master. */
const PROBED_PARTS = 16;
