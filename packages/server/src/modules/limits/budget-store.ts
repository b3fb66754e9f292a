import type { BlockAnswer, BlockRequest, ShareAnswer, ShareRequest, SpentGroup } from "@claviger/core";

/**
 * Where amounts are divided among nodes, ahead of being spent. Nothing in it depends on the store's clock: a holder's term is
 * kept by the holder, and watched by the others, each on its own monotonic clock.
 *
 * All calls reject when the store cannot be reached or its answer is lost; what was asked may then have been written. Calls
 * of one holder that concern counters must follow one another.
 */
export interface BudgetStore {
  /** Begins a holder. `now` is a reading of its own monotonic clock, as in all calls. */
  join(holder: HolderRow, now: number): Promise<void>;
  /** Writes a new token and reads how the others stand. */
  renew(holder: HolderRow, now: number): Promise<Renewal>;
  /** Ends another holder whose token still is the one watched; what it held is then up for `inherit`. */
  end(id: string, token: string): Promise<void>;
  /** Divides windows and takes blocks, in one transaction. Shares are left as they are where the holder has been ended. */
  exchange(holder: string, asks: Asks, now: number): Promise<Answers>;
  /** Makes shares of ended holders this holder's own, `most` of them; null where this holder has been ended itself. */
  inherit(holder: string, most: number, now: number): Promise<Inheritance[] | null>;
  /** Ends this holder, which has spent nothing since `now`. */
  leave(holder: HolderRow, now: number): Promise<void>;
  /** Drops calendar periods that can be forgotten by `wall`, milliseconds since the epoch. */
  forget(wall: number): Promise<void>;
}

export interface HolderRow {
  readonly id: string;
  readonly token: string;
  /** Milliseconds. */
  readonly termMs: number;
}

export interface Renewal {
  /** False where this holder has been ended by another. */
  readonly alive: boolean;
  readonly others: readonly HolderRow[];
  /** Whether holders have ended whose shares nobody has taken over yet. */
  readonly heirless: boolean;
  /** Counters of this holder of which others lack something, and how many others. */
  readonly wanted: readonly { readonly counter: string; readonly askers: number }[];
}

export interface Asks {
  readonly shares: readonly ShareRequest[];
  readonly blocks: readonly BlockRequest[];
}

/** In the order of what was asked; `shares` is null where the holder has been ended. */
export interface Answers {
  readonly shares: readonly ShareAnswer[] | null;
  readonly blocks: readonly BlockAnswer[];
}

/** Units of one counter that count as spent by this holder from now on, and belong to its share. */
export interface Inheritance {
  readonly counter: string;
  readonly windowMs: number;
  readonly ceiling: number;
  readonly spent: readonly SpentGroup[];
}
