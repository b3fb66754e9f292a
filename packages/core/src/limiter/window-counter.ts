import type { Moment } from "../coherence/moment.ts";
import type { ShareAnswer, ShareRequest } from "../limits/budget.ts";
import type { LimitState } from "../limits/limit-state.ts";
import type { AppliedLimit } from "../limits/resolve-limits.ts";
import { SlidingLog } from "../limits/sliding-log.ts";
import { ASK, BLOCKED, type CounterBase, OK, REFUSE, type Test } from "./counter.ts";
import type { Inheritance, ShareClaim } from "./stores.ts";

const LEAST_HEADROOM = 16;
const HEADROOM_PARTS = 16;
/** Fetch more when less than this part of the share is left. */
const LOW_PART = 4;
/** Windows at least this long are worth a journal: after a crash, what was spent keeps its age. */
const JOURNALED_MS = 60_000;
const JOURNAL_EVERY_MS = 10_000;
/** How long what the store did not have is not asked for again: a part of the window, within these bounds. */
const DENIED_PART = 32;
const DENIED_LEAST_MS = 10;
const DENIED_MOST_MS = 250;
const MORE_AFTER_MS = 250;
const MORE_EVERY_MS = 10;
/** What was not spent from for so long keeps nothing that others lack. */
const UNUSED_MS = 1_000;
/** How long others may go on thinking that this node lacks something after it last did. */
const UNMET_MS = 1_000;

/** What a counter counts. */
interface Window {
  readonly id: string;
  readonly windowMs: number;
  /** See `ResolvedLimit`. */
  readonly perSource: string | null;
  readonly amount: number;
  /** A key that counts there; empty where none is known. */
  readonly key: string;
}

/**
 * A sliding window: this process's log of it, and the share of the amount that it may fill. The store only changes the share;
 * as time passes the log frees by itself what it held, so a share lasts.
 */
export class WindowCounter implements CounterBase {
  readonly kind = "window";
  readonly id: string;
  readonly perSource: string | null;
  readonly windowMs: number;
  /** Index of the part of the store that it belongs to. */
  part: number;
  readonly #log: SlidingLog;
  /** The most this process may have spent within the window when it spends more. */
  #share = 0;
  #recorded = 0;
  /** The limit's amount under which the share was given: not to be spent from under a lower one. */
  #ceiling = Number.POSITIVE_INFINITY;
  /** What was taken over may, with what others have, be more than the amount: the store divides it before it is spent from. */
  #undivided = false;
  #others = 0;
  #amount: number;
  #key: string;
  #demand = 0;
  #more = false;
  #unmet = 0;
  #deniedUntil = Number.NEGATIVE_INFINITY;
  /** What was denied may be free, and is given once the store's record is whole again. */
  #blocked = false;
  #moreAfter = Number.NEGATIVE_INFINITY;
  /** Keeps to a fair part while others lack something. */
  #cap = 0;
  #capUntil = Number.NEGATIVE_INFINITY;
  #touched: number;
  #journaledAt = Number.NEGATIVE_INFINITY;
  #spentSince = false;
  #closed = false;

  constructor({ id, windowMs, perSource, amount, key }: Window, part: number, now: Moment) {
    this.id = id;
    this.perSource = perSource;
    this.windowMs = windowMs;
    this.part = part;
    this.#log = new SlidingLog(windowMs);
    this.#amount = amount;
    this.#key = key;
    this.#touched = now.mono;
  }

