import type { Catalogue } from "@claviger/core";
import { type Database, LOOKUP } from "../../db/index.ts";
import { CATALOGUE_SUBJECT, loadCatalogue } from "../catalogue/index.ts";
import { currentSeq } from "../changes/index.ts";
import type { Coherence } from "../coherence/index.ts";

/** The catalogue in force, compiled once and dropped when it changes. */
export interface CatalogueSource {
  /** Undefined where it must be read first. */
  peek(): Catalogue | undefined;
  /** Reads it where it is not there; null where it changes faster than it can be read. pg errors pass through. */
  read(): Promise<Catalogue | null>;
  drop(): void;
}

const ATTEMPTS = 5;

export function createCatalogueSource(
  database: Database,
  lease: Pick<Coherence, "touchedSince">,
  unmapped: Catalogue["unmapped"],
): CatalogueSource {
  let compiled: Catalogue | undefined;
  let drops = 0;
  const load = () =>
    database.transaction(
      LOOKUP,
      async (tx) => ({ asOfSeq: await currentSeq(tx), catalogue: await loadCatalogue(tx, unmapped) }),
      { isolation: "repeatable read" },
    );
  return {
    peek: () => compiled,
    read: async () => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        if (compiled !== undefined) return compiled;
        const before = drops;
        const { asOfSeq, catalogue } = await load();
        // It may be of the database that was there before.
        if (drops !== before) continue;
        // Asked and kept in one synchronous step: a change that comes after finds it and drops it.
        if (lease.touchedSince(asOfSeq, [CATALOGUE_SUBJECT]) !== "untouched") continue;
        compiled = catalogue;
        return catalogue;
      }
      return null;
    },
    drop: () => {
      drops += 1;
      compiled = undefined;
    },
  };
}
