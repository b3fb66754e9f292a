import type { Config } from "../../config.ts";
import { systemClock } from "../../kernel/clock.ts";
import { createLogger } from "../../kernel/log.ts";
import { probeRedis, type RedisFacts } from "../../modules/limits/index.ts";
import { type Check, fail, messageOf, ok, warn } from "./check.ts";

const SLOW_MS = 100;
const MEANWHILE: Readonly<Record<Config["whenRedisUnavailable"], string>> = {
  refuse: "what limits have not reserved before is refused",
  postgresql: "limits are divided in PostgreSQL",
  allow: "each node keeps to the whole amount by itself",
};

/** Whether limits can be divided in the Redis of the settings; nothing where there is none. */
export async function* checkRedis({ redis, whenRedisUnavailable }: Config): AsyncGenerator<Check> {
  if (redis === null) return;
  try {
    yield judgeRedis(await probeRedis(redis, systemClock, createLogger("silent")));
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    yield fail(
      "redis",
      `${messageOf(cause)}; meanwhile: ${MEANWHILE[whenRedisUnavailable]}`,
      "check REDIS_URL, and that the server is Redis 7 or Valkey whose user may run scripts and INFO",
    );
  }
}

export function judgeRedis({ server, evicts, answeredMs }: RedisFacts): Check {
  const found = `${server} answers within ${answeredMs} ms`;
  if (evicts !== "noeviction") {
    return warn(
      "redis",
      `${found}, and drops keys when its memory is full (${evicts})`,
      "set maxmemory-policy noeviction, or give limits a Redis of their own: what is dropped is noticed, and holds up limits meanwhile",
    );
  }
  return answeredMs > SLOW_MS
    ? warn("redis", found, "put it nearer: a caller waits so long whenever a limit must be asked for")
    : ok("redis", found);
}