  test({ amount }: AppliedLimit, cost: number, { mono }: Moment): Test {
    const after = this.#log.used(mono) + cost;
    if (after > amount || (mono < this.#capUntil && after > Math.max(this.#cap, cost))) return REFUSE;
    if (!this.#undivided && amount >= this.#ceiling && after <= this.#share) return OK;
    if (mono >= this.#deniedUntil) return ASK;
    return this.#blocked ? BLOCKED : REFUSE;
  }

  spend(cost: number, { mono }: Moment): boolean {
    this.#touched = mono;
    this.#spentSince = true;
    const used = this.#log.add(mono, cost);
    return (
      !this.#more &&
      this.#share < this.#amount &&
      (this.#share - used) * LOW_PART < this.#share &&
      mono >= this.#moreAfter &&
      mono >= this.#deniedUntil
    );
  }

  want({ amount, key }: AppliedLimit, cost: number, { mono }: Moment): void {
    this.#touched = mono;
    this.#amount = amount;
    this.#key = key;
    this.#demand += cost;
    this.#more = true;
  }

  wantMore(): void {
    this.#more = true;
  }

  retryIn({ amount }: AppliedLimit, cost: number, { mono }: Moment): number | null {
    if (cost > amount) return null;
    const room = mono < this.#capUntil ? Math.min(amount, Math.max(this.#cap, cost)) : amount;
    const over = this.#log.used(mono) + cost - room;
    return over > 0 ? this.#log.freeIn(mono, over) : Math.max(1, this.#deniedUntil - mono);
  }

  state({ name, amount }: AppliedLimit, { mono, wall }: Moment): LimitState {
    const used = this.#log.used(mono) + this.#others;
    return { name, limit: amount, remaining: Math.max(0, amount - used), resetAt: wall + this.#log.emptyIn(mono) };
  }

  sweep({ mono }: Moment): "keep" | "settle" | "drop" {
    const idleMs = mono - this.#touched;
    if (this.#log.used(mono) === 0 && idleMs > this.windowMs && this.#demand === 0) {
      if (this.#recorded === 0 && this.#unmet === 0) return "drop";
      this.#share = 0;
      return "settle";
    }
    if (this.#unmet > 0 && idleMs > UNMET_MS && mono >= this.#deniedUntil) return "settle";
    const overdue = this.#spentSince && mono - this.#journaledAt >= JOURNAL_EVERY_MS;
    return overdue && this.windowMs >= JOURNALED_MS ? "settle" : "keep";
  }

  close(): void {
    this.#closed = true;
  }

  /** True where it is to be settled at once, because the others lack what this process does not use. */
  wanted(askers: number, now: Moment, forMs: number): boolean {
    this.#cap = Math.ceil(this.#amount / (askers + 1));
    this.#capUntil = now.mono + forMs;
    const keeps = now.mono - this.#touched > UNUSED_MS ? 0 : this.#cap;
    const share = Math.max(this.#log.used(now.mono), Math.min(this.#share, keeps));
    if (share >= this.#share) return false;
    this.#share = share;
    return true;
  }

  /**
   * What to ask of the store now. Until the answer is there, nothing that it may take away is spent.
   * @param settledMs the longest window, in milliseconds, of which the store gives what was not recorded before
   */
  request({ mono }: Moment, settledMs: number): ShareRequest {
    const used = this.#log.used(mono);
    if (this.#closed) {
      // Here, because an answer that was under way may have given more since.
      this.#share = Math.min(this.#share, used);
      this.#demand = 0;
      this.#more = false;
    }
    const mayGrow = this.windowMs <= settledMs;
    if (this.#undivided || this.#amount < this.#ceiling) this.#share = mayGrow ? Math.min(this.#share, used) : 0;
    const headroom = Math.max(LEAST_HEADROOM, Math.ceil(this.#amount / HEADROOM_PARTS));
    const journaled = this.windowMs >= JOURNALED_MS;
    const request = {
      ...{ counter: this.id, key: this.#key, windowMs: this.windowMs, amount: this.#amount },
      ...{ used, demand: this.#demand, have: this.#share, recorded: this.#recorded },
      headroom: this.#more ? headroom : 0,
      mayGrow,
      journal: journaled ? this.#log.journal(mono) : null,
    };
    this.#journaledAt = mono;
    this.#spentSince = false;
    if (this.#more) this.#moreAfter = mono + MORE_EVERY_MS;
    this.#demand = 0;
    this.#more = false;
    return request;
  }

  answer(request: ShareRequest, answer: ShareAnswer, { mono }: Moment): void {
    if (answer.surplus > 0) this.#log.add(mono, answer.surplus);
    this.#share = answer.share;
    this.#recorded = answer.recorded;
    this.#ceiling = request.amount;
    this.#undivided = false;
    this.#others = answer.others;
    this.#unmet = answer.unmet;
    if (answer.unmet > 0) {
      const pause = Math.min(DENIED_MOST_MS, Math.max(DENIED_LEAST_MS, this.windowMs / DENIED_PART));
      this.#deniedUntil = mono + pause;
      this.#blocked = !request.mayGrow;
    } else if (request.headroom > 0 && answer.share <= request.have) this.#moreAfter = mono + MORE_AFTER_MS;
  }

  inherit({ ceiling, spent }: Inheritance, { mono }: Moment): void {
    for (const [age, units] of spent) {
      this.#log.addPast(mono, age, units);
      this.#share += units;
      this.#recorded += units;
    }
    this.#undivided = true;
    // The record keeps the amount under which it had a share before.
    this.#ceiling = Number.isFinite(this.#ceiling) ? Math.max(this.#ceiling, ceiling) : ceiling;
  }

  /**
   * What is to be recorded anew where the store's record was lost; null: nothing. It may be less than was recorded: what was
   * given back in an exchange without an answer may be another's.
   */
  claim({ mono }: Moment): ShareClaim | null {
    const units = Math.min(this.#recorded, Math.max(this.#share, this.#log.used(mono)));
    if (units === 0) {
      this.reset();
      return null;
    }
    const { id: counter, windowMs } = this;
    return { counter, key: this.#key, windowMs, units, ceiling: this.#ceiling };
  }

  /** Whether a claim of so many units holds. */
  claimed(units: number, holds: boolean): void {
    if (holds) this.#recorded = units;
    else this.reset();
  }

  /** There is no share any more; what was spent stays spent. */
  reset(): void {
    this.#share = 0;
    this.#recorded = 0;
    this.#ceiling = Number.POSITIVE_INFINITY;
    this.#undivided = false;
    this.#unmet = 0;
  }
}
