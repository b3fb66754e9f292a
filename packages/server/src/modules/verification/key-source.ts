import { hash } from "node:crypto";
import {
  assessKey,
  type Catalogue,
  FOREIGN_KEY_LENGTH,
  type HashTextFn,
  type KeyTableEntry,
  type Moment,
  mayBeForeign,
  type RefusalCode,
} from "@claviger/core";
import { type Database, isUnavailable, type LiveKeyring } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import { CATALOGUE_SUBJECT } from "../catalogue/index.ts";
import type { Coherence } from "../coherence/index.ts";
import type { OldStore } from "../imports/index.ts";
import { IMPORTS_SUBJECT } from "../keys/index.ts";
import { createCatalogueSource } from "./catalogue-source.ts";
import { type ForeignAsked, ForeignLookUps } from "./foreign-look-ups.ts";
import { createKeyReader } from "./key-reader.ts";
import type { Loaded } from "./load-entry.ts";
import type { KeyMemory, Terms } from "./terms.ts";

export interface KeySourcePorts {
  readonly database: Database;
  readonly keyring: LiveKeyring;
  readonly lease: Pick<Coherence, "leaseValidAt" | "touchedSince">;
  readonly clock: Clock;
  readonly memory: KeyMemory;
  readonly unmapped: Catalogue["unmapped"];
  /** The store from which keys are taken over as they are presented; null for none. */
  readonly oldStore: Pick<OldStore, "takes" | "hasRefused" | "ask"> | null;
}

export interface FetchOptions extends ForeignAsked {
  /** Whether a string of another form is looked for even where none were imported; default no. */
  readonly anyFormat?: boolean;
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
  assess(secret: string): ReturnType<typeof assessKey> | "foreign" | undefined;
  /** Whether keys of other forms were imported, and it may be one. */
  isForeign(secret: string): boolean;
  /** Reads the key of a string into memory: null where it is there now, else the answer. */
  fetch(secret: string, options?: FetchOptions): Promise<RefusalCode | null>;
  /** The key of a SHA-256, from memory: true as of everything applied here. Undefined where it must be read. */
  peekHash(keyHash: Buffer): KeyTableEntry<Terms> | undefined;
  /** The key of a SHA-256, whoever has the string; null where that cannot be told now. It is in memory then. */
  readHash(keyHash: Buffer): Promise<Loaded | null>;
  /** The catalogue in force, or undefined where it must be read first. */
  peekCatalogue(): Catalogue | undefined;
  catalogue(): Promise<Catalogue | null>;
  /** From now on no entry that depends on one of these is known. */
  invalidate(subjects: readonly string[]): void;
  dropEverything(): void;
}

/** Characters of a key of no format of ours, which was imported. No key is longer. */
export const LONGEST_KEY = FOREIGN_KEY_LENGTH.most;
/** What a key table takes; the type definitions know "binary" alone of all the encodings of Buffer. */
const TABLE_ENCODING = "utf16le" as "binary";
// Of all forms of a digest the one that is made the fastest.
const sha256Text: HashTextFn = (data) => hash("sha256", data, "binary");

export function createKeySource(ports: KeySourcePorts): KeySource {
  const { database, keyring, lease, clock, memory } = ports;
  const catalogues = createCatalogueSource(database, lease, ports.unmapped);
  const now = (): Moment => ({ mono: clock.mono(), wall: clock.wall() });
  let drops = 0;
  const reader = createKeyReader({ database, keyring, lease, memory, now, drops: () => drops });
  const foreign = new ForeignLookUps(clock, ports.oldStore);
  const hashOf = (secret: string): string => hash("sha256", secret, TABLE_ENCODING);
  const isForeign = (secret: string): boolean =>
    (hasForeignKeys(keyring) || foreign.mayBeOld(secret)) && mayBeForeign(secret);
  const assess = (secret: string) => {
    const assessed = assessKey(secret, keyring.all("tag"), sha256Text);
    if (assessed !== "malformed" || !isForeign(secret)) return assessed;
    return foreign.isNobodys(secret, hashOf(secret)) ? "forged" : "foreign";
  };

  /** What needs no look-up: a string that is no key of ours, by its shape or by its keyed tag (C5). */
  const dismiss = (secret: string, anyFormat: boolean): RefusalCode | null => {
    const assessed = assess(secret);
    if (assessed === "genuine" || assessed === "foreign") return null;
    if (assessed === "forged") return "NOT_FOUND";
    return anyFormat && secret.length > 0 ? null : "MALFORMED";
  };

  const codeOf = async (keyHash: Buffer): Promise<RefusalCode | null> => {
    const loaded = await reader.read(keyHash);
    if (loaded === null) return "UNAVAILABLE";
    return loaded.entry === null ? "NOT_FOUND" : null;
  };

  return {
    ...{ memory, now, hashOf, isForeign },
    leaseValidAt: (moment) => lease.leaseValidAt(moment),
    assess: (secret) => (keyring.isFresh() ? assess(secret) : undefined),
    fetch: async (secret, { anyFormat = false, ...asked } = {}) => {
      if (secret.length > LONGEST_KEY) return "MALFORMED";
      const keyHash = hash("sha256", secret, "buffer");
      if (memory.get(keyHash.toString("utf16le")) !== undefined) return null;
      if (!(await reader.hasKeyring()) || !lease.leaseValidAt(now())) return "UNAVAILABLE";
      const dismissed = dismiss(secret, anyFormat);
      if (dismissed !== null) return dismissed;
      const read = (): Promise<RefusalCode | null> => orUnavailable(() => codeOf(keyHash), "UNAVAILABLE");
      if (assess(secret) !== "foreign") return read();
      return foreign.fetch(secret, keyHash.toString("utf16le"), asked, read);
    },
    peekHash: (keyHash) => memory.get(keyHash.toString("utf16le")),
    readHash: (keyHash) => orUnavailable(() => reader.read(keyHash), null),
    peekCatalogue: catalogues.peek,
    catalogue: () => orUnavailable(catalogues.read, null),
    invalidate: (subjects) => {
      memory.dropSubjects(subjects);
      if (subjects.includes(CATALOGUE_SUBJECT)) catalogues.drop();
      if (subjects.includes(IMPORTS_SUBJECT)) foreign.forget();
    },
    dropEverything: () => {
      drops += 1;
      memory.clear();
      catalogues.drop();
      foreign.forget();
    },
  };
}

/** While it is not known whether there are any there may be some: whoever asks then reads that first. */
function hasForeignKeys(keyring: LiveKeyring): boolean {
  return !keyring.isFresh() || keyring.hasForeignKeys();
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
