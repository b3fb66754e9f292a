import type { Selectable } from "kysely";
import type { Schema, Tx } from "../../db/index.ts";
import type { SavedView } from "./saved-view.ts";

function viewFromRow(row: Selectable<Schema["saved_view"]>): SavedView {
  const { owner, name, description, filter, shared, notify } = row;
  return { owner, name, description, filter, shared, notify, createdAt: row.created_at, updatedAt: row.updated_at };
}

/** The one of this name that this owner keeps, else the one that others share. */
export async function findView(tx: Tx, owner: string, name: string): Promise<SavedView | null> {
  const rows = await tx
    .selectFrom("saved_view")
    .selectAll()
    .where("name", "=", name)
    .where((where) => where.or([where("owner", "=", owner), where("shared", "=", true)]))
    .execute();
  const found = rows.find((row) => row.owner === owner) ?? rows[0];
  return found === undefined ? null : viewFromRow(found);
}

/** The one of this name that this owner keeps, held until the transaction ends. */
export async function findOwnView(tx: Tx, owner: string, name: string): Promise<SavedView | null> {
  const row = await tx
    .selectFrom("saved_view")
    .selectAll()
    .where("owner", "=", owner)
    .where("name", "=", name)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : viewFromRow(row);
}

/** Those of this owner and those that others share, by name; of two of one name the owner's own. */
export async function selectViews(tx: Tx, owner: string): Promise<SavedView[]> {
  const rows = await tx
    .selectFrom("saved_view")
    .selectAll()
    .where((where) => where.or([where("owner", "=", owner), where("shared", "=", true)]))
    .orderBy("name")
    .execute();
  const own = new Set(rows.filter((row) => row.owner === owner).map(({ name }) => name));
  return rows.filter((row) => row.owner === owner || !own.has(row.name)).map(viewFromRow);
}

export async function countOwnViews(tx: Tx, owner: string): Promise<number> {
  const row = await tx
    .selectFrom("saved_view")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("owner", "=", owner)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Throws pg's unique violation where somebody shares a view of this name. */
export async function putView(tx: Tx, view: SavedView): Promise<void> {
  const changing = {
    description: view.description,
    filter: JSON.stringify(view.filter),
    ...{ shared: view.shared, notify: view.notify, updated_at: view.updatedAt },
  };
  await tx
    .insertInto("saved_view")
    .values({ owner: view.owner, name: view.name, created_at: view.createdAt, ...changing })
    .onConflict((conflict) => conflict.columns(["owner", "name"]).doUpdateSet(changing))
    .execute();
}

export async function deleteOwnView(tx: Tx, owner: string, name: string): Promise<void> {
  await tx.deleteFrom("saved_view").where("owner", "=", owner).where("name", "=", name).execute();
}
