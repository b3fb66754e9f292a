import { OperateError } from "../errors.ts";
import type { KeyringChoice, TableShape } from "./frames.ts";
import type { FoundTable } from "./queries/catalog.ts";

const KEYRING = "keyring";

/**
 * Every table after those it refers to, as they must be filled. Throws OperateError BACKUP_IMPOSSIBLE for a table that
 * cannot be walked over in order, or tables that refer to one another in a ring.
 */
export function orderTables(found: readonly FoundTable[], keyring: KeyringChoice): TableShape[] {
  const wanted = found.filter(({ name }) => keyring === "with" || (name === KEYRING) === (keyring === "only"));
  const keyless = wanted.find(({ key }) => key.length === 0);
  if (keyless !== undefined) throw impossible(`the table ${keyless.name} has no primary key`);
  const ordered: FoundTable[] = [];
  let waiting = wanted;
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name));
    const ready = waiting.filter(({ refersTo }) => !refersTo.some((name) => names.has(name)));
    if (ready.length === 0) throw impossible(`the tables ${[...names].join(", ")} refer to one another in a ring`);
    ordered.push(...ready);
    waiting = waiting.filter((table) => !ready.includes(table));
  }
  return ordered.map(({ refersTo, estimate, ...shape }) => shape);
}

function impossible(why: string): OperateError {
  return new OperateError("BACKUP_IMPOSSIBLE", `${why}, so it cannot be backed up; this is a fault of this version`);
}
