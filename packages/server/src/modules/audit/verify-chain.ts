import type { Database } from "../../db/index.ts";
import type { Anchor } from "./anchor.ts";
import type { AuditKeys } from "./append-audit.ts";
import { type Head, readPage, type StoredRow } from "./audit.store.ts";
import { continuesChain, FIRST_HASH, sameHash } from "./chain.ts";
import type { Broken, BrokenReason, ChainReport } from "./chain-report.ts";
import { mismatchedColumn } from "./columns.ts";
import { explainBreak } from "./explain-break.ts";

export interface VerifyOptions {
  /** The newest event known from outside the database; finds a tail that was cut off together with the head. */
  readonly anchor?: Anchor | null | undefined;
  /** Called after each page with the number of events checked and how many there are. */
  readonly onProgress?: ((checked: number, total: number) => void) | undefined;
  /** Events read at a time, each page in a transaction of its own; default 5 000. */
  readonly pageSize?: number | undefined;
}

interface Walk {
  readonly seq: number;
  readonly hash: Uint8Array;
}

const PAGE = 5_000;

/**
 * Checks every event of the chain, in pages, so that neither memory nor the age of a snapshot grows with its length.
 * Events appended meanwhile are checked as well. Names the first broken link.
 */
export async function verifyChain(
  database: Database,
  keys: Pick<AuditKeys, "byVersion">,
  options: VerifyOptions = {},
): Promise<ChainReport> {
  const pageSize = options.pageSize ?? PAGE;
  let walk: Walk = { seq: 0, hash: FIRST_HASH };
  // The first page also takes in rows with numbers below 1, which no chain holds.
  let after: number | null = null;
  for (;;) {
    const { head, rows } = await readPage(database, after, pageSize);
    for (const row of rows) {
      const broken = checkRow(walk, row, head, keys, options.anchor ?? null);
      if (broken !== null) return explainBreak(database, keys, walk, row, head, broken);
      walk = { seq: row.seq, hash: row.hash };
    }
    after = walk.seq;
    options.onProgress?.(walk.seq, Math.max(head.seq, walk.seq));
    if (rows.length < pageSize) return checkEnd(walk, head, options.anchor ?? null);
  }
}

function checkRow(
  walk: Walk,
  row: StoredRow,
  head: Head,
  keys: Pick<AuditKeys, "byVersion">,
  anchor: Anchor | null,
): Broken | null {
  const expected = walk.seq + 1;
  if (row.seq < expected) return broken(row.seq, "inserted", `event ${row.seq} has a number that no event has`);
  if (row.seq > expected) return broken(expected, "deleted", `events ${expected} to ${row.seq - 1} are missing`);
  const key = keys.byVersion(row.key_version);
  if (key === null) {
    return broken(
      expected,
      "unknown-key-version",
      `event ${expected} names audit key version ${row.key_version}, which does not exist`,
    );
  }
  if (!continuesChain(key, walk.hash, row)) {
    return broken(expected, "edited", `event ${expected} does not continue the chain`);
  }
  const column = mismatchedColumn(row);
  if (column !== null)
    return broken(expected, "column-mismatch", `column ${column} of event ${expected} is not what its payload says`);
  if (row.seq > head.seq) {
    return broken(
      expected,
      "head-mismatch",
      `the head names event ${head.seq}, but event ${expected} continues the chain`,
    );
  }
  if (anchor !== null && anchor.seq === row.seq && !sameHash(anchor.hash, row.hash)) {
    return broken(
      expected,
      "head-mismatch",
      `event ${expected} is not the one that the anchor outside the database names`,
    );
  }
  return null;
}

function checkEnd(walk: Walk, head: Head, anchor: Anchor | null): ChainReport {
  const next = walk.seq + 1;
  if (head.seq > walk.seq) {
    return broken(next, "tail-cut", `the chain ends at event ${walk.seq}, but the head names event ${head.seq}`);
  }
  if (!sameHash(head.hash, walk.hash)) {
    return broken(walk.seq, "head-mismatch", `the head does not hold the hash of event ${walk.seq}`);
  }
  if (anchor !== null && anchor.seq > walk.seq) {
    return broken(
      next,
      "tail-cut",
      `the chain ends at event ${walk.seq}, but the anchor outside the database names event ${anchor.seq}`,
    );
  }
  return { ok: true, events: walk.seq, headSeq: head.seq, headHash: Buffer.from(head.hash).toString("hex") };
}

function broken(brokenAt: number, reason: BrokenReason, detail: string): Broken {
  return { ok: false, brokenAt, reason, detail };
}
