import type { TestDatabase } from "@claviger/testkit";
import { asPlatform } from "./filler.ts";

/** What every installation has of its own, or what says which processes live. */
const OWN = [
  ...["migration", "role_name", "cluster", "node", "change_log"],
  ...["limit_holder", "limit_lent", "limit_part", "limit_share", "limit_store", "usage_batch", "usage_sender"],
  // What is acknowledged and not counted yet.
  "usage_log",
  "secret_link",
  // Of sets of scopes that no key has any more.
  ...["usage_event", "grant_set", "budget_due", "expiry_walk", "dormancy_walk", "view_look", "view_row"],
  // Its rows are added up at any time.
  "key_tally",
];

/** Not in a backup, and made of what is. */
export const DERIVED = ["account_activity", "key_activity", "key_words", "name_words"];

export interface TableDigest {
  readonly rows: number;
  readonly md5: string;
}

/** Number and content of the rows of every table, the audit trail up to the event `auditUpTo`. */
export function digestTables(
  database: TestDatabase,
  auditUpTo: number,
): Promise<Readonly<Record<string, TableDigest>>> {
  return asPlatform(database, async (client) => {
    await client.query("SET TimeZone = 'UTC'");
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'claviger'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> ALL ($1)`,
      [[...OWN, "audit_head"]],
    );
    const digests: Record<string, TableDigest> = {};
    for (const { name } of tables) {
      const where = name === "audit_event" ? `WHERE seq <= ${auditUpTo}` : "";
      const { rows } = await client.query<{ rows: string; md5: string }>(
        `SELECT count(*) AS rows, md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C"), '')) AS md5 FROM ${name} t ${where}`,
      );
      digests[name] = { rows: Number(rows[0]?.rows), md5: rows[0]?.md5 ?? "" };
    }
    return digests;
  });
}

export async function readOne(database: TestDatabase, text: string): Promise<string> {
  return asPlatform(database, async (client) => {
    const { rows } = await client.query<{ value: unknown }>(text);
    return String(rows[0]?.value);
  });
}
