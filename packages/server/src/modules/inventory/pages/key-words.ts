/** What a key's page says in words: pure, from what was read. */
import type { KeyStatus, KeyThrottle } from "../../keys/index.ts";
import { daysBetween, SILENT_DAYS } from "../view-moment.ts";
import { type Ending, refusedAs } from "./refusal-words.ts";
import { agoOf, counted, fromOf, momentOf, type Origin, throttleWords, whoOf } from "./words.ts";

const DAY_MS = 86_400_000;
/** Refusals so soon after its last success may be those of single calls among others that work. */
export const SETTLED_MS = 600_000;

export interface StatusFacts {
  readonly status: KeyStatus;
  readonly expiresAt: Date | null;
  /** Of the suspension or revocation that holds. */
  readonly ended: Ending | null;
  readonly accountSuspended: Ending | null;
  /** The one that holds now. */
  readonly throttle: KeyThrottle | null;
}

/** The status with its reason. */
export function statusWords(facts: StatusFacts, now: Date): string {
  const { status, expiresAt, ended, accountSuspended, throttle } = facts;
  const slowed = throttle === null || isOver(status) ? "" : ` It is throttled: ${throttleWords(throttle)}.`;
  const own = `${ownStatus(status, expiresAt, ended, now)}${slowed}`;
  if (accountSuspended === null) return own;
  return `${own} Its account is suspended since ${momentOf(accountSuspended.at)}${reasonOf(accountSuspended)}, so it is refused all the same.`;
}

const isOver = (status: KeyStatus): boolean => status === "revoked" || status === "expired";

function ownStatus(status: KeyStatus, expiresAt: Date | null, ended: Ending | null, now: Date): string {
  const expiry = expiresAt === null ? "it never expires" : `it expires on ${momentOf(expiresAt)}`;
  const acted = ended === null ? "" : ` on ${momentOf(ended.at)}${reasonOf(ended)}`;
  switch (status) {
    case "requested":
      return "It waits for approval.";
    case "active":
      return `It is active; ${expiry}.`;
    case "rotating":
      return `It is being rotated; ${expiry}.`;
    case "expiring": {
      const left = expiresAt === null ? 0 : daysBetween(now, expiresAt);
      return `It is active and ${expiry}, in ${left === 0 ? "less than a day" : counted(left, "day")}.`;
    }
    case "suspended":
      return `It was suspended${acted}.`;
    case "expired":
      return `It expired${expiresAt === null ? "" : ` on ${momentOf(expiresAt)}, ${agoOf(expiresAt, now)}`}.`;
    case "revoked":
      return `It was revoked${acted}. That is final.`;
    default:
      return status satisfies never;
  }
}

/** ` by …: leaked (seen in a log)` */
function reasonOf({ by, reason, comment }: Ending): string {
  const who = by === null ? "" : ` by ${whoOf(by)}`;
  return `${who}${reason === null ? "" : `: ${reason}`}${comment === null || comment === "" ? "" : ` (${comment})`}`;
}

/** What became of the key under one code, after it was accepted last. */
export interface RefusedSince {
  readonly code: string;
  readonly requests: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

export interface UseFacts {
  /** Whether nothing about key or account stands in the way. */
  readonly live: boolean;
  readonly lastUsedAt: Date | null;
  readonly version: number | null;
  readonly last: Origin | null;
  readonly accepted24h: number;
  readonly refused24h: number;
  /** By code, in any order; all of it where it was never accepted. */
  readonly since: readonly RefusedSince[];
}

export interface UseState {
  readonly is: "working" | "quiet" | "failing" | "unused";
  readonly why: string;
}

/** Is it in use, and when did it last work? */
export function useState(facts: UseFacts, now: Date): UseState {
  const { lastUsedAt } = facts;
  const failing = isFailing(facts);
  if (lastUsedAt === null) {
    return failing
      ? { is: "failing", why: "It is presented, and was never accepted." }
      : { is: "unused", why: "It was never presented." };
  }
  const idle = now.getTime() - lastUsedAt.getTime();
  const accepted = `accepted last on ${momentOf(lastUsedAt)}, ${agoOf(lastUsedAt, now)}, with version ${facts.version}${fromOf(facts.last)}`;
  if (failing) return { is: "failing", why: `It is presented and does not work: it was ${accepted}.` };
  if (idle > DAY_MS)
    return {
      is: "quiet",
      why: `It is not in use: it was ${accepted}, ${facts.since.length === 0 ? "and not presented since" : "and not since"}.`,
    };
  const { accepted24h, refused24h } = facts;
  const beside = refused24h === 0 ? "none was refused" : `${refused24h.toLocaleString("en-US")} refused`;
  return {
    is: "working",
    why: `It is in use: it was ${accepted}. Within 24 hours ${counted(accepted24h, "request")} ${accepted24h === 1 ? "was" : "were"} accepted and ${beside}.`,
  };
}

/** Refused since it was accepted last, and not only by a call among others that work. */
function isFailing({ since, lastUsedAt, live }: UseFacts): boolean {
  if (since.length === 0) return false;
  const latest = Math.max(...since.map(({ lastAt }) => lastAt.getTime()));
  return lastUsedAt === null || !live || latest - lastUsedAt.getTime() >= SETTLED_MS;
}

export interface Failing {
  readonly since: Date;
  readonly requests: number;
  readonly lastAt: Date;
  /** Of the first refusal first. */
  readonly codes: readonly string[];
  readonly why: string;
}

/** Since when does it fail, and why? Null while it works. `explain` says why a code was answered. */
export function failingOf(facts: UseFacts, now: Date, explain: (code: string) => string): Failing | null {
  if (!isFailing(facts)) return null;
  const since = facts.since.toSorted((a, b) => a.firstAt.getTime() - b.firstAt.getTime());
  const first = new Date(Math.min(...since.map(({ firstAt }) => firstAt.getTime())));
  const last = new Date(Math.max(...since.map(({ lastAt }) => lastAt.getTime())));
  const codes = since.map(({ code }) => code);
  const requests = since.reduce((sum, each) => sum + each.requests, 0);
  const times = requests === 1 ? "" : `, the latest ${agoOf(last, now)}`;
  return {
    ...{ since: first, requests, lastAt: last, codes },
    why: `It fails since ${momentOf(first)}, ${agoOf(first, now)}: ${refusedAs(requests, codes)}${times}. ${codes.map(explain).join(" ")}`,
  };
}

/** Attempts with a key after it was revoked or had expired. */
export interface Attempts {
  /** When it was revoked or expired, whichever came first. */
  readonly since: Date;
  readonly attempts: number;
  readonly lastAt: Date | null;
  readonly last: Origin | null;
}

/** Told until there is silence, which is told as well: whether the key may be forgotten. */
export function afterDeath({ since, attempts, lastAt, last }: Attempts, now: Date): { silent: boolean; why: string } {
  const quiet = (from: Date): boolean => now.getTime() - from.getTime() >= SILENT_DAYS * DAY_MS;
  if (lastAt === null) {
    const why = `obody presented it since it ended, ${agoOf(since, now)}.`;
    return quiet(since) ? { silent: true, why: `Silence: n${why}` } : { silent: false, why: `N${why}` };
  }
  const times = `it was presented ${counted(attempts, "time")} after it had ended, and refused`;
  const latest = `last refused use ${agoOf(lastAt, now)}${fromOf(last)}`;
  return quiet(lastAt)
    ? { silent: true, why: `Silence: ${times}; ${latest}, and nothing since.` }
    : { silent: false, why: `Somebody has it still: ${times}; ${latest}.` };
}
