import {
  ClavigerError,
  codeOf,
  decide,
  expandedScopes,
  isValid,
  type Moment,
  type Outcome,
  refusalError,
  UNKNOWN,
  type VerifyRequest,
} from "@claviger/core";
import { MANAGEMENT_CATALOGUE } from "../../kernel/management-catalogue.ts";
import type { HolderPrincipal, ManagementPrincipal } from "../../kernel/principal.ts";
import { type KeyMemory, type KeySource, LONGEST_KEY, MANAGEMENT_ENVIRONMENT } from "../verification/index.ts";
import type { FailedAttempts } from "./failed-attempts.ts";

export interface AccessPorts {
  readonly source: KeySource;
  readonly attempts: FailedAttempts;
}

/**
 * Who a presented management key is; `from` is the source address. Throws INVALID_TOKEN for anything else, a customer's key included; EXPIRED, REVOKED
 * or SUSPENDED only to the holder of a genuine one; TOO_MANY_ATTEMPTS; UNAVAILABLE without the node's lease.
 */
export function authenticateManagement(
  ports: AccessPorts,
  secret: string,
  from: string | null,
): Promise<ManagementPrincipal> {
  return countingFailures(ports, from, () =>
    fromMemory(ports, secret, from, (hash, now) => judge(ports.source.memory, hash, from, now)),
  );
}

/** The same from memory alone, for one scope: null, and nothing counted, wherever the answer is not a plain yes. */
export function peekManagement(
  { source }: AccessPorts,
  secret: string,
  from: string | null,
  scope: string,
): ManagementPrincipal | null {
  if (secret.length > LONGEST_KEY) return null;
  const hash = source.hashOf(secret);
  const now = source.now();
  if (!source.leaseValidAt(now)) return null;
  const outcome = source.memory.check(hash, requestFrom(from), MANAGEMENT_CATALOGUE, now.wall);
  if (!isValid(outcome)) return null;
  const principal = principalOf(source.memory, outcome, from, now);
  if (principal === null || !principal.scopes.has(scope)) return null;
  source.memory.countUse(outcome, now.wall);
  return principal;
}

/**
 * Who holds a presented key, for what a holder may do with its own key. `anyState` lets a key be ended that no longer works.
 * Restrictions of address, origin and audience do not apply, so that a finder can end a leaked key from anywhere (E7).
 */
export function authenticateHolder(
  ports: AccessPorts,
  secret: string,
  from: string | null,
  anyState: boolean,
): Promise<HolderPrincipal> {
  return countingFailures(ports, from, () =>
    fromMemory(ports, secret, from, (hash, now) => holderOf(ports.source.memory, hash, now, anyState)),
  );
}

const SCOPES = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Made once for each list: the same list comes back as long as the grant is the same. */
function scopesOf(granted: readonly string[]): ReadonlySet<string> {
  const names = expandedScopes(granted, MANAGEMENT_CATALOGUE);
  const known = SCOPES.get(names) ?? new Set(names);
  SCOPES.set(names, known);
  return known;
}

/** A management key bound to addresses works from those alone. */
function requestFrom(from: string | null): VerifyRequest {
  return { environment: MANAGEMENT_ENVIRONMENT, ip: from ?? undefined };
}

/** Who an outcome that is valid is about; null where it is no management key's. */
function principalOf(
  memory: KeyMemory,
  outcome: Outcome,
  from: string | null,
  now: Moment,
): ManagementPrincipal | null {
  const terms = memory.sharedOf(outcome);
  const verdict = memory.verdictOf(outcome, requestFrom(from), MANAGEMENT_CATALOGUE, now.wall);
  if (terms?.kind !== "management" || !verdict.valid) return null;
  const { keyId, scopes, expiresAt } = verdict;
  return { kind: "management", keyId, scopes: scopesOf(scopes), environment: terms.boundTo, expiresAt };
}

/** Undefined where memory does not know the string. */
function judge(memory: KeyMemory, hash: string, from: string | null, now: Moment): ManagementPrincipal | undefined {
  const outcome = memory.check(hash, requestFrom(from), MANAGEMENT_CATALOGUE, now.wall);
  if (outcome === UNKNOWN) return undefined;
  if (memory.sharedOf(outcome)?.kind !== "management") throw new ClavigerError("INVALID_TOKEN");
  memory.countUse(outcome, now.wall);
  const code = codeOf(outcome);
  if (code !== "VALID") throw refusalError(code);
  const principal = principalOf(memory, outcome, from, now);
  if (principal === null) throw new ClavigerError("INVALID_TOKEN");
  return principal;
}

function holderOf(memory: KeyMemory, hash: string, now: Moment, anyState: boolean): HolderPrincipal | undefined {
  const entry = memory.get(hash);
  if (entry === undefined) return undefined;
  const { record, version } = entry;
  if (!anyState) {
    const unrestricted = { ...record, allowedIps: [], allowedReferrers: [], audiences: [] };
    const request = { environment: record.environment };
    const verdict = decide(unrestricted, version, request, MANAGEMENT_CATALOGUE, now.wall);
    if (!verdict.valid) throw refusalError(verdict.code);
  }
  return { kind: "holder", keyId: record.keyId, account: record.account, version };
}

const ATTEMPTS = 5;

/**
 * Asks memory, and where it does not know the string, reads it and asks again; each time in one synchronous block of
 * clocks, lease and table. A string of no format of ours costs a look-up, which a source over its budget no longer gets.
 */
async function fromMemory<T>(
  { source, attempts }: AccessPorts,
  secret: string,
  from: string | null,
  ask: (hash: string, now: Moment) => T | undefined,
): Promise<T> {
  if (secret.length > LONGEST_KEY) throw refusalError("MALFORMED");
  const hash = source.hashOf(secret);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const now = source.now();
    if (!source.leaseValidAt(now)) throw refusalError("UNAVAILABLE");
    const answer = ask(hash, now);
    if (answer !== undefined) return answer;
    const refused = await source.fetch(secret, { anyFormat: attempts.waitFor(from) === null });
    if (refused !== null) throw refusalError(refused);
  }
  throw refusalError("UNAVAILABLE");
}

/** INVALID_TOKEN counts against the source; once its budget is spent it is told to wait instead, and learns nothing more. */
async function countingFailures<T>(
  ports: AccessPorts,
  from: string | null,
  authenticate: () => Promise<T>,
): Promise<T> {
  try {
    return await authenticate();
  } catch (error) {
    if (!(error instanceof ClavigerError) || error.code !== "INVALID_TOKEN") throw error;
    const wait = ports.attempts.waitFor(from);
    ports.attempts.failed(from);
    if (wait === null) throw error;
    throw new ClavigerError("TOO_MANY_ATTEMPTS", { extra: { retryAfterMs: Math.ceil(wait) } });
  }
}
