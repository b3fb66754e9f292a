/**
 * What was done to a chain that does not verify at event n. That it is broken there is certain; this only finds the
 * likely reason, by looking for the genuine event n elsewhere and for where the rest of the chain goes on.
 */
import type { Database } from "../../db/index.ts";
import type { AuditKeys } from "./append-audit.ts";
import { type Head, readPage, type StoredRow } from "./audit.store.ts";
import { chainHash, sameHash } from "./chain.ts";
import type { Broken } from "./chain-report.ts";

type Keys = Pick<AuditKeys, "byVersion">;
interface Link {
  readonly seq: number;
  readonly hash: Uint8Array;
}

const PAGE = 5_000;
/** How many removed events in a row are recognised as such when the later ones were renumbered. */
const GAP_TRIED = 10_000;

/** Refines a finding; `last` is the last good link and `row` the first row that does not hold. */
export async function explainBreak(
  database: Database,
  keys: Keys,
  last: Link,
  row: StoredRow,
  head: Head,
  found: Broken,
): Promise<Broken> {
  if (found.reason !== "edited") return found;
  const { brokenAt } = found;
  if (row.seq > head.seq) {
    return {
      ...found,
      reason: "inserted",
      detail: `event ${brokenAt} stands behind the head and was not written by the service`,
    };
  }
  const genuine = await findElsewhere(database, keys, last, row);
  if (genuine !== null) return moved(keys, row, genuine, found);
  const next = (await readPage(database, row.seq, 1)).rows[0];
  if (next === undefined || follows(keys, row, next, next.seq)) return found;
  for (let gap = 1; gap <= GAP_TRIED; gap += 1) {
    if (follows(keys, row, next, next.seq + gap)) {
      return {
        ...found,
        reason: "deleted",
        detail: `${gap} event(s) from ${brokenAt} on were removed and the later ones renumbered`,
      };
    }
  }
  return found;
}

interface Found {
  readonly at: number;
  /** The hash of the row before `at`, as it stands now. */
  readonly before: Uint8Array;
  readonly candidate: StoredRow;
}

/** The event that truly comes after `last`, under another number. One pass over the rest, in bounded memory. */
async function findElsewhere(database: Database, keys: Keys, last: Link, row: StoredRow): Promise<Found | null> {
  let before: StoredRow = row;
  for (;;) {
    const { rows } = await readPage(database, before.seq, PAGE);
    for (const candidate of rows) {
      if (follows(keys, last, candidate, last.seq + 1)) return { at: candidate.seq, before: before.hash, candidate };
      before = candidate;
    }
    if (rows.length < PAGE) return null;
  }
}

/** The genuine event n stands at `genuine.at`. If what stands at n belongs there, the two were swapped. */
function moved(keys: Keys, row: StoredRow, genuine: Found, found: Broken): Broken {
  const { at, candidate } = genuine;
  const predecessor = at === found.brokenAt + 1 ? candidate.hash : genuine.before;
  return follows(keys, { hash: predecessor }, row, at)
    ? { ...found, reason: "reordered", detail: `events ${found.brokenAt} and ${at} have changed places` }
    : { ...found, reason: "inserted", detail: `event ${found.brokenAt} was put in and the later ones were renumbered` };
}

function follows(keys: Keys, previous: Pick<Link, "hash">, row: StoredRow, seq: number): boolean {
  const key = keys.byVersion(row.key_version);
  return key !== null && row.erased === null && sameHash(chainHash(key, previous.hash, seq, row.payload), row.hash);
}
