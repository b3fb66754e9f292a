import { decide, type RefusalCode, type Verdict, type VerifyRequest } from "@claviger/core";
import type { Clock } from "../../kernel/clock.ts";
import type { UseCounts } from "../traffic/index.ts";
import type { KeySource } from "./key-source.ts";
import type { Entry } from "./records.ts";

/** What is asked of a presented key, after the contract's schemas. `account` is an id of ours or `ext:…`. */
export interface Check extends VerifyRequest {
  readonly key: string;
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly entry: Entry | null;
}

export interface VerificationPorts {
  readonly source: KeySource;
  readonly clock: Clock;
  readonly counts: UseCounts;
  /** Told of every verdict's code, for metrics. */
  verified(code: Verdict["code"]): void;
}

/** At once where memory holds all that is needed, which is the rule; else a promise. */
export type VerifyKey = (check: Check) => Outcome | Promise<Outcome>;

function refusedOutcome(code: RefusalCode): Outcome {
  return { verdict: { valid: false, code, record: null }, entry: null };
}

const ATTEMPTS = 5;

/**
 * Look up, decide, record (C2-C4). The decision is one synchronous block over what memory holds at that moment; what memory lacks is
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
    return outcome === undefined ? decideAfterReading(ports, check).then(note) : note(outcome);
  };
}

async function decideAfterReading(ports: VerificationPorts, check: Check): Promise<Outcome> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const refused = await fill(ports.source, check.key);
    if (refused !== undefined) return refusedOutcome(refused);
    const outcome = decideNow(ports, check);
    if (outcome !== undefined) return outcome;
  }
  return refusedOutcome("UNAVAILABLE");
}

/** Undefined where memory lacks something. */
function decideNow(ports: VerificationPorts, check: Check): Outcome | undefined {
  const catalogue = ports.source.peekCatalogue();
  const found = ports.source.peek(check.key);
  if (found !== undefined && "refused" in found) return refusedOutcome(found.refused);
  if (catalogue === undefined || found === undefined) return undefined;
  const { entry } = found;
  // A management key is never a caller's, and nobody is told that it is one.
  if (entry.kind === "management") return refusedOutcome("NOT_FOUND");
  const now = ports.clock.wall();
  const verdict = decide(
    entry.record,
    entry.version,
    { ...check, account: ownAccount(check.account, entry) },
    catalogue,
    now,
  );
  count(ports.counts, entry, verdict, now);
  return { verdict, entry };
}

/** Reads what memory lacks; the refusal where that answers the question. */
async function fill(source: KeySource, secret: string): Promise<RefusalCode | undefined> {
  if ((await source.catalogue()) === null) return "UNAVAILABLE";
  const found = await source.find(secret);
  return "refused" in found ? found.refused : undefined;
}

/** The caller's own name of the account, as our id where it is this key's account; anything else matches nothing. */
function ownAccount(asked: string | undefined, entry: Entry): string | undefined {
  if (asked === undefined || !asked.startsWith("ext:")) return asked;
  return asked.slice("ext:".length) === entry.accountExternalId ? entry.record.account : asked;
}

function count(counts: UseCounts, entry: Entry, verdict: Verdict, now: number): void {
  const { keyId, account } = entry.record;
  if (verdict.valid) counts.accepted(keyId, entry.version, account, now);
  else counts.refused(keyId, entry.version, account, verdict.code, now);
}
