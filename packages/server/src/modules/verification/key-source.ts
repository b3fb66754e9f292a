import { hash } from "node:crypto";
import { assessKey, type Catalogue, type HashTextFn, type Moment, type RefusalCode } from "@claviger/core";
import { type Database, isUnavailable, type LiveKeyring } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import { CATALOGUE_SUBJECT } from "../catalogue/index.ts";
import type { Coherence } from "../coherence/index.ts";
import { createCatalogueSource } from "./catalogue-source.ts";
import { loadEntry } from "./load-entry.ts";
import { createTermsPool, type KeyMemory } from "./terms.ts";

export interface KeySourcePorts {
  readonly database: Database;
  readonly keyring: LiveKeyring;
  readonly lease: Pick<Coherence, "leaseValidAt" | "touchedSince">;
  readonly clock: Clock;
  readonly memory: KeyMemory;
  readonly unmapped: Catalogue["unmapped"];
}

/**
 * What verification has in memory, and how it gets there. Whoever decides asks memory in one synchronous block: clocks,
 * lease, table (design: coherence, rule 5). What memory lacks is fetched, and then memory is asked again.
 */
export interface KeySource {
  readonly memory: KeyMemory;
  /** The form in which memory knows a string. */
  hashOf(secret: string): string;
  /** Reads both clocks. */
  now(): Moment;
  /** Whether anything may be decided at this moment, which was read just now. */
  leaseValidAt(now: Moment): boolean;
  /** What a string is that memory does not know; undefined where the keyring must be read first. */
  assess(secret: string): ReturnType<typeof assessKey> | undefined;
  /** Reads the key of a string into memory: null where it is there now, else the answer. */
  fetch(secret: string, options?: { readonly anyFormat: boolean }): Promise<RefusalCode | null>;
  /** The catalogue in force, or undefined where it must be read first. */
  peekCatalogue(): Catalogue | undefined;
  catalogue(): Promise<Catalogue | null>;
  /** From now on no entry that depends on one of these is known. */
  invalidate(subjects: readonly string[]): void;
  dropEverything(): void;
}

const ATTEMPTS = 5;
/** Characters of a key of no format of ours, which was imported. No key is longer. */
export const LONGEST_KEY = 512;
/** What a key table takes; the type definitions know "binary" alone of all the encodings of Buffer. */
const TABLE_ENCODING = "utf16le" as "binary";
// Of all forms of a digest the one that is made the fastest.
const sha256Text: HashTextFn = (data) => hash("sha256", data, "binary");

export function createKeySource(ports: KeySourcePorts): KeySource {
  const { database, keyring, lease, clock, memory } = ports;
  const catalogues = createCatalogueSource(database, lease, ports.unmapped);
  const share = createTermsPool();
  const now = (): Moment => ({ mono: clock.mono(), wall: clock.wall() });
  const assess = (secret: string) => assessKey(secret, keyring.all("tag"), sha256Text);

  /** What needs no look-up: a string that is no key of ours, by its shape or by its keyed tag (C5). */
  const dismiss = (secret: string, anyFormat: boolean): RefusalCode | null => {
    const assessed = assess(secret);
    if (assessed === "genuine") return null;
    if (assessed === "forged") return "NOT_FOUND";
    return anyFormat && secret.length > 0 ? null : "MALFORMED";
  };

  /** Whether the whole keyring is here. Without it a genuine key could be taken for none, so nothing is answered. */
  const hasKeyring = async (): Promise<boolean> => {
    if (keyring.isFresh()) return true;
    try {
      await keyring.refresh();
      return true;
    } catch {
      return false;
    }
  };

  const lookUp = async (keyHash: Buffer): Promise<RefusalCode | null> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (!(await hasKeyring())) return "UNAVAILABLE";
      const generation = keyring.generation();
      const { entry, asOfSeq } = await loadEntry(database, keyring, keyHash, share);
      if (!lease.leaseValidAt(now())) return "UNAVAILABLE";
      // The row may have been wrapped by a pepper that came while it was looked for.
      if (entry === null && keyring.generation() !== generation) continue;
      if (entry === null) return "NOT_FOUND";
      // Asked and kept in one synchronous step: a change that comes after finds it and drops it.
      if (lease.touchedSince(asOfSeq, entry.record.subjects) !== "untouched") continue;
      memory.put(keyHash.toString("utf16le"), entry);
      return null;
    }
    return "UNAVAILABLE";
  };

  return {
    ...{ memory, now },
    hashOf: (secret) => hash("sha256", secret, TABLE_ENCODING),
    leaseValidAt: (moment) => lease.leaseValidAt(moment),
    assess: (secret) => (keyring.isFresh() ? assess(secret) : undefined),
    fetch: async (secret, { anyFormat } = { anyFormat: false }) => {
      if (secret.length > LONGEST_KEY) return "MALFORMED";
      const keyHash = hash("sha256", secret, "buffer");
      if (memory.get(keyHash.toString("utf16le")) !== undefined) return null;
      if (!(await hasKeyring()) || !lease.leaseValidAt(now())) return "UNAVAILABLE";
      return dismiss(secret, anyFormat) ?? orUnavailable(() => lookUp(keyHash), "UNAVAILABLE");
    },
    peekCatalogue: catalogues.peek,
    catalogue: () => orUnavailable(catalogues.read, null),
    invalidate: (subjects) => {
      memory.dropSubjects(subjects);
      if (subjects.includes(CATALOGUE_SUBJECT)) catalogues.drop();
    },
    dropEverything: () => {
      memory.clear();
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
