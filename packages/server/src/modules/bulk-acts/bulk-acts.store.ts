import { type Selectable, sql } from "kysely";
import type { Schema, Tx } from "../../db/index.ts";
import type { Actor, Source } from "../../kernel/act.ts";
import type { KeyOutcome, ManyKeysAct } from "../keys/index.ts";
import type { BulkAct, BulkResult } from "./bulk-act.ts";

function fromRow(row: Selectable<Schema["bulk_act"]>): BulkAct {
  return {
    id: row.id,
    act: row.act as ManyKeysAct,
    selection: row.selection,
    actor: row.actor as Actor,
    source: row.source as Source,
    keys: row.keys,
    acted: row.acted,
    outcomes: row.outcomes,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
  };
}

export async function insertBulkAct(tx: Tx, bulk: BulkAct, keys: readonly string[]): Promise<void> {
  await tx
    .insertInto("bulk_act")
    .values({
      ...{ id: bulk.id, act: JSON.stringify(bulk.act), selection: JSON.stringify(bulk.selection) },
      ...{ actor: JSON.stringify(bulk.actor), source: JSON.stringify(bulk.source), keys: keys.length },
      ...{ created_at: bulk.createdAt, updated_at: bulk.updatedAt, finished_at: bulk.finishedAt },
    })
    .execute();
  await sql`INSERT INTO bulk_act_key (bulk_act, place, key_id)
    SELECT ${bulk.id}, g.place, g.id FROM unnest(${[...keys]}::text[]) WITH ORDINALITY AS g (id, place)`.execute(tx);
}

/** `hold`: against everybody else who would go on with it; `skip`: null where somebody else holds it. */
export async function findBulkAct(
  tx: Tx,
  id: string,
  hold: "none" | "hold" | "skip" = "none",
): Promise<BulkAct | null> {
  const row = await tx
    .selectFrom("bulk_act")
    .selectAll()
    .where("id", "=", id)
    .$if(hold === "hold", (query) => query.forUpdate())
    .$if(hold === "skip", (query) => query.forUpdate().skipLocked())
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** The oldest first. */
export async function selectRunning(tx: Tx, count: number): Promise<string[]> {
  const rows = await tx
    .selectFrom("bulk_act")
    .select("id")
    .where("finished_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .limit(count)
    .execute();
  return rows.map(({ id }) => id);
}

/** The keys whose turn it is. */
export async function selectNextKeys(tx: Tx, bulk: Pick<BulkAct, "id" | "acted">, count: number): Promise<string[]> {
  const rows = await tx
    .selectFrom("bulk_act_key")
    .select("key_id")
    .where("bulk_act", "=", bulk.id)
    .where("place", ">", bulk.acted)
    .orderBy("place")
    .limit(count)
    .execute();
  return rows.map((row) => row.key_id);
}

export async function saveProgress(
  tx: Tx,
  bulk: BulkAct,
  outcomes: readonly { readonly place: number; readonly outcome: KeyOutcome }[],
): Promise<void> {
  await sql`UPDATE bulk_act_key k SET outcome = g.outcome
    FROM unnest(${outcomes.map(({ place }) => place)}::int[], ${outcomes.map(({ outcome }) => outcome)}::text[]) AS g (place, outcome)
    WHERE k.bulk_act = ${bulk.id} AND k.place = g.place`.execute(tx);
  await tx
    .updateTable("bulk_act")
    .set({
      ...{ acted: bulk.acted, outcomes: JSON.stringify(bulk.outcomes) },
      ...{ updated_at: bulk.updatedAt, finished_at: bulk.finishedAt },
    })
    .where("id", "=", bulk.id)
    .execute();
}

/** In the order of their place, after one. */
export async function selectResults(
  tx: Tx,
  id: string,
  outcome: KeyOutcome | null,
  after: number,
  count: number,
): Promise<BulkResult[]> {
  return tx
    .selectFrom("bulk_act_key")
    .select(["place", "key_id as key", "outcome"])
    .where("bulk_act", "=", id)
    .where("place", ">", after)
    .$if(outcome !== null, (query) => query.where("outcome", "=", outcome as KeyOutcome))
    .orderBy("place")
    .limit(count)
    .execute();
}

/** Forgets what became of the keys of acts that were finished before, `count` keys at most. Returns how many. */
export async function deleteResults(tx: Tx, before: Date, count: number): Promise<number> {
  const { numAffectedRows } = await sql`DELETE FROM bulk_act_key k USING (
      SELECT o.bulk_act, o.place FROM bulk_act b JOIN bulk_act_key o ON o.bulk_act = b.id
      WHERE b.finished_at < ${before} LIMIT ${count}) old
    WHERE k.bulk_act = old.bulk_act AND k.place = old.place`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
