import { sql } from "kysely";
import type { Clock } from "../kernel/clock.ts";
import type { Random } from "../kernel/random.ts";
import type { Database } from "./database.ts";
import { DatabaseError } from "./errors.ts";
import { addFirstVersions } from "./first-versions.ts";
import { type Purpose, unwrap } from "./keyring-wrap.ts";
import { PLATFORM } from "./roles.ts";

/** The installation's own random secrets, unwrapped, in memory only. Versions count from 1. */
export interface Keyring {
  /** The newest version in use. Throws TypeError when the purpose has none; see `openKeyring` for when that may be. */
  current(purpose: Purpose): { readonly version: number; readonly key: Uint8Array };
  /** The newest version that is known; it is not in use before every node knows it. */
  newest(purpose: Purpose): number;
  byVersion(purpose: Purpose, version: number): Uint8Array | null;
  /** All that are known, in use or not. */
  all(purpose: Purpose): readonly Uint8Array[];
  /** Whether keys of other forms than those of the keyring were imported. */
  hasForeignKeys(): boolean;
}

/** A keyring that follows the database. Between a change of the keyring and its reading, versions may be missing here. */
export interface LiveKeyring extends Keyring {
  /** False from the moment a change was heard of until it was read. */
  isFresh(): boolean;
  /** Goes up at each change that was heard of. */
  generation(): number;
  /** Told of a change. Synchronous: what asks `isFresh` afterwards hears of it. Begins to read. */
  markStale(): void;
  /** Returns once everything heard of was read. Throws DatabaseError MASTER_KEY_WRONG for a version that does not open; pg errors pass through. */
  refresh(): Promise<void>;
}

/** What a change of the keyring is logged under. */
export const KEYRING_SUBJECT = "keyring";

interface Held {
  /** By purpose and version. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
  readonly newest: ReadonlyMap<Purpose, number>;
  readonly used: ReadonlyMap<Purpose, number>;
  readonly foreign: boolean;
}

const NOTHING: Held = { keys: new Map(), newest: new Map(), used: new Map(), foreign: false };

export interface KeyringOptions {
  /** Told of readings in the background that failed; whoever needs the keyring then reads again. */
  readonly onUnreadable?: (error: unknown) => void;
  /** Looks for the master key again, for a version that the one from the start does not open. */
  readonly masterKeyNow?: (() => Promise<Uint8Array>) | undefined;
}

/**
 * Opens the keyring, making version 1 of each purpose where there is none yet; not while one master key replaces another, where a
 * purpose that an older version of this software did not have is missing until that is over. Throws `DatabaseError` MASTER_KEY_WRONG.
 */
export async function openKeyring(
  database: Database,
  masterKey: Uint8Array,
  clock: Clock,
  random: Random,
  { onUnreadable = () => undefined, masterKeyNow }: KeyringOptions = {},
): Promise<LiveKeyring> {
  const now = new Date(clock.wall());
  await database.transaction(PLATFORM, (tx) => addFirstVersions(tx, masterKey, random, now));
  const first = await read(database, masterKey, NOTHING);
  const readAgain = async (held: Held): Promise<Held> => {
    try {
      return await read(database, masterKey, held);
    } catch (error) {
      if (!(error instanceof DatabaseError) || masterKeyNow === undefined) throw error;
      return read(database, await masterKeyNow(), held);
    }
  };
  return follow(first, readAgain, onUnreadable);
}

/**
 * A version that is held already stays held, whatever it is wrapped under by now: its key never changes, and a node that
 * runs while the master key is replaced goes on with what it opened at its start.
 */
async function read(database: Database, masterKey: Uint8Array, held: Held): Promise<Held> {
  const { rows, foreign } = await database.transaction(PLATFORM, async (tx) => ({
    rows: await tx.selectFrom("keyring").select(["purpose", "version", "wrapped", "wrapped_next", "stage"]).execute(),
    foreign: (await sql`SELECT FROM key_import WHERE foreign_form LIMIT 1`.execute(tx)).rows.length > 0,
  }));
  const keys = new Map<string, Uint8Array>();
  const newest = new Map<Purpose, number>();
  const used = new Map<Purpose, number>();
  const raise = (versions: Map<Purpose, number>, purpose: Purpose, version: number): void =>
    void versions.set(purpose, Math.max(version, versions.get(purpose) ?? 0));
  for (const { purpose, version, wrapped, wrapped_next, stage } of rows) {
    const open = (text: Uint8Array | null): Uint8Array | null =>
      text === null ? null : unwrap(masterKey, purpose, version, text);
    const key = held.keys.get(nameOf(purpose, version)) ?? open(wrapped) ?? open(wrapped_next);
    if (key === null) {
      throw new DatabaseError(
        "MASTER_KEY_WRONG",
        `CLAVIGER_MASTER_KEY: does not open version ${version} of the ${purpose} keys in this database; must be the key this installation was started with, or the one that replaced it`,
      );
    }
    keys.set(nameOf(purpose, version), key);
    raise(newest, purpose, version);
    if (stage !== "known") raise(used, purpose, version);
  }
  return { keys, newest, used, foreign };
}

function follow(
  first: Held,
  readAgain: (held: Held) => Promise<Held>,
  onUnreadable: (error: unknown) => void,
): LiveKeyring {
  let held = first;
  let generation = 0;
  let readAs = 0;
  let reading: Promise<void> | null = null;
  const readOnce = async (): Promise<void> => {
    const asked = generation;
    held = await readAgain(held);
    readAs = asked;
  };
  const refresh = async (): Promise<void> => {
    // A reading that began before the newest change counts for less than that.
    while (readAs !== generation) {
      reading ??= readOnce().finally(() => {
        reading = null;
      });
      await reading;
    }
  };
  return {
    ...lookUps(() => held),
    isFresh: () => readAs === generation,
    generation: () => generation,
    markStale: () => {
      generation += 1;
      refresh().catch(onUnreadable);
    },
    refresh,
  };
}

function lookUps(held: () => Held): Keyring {
  // Asked for by every verification of a string that is not in memory.
  const lists = new WeakMap<Held, Partial<Record<Purpose, readonly Uint8Array[]>>>();
  const all = (purpose: Purpose): readonly Uint8Array[] => {
    const now = held();
    const known = lists.get(now) ?? {};
    known[purpose] ??= [...now.keys].filter(([name]) => name.startsWith(`${purpose}:`)).map(([, key]) => key);
    lists.set(now, known);
    return known[purpose];
  };
  const byVersion = (purpose: Purpose, version: number): Uint8Array | null =>
    held().keys.get(nameOf(purpose, version)) ?? null;
  return {
    current: (purpose) => {
      const version = held().used.get(purpose) ?? 0;
      const key = byVersion(purpose, version);
      if (key === null) throw new TypeError(`the keyring holds no ${purpose}`);
      return { version, key };
    },
    newest: (purpose) => held().newest.get(purpose) ?? 0,
    byVersion,
    all,
    hasForeignKeys: () => held().foreign,
  };
}

function nameOf(purpose: Purpose, version: number): string {
  return `${purpose}:${version}`;
}
