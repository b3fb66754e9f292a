import { ClavigerError, decide, expandScopes, refusalError, type Verdict } from "@claviger/core";
import type { Clock } from "../../kernel/clock.ts";
import { MANAGEMENT_CATALOGUE } from "../../kernel/management-catalogue.ts";
import type { HolderPrincipal, ManagementPrincipal } from "../../kernel/principal.ts";
import type { UseCounts } from "../traffic/index.ts";
import { type Entry, type KeySource, MANAGEMENT_ENVIRONMENT } from "../verification/index.ts";
import type { FailedAttempts } from "./failed-attempts.ts";

export interface AccessPorts {
  readonly source: KeySource;
  readonly clock: Clock;
  readonly counts: UseCounts;
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
  return countingFailures(ports, from, async () => principalOf(ports, await findEntry(ports, secret, from), from));
}

/** The same from memory alone, for one scope: null, and nothing counted, wherever the answer is not a plain yes. */
export function peekManagement(
  ports: AccessPorts,
  secret: string,
  from: string | null,
  scope: string,
): ManagementPrincipal | null {
  const found = ports.source.peek(secret);
  if (found === undefined || "refused" in found || found.entry.kind !== "management") return null;
  const { entry } = found;
  if (!scopesOf(entry).has(scope)) return null;
  const now = ports.clock.wall();
  const verdict = judge(entry, from, now);
  return verdict.valid ? accept(ports, entry, verdict.expiresAt, now) : null;
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
  return countingFailures(ports, from, async () => holderOf(ports, await findEntry(ports, secret, from), anyState));
}

const SCOPES = new WeakMap<Entry, ReadonlySet<string>>();

/** Expanded once for each entry; an entry never changes. */
function scopesOf(entry: Entry): ReadonlySet<string> {
  const known = SCOPES.get(entry);
  if (known !== undefined) return known;
  const scopes = new Set(expandScopes(entry.record.scopes, MANAGEMENT_CATALOGUE));
  SCOPES.set(entry, scopes);
  return scopes;
}

function principalOf(ports: AccessPorts, entry: Entry, from: string | null): ManagementPrincipal {
  if (entry.kind !== "management") throw new ClavigerError("INVALID_TOKEN");
  const now = ports.clock.wall();
  const verdict = judge(entry, from, now);
  if (verdict.valid) return accept(ports, entry, verdict.expiresAt, now);
  const { keyId, account } = entry.record;
  ports.counts.refused(keyId, entry.version, account, verdict.code, now);
  throw refusalError(verdict.code);
}

/** A management key bound to addresses works from those alone. */
function judge(entry: Entry, from: string | null, now: number): Verdict {
  const request = { environment: MANAGEMENT_ENVIRONMENT, ip: from ?? undefined };
  return decide(entry.record, entry.version, request, MANAGEMENT_CATALOGUE, now);
}

function accept(ports: AccessPorts, entry: Entry, expiresAt: number | null, now: number): ManagementPrincipal {
  const { keyId, account } = entry.record;
  ports.counts.accepted(keyId, entry.version, account, now);
  return { kind: "management", keyId, scopes: scopesOf(entry), environment: entry.boundTo, expiresAt };
}

function holderOf(ports: AccessPorts, entry: Entry, anyState: boolean): HolderPrincipal {
  const { keyId, account, environment } = entry.record;
  if (!anyState) {
    const unrestricted = { ...entry.record, allowedIps: [], allowedReferrers: [], audiences: [] };
    const now = ports.clock.wall();
    const verdict = decide(unrestricted, entry.version, { environment }, MANAGEMENT_CATALOGUE, now);
    if (!verdict.valid) throw refusalError(verdict.code);
  }
  return { kind: "holder", keyId, account, version: entry.version };
}

/** A string of no format of ours costs a look-up, which a source over its budget no longer gets. */
async function findEntry(ports: AccessPorts, secret: string, from: string | null): Promise<Entry> {
  const found = await ports.source.find(secret, { anyFormat: ports.attempts.waitFor(from) === null });
  if ("refused" in found) throw refusalError(found.refused);
  return found.entry;
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
