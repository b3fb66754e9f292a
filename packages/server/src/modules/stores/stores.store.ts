import { ClavigerError } from "@claviger/core";
import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import type { Store } from "./store.ts";

const STORE = sql`id, kind, description, path_prefix AS "pathPrefix", settings, credential, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** `hold`: `share` keeps it from being deleted, `update` from everybody else, until the transaction ends. */
export async function findStore(tx: Tx, id: string, hold: "no" | "share" | "update" = "no"): Promise<Store | null> {
  const lock = { no: sql``, share: sql`FOR SHARE`, update: sql`FOR UPDATE` }[hold];
  const { rows } = await sql<Store>`SELECT ${STORE} FROM secret_store WHERE id = ${id} ${lock}`.execute(tx);
  return rows[0] ?? null;
}

/** Kept from being deleted until the transaction ends. Throws VALIDATION_FAILED. */
export async function demandStore(tx: Tx, id: string): Promise<void> {
  if ((await findStore(tx, id, "share")) !== null) return;
  throw new ClavigerError("VALIDATION_FAILED", {
    errors: [{ path: "deliverTo.store", message: "there is no such store" }],
  });
}

export async function countStores(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::integer AS count FROM secret_store`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** Creates or replaces it, but for when it was created. */
export async function writeStore(tx: Tx, store: Store): Promise<void> {
  const { id, kind, description, pathPrefix, settings, credential, createdAt, updatedAt } = store;
  await sql`INSERT INTO secret_store (id, kind, description, path_prefix, settings, credential, created_at, updated_at)
    VALUES (${id}, ${kind}, ${description}, ${pathPrefix}, ${JSON.stringify(settings)}::jsonb, ${credential}, ${createdAt}, ${updatedAt})
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, description = excluded.description, path_prefix = excluded.path_prefix,
      settings = excluded.settings, credential = excluded.credential, updated_at = excluded.updated_at`.execute(tx);
}

export async function removeStore(tx: Tx, id: string): Promise<void> {
  await sql`DELETE FROM secret_store WHERE id = ${id}`.execute(tx);
}

export async function selectStores(
  tx: Tx,
  kind: Store["kind"] | undefined,
  after: string | null,
  limit: number,
): Promise<readonly Store[]> {
  const { rows } = await sql<Store>`SELECT ${STORE} FROM secret_store
    WHERE (${kind ?? null}::text IS NULL OR kind = ${kind ?? null}) AND (${after}::text IS NULL OR id > ${after})
    ORDER BY id LIMIT ${limit}`.execute(tx);
  return rows;
}
