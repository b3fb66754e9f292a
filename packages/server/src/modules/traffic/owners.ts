import { type Database, PLATFORM } from "../../db/index.ts";
import { selectVersionOwners, type VersionOwner } from "../keys/index.ts";
import { KEY_ID, MOST_VERSION } from "./counted-uses.ts";

/** Versions of keys that are remembered; beyond it all are forgotten at once. */
const REMEMBERED = 200_000;

export interface NamedVersion {
  readonly key: string;
  readonly version: number;
}

/**
 * Whose keys are. Versions are never deleted, and their owners never change, so what was found once is remembered; what was not found is
 * looked up each time.
 */
export class Owners {
  readonly #database: Database;
  readonly #known = new Map<string, VersionOwner>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Learns of these. pg errors pass through. */
  async learn(named: Iterable<NamedVersion>): Promise<void> {
    const missing = new Map<string, NamedVersion>();
    for (const each of named) {
      const name = nameOf(each);
      if (!this.#known.has(name) && isVersion(each)) missing.set(name, { key: each.key, version: each.version });
    }
    if (missing.size === 0) return;
    const found = await this.#database.transaction(PLATFORM, (tx) => selectVersionOwners(tx, [...missing.values()]));
    if (this.#known.size + found.length > REMEMBERED) this.#forgetOthers(named);
    for (const owner of found) this.#known.set(nameOf(owner), owner);
  }

  /** Null for a version that there is not. `learn` it first. */
  of(version: NamedVersion): VersionOwner | null {
    return this.#known.get(nameOf(version)) ?? null;
  }

  #forgetOthers(named: Iterable<NamedVersion>): void {
    const kept = new Map<string, VersionOwner>();
    for (const each of named) {
      const owner = this.of(each);
      if (owner !== null) kept.set(nameOf(each), owner);
    }
    this.#known.clear();
    for (const [name, owner] of kept) this.#known.set(name, owner);
  }
}

/** No key id holds a colon. */
function nameOf({ key, version }: NamedVersion): string {
  return version === 1 ? key : `${key}:${version}`;
}

function isVersion({ key, version }: NamedVersion): boolean {
  return KEY_ID.test(key) && Number.isInteger(version) && version > 0 && version <= MOST_VERSION;
}
