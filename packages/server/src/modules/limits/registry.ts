import { type HolderRow, type LimiterClock, waitingSpan } from "@claviger/core";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import {
  allEntered,
  beginEpoch,
  chooseStore,
  deleteHolders,
  endHolder,
  enterEpoch,
  type HolderRecord,
  insertHolder,
  insertLent,
  leave,
  type PartRecord,
  POSTGRES_PART,
  POSTGRES_STORE,
  readHolders,
  readParts,
  renewHolders,
  SETTLED_MS,
  type StoreWish,
  settlePart,
} from "./queries/registry.ts";

export interface RegistryOptions {
  readonly database: Database;
  readonly clock: LimiterClock;
  /** Where this node can divide now. */
  wish(): StoreWish;
}

/** How all stand, as of one renewal. */
export interface Standing {
  /** Those renewed that have not been ended. */
  readonly alive: ReadonlySet<string>;
  readonly holders: readonly HolderRecord[];
  /** The installation's own name in stores that others use as well. */
  readonly installation: string;
  /** Name of the store in use. */
  readonly store: string;
  /** Its parts, in order. */
  readonly parts: readonly PartRecord[];
  /** This process's monotonic clock, from before it was read. */
  readonly readFrom: number;
}

const STATEMENT_TIMEOUT_MS = 2_000;
/** Windows, shortest first, that settle one after the other. */
const WINDOWS_MS = [1_000, 60_000, SETTLED_MS];

const REDIS_STORE = /^redis\/(\d+)$/;

/** The store's name, which says in how many parts it divides. */
export function redisStore(parts: number): string {
  return `redis/${parts}`;
}

/** 1 for PostgreSQL. */
function partsOf(store: string): number {
  return Number(REDIS_STORE.exec(store)?.[1] ?? 1);
}

/**
 * Who holds shares, in which store, and which record of each part of it is the current one. It is in PostgreSQL whatever the
 * store is: what says who lives, and what was lost, must not be lost with it.
 *
 * States of a part: in an epoch, `seq` with the name of a record → in the next one, when that record is found to be another
 * one, or when the store is chosen anew. In it holders write down what they have. Unsettled until nothing can be missing:
 * nobody is given more until every holder that there was has entered the epoch, or until the window has passed since and
 * the term before, when whatever was recorded in the epoch before is neither spent from nor within a window → settled.
 */
export class Registry {
  readonly #options: RegistryOptions;
  /** When this process first saw the epoch that a part is in. */
  readonly #seen = new Map<number, { readonly seq: number; readonly at: number }>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#options.database.transaction(PLATFORM, work, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  }

  join(holder: HolderRow): Promise<void> {
    return this.run((tx) => insertHolder(tx, holder, this.#options.wish()));
  }

  /** A holder with a node between it and the store. */
  joinLent(holder: HolderRow): Promise<void> {
    return this.run(async (tx) => {
      await insertHolder(tx, holder, this.#options.wish());
      await insertLent(tx, holder.id);
    });
  }

  /** Renews these holders in one transaction. `also` reads more in it. */
  async renew<T>(
    holders: readonly HolderRow[],
    also: (tx: Tx, store: string) => Promise<T>,
  ): Promise<readonly [Standing, T]> {
    const { clock, wish } = this.#options;
    const readFrom = clock.mono();
    const read = await this.run(async (tx) => {
      const alive = await renewHolders(tx, holders, wish());
      const { id: installation, name: store } = await chooseStore(tx, partsOf);
      const first = store === POSTGRES_STORE ? POSTGRES_PART : POSTGRES_PART + 1;
      const parts = await readParts(tx, first, partsOf(store));
      const standing = { alive, holders: await readHolders(tx), installation, store, parts, readFrom };
      return [standing, await also(tx, store)] as const;
    });
    const seenAt = clock.mono();
    for (const { number, seq } of read[0].parts) {
      if (this.#seen.get(number)?.seq !== seq) this.#seen.set(number, { seq, at: seenAt });
    }
    return read;
  }

  /** The parts of which more can be called settled than they say, each with the new length in milliseconds. */
  async settling({ parts, holders, readFrom }: Standing): Promise<ReadonlyMap<PartRecord, number>> {
    const unsettled = parts.filter(({ settledMs }) => settledMs < SETTLED_MS);
    if (unsettled.length === 0) return new Map();
    const entered = await this.run((tx) => allEntered(tx, unsettled));
    const termMs = Math.max(...holders.map((holder) => holder.termMs), 0);
    const settling = new Map<PartRecord, number>();
    for (const part of unsettled) {
      const seen = this.#seen.get(part.number);
      const sinceMs = seen === undefined || seen.seq !== part.seq ? 0 : readFrom - seen.at;
      const passed = WINDOWS_MS.filter((windowMs) => sinceMs >= waitingSpan(termMs + windowMs));
      const settledMs = entered.has(part.number) ? SETTLED_MS : Math.max(0, ...passed);
      if (settledMs > part.settledMs) settling.set(part, settledMs);
    }
    return settling;
  }

  settle(part: PartRecord, settledMs: number): Promise<void> {
    return this.run((tx) => settlePart(tx, part, settledMs));
  }

  /** Begins a new epoch of the part with this record, unless another has done so; returns the current one. */
  beginEpoch(part: PartRecord, record: string, above: number): Promise<PartRecord> {
    return this.run(async (tx) => {
      await beginEpoch(tx, part, record, above);
      const [current] = await readParts(tx, part.number, 1);
      return current ?? part;
    });
  }

  enter(holder: string, number: number, seq: number): Promise<void> {
    return this.run((tx) => enterEpoch(tx, holder, number, seq));
  }

  end(id: string, token: string): Promise<void> {
    return this.run((tx) => endHolder(tx, id, token));
  }

  leave(holder: Omit<HolderRow, "token">): Promise<void> {
    return this.run((tx) => leave(tx, holder));
  }

  holders(): Promise<HolderRecord[]> {
    return this.run(readHolders);
  }

  /** Forgets ended holders of which nothing is left. */
  forget(ids: readonly string[]): Promise<void> {
    return this.run((tx) => deleteHolders(tx, ids));
  }
}
