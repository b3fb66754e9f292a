import type { BlockAnswer, BlockRequest, ShareAnswer, ShareRequest } from "../limits/budget.ts";
import type { SpentGroup } from "../limits/sliding-log.ts";

/**
 * Where amounts are divided among holders, ahead of being spent. Nothing in it depends on the store's clock: a holder's term
 * is kept by the holder, and watched by the others, each on its own monotonic clock.
 *
 * All calls reject when the store cannot be reached or its answer is lost; what was asked may then have been written.
 */
export interface LimitStores {
  readonly shares: ShareStore;
  readonly blocks: BlockStore;
}

/**
 * Sliding windows, divided into shares.
 *
 * Counters are spread over parts, each of them recorded apart from the others and lost apart from them. What is recorded of
 * a part has an epoch. It changes where the record was lost, or may have been; then each holder writes down anew what it
 * holds (`claim`), and until nothing can be missing any more nobody is given what it did not have before.
 */
export interface ShareStore {
  /** Begins a holder, whose id nobody has had before. */
  join(holder: HolderRow): Promise<void>;
  /** Writes a new token, and reads how the others and the parts stand. */
  renew(holder: HolderRow): Promise<Renewal>;
  /** Ends another holder whose token still is the one watched; what it held is then up for `inherit`. */
  end(id: string, token: string): Promise<void>;
  /** Ends this holder, which has spent nothing since `now`. */
  leave(holder: Omit<HolderRow, "token">): Promise<void>;
  /**
   * Writes down what the holder has had since before this epoch: for each claim whether it holds. False where what was lost
   * has been given to others since. After the `last` call in an epoch, which may be an empty one, the holder takes part in it.
   */
  claim(act: PartAct, claims: readonly ShareClaim[], last: boolean): Promise<readonly boolean[] | Gone>;
  /** Divides windows of one part: an answer for each request, in their order. */
  exchange(act: PartAct, requests: readonly ShareRequest[]): Promise<readonly ShareAnswer[] | Gone>;
  /** Makes shares of ended holders this holder's own, some `most` of them. Rejects where it is not known whether it did. */
  inherit(act: PartAct, most: number): Promise<readonly Inheritance[] | Gone>;
}

/** Quotas and lifetimes, handed out in blocks. */
export interface BlockStore {
  /** Takes and gives back blocks: an answer for each request, in their order. */
  take(requests: readonly BlockRequest[]): Promise<readonly BlockAnswer[]>;
  /** Drops calendar periods that can be forgotten by `wall`, milliseconds since the epoch. */
  forget(wall: number): Promise<void>;
}

export interface HolderRow {
  readonly id: string;
  readonly token: string;
  /** Milliseconds. */
  readonly termMs: number;
  /** A reading of its own monotonic clock, from before it asks. */
  readonly now: number;
}

/** The holder has been ended by another; or another epoch has begun. Nothing was written. */
export type Gone = "ended" | "moved";

/** In whose name, and of which record, something is asked. */
export interface PartAct {
  readonly holder: string;
  readonly part: number;
  readonly epoch: string;
  /** Rises with each act of this holder on this part; one that arrives after a later one does nothing. */
  readonly order: number;
  /** A reading of the holder's own monotonic clock. */
  readonly now: number;
}

export interface Renewal {
  /** False where this holder has been ended by another. */
  readonly alive: boolean;
  /** Whom this holder has to watch. */
  readonly others: readonly WatchedHolder[];
  readonly parts: readonly PartStanding[];
}

export type WatchedHolder = Omit<HolderRow, "now">;

export interface PartStanding {
  /** Null while nothing may be divided there. */
  readonly epoch: string | null;
  /** Windows up to this length, in milliseconds, are divided as ever; of longer ones nobody is given what it did not have. */
  readonly settledMs: number;
  /** Whether holders have ended whose shares nobody has taken over yet. */
  readonly heirless: boolean;
  /** Counters of this holder of which others lack something, and how many others. */
  readonly wanted: readonly { readonly counter: string; readonly askers: number }[];
}

/** What a holder has of one counter. */
export interface ShareClaim {
  readonly counter: string;
  /** A key that the limit binds. */
  readonly key: string;
  readonly windowMs: number;
  readonly units: number;
  readonly ceiling: number;
}

/** Units of one counter that count as spent by this holder from now on, and belong to its share. */
export interface Inheritance {
  readonly counter: string;
  readonly windowMs: number;
  readonly ceiling: number;
  readonly spent: readonly SpentGroup[];
}

const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Which of `parts` a counter belongs to: the same in every process. */
export function partOf(counter: string, parts: number): number {
  if (parts === 1) return 0;
  let hash = FNV_BASIS;
  for (let index = 0; index < counter.length; index += 1) {
    hash = Math.imul(hash ^ counter.charCodeAt(index), FNV_PRIME);
  }
  return (hash >>> 0) % parts;
}
