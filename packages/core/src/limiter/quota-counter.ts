import type { Moment } from "../coherence/moment.ts";
import type { BlockAnswer, BlockRequest, GiveBack, Refilled } from "../limits/budget.ts";
import type { LimitState } from "../limits/limit-state.ts";
import { type CalendarUnit, forgottenAt, periodAt, periodEnd } from "../limits/periods.ts";
import type { AppliedLimit } from "../limits/resolve-limits.ts";
import { ASK, type CounterBase, OK, REFUSE, type Test } from "./counter.ts";

const FIRST_BLOCK = 8;
const LARGEST_BLOCK = 1_000_000;
/** A block used up sooner makes the next one twice as large, one that lasts longer half. */
const QUICK_MS = 1_000;
const SLOW_MS = 5_000;
const LOW_PART = 4;
/** How long a quota that was found empty is not asked for again; another node may have given some back by then. */
const EMPTY_MS = 1_000;
const MORE_EVERY_MS = 10;
/** What was not spent for so long goes back. */
const IDLE_MS = 5_000;

/**
 * A calendar quota or a lifetime: a block of it, taken ahead, which counts as spent in the store. A block is of one period,
 * that of the wall clock of this process when it was taken, and is spent while that clock is within the period.
 */
export class QuotaCounter implements CounterBase {
  readonly kind = "quota";
  readonly id: string;
  readonly perSource: string | null;
  #limit: AppliedLimit;
  #left = 0;
  /** What the store had given out when it was last asked. */
  #taken = 0;
  #ceiling = 0;
  /** Of the block: its calendar unit, the period's number and limits, and the refills it came after. */
  #unit: CalendarUnit | null = null;
  #period = 0;
  #begins = Number.POSITIVE_INFINITY;
  #ends = Number.NEGATIVE_INFINITY;
  #refilled: Refilled | null = null;
  #demand = 0;
  #more = false;
  #size = FIRST_BLOCK;
  #sizedAt = Number.NEGATIVE_INFINITY;
  #emptyUntil = Number.NEGATIVE_INFINITY;
  #moreAfter = Number.NEGATIVE_INFINITY;
  #touched: number;

  constructor(limit: AppliedLimit, now: Moment) {
    this.id = limit.counter;
    this.perSource = limit.perSource;
    this.#limit = limit;
    this.#touched = now.mono;
  }

  test(limit: AppliedLimit, cost: number, { mono, wall }: Moment): Test {
    const { amount } = limit;
    if (cost > amount) return REFUSE;
    if (wall < this.#begins || wall >= this.#ends || unitOf(limit) !== this.#unit) return ASK;
    if (amount >= this.#ceiling && cost <= this.#left) return OK;
    return mono < this.#emptyUntil && amount <= this.#limit.amount ? REFUSE : ASK;
  }

  spend(cost: number, { mono }: Moment): boolean {
    this.#touched = mono;
    this.#left -= cost;
    return !this.#more && this.#left * LOW_PART < this.#size && mono >= this.#moreAfter && mono >= this.#emptyUntil;
  }

  want(limit: AppliedLimit, cost: number, { mono }: Moment): void {
    this.#touched = mono;
    this.#limit = limit;
    this.#demand += cost;
    this.#more = true;
  }

  wantMore(): void {
    this.#more = true;
  }

  retryIn(limit: AppliedLimit, cost: number, { wall }: Moment): number | null {
    const unit = unitOf(limit);
    if (cost > limit.amount || unit === null) return null;
    return periodEnd(unit, periodAt(unit, wall)) - wall;
  }

  state(limit: AppliedLimit, { wall }: Moment): LimitState {
    const { name, amount } = limit;
    const unit = unitOf(limit);
    const current = wall >= this.#begins && wall < this.#ends;
    return {
      ...{ name, limit: amount },
      remaining: current ? Math.max(0, amount - this.#taken + this.#left) : amount,
      resetAt: unit === null ? null : periodEnd(unit, periodAt(unit, wall)),
    };
  }

  sweep({ mono, wall }: Moment): "keep" | "settle" | "drop" {
    if (mono - this.#touched < IDLE_MS || this.#demand > 0) return "keep";
    if (this.#left > 0) return "settle";
    // One counter for each address of a period: forgetting them earlier would let their rows grow without bound.
    return this.perSource === null || wall >= this.#ends ? "drop" : "keep";
  }

  close(): void {
    this.#demand = 0;
    this.#more = false;
  }

  /** What to ask of the store now; without demand or wish for more, what is left goes back. */
  request({ mono, wall }: Moment): BlockRequest {
    const limit = this.#limit;
    const unit = unitOf(limit);
    const period = unit === null ? 0 : periodAt(unit, wall);
    const lifetime = limit.per === "lifetime";
    const same = unit === this.#unit && period === this.#period;
    const goesBack = !same || limit.amount < this.#ceiling || (!this.#more && this.#demand === 0);
    const giveBack = goesBack ? this.#leftover() : null;
    this.#enter(unit, period);
    const request: BlockRequest = {
      ...{ counter: this.id, key: limit.key, amount: limit.amount, demand: this.#demand, giveBack },
      period: lifetime ? 0 : period,
      refill: lifetime && limit.refill !== null ? { ...limit.refill, period } : null,
      headroom: this.#more ? this.#nextSize(mono) : 0,
      forgetAt: lifetime || unit === null ? null : forgottenAt(unit, period),
    };
    if (this.#more) this.#moreAfter = mono + MORE_EVERY_MS;
    this.#demand = 0;
    this.#more = false;
    return request;
  }

  answer(request: BlockRequest, { granted, taken, refilled }: BlockAnswer, { mono }: Moment): void {
    this.#left += granted;
    this.#taken = taken;
    this.#refilled = refilled;
    this.#ceiling = request.amount;
    this.#emptyUntil = granted < request.demand ? mono + EMPTY_MS : Number.NEGATIVE_INFINITY;
    if (granted <= request.demand) this.#moreAfter = mono + EMPTY_MS;
  }

  #leftover(): GiveBack | null {
    const units = this.#left;
    this.#left = 0;
    const period = this.#limit.per === "lifetime" ? 0 : this.#period;
    return units === 0 ? null : { period, refilled: this.#refilled, units };
  }

  #enter(unit: CalendarUnit | null, period: number): void {
    this.#unit = unit;
    this.#period = period;
    this.#begins = unit === null ? Number.NEGATIVE_INFINITY : periodEnd(unit, period - 1);
    this.#ends = unit === null ? Number.POSITIVE_INFINITY : periodEnd(unit, period);
  }

  #nextSize(mono: number): number {
    const lasted = mono - this.#sizedAt;
    if (lasted < QUICK_MS) this.#size = Math.min(LARGEST_BLOCK, this.#size * 2);
    else if (lasted > SLOW_MS) this.#size = Math.max(FIRST_BLOCK, Math.floor(this.#size / 2));
    this.#sizedAt = mono;
    return this.#size;
  }
}

/** What the period of a quota is counted in; null for a lifetime that nothing fills up. */
function unitOf({ per, refill }: AppliedLimit): CalendarUnit | null {
  if (per === "day" || per === "month") return per;
  return refill === null ? null : refill.every;
}
