import type { Selectable } from "kysely";
import type { Schema, Tx } from "../../db/index.ts";
import type { Actor } from "../../kernel/act.ts";
import type { Drill, DrillStep } from "./drill.ts";

function fromRow(row: Selectable<Schema["drill"]>): Drill {
  return {
    ...{ id: row.id, environment: row.environment, status: row.status, startedBy: row.started_by as Actor },
    ...{ startedAt: row.started_at, finishedAt: row.finished_at, key: row.key_id, steps: row.steps as DrillStep[] },
  };
}

/** Throws pg's unique violation while another one runs. */
export async function insertDrill(tx: Tx, drill: Drill): Promise<void> {
  await tx
    .insertInto("drill")
    .values({
      ...{ id: drill.id, environment: drill.environment, status: drill.status, started_at: drill.startedAt },
      ...{ started_by: JSON.stringify(drill.startedBy), finished_at: null, key_id: null, steps: "[]" },
    })
    .execute();
}

/** Ends one that runs; false where somebody else has ended it. */
export async function endDrill(
  tx: Tx,
  id: string,
  { status, key, steps }: Pick<Drill, "status" | "key" | "steps">,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("drill")
    .set({ status, key_id: key, steps: JSON.stringify(steps), finished_at: at })
    .where("id", "=", id)
    .where("status", "=", "running")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function findDrill(tx: Tx, id: string): Promise<Drill | null> {
  const row = await tx.selectFrom("drill").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

export async function findRunning(tx: Tx): Promise<Drill | null> {
  const row = await tx.selectFrom("drill").selectAll().where("status", "=", "running").executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Newest first, before one of them. */
export async function selectDrills(tx: Tx, before: string | null, count: number): Promise<Drill[]> {
  const rows = await tx
    .selectFrom("drill")
    .selectAll()
    .$if(before !== null, (query) => query.where("id", "<", before as string))
    .orderBy("id", "desc")
    .limit(count)
    .execute();
  return rows.map(fromRow);
}

/** When one was last begun, and when one last passed. */
export async function findLast(tx: Tx): Promise<{ readonly startedAt: Date | null; readonly passedAt: Date | null }> {
  const row = await tx
    .selectFrom("drill")
    .select((one) => [
      one.fn.max("started_at").as("startedAt"),
      one.fn.max("finished_at").filterWhere("status", "=", "passed").as("passedAt"),
    ])
    .executeTakeFirst();
  return { startedAt: row?.startedAt ?? null, passedAt: row?.passedAt ?? null };
}
