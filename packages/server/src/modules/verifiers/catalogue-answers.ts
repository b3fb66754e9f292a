import type { Catalogue, CatalogueSource } from "@claviger/core";
import { type Database, isUnavailable, LOOKUP } from "../../db/index.ts";
import { CATALOGUE_SUBJECT, loadCatalogueSource } from "../catalogue/index.ts";
import { currentSeq } from "../changes/index.ts";
import type { Coherence } from "../coherence/index.ts";

export interface CatalogueAnswersPorts {
  readonly database: Database;
  readonly coherence: Pick<Coherence, "state" | "leaseValid" | "touchedSince">;
  readonly unmapped: Catalogue["unmapped"];
}

/** A catalogue with the number of the change that it is true as of. */
interface Known {
  readonly asOfSeq: number;
  readonly source: CatalogueSource;
}

const ATTEMPTS = 5;

/** What scopes and routes there are, read once for all verifiers until it changes. */
export class CatalogueAnswers {
  readonly #ports: CatalogueAnswersPorts;
  #known: Known | null = null;
  #reading: Promise<Known> | null = null;
  #drops = 0;

  constructor(ports: CatalogueAnswersPorts) {
    this.#ports = ports;
  }

  /** Null where it cannot be told now: no lease, no database, or it changes faster than it can be read. */
  async answer(): Promise<Known | null> {
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        if (!this.#ports.coherence.leaseValid()) return null;
        const known = this.#current();
        if (known !== null) return known;
        const before = this.#drops;
        this.#reading ??= this.#read().finally(() => {
          this.#reading = null;
        });
        const read = await this.#reading;
        if (this.#drops === before) this.#known = read;
      }
      return null;
    } catch (error) {
      if (isUnavailable(error)) return null;
      throw error;
    }
  }

  /** Everything was dropped: the database may be another one, whose numbers say nothing about what was read before. */
  drop(): void {
    this.#drops += 1;
    this.#known = null;
    this.#reading = null;
  }

  /** Untouched since it was read, it is true as of everything applied here as well. */
  #current(): Known | null {
    const { coherence } = this.#ports;
    if (this.#known === null) return null;
    const { asOfSeq, source } = this.#known;
    if (coherence.touchedSince(asOfSeq, [CATALOGUE_SUBJECT]) !== "untouched") {
      this.#known = null;
      return null;
    }
    return { asOfSeq: Math.max(asOfSeq, coherence.state().appliedSeq), source };
  }

  #read(): Promise<Known> {
    const { database, unmapped } = this.#ports;
    return database.transaction(
      LOOKUP,
      async (tx) => ({ asOfSeq: await currentSeq(tx), source: await loadCatalogueSource(tx, unmapped) }),
      { isolation: "repeatable read" },
    );
  }
}
