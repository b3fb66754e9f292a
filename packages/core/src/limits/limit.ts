/** A limit of a key, plan or environment (C6), as the contract has it. */
export interface Limit {
  /** Unique in its list; appears in the headers `RateLimit` and `RateLimit-Policy`. */
  readonly name: string;
  /** Requests, or units of `cost`. */
  readonly amount: number;
  /**
   * Second, minute and hour slide: never more than `amount` in any interval of that length. Day and month are UTC
   * calendar windows. Lifetime never resets.
   */
  readonly per: "second" | "minute" | "hour" | "day" | "month" | "lifetime";
  /** Who shares the amount; default `key`. */
  readonly shared?: "key" | "account" | "ip" | undefined;
  /** What is added to a lifetime amount, and how often. */
  readonly refill?: { readonly amount: number; readonly every: "day" | "month" } | undefined;
}

/** Largest amount: sums of many stay exact integers. */
export const MAX_AMOUNT = 1e12;
/** Most limits in one list: every one of them is spent by every request. */
export const MAX_LIMITS = 32;

const PER: ReadonlySet<unknown> = new Set(["second", "minute", "hour", "day", "month", "lifetime"]);
const SHARED: ReadonlySet<unknown> = new Set(["key", "account", "ip"]);
const EVERY: ReadonlySet<unknown> = new Set(["day", "month"]);
const FIELDS: ReadonlySet<string> = new Set(["name", "amount", "per", "shared", "refill"]);

/** 1-40 printable ASCII characters that a quoted string in a header can hold as they are, no blank at either end. */
const NAME = /^(?! )[\x20\x21\x23-\x5b\x5d-\x7e]{1,40}(?<! )$/;

/** The fields of a limit as they came, each of any type. */
type Unchecked = { readonly [field in keyof Limit]?: unknown };

interface Finding {
  readonly path: string;
  readonly message: string;
}

/**
 * Everything that is wrong with a list of limits, with paths such as `[0].amount`; empty if nothing is. Takes anything.
 */
export function checkLimits(list: unknown): Finding[] {
  if (!Array.isArray(list)) return [{ path: "", message: "must be a list of limits" }];
  if (list.length > MAX_LIMITS) return [{ path: "", message: `must have at most ${MAX_LIMITS} limits` }];
  const names = new Set<unknown>();
  return list.flatMap((limit: unknown, index) => {
    if (!isObject(limit)) return [{ path: `[${index}]`, message: "must be a limit" }];
    const findings = checkLimit(limit);
    if (names.has(limit.name)) findings.push({ path: "name", message: "must be unique among the limits" });
    names.add(limit.name);
    return findings.map(({ path, message }) => ({ path: `[${index}].${path}`, message }));
  });
}

function checkLimit(limit: Unchecked): Finding[] {
  const { name, amount, per, shared, refill } = limit;
  const findings: Finding[] = [];
  const need = (fine: boolean, path: string, message: string) => {
    if (!fine) findings.push({ path, message });
  };
  need(
    typeof name === "string" && NAME.test(name),
    "name",
    "must be 1 to 40 printable ASCII characters without quotes and backslashes, and no blank at either end",
  );
  need(isAmount(amount), "amount", AMOUNT);
  need(PER.has(per), "per", "must be second, minute, hour, day, month or lifetime");
  need(shared === undefined || SHARED.has(shared), "shared", "must be key, account or ip");
  if (refill !== undefined) {
    need(per === "lifetime", "refill", "goes with per lifetime only");
    need(isObject(refill) && isAmount(refill.amount), "refill.amount", AMOUNT);
    need(isObject(refill) && EVERY.has(refill.every), "refill.every", "must be day or month");
  }
  for (const field of Object.keys(limit)) need(FIELDS.has(field), field, "is unknown");
  return findings;
}

const AMOUNT = "must be a whole number from 1 to 1000000000000";

function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MAX_AMOUNT;
}

function isObject(value: unknown): value is Unchecked & { readonly every?: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
