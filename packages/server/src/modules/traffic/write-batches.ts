import type { KeyUse, StrangerCount, UseBatch, UseDetail } from "@claviger/core";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import type { Logger } from "../../kernel/log.ts";
import { nextTurn } from "../../kernel/next-turn.ts";
import { findBilled } from "../accounts/index.ts";
import { selectVersionOwners, type VersionOwner } from "../keys/index.ts";
import { addMetered, beginMetering, type MeteredUse, MeterFold } from "../metering/index.ts";
import { TABLES } from "./count-table.ts";
import { type CountedCell, countCell, dayOf, placed } from "./counted-cell.ts";
import { byDay, creditedTo, KEY_ID, MOST_VERSION } from "./counted-uses.ts";
import type { Countries } from "./countries.ts";
import type { EventStore } from "./event-store.ts";
import { type Folded, foldCells } from "./fold-cells.ts";
import { noteBatches } from "./queries/batches.ts";
import { addCounts, addSources } from "./queries/counts.ts";
import { addLosses, type Loss } from "./queries/losses.ts";
import { makePartitions } from "./queries/partitions.ts";
import { foldOldSources } from "./queries/sources.ts";
import { addMergedUses } from "./write-uses.ts";

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

/** What of it was written. */
export interface Written {
  readonly requests: number;
  readonly events: number;
  /** Cells of keys that there are not, or that the sender may not speak for, or that count nothing. */
  readonly cellsRefused: number;
  readonly strangers: number;
  /** Keys with sources that were not known. */
  readonly newSources: readonly string[];
}

interface PreparePorts {
  readonly database: Database;
  readonly countries: Countries;
}

/** What a group of batches comes to, ready to be written. */
export interface Prepared {
  readonly group: readonly Unwritten[];
  readonly uses: ReadonlyMap<Date, readonly KeyUse[]>;
  readonly cells: readonly CountedCell[];
  readonly folded: Folded;
  readonly metered: readonly MeteredUse[];
  /** Plans of accounts as they are now, by id; null for none. */
  readonly plans: ReadonlyMap<string, string | null>;
  readonly told: Omit<Written, "newSources">;
  readonly now: number;
}

/** Says which batches of a group were counted before; nothing was written. */
export class CountedBefore extends Error {
  readonly batches: readonly Unwritten[];
  constructor(batches: readonly Unwritten[]) {
    super("some of these batches were counted before");
    this.name = "CountedBefore";
    this.batches = batches;
  }
}

/** Cells in one turn of the event loop: verifications do not wait for all of them. */
const IN_ONE_TURN = 500;

/** Everything that takes time, before the transaction that holds rows. Owners of keys never change. pg errors pass through. */
export async function prepareBatches(
  { database, countries }: PreparePorts,
  group: readonly Unwritten[],
  now: number,
): Promise<Prepared> {
  const { owners, plans } = await database.transaction(PLATFORM, async (tx) => {
    const found = await ownersOf(tx, group);
    return { owners: found, plans: await plansOf(tx, found) };
  });
  const claimed = group.flatMap(({ rows, environment }) => rows.map((use) => ({ use, environment })));
  const uses = byDay(creditedTo([...owners.values()], claimed), new Date(now));
  const { cells, refused } = await creditedCells(group, owners, countries, now);
  const strangers: StrangerCount[] = group.flatMap((batch) => batch.uses?.strangers ?? []);
  const told = {
    requests: cells.reduce((sum, { requests }) => sum + requests, 0),
    events: cells.reduce((sum, { events }) => sum + events.length, 0),
    cellsRefused: refused,
    strangers: strangers.reduce((sum, { count }) => sum + count, 0),
  };
  const [metered, folded] = [await meteredOf(cells), await foldCells(cells, strangers, now)];
  return { group, uses, cells, folded, metered, plans, told, now };
}

async function meteredOf(cells: readonly CountedCell[]): Promise<readonly MeteredUse[]> {
  const fold = new MeterFold();
  for (const [index, cell] of cells.entries()) {
    if (cell.requests > 0) fold.add(cell, cell.lastAt);
    if (index % IN_ONE_TURN === IN_ONE_TURN - 1) await nextTurn();
  }
  return fold.sorted();
}

