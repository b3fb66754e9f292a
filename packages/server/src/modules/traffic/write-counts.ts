import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import type { Logger } from "../../kernel/log.ts";
import { findBilled } from "../accounts/index.ts";
import { addMetered } from "../metering/index.ts";
import type { FoldedCounts } from "./count-fold.ts";
import { TABLES } from "./count-table.ts";
import type { LearnedValues } from "./known-values.ts";
import { addCounts, addSources } from "./queries/counts.ts";
import { foldOldSources } from "./queries/sources.ts";
import { addMergedUses } from "./write-uses.ts";

/** Plans of the accounts whose keys were used, as they are now, by id; null for none. pg errors pass through. */
export async function plansOf(database: Database, { metered }: FoldedCounts): Promise<Map<string, string | null>> {
  const accounts = [...new Set(metered.map(({ account }) => account))];
  if (accounts.length === 0) return new Map();
  const billed = await database.transaction(PLATFORM, (tx) => findBilled(tx, accounts));
  return new Map([...billed].map(([id, { plan }]) => [id, plan]));
}

/**
 * Adds up what was folded, in the order of tables that all writers keep; `beginMetering` comes first in its transaction. Returns the keys
 * with sources that were not known. pg errors pass through.
 */
export async function writeCounts(
  tx: Tx,
  { uses, rows, metered }: FoldedCounts,
  plans: ReadonlyMap<string, string | null>,
  known: LearnedValues,
): Promise<readonly string[]> {
  for (const [day, those] of uses) await addMergedUses(tx, those, new Date(day));
  for (const name of ["hour", "day", "facetHour", "facetDay", "outcome"] as const) {
    await addCounts(tx, TABLES[name], rows[name], known);
  }
  const newSources = await addSources(tx, TABLES.source, rows.source);
  await addMetered(tx, metered, plans);
  for (const name of ["endpoint", "stranger", "total"] as const) await addCounts(tx, TABLES[name], rows[name], known);
  return newSources;
}

/** Keeps the sources of these keys within their bound; what fails is done with the next new source of the key. */
export async function keepSourcesBounded(
  { database, logger }: { readonly database: Database; readonly logger: Logger },
  newSources: readonly string[],
): Promise<void> {
  try {
    await foldOldSources(database, newSources);
  } catch (error) {
    logger.warn({ error }, "sources of keys could not be kept within their bound; it is tried again");
  }
}
