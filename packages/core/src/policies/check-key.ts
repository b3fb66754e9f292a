import type { FieldError } from "../errors/index.ts";
import { type ParsedLabelPattern, parseLabelPattern } from "./label-pattern.ts";
import type { RequirableField, Risk } from "./policy.ts";
import type { ResolvedPolicy } from "./resolve-policy.ts";

const DAY_MS = 86_400_000;

/** Of a key, what a policy asks about. Times are milliseconds since the epoch. */
export interface PolicySubject extends Readonly<Record<RequirableField, unknown>> {
  readonly label: string;
  readonly allowedIps: readonly string[];
  /** Null: never. */
  readonly expiresAt: number | null;
  /** When its version in use was issued, from which lifetimes are counted. */
  readonly issuedAt: number;
  readonly risk: Risk;
}

/** Rules of a policy that a key may break. */
export const POLICY_RULES = ["lifetime", "label", "required", "ip-binding"] as const;
export type PolicyRule = (typeof POLICY_RULES)[number];

export interface PolicyFault extends FieldError {
  readonly rule: PolicyRule;
}

/** The instant at which a key must end by this policy, in milliseconds since the epoch; null: it need not. */
export function latestExpiry(policy: ResolvedPolicy, issuedAt: number): number | null {
  const days = policy.maxLifetimeDays.value;
  return days === null ? null : issuedAt + days * DAY_MS;
}

/** The instant at which a key ends where nobody says when; null: never. */
export function defaultExpiry(policy: ResolvedPolicy, issuedAt: number): number | null {
  const days = policy.lifetimeDays.value;
  return days === null ? null : issuedAt + days * DAY_MS;
}

const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** Everything about a key that this policy does not allow, each with its path; none where it is as it must be. */
export function checkPolicy(policy: ResolvedPolicy, key: PolicySubject): PolicyFault[] {
  return [...lifetimeFaults(policy, key), ...labelFaults(policy, key), ...fieldFaults(policy, key)];
}

function lifetimeFaults(policy: ResolvedPolicy, key: PolicySubject): PolicyFault[] {
  const latest = latestExpiry(policy, key.issuedAt);
  if (latest === null || (key.expiresAt !== null && key.expiresAt <= latest)) return [];
  const { value, why } = policy.maxLifetimeDays;
  const longest = `a key of risk ${key.risk} lives ${value} days at most, from its issue (${why})`;
  const message = key.expiresAt === null ? `may not be never: ${longest}` : `is too late: ${longest}`;
  return [{ rule: "lifetime", path: "expiresAt", message }];
}

const parsedPatterns = new Map<string, ParsedLabelPattern>();
const MOST_PARSED = 100;

/** A pattern is understood once, however many keys it is asked about. */
function parsedPattern(text: string): ParsedLabelPattern {
  const known = parsedPatterns.get(text);
  if (known !== undefined) return known;
  const parsed = parseLabelPattern(text);
  if (parsedPatterns.size >= MOST_PARSED) parsedPatterns.clear();
  parsedPatterns.set(text, parsed);
  return parsed;
}

function labelFaults(policy: ResolvedPolicy, key: PolicySubject): PolicyFault[] {
  return policy.labelPatterns.value.flatMap((text): PolicyFault[] => {
    const parsed = parsedPattern(text);
    // One that is not understood, as a later version may write it, lets nothing pass.
    if (parsed.ok && parsed.pattern.matches(key.label)) return [];
    const message = `does not match the pattern ${text} (${policy.labelPatterns.why})`;
    return [{ rule: "label", path: "label", message }];
  });
}

function fieldFaults(policy: ResolvedPolicy, key: PolicySubject): PolicyFault[] {
  const faults = policy.requiredFields.value
    .filter((field) => isMissing(key[field]))
    .map((path): PolicyFault => {
      return { rule: "required", path, message: `is required (${policy.requiredFields.why})` };
    });
  if (policy.requireIpBinding.value && key.allowedIps.length === 0) {
    const message = `must name at least one address or range (${policy.requireIpBinding.why})`;
    faults.push({ rule: "ip-binding", path: "allowedIps", message });
  }
  return faults;
}
