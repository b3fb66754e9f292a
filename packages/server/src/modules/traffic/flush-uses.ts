import type { KeyUse } from "@claviger/core";
import { type Database, UncertainCommitError } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { writeUses } from "./write-uses.ts";

/** Where uses are counted. */
export interface UseSource {
  /** Hands over what was counted, of at most `limit` versions of keys, and forgets it. */
  takeUses(limit: number): readonly KeyUse[];
}

export interface UseFlushPorts {
  readonly database: Database;
  readonly source: UseSource;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Versions in one transaction, so that no flush holds its rows for long. */
const BATCH = 10_000;

/**
 * Returns a function that writes what was counted since the last time; it never throws. What cannot be written is kept for the next
 * time, and no more is taken until then: counts are small where they are counted. It must not be called again before it
 * has ended.
 */
export function createUseFlush({ database, source, clock, logger }: UseFlushPorts): () => Promise<void> {
  let unwritten: readonly KeyUse[] = [];
  return async () => {
    for (let more = true; more; ) {
      const kept = unwritten.length > 0;
      const uses = kept ? unwritten : source.takeUses(BATCH);
      unwritten = uses;
      try {
        await writeUses(database, uses, new Date(clock.wall()));
      } catch (error) {
        // An uncertain commit is counted here, though perhaps not on a standby: written again it would be counted twice.
        if (!(error instanceof UncertainCommitError)) {
          logger.warn({ error, keys: uses.length }, "use of keys could not be written; kept for the next try");
          return;
        }
      }
      unwritten = [];
      more = kept || uses.length === BATCH;
    }
  };
}
