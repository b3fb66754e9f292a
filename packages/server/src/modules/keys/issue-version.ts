import { ClavigerError, type Secret } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import type { Unit } from "../../kernel/act.ts";
import { findAccount } from "../accounts/index.ts";
import { findEnvironment } from "../catalogue/index.ts";
import { holdPolicies } from "../policies/index.ts";
import { crowded, demandRoom, MANAGEMENT_TAG, mint, unknownAccount } from "./create-key.ts";
import { askedExpiry, type KeyDescription } from "./describe-key.ts";
import { demandManagementGrant } from "./grant.ts";
import type { Key } from "./key.ts";
import { demandNone, expiryBy, faultsOf, readPolicyOf, subjectOf } from "./key-policy.ts";
import { insertVersion } from "./keys.store.ts";
import { createLookups } from "./lookups.ts";
import type { Authority, KeysPorts } from "./ports.ts";

export interface IssuedVersion {
  /** How its secret looks in lists. */
  readonly preview: string;
  readonly secret: Secret;
}

/** Makes one more secret of a key and writes what is stored of it. The key's own row is the caller's to save. */
export async function issueVersion(
  ports: Pick<KeysPorts, "keyPrefix" | "keyring" | "random" | "sha256">,
  unit: Pick<Unit, "tx" | "now">,
  key: Key,
  version: number,
): Promise<IssuedVersion> {
  const { created, stored } = mint(ports, await tagOf(unit.tx, key), key);
  const { preview } = created.key;
  const made = { key: key.id, version, preview, state: "active", createdAt: unit.now, expiresAt: null } as const;
  await insertVersion(unit.tx, key.account, made, stored, false);
  return { preview, secret: created.secret };
}

async function tagOf(tx: Tx, key: Key): Promise<string> {
  if (key.kind === "management") return MANAGEMENT_TAG;
  const environment = key.environment === null ? null : await findEnvironment(tx, key.environment);
  if (environment === null) throw new TypeError("a customer's key has an environment");
  return environment.tag;
}

/**
 * Whoever is given a new secret of a management key could use it: it must hold nothing that the one who asks lacks, nor last longer.
 * Throws GRANT_EXCEEDED.
 */
export function demandMayIssue(key: Key, authority: Authority, expiresAt: Date | null): void {
  if (key.kind !== "management") return;
  demandManagementGrant({ tier: key.tier, scopes: key.scopes }, key.environment, authority);
  const { expiresAt: ends } = authority;
  if (ends === null || (expiresAt !== null && expiresAt.getTime() <= ends)) return;
  throw new ClavigerError("GRANT_EXCEEDED", {
    errors: [{ path: "expiresAt", message: "is later than the expiry of the key that asks" }],
  });
}

/**
 * When a key expires that is given a new version: as asked; else it lasts as long again as a new key would by its policy, and never shorter
 * than it did. A management key keeps its expiry. Throws VALIDATION_FAILED and POLICY_VIOLATED as `createKey` does.
 */
export async function renewedExpiry(
  tx: Tx,
  key: Key,
  asked: Pick<KeyDescription, "expiresAt" | "expiresInDays">,
  now: Date,
): Promise<Date | null> {
  const given = askedExpiry(asked, now);
  if (given === undefined && (key.expiresAt === null || key.kind === "management")) return key.expiresAt;
  await holdPolicies(tx);
  const { policy, risk } = await readPolicyOf(tx, key);
  if (given !== undefined) {
    const renewed = subjectOf({ ...key, expiresAt: given }, risk, now);
    demandNone(faultsOf(policy, renewed, asked).filter(({ rule }) => rule === "lifetime"));
    return given;
  }
  const renewed = expiryBy(policy, now);
  return renewed === null || key.expiresAt === null || renewed > key.expiresAt ? renewed : key.expiresAt;
}

/**
 * A key that has expired counts no more against its plan and policy; to bring it back takes room. Throws KEY_LIMIT_REACHED,
 * POLICY_VIOLATED.
 */
export async function demandRoomAgain(unit: Unit, key: Key): Promise<void> {
  if (key.kind === "management" || key.expiresAt === null || key.expiresAt > unit.now) return;
  const account = await findAccount(unit.tx, key.account, "update");
  if (account === null) throw unknownAccount();
  const lookups = createLookups(unit.tx);
  await demandRoom(unit, lookups, account, 1);
  const { policy } = await readPolicyOf(unit.tx, key);
  demandNone(await crowded(lookups, policy, account.id, unit.now));
}
