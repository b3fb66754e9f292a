import type { Clock } from "../../../kernel/clock.ts";
import type { Logger } from "../../../kernel/log.ts";
import type { RedisAddress } from "../../../kernel/redis-address.ts";
import { createRedisClient } from "./redis-client.ts";
import { PROBE } from "./scripts.ts";

/** What a look at Redis found. */
export interface RedisFacts {
  /** `Redis` or `Valkey`, and its version. */
  readonly server: string;
  /** What it drops when its memory is full; `noeviction` is nothing. */
  readonly evicts: string;
  readonly answeredMs: number;
}

const CONNECT_MS = 3_000;

/** Connects, asks as limits ask, and disconnects. Rejects as `RedisClient.run` does. */
export async function probeRedis(address: RedisAddress, clock: Clock, logger: Logger): Promise<RedisFacts> {
  const client = createRedisClient(address, logger);
  try {
    await client.connect(CONNECT_MS);
    const before = clock.mono();
    const info = String(await client.run(PROBE, ["claviger:{probe}"], []));
    const answeredMs = Math.round(clock.mono() - before);
    const field = (name: string): string | null => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1] ?? null;
    const valkey = field("valkey_version");
    return {
      server: valkey === null ? `Redis ${field("redis_version") ?? "of unknown version"}` : `Valkey ${valkey}`,
      evicts: field("maxmemory_policy") ?? "noeviction",
      answeredMs,
    };
  } finally {
    client.close();
  }
}
