/** What the database says of its own tables. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { Mode, TableShape } from "../frames.ts";

/** A table of ours, and how many rows it has by the estimate of the database. */
export interface FoundTable extends TableShape {
  readonly refersTo: readonly string[];
  readonly estimate: number;
}

/** Every installation has its own of these, or they say which processes live and what is under way between them. */
const LEFT_OUT = [
  ...["migration", "role_name", "cluster", "node", "change_log"],
  ...["limit_holder", "limit_lent", "limit_part", "limit_share", "limit_store", "usage_batch", "usage_sender"],
  // Seconds of uses that are not counted yet: counts are copied while they are written, and would have some of them twice.
  "usage_log",
  // Kept by triggers, and written anew from what they are kept from.
  ...["key_activity", "account_activity", "grant_set", "key_tally", "key_words", "name_words"],
  // What is to be looked at next; all of it is looked at every so often anyway.
  "budget_due",
  // Begun anew every so often.
  ...["expiry_walk", "dormancy_walk", "view_look", "view_row"],
  // What works once would work again; who is sent one is sent another.
  "secret_link",
  // Most of what there is on disk, and counted elsewhere.
  "usage_event",
];
/** Counts of uses, written without a pause; no part of a decision, and worth no second copy. */
const LOOSE = [
  ...["key_use", "key_use_day", "key_outcome", "key_source", "endpoint", "limit_quota"],
  ...[
    "usage_hour",
    "usage_day",
    "usage_facet_hour",
    "usage_facet_day",
    "usage_total",
    "stranger_hour",
    "usage_loss",
    "metering",
  ],
];

interface CatalogRow extends Omit<FoundTable, "mode" | "key"> {
  readonly key: readonly string[] | null;
  readonly deletable: boolean;
}

/**
 * All tables with what it takes to copy them, in no order. Where nobody but the owner may delete rows, none go. A table
 * without a primary key has an empty `key`.
 */
export async function readTables(tx: Tx): Promise<FoundTable[]> {
  const { rows } = await sql<CatalogRow>`
    SELECT c.relname AS name, greatest(c.reltuples, 0)::bigint AS estimate,
      (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
        FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      (SELECT json_agg(a.attname ORDER BY k.place) FROM pg_constraint p
        CROSS JOIN unnest(p.conkey) WITH ORDINALITY k (number, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
        WHERE p.conrelid = c.oid AND p.contype = 'p') AS key,
      (SELECT coalesce(json_agg(DISTINCT r.relname), '[]') FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid
        WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS "refersTo",
      (SELECT coalesce(json_agg(json_build_object('name', part.relname, 'bound', pg_get_expr(part.relpartbound, part.oid))
          ORDER BY part.relname), '[]') FROM pg_inherits i JOIN pg_class part ON part.oid = i.inhrelid
        WHERE i.inhparent = c.oid) AS partitions,
      c.relkind = 'p' OR pg_get_userbyid(c.relowner) = current_user OR EXISTS (
        SELECT FROM aclexplode(c.relacl) g WHERE g.privilege_type IN ('DELETE', 'TRUNCATE') AND g.grantee <> c.relowner
      ) AS deletable
    FROM pg_class c
    WHERE c.relnamespace = 'claviger'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    ORDER BY c.relname`.execute(tx);
  return rows
    .filter(({ name }) => !LEFT_OUT.includes(name))
    .map(({ deletable, key, ...table }) => ({ ...table, key: key ?? [], mode: modeOf(table.name, deletable) }));
}

function modeOf(name: string, deletable: boolean): Mode {
  if (LOOSE.includes(name)) return "loose";
  return deletable ? "replace" : "append";
}

/** What makes transaction numbers comparable: the same installation, database, and history of it. */
export async function readOrigin(tx: Tx): Promise<string> {
  const { rows } = await sql<{ origin: string }>`
    SELECT concat_ws('/', c.id, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), d.oid) AS origin
    FROM cluster c, pg_database d WHERE d.datname = current_database()`.execute(tx);
  return rows[0]?.origin ?? "";
}

/** Whether any row says that the installation was used. */
export async function isUsed(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    SELECT EXISTS (SELECT FROM account) OR EXISTS (SELECT FROM api_key) OR EXISTS (SELECT FROM audit_event) AS used`.execute(
    tx,
  );
  return rows[0]?.used === true;
}
