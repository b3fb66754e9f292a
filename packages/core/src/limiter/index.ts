/**
 * The limiter: spends limits where the request is, from what was reserved beforehand in a store that many processes share
 * (C6). It runs in nodes and in verifiers; clock, randomness, timers and stores are handed in.
 *
 * Nouns: a counter is what a limit is counted on: of one key, one account, or one source address (see `resolveLimits`). A
 * holder is one process that spends. A share is the part of a sliding window that a holder may fill; a block is a part of a
 * calendar quota or lifetime that a holder has taken. Both are recorded in the store before anything is spent from them.
 * States: of a holder see `holder.ts`; of its standing in the store see `part.ts`; of what it left see `ShareStore.inherit`.
 *
 * Sliding windows. A holder spends only while the units in its own log of the last window, plus the cost, are within its share;
 * the shares recorded for a counter add up to no more than the amount. So at every instant the units spent by all within the
 * window just past are no more than the amount, which is the same for every interval [t, t + window). Time frees what the log
 * held, so a share that covers the use is never asked for again: the store is out of the way of every request but the first few.
 *
 * - A share is spent from only under the holder's lease: within the term after the last renewal was sent, by both clocks.
 * - A holder that is gone is found by its token standing still for the term and a tenth, by the monotonic clock of whoever
 *   watches. Then one of the living takes its shares over as spent: what a journal says was spent keeps its age, and all the
 *   rest of the share counts as spent at that moment. It leaves the window as time passes for the heir.
 * - No time of the store, and no wall clock, takes part; time in which no process runs does not count.
 * - A share goes back by what is not spent of it. What others lack is written down, and a holder that reads it keeps to its
 *   fair part. What a holder has in its share and does not use is refused elsewhere until then: at most one round of upkeep.
 * - The share of a lowered limit is not spent from until the store has divided the new amount.
 * - A store that lost its record begins another epoch. Holders write down what they have, and nobody is given more until
 *   nothing can be missing: all who were there have done so, or the window has passed since.
 *
 * Calendar quotas and lifetimes. A block is counted as spent when it is taken, so a crash loses what was left of it and gives
 * nothing twice. Blocks follow recent use, take at most an eighth of what is left, and go back when idle. The day or month is
 * that of the deciding process's wall clock; each has its own record, kept for 35 days, so a clock set back goes on counting
 * where that day was left, and one set forward spends from a day to come. A refill fills up to the amount; what was held in
 * blocks then counts as spent.
 *
 * Invariants: a request spends from all of its limits or from none; without the store, what is reserved may be spent and no
 * more (a share until its lease ends, a block until it is empty), then the answer is UNAVAILABLE, unless the process is
 * allowed to keep to windows `alone`; memory is bounded, and what finds no room is refused: counters of source addresses with
 * the code of their limit, others as UNAVAILABLE.
 */
export { createLimiter, type Limiter, type LimiterOptions, type LimitOutcome, type LimitRefusal } from "./limiter.ts";
export type { LimiterClock, LimiterPlatform, Timers } from "./platform.ts";
export type {
  BlockStore,
  Gone,
  HolderRow,
  Inheritance,
  LimitStores,
  PartAct,
  PartStanding,
  Renewal,
  ShareClaim,
  ShareStore,
  WatchedHolder,
} from "./stores.ts";
