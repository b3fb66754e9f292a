import type { KeyUse, StrangerCount, UseBatch, UseCell, UseDetail } from "@claviger/core";
import { nextTurn } from "../../kernel/next-turn.ts";
import type { CountedGroup } from "./count-fold.ts";
import { type CountedCell, countCell } from "./counted-cell.ts";
import { dayOfUse, withinTime } from "./counted-uses.ts";
import type { NamedVersion, Owners } from "./owners.ts";
import type { Loss } from "./queries/losses.ts";
import type { Readings } from "./readings.ts";

/** A batch that waits to be written. */
export interface Unwritten {
  readonly credential: string;
  /** Only keys of this environment count; null: of any. */
  readonly environment: string | null;
  readonly batch: string;
  readonly rows: readonly KeyUse[];
  readonly uses: UseBatch | null;
  /** Verifications that are in no batch, by where they were lost. */
  readonly losses?: Loss | null;
}

/** What a group of batches says, credited to whose it is. */
export interface Prepared {
  readonly group: readonly Unwritten[];
  readonly counted: CountedGroup & { readonly cells: readonly CountedCell[] };
  readonly told: Told;
}

/** What of it counts. */
export interface Told {
  readonly requests: number;
  readonly events: number;
  /** Cells of keys that there are not, or that the sender may not speak for, or that count nothing. */
  readonly cellsRefused: number;
  readonly strangers: number;
}

/** Cells in one turn of the event loop: verifications do not wait for all of them. */
const IN_ONE_TURN = 500;
const NO_DETAILS: readonly UseDetail[] = [];

/** Everything that takes time, before the transaction that holds rows. pg errors pass through. */
export async function prepareGroup(
  owners: Owners,
  readings: Readings,
  group: readonly Unwritten[],
  now: number,
): Promise<Prepared> {
  await owners.learn(namedBy(group));
  const cells: CountedCell[] = [];
  const strangers: StrangerCount[] = [];
  let [cellsRefused, seen] = [0, 0];
  for (const { uses, environment } of group) {
    if (uses === null) continue;
    for (const stranger of uses.strangers) strangers.push(stranger);
    const details = detailsByCell(uses);
    for (const [index, cell] of uses.cells.entries()) {
      seen += 1;
      if (seen % IN_ONE_TURN === 0) await nextTurn();
      const owner = owners.of(cell);
      const mine = owner !== null && (environment === null || owner.environment === environment);
      const counted = mine ? countCell(cell, details[index] ?? NO_DETAILS, owner, readings, now) : null;
      if (counted === null) cellsRefused += 1;
      else cells.push(counted);
    }
  }
  return {
    group,
    counted: { cells, uses: usesByDay(owners, group, now), strangers, now },
    told: {
      requests: cells.reduce((sum, { requests }) => sum + requests, 0),
      events: cells.reduce((sum, { events }) => sum + events.length, 0),
      cellsRefused,
      strangers: strangers.reduce((sum, { count }) => sum + count, 0),
    },
  };
}

function* namedBy(group: readonly Unwritten[]): Generator<NamedVersion> {
  for (const { rows, uses } of group) {
    yield* rows;
    if (uses !== null) yield* uses.cells as readonly UseCell[];
  }
}

function usesByDay(owners: Owners, group: readonly Unwritten[], now: number): Map<number, KeyUse[]> {
  const days = new Map<number, KeyUse[]>();
  for (const { rows, environment } of group) {
    for (const row of rows) {
      const owner = owners.of(row);
      if (owner === null || (environment !== null && owner.environment !== environment)) continue;
      const use = withinTime({ ...row, account: owner.account }, now);
      const day = dayOfUse(use, now);
      const those = days.get(day);
      if (those === undefined) days.set(day, [use]);
      else those.push(use);
    }
  }
  return days;
}

/** The details of each cell; of a cell that there is not, nobody asks. */
function detailsByCell({ cells, details }: UseBatch): (UseDetail[] | undefined)[] {
  const byCell = new Array<UseDetail[] | undefined>(cells.length);
  for (const detail of details) {
    const those = byCell[detail.cell];
    if (those !== undefined) those.push(detail);
    else if (detail.cell < cells.length) byCell[detail.cell] = [detail];
  }
  return byCell;
}
