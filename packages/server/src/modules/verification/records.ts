import type { KeyRecord, ResolvedLimit } from "@claviger/core";

/** A key as verification holds it: the record decisions are made on, and what is told of it. Immutable. */
export interface Entry {
  readonly kind: "customer" | "management";
  readonly record: KeyRecord;
  /** The version that the presented secret is. */
  readonly version: number;
  readonly accountExternalId: string | null;
  /** For management keys: the environment a verify credential is bound to. */
  readonly boundTo: string | null;
  readonly preview: string;
  /** Of key, plan and environment together. */
  readonly limits: readonly ResolvedLimit[];
}

/**
 * Entries by the SHA-256 of the presented secret, as latin1 text. Bounded: the oldest go first, and are read again when asked for.
 * Every entry is also filed under each of its subjects, so that a change drops what it touches at once.
 */
export interface Records {
  get(hash: string): Entry | undefined;
  put(hash: string, entry: Entry): void;
  drop(subjects: readonly string[]): void;
  clear(): void;
  readonly size: number;
}

export function createRecords(capacity: number): Records {
  const entries = new Map<string, Entry>();
  const bySubject = new Map<string, Set<string>>();
  const remove = (hash: string): void => {
    const entry = entries.get(hash);
    if (entry === undefined) return;
    entries.delete(hash);
    for (const subject of entry.record.subjects) {
      const hashes = bySubject.get(subject);
      hashes?.delete(hash);
      if (hashes?.size === 0) bySubject.delete(subject);
    }
  };
  return {
    get: (hash) => entries.get(hash),
    put: (hash, entry) => {
      remove(hash);
      const oldest = entries.size >= capacity ? entries.keys().next().value : undefined;
      if (oldest !== undefined) remove(oldest);
      entries.set(hash, entry);
      for (const subject of entry.record.subjects) {
        const hashes = bySubject.get(subject);
        if (hashes === undefined) bySubject.set(subject, new Set([hash]));
        else hashes.add(hash);
      }
    },
    drop: (subjects) => {
      for (const subject of subjects) for (const hash of [...(bySubject.get(subject) ?? [])]) remove(hash);
    },
    clear: () => {
      entries.clear();
      bySubject.clear();
    },
    get size() {
      return entries.size;
    },
  };
}
