import {
  type AppliedLimit,
  type Lack,
  type LimitState,
  type NotedRequest,
  type RefusalCode,
  type Spent,
  unknownKey,
  type Verdict,
  type Verification,
  type VerifyPorts,
  type VerifyRequest,
  verifyFromMemory,
} from "@claviger/core";
import type { Limiter, LimitRefusal } from "../limits/index.ts";
import { KeyLimits } from "./key-limits.ts";
import type { KeySource } from "./key-source.ts";
import type { Terms } from "./terms.ts";

/** What is asked of a presented key, after the contract's schemas. `account` is an id of ours or `ext:…`. */
export interface Check extends VerifyRequest, NotedRequest {
  readonly key: string;
  /** What the request spends of its limits; default 1. */
  readonly cost?: number | undefined;
  /** Which of the platform's services asks. */
  readonly service?: string | undefined;
  /** Whether others wait for the same answer: then it is not kept waiting for the old store, which is asked all the same. Default no. */
  readonly hurries?: boolean | undefined;
}

/** How the limits of a key stand after a request, for verdicts and headers. */
export interface Standing {
  readonly limits: readonly AppliedLimit[];
  readonly states: readonly LimitState[];
  /** What refused it, where a limit did. */
  readonly refusal: LimitRefusal | null;
  /** Milliseconds since the epoch at which this was so. */
  readonly at: number;
}

export type Outcome = Verification<Standing>;

export interface VerificationPorts {
  readonly source: KeySource;
  readonly limiter: Limiter;
  readonly verified: Verified;
}

/** Told of every verdict's code for metrics, and whether memory held the key; null where neither it nor the database was asked. */
export type Verified = (code: Verdict["code"], from: "memory" | "database" | null) => void;

/** At once where memory holds all that is needed, which is the rule; else a promise. */
export type VerifyKey = (check: Check) => Outcome | Promise<Outcome>;

const ATTEMPTS = 5;

/**
 * Look up, decide, spend, record (C2-C6). It is one synchronous block over what memory holds at that moment; what memory lacks is
 * read first and then asked of memory again, so that nothing invalidated in between is ever decided on.
 * Never throws for anything a caller can send; a database that is gone refuses as UNAVAILABLE.
 */
export function createVerifyKey({ source, limiter, verified }: VerificationPorts): VerifyKey {
  const ports = portsOf(source, limiter);
  const note = (outcome: Outcome, from: "memory" | "database"): Outcome => {
    verified(outcome.verdict.code, from);
    return outcome;
  };
  const afterReading = async (check: Check, first: Lack): Promise<Outcome> => {
    let lack = first;
    const from = first.lacks === "budget" ? "memory" : "database";
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const refused = await supply(source, check, lack);
      if (refused !== null) return note(unknownKey(refused), from);
      const outcome = verifyFromMemory(ports, check.key, check);
      if (outcome.verdict !== undefined) return note(outcome, from);
      lack = outcome;
    }
    return note(unknownKey("UNAVAILABLE"), from);
  };
  return (check) => {
    const outcome = verifyFromMemory(ports, check.key, check);
    return outcome.verdict !== undefined ? note(outcome, "memory") : afterReading(check, outcome);
  };
}

function portsOf(source: KeySource, limiter: Limiter): VerifyPorts<Terms, Standing, Check> {
  const limits = new KeyLimits(source.memory);
  return {
    table: source.memory,
    hashOf: source.hashOf,
    now: source.now,
    decisionTime: (now) => (source.leaseValidAt(now) ? now.wall : null),
    catalogue: source.peekCatalogue,
    assess: source.assess,
    isForeign: source.isForeign,
    isCallers: (terms) => terms?.kind === "customer",
    spend: (hash, outcome, { ip, cost }, now): Spent<Standing> | null => {
      const applied = limits.of(hash, outcome, ip, now.wall);
      if (applied === null || applied.length === 0) return null;
      const spent = limiter.check(applied, cost ?? 1, now);
      if (spent.kind === "wait") return spent;
      const refusal = spent.kind === "refused" ? spent : null;
      const standing = { limits: applied, states: limiter.peek(applied, now), refusal, at: now.wall };
      return refusal === null ? { kind: "accepted", standing } : { kind: "refused", code: refusal.code, standing };
    },
  };
}

/** Reads what memory lacks; the refusal where that answers the question. */
async function supply(source: KeySource, { key, ip, hurries }: Check, lack: Lack): Promise<RefusalCode | null> {
  if (lack.lacks === "budget") {
    await lack.ready;
    return null;
  }
  if ((await source.catalogue()) === null) return "UNAVAILABLE";
  return source.fetch(key, { from: ip, oldStore: hurries === true ? "ask" : "ask and wait" });
}
