import { hash } from "node:crypto";
import { type Catalogue, type HashFn, hasGenuineTag, parseKey, type RefusalCode } from "@claviger/core";
import { type Database, isUnavailable, type LiveKeyring } from "../../db/index.ts";
import { CATALOGUE_SUBJECT } from "../catalogue/index.ts";
import type { Coherence } from "../coherence/index.ts";
import { createCatalogueSource } from "./catalogue-source.ts";
import { loadEntry } from "./load-entry.ts";
import type { Entry, Records } from "./records.ts";

export interface KeySourcePorts {
  readonly database: Database;
  readonly keyring: LiveKeyring;
  readonly lease: Pick<Coherence, "leaseValid" | "touchedSince">;
  readonly records: Records;
  readonly sha256: HashFn;
  readonly unmapped: Catalogue["unmapped"];
}

export type Found = { readonly entry: Entry } | { readonly refused: RefusalCode };

/**
 * Finds what a presented string is, from memory or from the database, and never without a valid lease at the moment of
 * the answer: a fresh clock read comes after every wait (design: coherence, rule 5).
 */
export interface KeySource {
  /** From memory alone; undefined when the database must be asked. */
  peek(secret: string): Found | undefined;
  find(secret: string, options?: { readonly anyFormat: boolean }): Promise<Found>;
  /** The catalogue in force, or undefined where it must be read first. */
  peekCatalogue(): Catalogue | undefined;
  catalogue(): Promise<Catalogue | null>;
  invalidate(subjects: readonly string[]): void;
  dropEverything(): void;
}

const UNAVAILABLE: Found = { refused: "UNAVAILABLE" };
const NOT_FOUND: Found = { refused: "NOT_FOUND" };
const MALFORMED: Found = { refused: "MALFORMED" };
const ATTEMPTS = 5;
const LONGEST_IMPORTED = 512;

export function createKeySource(ports: KeySourcePorts): KeySource {
  const catalogues = createCatalogueSource(ports.database, ports.lease, ports.unmapped);
  // "latin1" is the cheapest form of a hash that a Map can be asked for; the type definitions do not know it.
  const fromMemory = (secret: string): Entry | undefined =>
    ports.records.get(hash("sha256", secret, "latin1" as "binary"));

  /** What needs no look-up: a string that is no key of ours, by its shape or by its keyed tag (C5). */
  const dismiss = (secret: string, anyFormat: boolean): Found | undefined => {
    const parsed = parseKey(secret);
    if (parsed.ok) return hasGenuineTag(secret, parsed, ports.keyring.all("tag"), ports.sha256) ? undefined : NOT_FOUND;
    return anyFormat && secret.length > 0 && secret.length <= LONGEST_IMPORTED ? undefined : MALFORMED;
  };

  /** Whether the whole keyring is here. Without it a genuine key could be taken for none, so nothing is answered. */
  const hasKeyring = async (): Promise<boolean> => {
    if (ports.keyring.isFresh()) return true;
    try {
      await ports.keyring.refresh();
      return true;
    } catch {
      return false;
    }
  };

  const lookUp = async (secret: string): Promise<Found> => {
    const keyHash = hash("sha256", secret, "buffer");
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (!(await hasKeyring())) return UNAVAILABLE;
      const generation = ports.keyring.generation();
      const { entry, asOfSeq } = await loadEntry(ports.database, ports.keyring, keyHash);
      if (!ports.lease.leaseValid()) return UNAVAILABLE;
      // The row may have been wrapped by a pepper that came while it was looked for.
      if (entry === null && ports.keyring.generation() !== generation) continue;
      if (entry === null) return NOT_FOUND;
      if (ports.lease.touchedSince(asOfSeq, entry.record.subjects) !== "untouched") continue;
      ports.records.put(keyHash.toString("latin1"), entry);
      return { entry };
    }
    return UNAVAILABLE;
  };

  return {
    peek: (secret) => {
      if (!ports.lease.leaseValid()) return UNAVAILABLE;
      const entry = fromMemory(secret);
      if (entry !== undefined) return { entry };
      return ports.keyring.isFresh() ? dismiss(secret, false) : undefined;
    },
    find: async (secret, options = { anyFormat: false }) => {
      if (!ports.lease.leaseValid()) return UNAVAILABLE;
      const entry = fromMemory(secret);
      if (entry !== undefined) return { entry };
      if (!(await hasKeyring()) || !ports.lease.leaseValid()) return UNAVAILABLE;
      const dismissed = dismiss(secret, options.anyFormat);
      return dismissed ?? orUnavailable(() => lookUp(secret), UNAVAILABLE);
    },
    peekCatalogue: catalogues.peek,
    catalogue: () => orUnavailable(catalogues.read, null),
    invalidate: (subjects) => {
      ports.records.drop(subjects);
      if (subjects.includes(CATALOGUE_SUBJECT)) catalogues.drop();
    },
    dropEverything: () => {
      ports.records.clear();
      catalogues.drop();
    },
  };
}

/** A database that cannot be asked is no reason to accept, and none to fail loudly. */
async function orUnavailable<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isUnavailable(error)) return otherwise;
    throw error;
  }
}
