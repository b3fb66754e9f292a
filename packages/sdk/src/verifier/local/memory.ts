import { hash } from "node:crypto";
import {
  assessKey,
  type Catalogue,
  type CatalogueSource,
  compileCatalogue,
  createKeyTable,
  type HashTextFn,
  type KeyTable,
  mayBeForeign,
  oldForms,
  UnknownKeys,
  type VerifierEntry,
  type VerifierSettings,
} from "@claviger/core";
import type { Clock } from "../../clock.ts";
import type { Terms } from "./local-types.ts";

/** What a key table takes; the type definitions know "binary" alone of all the encodings of Buffer. */
export const TABLE_ENCODING = "utf16le" as "binary";
const sha256Text: HashTextFn = (data) => hash("sha256", data, "binary");
const NO_LIMITS: Terms = Object.freeze({ limits: Object.freeze([]) });

/** Dropped entries that are looked for at a time, so that no turn of the event loop takes long. */
const SWEPT_AT_ONCE = 4_096;

/** For how long a node is not asked again about what the older store did not have. */
const REFUSED_MS = 60_000;

/** Whose change drops the catalogue, and the settings. */
export const CATALOGUE_SUBJECT = "catalogue";
export const SETTINGS_SUBJECT = "keyring";
/** Whose change says that keys were imported. */
const IMPORTS_SUBJECT = "imports";

/** The form in which the table knows a string. */
export function hashOf(secret: string): string {
  return hash("sha256", secret, TABLE_ENCODING);
}

/** What verification knows: keys, the catalogue, and what tells genuine strings from forged ones. */
export class Memory {
  readonly table: KeyTable<Terms>;
  #catalogue: Catalogue | undefined;
  #tagKeys: readonly Uint8Array[] | undefined;
  #foreignKeys = false;
  #mayBeOld: (secret: string) => boolean = () => false;
  /** Strings of another form that are nobody's keys. */
  readonly unknown = new UnknownKeys();

  readonly #clock: Pick<Clock, "mono">;

  /** `seed`: 32 random bits. */
  constructor(capacity: number, seed: number, clock: Pick<Clock, "mono">) {
    this.#clock = clock;
    this.table = createKeyTable<Terms>({ capacity, seed });
  }

  /** Undefined where it must be asked for first. */
  get catalogue(): Catalogue | undefined {
    return this.#catalogue;
  }

  get hasSettings(): boolean {
    return this.#tagKeys !== undefined;
  }

  /** The form in which a node is asked about a string. */
  wireHashOf(secret: string): string {
    return hash("sha256", secret, "base64url");
  }

  /** What a string is that the table does not know; undefined where the settings must be asked for first. */
  assess(secret: string): ReturnType<typeof assessKey> | "foreign" | undefined {
    if (this.#tagKeys === undefined) return undefined;
    const assessed = assessKey(secret, this.#tagKeys, sha256Text);
    if (assessed !== "malformed" || !this.isForeign(secret)) return assessed;
    return this.unknown.has(hashOf(secret), this.#clock.mono()) ? "forged" : "foreign";
  }

  /** A node that asked the older store has said that nobody has it. `generation`: of `unknown`, from before. */
  noteRefused(secret: string, generation: number): void {
    this.unknown.note(hashOf(secret), generation, this.#clock.mono() + REFUSED_MS);
  }

  /** Whether only an older store may know of it, which a node asks. */
  mayBeOld(secret: string): boolean {
    return this.#mayBeOld(secret);
  }

  /** Whether keys of other forms were imported, or are as they are presented, and it may be one. */
  isForeign(secret: string): boolean {
    // While the settings are to be asked for, it is not known whether there are any.
    return (this.#tagKeys === undefined || this.#foreignKeys || this.#mayBeOld(secret)) && mayBeForeign(secret);
  }

  keepSettings({ tagKeys, foreignKeys, oldForms: forms = [] }: VerifierSettings): void {
    this.#mayBeOld = oldForms(forms);
    this.#foreignKeys = foreignKeys === true;
    this.#tagKeys = tagKeys.map((key) => new Uint8Array(Buffer.from(key, "base64")));
  }

  keepCatalogue(source: CatalogueSource): void {
    this.#catalogue = compileCatalogue(source);
  }

  /** Limits are asked for by the hash of the key, so it takes the place of the key's id in them. */
  keepKey(tableHash: string, wireHash: string, entry: VerifierEntry): void {
    const { record, version, accountExternalId, limits } = entry;
    const shared = limits.length === 0 ? NO_LIMITS : { limits: limits.map((limit) => ({ ...limit, key: wireHash })) };
    this.table.put(tableHash, { record, version, accountNote: accountExternalId, shared });
  }

  dropSubjects(subjects: readonly string[]): void {
    this.table.dropSubjects(subjects);
    if (subjects.includes(CATALOGUE_SUBJECT)) this.#catalogue = undefined;
    if (subjects.includes(SETTINGS_SUBJECT)) this.#tagKeys = undefined;
    if (subjects.includes(IMPORTS_SUBJECT)) this.unknown.forget();
  }

  dropEverything(): void {
    this.table.clear();
    this.#catalogue = undefined;
    this.#tagKeys = undefined;
    this.unknown.forget();
  }

  /** Gives back the room of what was dropped, a little at a time. */
  sweep(): void {
    this.table.sweep(SWEPT_AT_ONCE);
  }
}
