import { type TestDatabase, waitFor } from "@claviger/testkit";
import { asPlatform } from "./filler.ts";

/** One event as it is stored. */
export interface RecordedUse {
  readonly key: string;
  readonly version: number;
  readonly account: string;
  readonly environment: string;
  readonly code: string;
  readonly method: string | null;
  /** Template of the route map where `mapped`, else the folded path. */
  readonly route: string | null;
  readonly mapped: boolean;
  readonly status: number | null;
  readonly durationMs: number | null;
  readonly ip: string | null;
  readonly agent: string | null;
  readonly browser: boolean;
  readonly service: string | null;
  readonly requestId: string | null;
  readonly cost: number;
}

/** What is stored of uses of a key, first to last, once there are so many. */
export function recordedUses(database: TestDatabase, key: string, least: number): Promise<RecordedUse[]> {
  const what = `${least} events of ${key}`;
  return waitFor(
    async () => {
      const rows = await asPlatform(database, async (client) => {
        const found = await client.query<RecordedUse>(
          `SELECT key_id AS key, version, account_id AS account, environment, code, method, route, mapped, status,
             duration_ms::float8 AS "durationMs", host(ip) AS ip, agent, browser, service, request_id AS "requestId", cost::int
           FROM usage_event WHERE key_id = $1 ORDER BY at, id`,
          [key],
        );
        return found.rows;
      });
      return rows.length >= least ? rows : null;
    },
    { what, timeoutMs: 15_000, everyMs: 50 },
  );
}

/** Requests of a key as they are counted, by code; and how many of them were answered with each class of status. */
export async function countedUses(database: TestDatabase, key: string): Promise<Record<string, number>> {
  return asPlatform(database, async (client) => {
    const { rows } = await client.query<Record<string, number>>(
      `SELECT coalesce(sum(requests), 0)::int AS requests, coalesce(sum(cost), 0)::int AS cost,
         coalesce(sum(status_2xx), 0)::int AS "2xx", coalesce(sum(status_4xx), 0)::int AS "4xx",
         coalesce(sum(status_5xx), 0)::int AS "5xx", coalesce(sum(durations), 0)::int AS durations
       FROM usage_hour WHERE key_id = $1`,
      [key],
    );
    return rows[0] ?? {};
  });
}
