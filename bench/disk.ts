/** What rows take on disk, with their indexes. */
import type { KeyUse } from "@claviger/core";
import { PLATFORM } from "@claviger/server";
import { writeUses } from "../packages/server/src/modules/traffic/index.ts";
import type { BulkStage } from "./bulk-stage.ts";
import { type Line, line } from "./goals.ts";

/** Keys that are used, and on how many days. */
const USED = 50_000;
const DAYS = 4;
const BATCH = 1_000;
const DAY_MS = 86_400_000;
const TABLES = [
  "api_key",
  "key_version",
  "audit_event",
  "change_log",
  "outbox_event",
  "key_use",
  "key_use_day",
] as const;

interface Size {
  readonly name: string;
  readonly bytes: number;
  readonly rows: number;
}

/** Counts uses of some keys on some days, as nodes do, and measures the tables. To be called once the keys are made. */
export async function diskLines(stage: BulkStage): Promise<Line[]> {
  await use(stage);
  await stage.asOwner(TABLES.map((table) => `VACUUM ANALYZE ${table}`));
  const sizes = await stage.asOwner<Size>([
    `SELECT relname AS name, pg_total_relation_size(oid)::float8 AS bytes, greatest(reltuples, 1)::float8 AS rows
     FROM pg_class WHERE relnamespace = 'claviger'::regnamespace AND relkind = 'r'`,
  ]);
  const perRow = (table: (typeof TABLES)[number]): number => {
    const found = sizes.find(({ name }) => name === table);
    if (found === undefined) throw new TypeError(`there is no table ${table}`);
    return found.bytes / found.rows;
  };
  return [
    line("a key", "B", perRow("api_key")),
    line("a version of a key", "B", perRow("key_version")),
    line("an audit event", "B", perRow("audit_event")),
    line("a change, kept for some minutes", "B", perRow("change_log")),
    line("an outgoing event", "B", perRow("outbox_event")),
    line("first and last use of a version", "B", perRow("key_use")),
    line("a day on which a key was used", "B", perRow("key_use_day")),
  ];
}

async function use(stage: BulkStage): Promise<void> {
  const { database } = stage.app;
  const keys = await database.transaction(PLATFORM, (tx) =>
    tx.selectFrom("api_key").select(["id", "account_id"]).where("kind", "=", "customer").limit(USED).execute(),
  );
  for (let day = 0; day < DAYS; day += 1) {
    const at = stage.time.now - day * DAY_MS;
    const times = { firstUsedAt: at, lastUsedAt: at, lastRefusedAt: null, lastRefusedCode: null };
    for (let from = 0; from < keys.length; from += BATCH) {
      const uses = keys.slice(from, from + BATCH).map(
        ({ id, account_id }): KeyUse => ({
          key: id,
          version: 1,
          account: account_id,
          accepted: 3,
          refused: 0,
          ...times,
        }),
      );
      await writeUses(database, uses, new Date(at));
    }
  }
}
