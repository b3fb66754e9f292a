import type { KeyRecord } from "../verdict/verdict.ts";
import { type Interned, Interner } from "./interner.ts";

/**
 * One subject of a record in the form that records share: of `key:key_01…` only `key:` is kept, because the id is the
 * record's own.
 */
interface Pattern {
  readonly of: "key" | "account" | "itself";
  readonly text: string;
}

/** The subjects of many records. Dropping one of those that they share changes `dropped` and nothing else. */
export interface SubjectGroup extends Interned {
  readonly patterns: readonly Pattern[];
  /** Prefixes of the subjects that end in the key's id. */
  readonly keyPrefixes: ReadonlySet<string>;
  /** A number for the prefixes of those that end in the account's id. */
  readonly signature: number;
  /** Never given out again, unlike the name, so that what refers to a dropped group is never taken for a new one. */
  readonly serial: number;
  dropped: boolean;
}

/** What the table does about a subject that is a single key's or a single account's. */
export interface SubjectTargets {
  /** Drops this key's records whose group has `prefix` among its `keyPrefixes`. */
  dropKey(id: string, prefix: string): void;
  dropAccount(id: string, signatures: ReadonlySet<number>): void;
}

/** The subjects that records depend on, shared by all records with the same ones. */
export class Subjects {
  readonly #groups = new Interner<SubjectGroup>();
  /** Groups by a subject that they share. */
  readonly #holders = new Map<string, Set<SubjectGroup>>();
  /** Prefixes ever seen before a key's id: a handful, written in the code of whoever makes records. */
  readonly #keyPrefixes = new Set<string>();
  readonly #signaturesByPrefix = new Map<string, Set<number>>();
  readonly #signatures = new Map<string, number>();
  #serial = 0;

  refer(record: KeyRecord): SubjectGroup {
    const patterns = record.subjects.map((subject) => patternOf(subject, record));
    return this.#groups.refer(JSON.stringify(patterns), (name) => this.#make(name, patterns));
  }

  release(group: SubjectGroup): void {
    if (this.#groups.release(group)) this.#unlist(group);
  }

  drop(subjects: readonly string[], targets: SubjectTargets): void {
    for (const subject of subjects) {
      for (const group of this.#holders.get(subject) ?? []) {
        group.dropped = true;
        this.#groups.forget(group);
        this.#unlist(group);
      }
      for (const prefix of this.#keyPrefixes) {
        if (subject.startsWith(prefix)) targets.dropKey(subject.slice(prefix.length), prefix);
      }
      for (const [prefix, signatures] of this.#signaturesByPrefix) {
        if (subject.startsWith(prefix)) targets.dropAccount(subject.slice(prefix.length), signatures);
      }
    }
  }

  /** Groups that a record put now could join, and shared subjects. */
  get size(): number {
    return this.#groups.size + this.#holders.size;
  }

  #make(name: string, patterns: readonly Pattern[]): SubjectGroup {
    const textsOf = (of: Pattern["of"]) => patterns.filter((pattern) => pattern.of === of).map(({ text }) => text);
    const keyPrefixes = new Set(textsOf("key"));
    for (const prefix of keyPrefixes) this.#keyPrefixes.add(prefix);
    const signature = this.#signatureOf(textsOf("account"));
    const group = { name, references: 0, patterns, keyPrefixes, signature, serial: this.#serial++, dropped: false };
    for (const subject of textsOf("itself")) {
      const holders = this.#holders.get(subject);
      if (holders === undefined) this.#holders.set(subject, new Set([group]));
      else holders.add(group);
    }
    return group;
  }

  #signatureOf(prefixes: readonly string[]): number {
    const name = JSON.stringify(prefixes);
    let signature = this.#signatures.get(name);
    if (signature === undefined) {
      signature = this.#signatures.size;
      this.#signatures.set(name, signature);
      for (const prefix of prefixes) {
        const signatures = this.#signaturesByPrefix.get(prefix);
        if (signatures === undefined) this.#signaturesByPrefix.set(prefix, new Set([signature]));
        else signatures.add(signature);
      }
    }
    return signature;
  }

  #unlist(group: SubjectGroup): void {
    for (const { of, text } of group.patterns) {
      if (of !== "itself") continue;
      const holders = this.#holders.get(text);
      holders?.delete(group);
      if (holders?.size === 0) this.#holders.delete(text);
    }
  }
}

/** The subjects of a record of this group. */
export function subjectsOf(group: SubjectGroup, keyId: string, account: string): string[] {
  return group.patterns.map(({ of, text }) => (of === "itself" ? text : text + (of === "key" ? keyId : account)));
}

function patternOf(subject: string, record: KeyRecord): Pattern {
  const { keyId, account } = record;
  if (subject.endsWith(keyId)) return { of: "key", text: subject.slice(0, subject.length - keyId.length) };
  if (subject.endsWith(account)) return { of: "account", text: subject.slice(0, subject.length - account.length) };
  return { of: "itself", text: subject };
}
