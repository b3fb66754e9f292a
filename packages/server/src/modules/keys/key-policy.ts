import {
  type ApprovalKind,
  approverOf,
  type Catalogue,
  ClavigerError,
  checkPolicy,
  defaultExpiry,
  type KeyPolicy,
  type PolicyFault,
  type PolicyLayers,
  type PolicySubject,
  type ResolvedPolicy,
  type Risk,
  resolvePolicy,
  riskOf,
} from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { MANAGEMENT_CATALOGUE } from "../../kernel/management-catalogue.ts";
import { loadCatalogue } from "../catalogue/index.ts";
import { findKeyPolicy, readLayers, readManagementLayers } from "../policies/index.ts";
import { type Key, ownerOf } from "./key.ts";
import { versionsOf } from "./keys.store.ts";

/** What holds for one key. */
export interface PolicyOfKey {
  readonly key: Key;
  readonly risk: Risk;
  readonly own: KeyPolicy;
  readonly policy: ResolvedPolicy;
  /** Whose approval the issue of such a key needs. */
  readonly approval: "account" | "staff" | null;
  /** By which its grant was read. */
  readonly catalogue: Catalogue;
}

/** What stands above a key, its own policy left out. */
export function layersAbove(tx: Tx, key: Pick<Key, "kind" | "account" | "environment">): Promise<PolicyLayers> {
  return key.kind === "management" ? readManagementLayers(tx) : readLayers(tx, key.account, key.environment ?? "");
}

export function riskOfKey(key: Pick<Key, "kind" | "tier" | "scopes">, catalogue: Catalogue): Risk {
  // What a management key may do, staff may; its policy knows no risks.
  return key.kind === "management" ? "high" : riskOf(key, catalogue);
}

export async function readPolicyOf(tx: Tx, key: Key): Promise<PolicyOfKey> {
  const catalogue = key.kind === "management" ? MANAGEMENT_CATALOGUE : await loadCatalogue(tx, "refuse");
  const [above, own] = [await layersAbove(tx, key), await findKeyPolicy(tx, key.id)];
  const risk = riskOfKey(key, catalogue);
  const policy = resolvePolicy({ ...above, key: own }, risk);
  const approval = approverOf(
    policy.approvals.value,
    "create",
    { grant: key, environment: key.environment },
    catalogue,
  );
  return { key, risk, own, policy, approval, catalogue };
}

/** Whose approval an act on a key needs, as policy is now. */
export async function approverFor(tx: Tx, act: ApprovalKind, key: Key): Promise<"account" | "staff" | null> {
  const { policy, catalogue } = await readPolicyOf(tx, key);
  return approverOf(policy.approvals.value, act, { grant: key, environment: key.environment }, catalogue);
}

/** When the version in use was issued, from which lifetimes are counted. */
export async function issuedAtOf(tx: Tx, key: Key): Promise<Date> {
  const versions = await versionsOf(tx, [key.id]);
  return versions.find(({ version }) => version === key.version)?.createdAt ?? key.createdAt;
}

export function subjectOf(key: Key, risk: Risk, issuedAt: Date): PolicySubject {
  const { label, service, purpose, rationale, storedIn, criticality, runbookUrl } = key;
  return {
    ...{ label, owner: ownerOf(key), service, purpose, rationale, storedIn, criticality, runbookUrl },
    ...{ dependants: key.dependants, audiences: key.audiences, tags: key.tags, allowedIps: key.allowedIps },
    ...{ expiresAt: key.expiresAt?.getTime() ?? null, issuedAt: issuedAt.getTime(), risk },
  };
}

/** When a key ends that is issued now, where nobody says when; null: never. */
export function expiryBy(policy: ResolvedPolicy, now: Date): Date | null {
  const at = defaultExpiry(policy, now.getTime());
  return at === null ? null : new Date(at);
}

/** What breaks the policy, at the paths of a body that names the expiry as this one does. */
export function faultsOf(
  policy: ResolvedPolicy,
  subject: PolicySubject,
  input: { readonly expiresInDays?: number | undefined },
): PolicyFault[] {
  const faults = checkPolicy(policy, subject);
  if (input.expiresInDays === undefined) return faults;
  return faults.map((fault) => (fault.rule === "lifetime" ? { ...fault, path: "expiresInDays" } : fault));
}

/** Throws POLICY_VIOLATED with all of them, where there are any. */
export function demandNone(faults: readonly { readonly path: string; readonly message: string }[]): void {
  if (faults.length === 0) return;
  throw new ClavigerError("POLICY_VIOLATED", { errors: faults.map(({ path, message }) => ({ path, message })) });
}
