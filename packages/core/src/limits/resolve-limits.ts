import { parseIp } from "../network/ip.ts";
import type { Limit } from "./limit.ts";

/** A limit as it binds one key: with the amount that holds for it, and the counter that it is counted on. */
export interface ResolvedLimit {
  readonly name: string;
  /** The id of the key. */
  readonly key: string;
  readonly amount: number;
  readonly per: Limit["per"];
  readonly refill: { readonly amount: number; readonly every: "day" | "month" } | null;
  /** Names the counter, over all nodes. Limits with the same counter are counted together. */
  readonly counter: string;
  /** For counters of one source address each: the account that they belong to, which bounds their number. */
  readonly perSource: string | null;
  /** Milliseconds since the epoch from which on it binds nobody; left out: it has no end. */
  readonly until?: number | undefined;
}

/** A temporary limit of one key, beside all others that bind it (E3). */
export interface Throttle {
  readonly amount: number;
  readonly per: "second" | "minute" | "hour" | "day";
  /** Milliseconds since the epoch; at that instant it is over. */
  readonly until: number;
}

/** A resolved limit whose counter stands for one source address where it must. */
export type AppliedLimit = ResolvedLimit;

export interface LimitHolders {
  readonly key: string;
  readonly account: string;
  readonly environment: string;
  readonly keyLimits: readonly Limit[];
  readonly planLimits: readonly Limit[];
  readonly environmentLimits: readonly Limit[];
  readonly throttle?: Throttle | null | undefined;
}

/**
 * Which limits bind a key (C6). All limits of the plan apply. Those of the environment are defaults: each applies unless the
 * plan has one of its name. A limit of the key never widens either. Where one of its name slides or resets alike (same `per`)
 * and is shared alike, the lower amount holds, and of a refill the lower amount at the pace of the plan; otherwise both apply.
 * A throttle takes no other's place: it applies beside all of them, so that the strictest holds.
 *
 * Counters: `key` one for each key over all its versions; `account` one for each account and name, limits of the environment
 * apart in each environment; `ip` the same for each source address. The amount is no part of a counter's name, so that
 * raising or lowering it forgets nothing that was spent.
 */
export function resolveLimits(holders: LimitHolders): ResolvedLimit[] {
  const ofPlan = new Set(holders.planLimits.map(({ name }) => name));
  const base = [
    ...holders.planLimits.map((limit) => resolved(limit, holders, false)),
    ...holders.environmentLimits.filter(({ name }) => !ofPlan.has(name)).map((limit) => resolved(limit, holders, true)),
  ];
  for (const own of holders.keyLimits) {
    const alike = base.findIndex(
      (limit) =>
        limit.name === own.name &&
        limit.per === own.per &&
        (limit.counter === resolved(own, holders, false).counter ||
          limit.counter === resolved(own, holders, true).counter),
    );
    const wider = base[alike];
    if (wider === undefined) base.push(resolved(own, holders, false));
    else
      base[alike] = { ...wider, amount: Math.min(wider.amount, own.amount), refill: lesserRefill(wider.refill, own) };
  }
  if (holders.throttle != null) base.push(throttled(holders.throttle, holders.key));
  return base;
}

/** On a counter of its own, which no limit that has a name can be counted on. */
function throttled({ amount, per, until }: Throttle, key: string): ResolvedLimit {
  const counter = `${per} throttle ${key} throttle`;
  return { ...{ name: "throttle", key, amount, per, refill: null, counter }, perSource: null, until };
}

function resolved(limit: Limit, holders: LimitHolders, ofEnvironment: boolean): ResolvedLimit {
  const shared = limit.shared ?? "key";
  const account = ofEnvironment ? `${holders.account}@${holders.environment}` : holders.account;
  return {
    name: limit.name,
    key: holders.key,
    amount: limit.amount,
    per: limit.per,
    refill: limit.refill === undefined ? null : { amount: limit.refill.amount, every: limit.refill.every },
    // Only the name may hold blanks, and a source address that follows it holds none.
    counter: `${limit.per} ${shared} ${shared === "key" ? holders.key : account} ${limit.name}`,
    perSource: shared === "ip" ? holders.account : null,
  };
}

function lesserRefill(base: ResolvedLimit["refill"], { refill }: Limit): ResolvedLimit["refill"] {
  if (base === null || refill === undefined) return null;
  return refill.every === base.every ? { ...base, amount: Math.min(base.amount, refill.amount) } : base;
}

/** What all requests without a source address share, so that leaving it out opens nothing. */
const NO_ADDRESS = "none";

/**
 * The limits for a request from `ip` at `wall`, in milliseconds since the epoch. A limit that has come to its end is left out: from that
 * instant on, with nobody doing anything. A clock that is no number ends none. Otherwise the same list comes back where none is counted by source. IPv6 addresses count by their
 * /64, which is what one customer of a network is given; IPv4-mapped ones as IPv4; what is no address as none.
 */
export function limitsFrom(
  limits: readonly ResolvedLimit[],
  ip: string | undefined,
  wall: number,
): readonly AppliedLimit[] {
  const now = limits.some(({ until }) => until !== undefined && wall >= until)
    ? limits.filter(({ until }) => until === undefined || !(wall >= until))
    : limits;
  if (!now.some(isPerSource)) return now;
  const source = ip === undefined ? NO_ADDRESS : sourceOf(ip);
  return now.map((limit) => (isPerSource(limit) ? { ...limit, counter: `${limit.counter} ${source}` } : limit));
}

/** The source address as it is at the end of a counter of one. */
const SOURCE = /^(?:none|4:[0-9a-f]{8}|6:[0-9a-f]{16})$/;

/** Whether this is the counter of the limit, or of one of its source addresses. */
export function countsOn(limit: ResolvedLimit, counter: string): boolean {
  if (!isPerSource(limit)) return counter === limit.counter;
  return counter.startsWith(`${limit.counter} `) && SOURCE.test(counter.slice(limit.counter.length + 1));
}

function isPerSource(limit: ResolvedLimit): boolean {
  return limit.perSource !== null;
}

function sourceOf(ip: string): string {
  const parsed = parseIp(ip);
  if (parsed === null) return NO_ADDRESS;
  const words = parsed.family === 4 ? parsed.words : parsed.words.slice(0, 2);
  return `${parsed.family}:${words.map((word) => word.toString(16).padStart(8, "0")).join("")}`;
}
