import type { Moment } from "@claviger/core";
import type { Database, LiveKeyring } from "../../db/index.ts";
import type { Coherence } from "../coherence/index.ts";
import { type Loaded, loadEntry } from "./load-entry.ts";
import { createTermsPool, type KeyMemory } from "./terms.ts";

export interface KeyReaderPorts {
  readonly database: Database;
  readonly keyring: LiveKeyring;
  readonly lease: Pick<Coherence, "leaseValidAt" | "touchedSince">;
  readonly memory: KeyMemory;
  /** How often everything was dropped: numbers from before and after say nothing about one another. */
  drops(): number;
  /** Reads both clocks. */
  now(): Moment;
}

/** Reads keys into memory. */
export interface KeyReader {
  /** Whether the whole keyring is here. Without it a genuine key could be taken for none, so nothing is answered. */
  hasKeyring(): Promise<boolean>;
  /** The key of a SHA-256; it is in memory then. Null where it cannot be told now. pg errors pass through. */
  read(keyHash: Buffer): Promise<Loaded | null>;
}

const ATTEMPTS = 5;

export function createKeyReader({ database, keyring, lease, memory, drops, now }: KeyReaderPorts): KeyReader {
  const share = createTermsPool();
  const hasKeyring = async (): Promise<boolean> => {
    if (keyring.isFresh()) return true;
    try {
      await keyring.refresh();
      return true;
    } catch {
      return false;
    }
  };
  return {
    hasKeyring,
    read: async (keyHash) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        if (!(await hasKeyring())) return null;
        const generation = keyring.generation();
        const before = drops();
        const loaded = await loadEntry(database, keyring, keyHash, share);
        const { entry, asOfSeq } = loaded;
        if (!lease.leaseValidAt(now())) return null;
        // It may be of the database that was there before.
        if (drops() !== before) continue;
        // The row may have been wrapped by a pepper that came while it was looked for.
        if (entry === null && keyring.generation() !== generation) continue;
        if (entry === null) return loaded;
        // Asked and kept in one synchronous step: a change that comes after finds it and drops it.
        if (lease.touchedSince(asOfSeq, entry.record.subjects) !== "untouched") continue;
        memory.put(keyHash.toString("utf16le"), entry);
        return loaded;
      }
      return null;
    },
  };
}
