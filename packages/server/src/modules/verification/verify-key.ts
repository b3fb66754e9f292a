import {
  type AppliedLimit,
  decide,
  type LimitState,
  limitsFrom,
  type RefusalCode,
  type Verdict,
  type VerifyRequest,
} from "@claviger/core";
import type { Clock } from "../../kernel/clock.ts";
import type { Limiter, LimitRefusal } from "../limits/index.ts";
import type { UseCounts } from "../traffic/index.ts";
import type { KeySource } from "./key-source.ts";
import type { Entry } from "./records.ts";

/** What is asked of a presented key, after the contract's schemas. `account` is an id of ours or `ext:…`. */
export interface Check extends VerifyRequest {
  readonly key: string;
  /** What the request spends of its limits; default 1. */
  readonly cost?: number | undefined;
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

export interface Outcome {
  readonly verdict: Verdict;
  readonly entry: Entry | null;
  /** Null where no limit was asked: none binds the key, or something else refused first. */
  readonly standing: Standing | null;
}

export interface VerificationPorts {
  readonly source: KeySource;
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly counts: UseCounts;
  /** Told of every verdict's code, for metrics. */
  verified(code: Verdict["code"]): void;
}

/** At once where memory holds all that is needed, which is the rule; else a promise. */
export type VerifyKey = (check: Check) => Outcome | Promise<Outcome>;

function refusedOutcome(code: RefusalCode): Outcome {
  return { verdict: { valid: false, code, record: null }, entry: null, standing: null };
}

const ATTEMPTS = 5;

/**
 * Look up, decide, spend, record (C2-C6). It is one synchronous block over what memory holds at that moment; what memory lacks is
 * read first and then asked of memory again, so that nothing invalidated in between is ever decided on.
 * Never throws for anything a caller can send; a database that is gone refuses as UNAVAILABLE.
 */
export function createVerifyKey(ports: VerificationPorts): VerifyKey {
  const note = (outcome: Outcome): Outcome => {
    ports.verified(outcome.verdict.code);
    return outcome;
  };
  return (check) => {
    const outcome = decideNow(ports, check);
    return "verdict" in outcome ? note(outcome) : decideAfterReading(ports, check, outcome).then(note);
  };
}

/** What memory lacks: a record or the catalogue, or budget of a limit. */
type Lack = { readonly lacks: "record" } | { readonly lacks: "budget"; readonly ready: Promise<void> };

async function decideAfterReading(ports: VerificationPorts, check: Check, first: Lack): Promise<Outcome> {
  let lack = first;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const refused = await supply(ports.source, check.key, lack);
    if (refused !== undefined) return refusedOutcome(refused);
    const outcome = decideNow(ports, check);
    if ("verdict" in outcome) return outcome;
    lack = outcome;
  }
  return refusedOutcome("UNAVAILABLE");
}

function decideNow(ports: VerificationPorts, check: Check): Outcome | Lack {
  const catalogue = ports.source.peekCatalogue();
  const found = ports.source.peek(check.key);
  if (found !== undefined && "refused" in found) return refusedOutcome(found.refused);
  if (catalogue === undefined || found === undefined) return { lacks: "record" };
  const { entry } = found;
  // A management key is never a caller's, and nobody is told that it is one.
  if (entry.kind === "management") return refusedOutcome("NOT_FOUND");
  const now = ports.clock.wall();
  const request = { ...check, account: ownAccount(check.account, entry) };
  const verdict = decide(entry.record, entry.version, request, catalogue, now);
  if (!verdict.valid || entry.limits.length === 0) return recorded(ports, { verdict, entry, standing: null }, now);
  return spend(ports, check, entry, verdict, now);
}

/** Last of all, because a request that is refused for whatever reason spends nothing. */
function spend(ports: VerificationPorts, check: Check, entry: Entry, verdict: Verdict, wall: number): Outcome | Lack {
  const limits = limitsFrom(entry.limits, check.ip);
  const now = { mono: ports.clock.mono(), wall };
  const spent = ports.limiter.check(limits, check.cost ?? 1, now);
  if (spent.kind === "wait") return { lacks: "budget", ready: spent.ready };
  const refusal = spent.kind === "refused" ? spent : null;
  const standing = { limits, states: ports.limiter.peek(limits, now), refusal, at: wall };
  const decided: Verdict = refusal === null ? verdict : { valid: false, code: refusal.code, record: entry.record };
  return recorded(ports, { verdict: decided, entry, standing }, wall);
}

/** Reads what memory lacks; the refusal where that answers the question. */
async function supply(source: KeySource, secret: string, lack: Lack): Promise<RefusalCode | undefined> {
  if (lack.lacks === "budget") {
    await lack.ready;
    return undefined;
  }
  if ((await source.catalogue()) === null) return "UNAVAILABLE";
  const found = await source.find(secret);
  return "refused" in found ? found.refused : undefined;
}

/** The caller's own name of the account, as our id where it is this key's account; anything else matches nothing. */
function ownAccount(asked: string | undefined, entry: Entry): string | undefined {
  if (asked === undefined || !asked.startsWith("ext:")) return asked;
  return asked.slice("ext:".length) === entry.accountExternalId ? entry.record.account : asked;
}

function recorded(ports: VerificationPorts, outcome: Outcome & { readonly entry: Entry }, now: number): Outcome {
  const { verdict, entry } = outcome;
  const { keyId, account } = entry.record;
  if (verdict.valid) ports.counts.accepted(keyId, entry.version, account, now);
  else ports.counts.refused(keyId, entry.version, account, verdict.code, now);
  return outcome;
}
