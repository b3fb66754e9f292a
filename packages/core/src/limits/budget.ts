/**
 * How a store hands out what a limit allows, ahead of its being spent. Pure: the caller has locked the counter, reads what
 * is recorded, asks here, and writes the answer down before anybody acts on it.
 *
 * A sliding window is divided into shares: a holder never has more than its share within one window, and the shares of all
 * holders never add up to more than the amount. A quota is handed out in blocks that count as spent when they are taken.
 */
import type { CalendarUnit } from "./periods.ts";
import { journalStep, type SpentGroup } from "./sliding-log.ts";

/** What a holder says of its part of a window when it asks. All in units. */
export interface ShareRequest {
  readonly counter: string;
  /** A key that the limit binds; of several the one that asked last. */
  readonly key: string;
  readonly windowMs: number;
  /** The limit's amount as the holder knows it. */
  readonly amount: number;
  /**
   * The share it keeps to while it asks. Less than before where it gives some back; 0 where the amount was lowered while
   * something may be missing, because shares under the former amount may add up to more than the new one.
   */
  readonly have: number;
  /** What it believes to be recorded of it. A larger record is of an earlier answer that was lost on the way. */
  readonly recorded: number;
  readonly used: number;
  /** What it needs on top of `used` at once. */
  readonly demand: number;
  /** What it would like beyond that, so as not to ask again soon. */
  readonly headroom: number;
  /** False while something recorded may be missing: then nothing is given beyond `have`. */
  readonly mayGrow: boolean;
  /** What it has spent, for whoever comes after it; null leaves what was written before. */
  readonly journal: readonly SpentGroup[] | null;
}

/** What is recorded of a counter: this holder's part and everybody else's. */
export interface ShareRecord {
  readonly own: number;
  readonly others: number;
  /** The lowest amount under which another holder was given its share; infinite without others. */
  readonly othersCeiling: number;
}

export interface ShareAnswer {
  /** The most that the holder may have spent within one window when it spends more. */
  readonly share: number;
  /** What to record: the share, or what may have been spent until the holder hears of it, where that is more. */
  readonly recorded: number;
  readonly others: number;
  /** What was needed and could not be given. */
  readonly unmet: number;
  /** Recorded for this holder without its knowledge: it counts as spent now. */
  readonly surplus: number;
}

/** Decides on one request: what is needed where it is free, and of the rest at most half, so that others find some too. */
export function grantShare(request: ShareRequest, record: ShareRecord): ShareAnswer {
  const surplus = Math.max(0, record.own - request.recorded);
  const used = request.used + surplus;
  const room = Math.max(0, Math.min(request.amount, record.othersCeiling) - record.others);
  const most = request.mayGrow ? room : Math.min(room, record.own, request.have);
  const have = Math.min(most, request.have + surplus);
  const need = Math.max(0, used + request.demand - have);
  const free = most - have;
  const extra = Math.min(request.headroom, Math.floor(Math.max(0, free - need) / 2));
  const share = have + Math.min(free, need + extra);
  // While it asks, the holder may spend all that it says it keeps to.
  const spendable = Math.max(used, request.have + surplus);
  return {
    ...{ share, others: record.others, surplus },
    recorded: Math.max(share, Math.min(record.own, spendable)),
    unmet: Math.max(0, used + request.demand - share),
  };
}

/** The part of a holder's record that outlives it. */
export interface Estate {
  readonly share: number;
  readonly windowMs: number;
  readonly journal: readonly SpentGroup[];
  /** Milliseconds by the holder's clock from the journal to the last moment at which it may have spent. */
  readonly afterMs: number;
}

/**
 * What a holder that is gone may have spent, as groups whose units add up to its share. A unit of the journal that may have
 * left the window before the holder's end may have been spent anew, so only groups of which none had keep their age; the rest
 * counts as spent at this moment. A journal may hold more than the share: also what was spent under an earlier share, which
 * counts with whoever took that over. It does not tell which, so the youngest count here. Sound only once the holder's lease
 * has ended.
 */
export function spentOf(estate: Estate): SpentGroup[] {
  const after = Math.max(0, estate.afterMs);
  const groups: SpentGroup[] = [];
  let rest = estate.share;
  const step = journalStep(estate.windowMs);
  for (const [age, units] of estate.journal.toReversed()) {
    const kept = age + step + after < estate.windowMs ? Math.min(rest, units) : 0;
    if (kept > 0) groups.push([age + after, kept]);
    rest -= kept;
  }
  if (rest > 0) groups.push([0, rest]);
  return groups;
}

export interface BlockRequest {
  readonly counter: string;
  /** A key that the limit binds; of several the one that asked last. */
  readonly key: string;
  /** Number of the UTC day or month that is paid from; 0 for a lifetime. */
  readonly period: number;
  /** For a lifetime with refill: how much, how often, and the number of the current day or month. */
  readonly refill: { readonly amount: number; readonly every: CalendarUnit; readonly period: number } | null;
  readonly amount: number;
  readonly demand: number;
  /** What it would like beyond the demand. */
  readonly headroom: number;
  /** When the record may be forgotten, in milliseconds since the epoch; null: never. */
  readonly forgetAt: number | null;
  /** What is left of an earlier block. */
  readonly giveBack: GiveBack | null;
}

/** Up to which day or month refills have been counted. */
export interface Refilled {
  readonly every: CalendarUnit;
  readonly period: number;
}

export interface GiveBack {
  readonly period: number;
  /** As it was when the block was taken. */
  readonly refilled: Refilled | null;
  readonly units: number;
}

/** What is recorded of one period of a quota. */
export interface QuotaRecord {
  readonly taken: number;
  readonly refilled: Refilled | null;
}

export interface BlockAnswer extends QuotaRecord {
  readonly granted: number;
}

/** What is left of a block from before a refill is not given back: the refill found it taken, and filled up to the amount. */
export function giveBackBlock(record: QuotaRecord, { refilled, units }: GiveBack): QuotaRecord {
  const same = record.refilled?.every === refilled?.every && record.refilled?.period === refilled?.period;
  return same ? { ...record, taken: Math.max(0, record.taken - units) } : record;
}

/** Decides on one block: what is needed, and of the rest at most an eighth, so that blocks shrink as the end comes near. */
export function takeBlock(request: BlockRequest, record: QuotaRecord | null): BlockAnswer {
  const { taken, refilled } = refill(request, record ?? { taken: 0, refilled: null });
  const free = Math.max(0, request.amount - taken);
  const extra = Math.min(request.headroom, Math.floor(Math.max(0, free - request.demand) / 8));
  const granted = Math.min(free, request.demand + extra);
  return { granted, taken: taken + granted, refilled };
}

/** Counts the refills that are due. A refill that is new, or comes at another pace than before, begins now. */
function refill({ refill: due }: BlockRequest, record: QuotaRecord): QuotaRecord {
  if (due === null) return { taken: record.taken, refilled: null };
  const known = record.refilled?.every === due.every ? record.refilled.period : due.period;
  const refills = Math.max(0, due.period - known);
  return {
    taken: Math.max(0, record.taken - refills * due.amount),
    refilled: { every: due.every, period: Math.max(known, due.period) },
  };
}