/** Counts a group, all or nothing. Throws CountedBefore where some of it was; pg errors pass through. */
export async function writePrepared(
  events: EventStore,
  tx: Tx,
  { group, uses, cells, folded, metered, plans, told, now }: Prepared,
): Promise<Written> {
  await beginMetering(tx);
  const fresh = await noteBatches(tx, group, new Date(now));
  const before = group.filter((batch) => !fresh.has(batch));
  if (before.length > 0) throw new CountedBefore(before);
  for (const [day, counted] of uses) await addMergedUses(tx, counted, day);
  await events.append(tx, cells);
  for (const name of ["hour", "day", "facetHour", "facetDay", "outcome"] as const) {
    await addCounts(tx, TABLES[name], folded[name]);
  }
  const newSources = await addSources(tx, TABLES.source, folded.source);
  await addMetered(tx, metered, plans);
  for (const name of ["endpoint", "stranger", "total"] as const) await addCounts(tx, TABLES[name], folded[name]);
  await addLosses(
    tx,
    group.flatMap(({ losses }) => losses ?? []),
    new Date(now),
  );
  return { ...told, newSources };
}

async function ownersOf(tx: Tx, batches: readonly Unwritten[]): Promise<Map<string, VersionOwner>> {
  const named = new Map<string, { key: string; version: number }>();
  const note = (key: string, version: number): void => {
    if (isVersion(key, version)) named.set(`${key}:${version}`, { key, version });
  };
  for (const { rows, uses } of batches) {
    for (const { key, version } of rows) note(key, version);
    for (const { key, version } of uses?.cells ?? []) note(key, version);
  }
  const owners = await selectVersionOwners(tx, [...named.values()]);
  return new Map(owners.map((owner) => [`${owner.key}:${owner.version}`, owner]));
}

async function plansOf(tx: Tx, owners: ReadonlyMap<string, VersionOwner>): Promise<Map<string, string | null>> {
  const accounts = [...new Set([...owners.values()].map(({ account }) => account))];
  const billed = await findBilled(tx, accounts);
  return new Map([...billed].map(([id, { plan }]) => [id, plan]));
}

function isVersion(key: string, version: number): boolean {
  return KEY_ID.test(key) && Number.isInteger(version) && version > 0 && version <= MOST_VERSION;
}

async function creditedCells(
  batches: readonly Unwritten[],
  owners: ReadonlyMap<string, VersionOwner>,
  countries: Countries,
  now: number,
): Promise<{ cells: CountedCell[]; refused: number }> {
  const cells: CountedCell[] = [];
  let [refused, seen] = [0, 0];
  const countryOf = (ip: string): string | null => countries.of(ip);
  for (const { uses, environment } of batches) {
    if (uses === null) continue;
    const details = detailsByCell(uses.details);
    for (const [index, cell] of uses.cells.entries()) {
      seen += 1;
      if (seen % IN_ONE_TURN === 0) await nextTurn();
      const owner = owners.get(`${cell.key}:${cell.version}`);
      const mine = owner !== undefined && (environment === null || owner.environment === environment);
      const counted = mine ? countCell(cell, details.get(index) ?? [], owner, countryOf, now) : null;
      if (counted === null) refused += 1;
      else cells.push(counted);
    }
  }
  return { cells, refused };
}

function detailsByCell(details: readonly UseDetail[]): Map<number, UseDetail[]> {
  const byCell = new Map<number, UseDetail[]>();
  for (const detail of details) {
    const those = byCell.get(detail.cell);
    if (those === undefined) byCell.set(detail.cell, [detail]);
    else those.push(detail);
  }
  return byCell;
}

/** Makes room for the days of these batches. `made`: UTC days for which there is room; the database is asked for others alone. */
export async function ensurePartitions(
  made: Set<number>,
  database: Database,
  group: readonly Unwritten[],
  now: number,
): Promise<void> {
  const days = new Set([dayOf(now)]);
  for (const { uses } of group) for (const { lastAt } of uses?.cells ?? []) days.add(dayOf(placed(lastAt, now)));
  const missing = [...days].filter((day) => !made.has(day)).sort((a, b) => a - b);
  if (missing.length === 0) return;
  await makePartitions(database, missing);
  for (const day of missing) made.add(day);
}

/** Keeps the sources of these keys within their bound; what fails is done with the next new source of the key. */
export async function keepSourcesBounded(
  { database, logger }: { readonly database: Database; readonly logger: Logger },
  { newSources }: Written,
): Promise<void> {
  try {
    await foldOldSources(database, newSources);
  } catch (error) {
    logger.warn({ error }, "sources of keys could not be kept within their bound; it is tried again");
  }
}
