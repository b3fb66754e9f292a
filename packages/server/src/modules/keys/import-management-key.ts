import { ClavigerError, previewKey, Secret } from "@claviger/core";
import { isUniqueViolation, PLATFORM } from "../../db/index.ts";
import { type Acting, type Done, SYSTEM_SOURCE, type Unit } from "../../kernel/act.ts";
import { PLATFORM_EXTERNAL_ID } from "../../kernel/reference.ts";
import { accountSubject, findAccount, insertAccount } from "../accounts/index.ts";
import { blankKey, type CreatedKey, issue } from "./create-key.ts";
import { digestsOf, newestDigestOf } from "./digest.ts";
import { auditedFields, type Key, keySubject } from "./key.ts";
import { findByDigest, insertKey, insertVersion } from "./keys.store.ts";
import type { KeysPorts } from "./ports.ts";

/** A key that may do everything there is, now and in later versions; what no wildcard holds is named. */
const EVERYTHING = ["claviger:*", "claviger:keys:reveal", "claviger:stores:write", "verify"];

/** The reserved account; made where there is none. */
async function requirePlatformAccount(ports: KeysPorts, unit: Unit): Promise<string> {
  const existing = await findAccount(unit.tx, PLATFORM_EXTERNAL_ID, "share");
  return existing === null ? makePlatformAccount(ports, unit) : existing.id;
}

/** A unique violation where somebody else has made it meanwhile. */
async function makePlatformAccount(ports: KeysPorts, unit: Unit): Promise<string> {
  const id = ports.ids.make("acct");
  await insertAccount(unit.tx, {
    ...{ id, externalId: PLATFORM_EXTERNAL_ID, name: "Platform", plan: null, metadata: {} },
    createdAt: unit.now,
    reserved: true,
  });
  unit.audits({
    action: "account.created",
    account: id,
    target: { type: "account", id },
    after: { name: "Platform", reserved: true },
  });
  unit.widens(accountSubject(id));
  return id;
}

export interface RootKey {
  readonly key: Key;
  /** Present when it was generated now; null when it was given, or there already. */
  readonly secret: Secret | null;
}

/**
 * Makes sure that there is a management key: the given one, imported, or else a generated one where none exists yet.
 * Safe on many nodes at once. Throws CONFLICT when the given text is a customer's key.
 */
export async function ensureRootKey(
  ports: KeysPorts,
  acting: Acting<RootKey | null>,
  given: Secret | null,
): Promise<RootKey | null> {
  try {
    return (await ports.act(acting, PLATFORM, (unit) => ensure(ports, unit, given))).value;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return (await ports.act(acting, PLATFORM, (unit) => ensure(ports, unit, given))).value;
  }
}

/** The same at the start of a node; the secret that was generated now. */
export async function ensureRoot(ports: KeysPorts, given: string | null): Promise<Secret | null> {
  const acting = { actor: { type: "system", id: "bootstrap" }, source: SYSTEM_SOURCE } as const;
  const root = await ensureRootKey(ports, acting, given === null ? null : new Secret(given));
  return root?.secret ?? null;
}

async function ensure(ports: KeysPorts, unit: Unit, given: Secret | null): Promise<RootKey | null> {
  const existing = await findAccount(unit.tx, PLATFORM_EXTERNAL_ID, "update");
  if (given !== null) return importRoot(ports, unit, given);
  // Made and not looked for again: found now, it would be somebody else's, who has made the first key with it.
  if (existing === null) {
    return generateRoot(ports, unit, await makePlatformAccount(ports, unit), "First management key");
  }
  unit.foundDone();
  return null;
}

async function importRoot(ports: KeysPorts, unit: Unit, given: Secret): Promise<RootKey | null> {
  const hash = ports.sha256(Buffer.from(given.reveal()));
  const { found } = await findByDigest(unit.tx, digestsOf(hash, ports.keyring));
  if (found !== null) {
    if (found.key.kind !== "management")
      throw new ClavigerError("CONFLICT", { publicDetail: "CLAVIGER_MANAGEMENT_KEY is a customer's key." });
    unit.foundDone();
    return null;
  }
  const account = await requirePlatformAccount(ports, unit);
  const id = ports.ids.make("key");
  const key: Key = {
    ...blankKey(unit.now, account, id, "Management key from the environment"),
    kind: "management",
    scopes: EVERYTHING,
    rationale: "CLAVIGER_MANAGEMENT_KEY",
    createdBy: "system",
    preview: previewKey(given.reveal()),
  };
  await insertKey(unit.tx, key);
  const first = {
    key: id,
    version: 1,
    preview: key.preview,
    state: "active",
    createdAt: unit.now,
    expiresAt: null,
  } as const;
  await insertVersion(unit.tx, account, first, newestDigestOf(hash, ports.keyring), true);
  unit.audits({ action: "management-key.imported", account, target: { type: "key", id }, after: auditedFields(key) });
  unit.widens(keySubject(id));
  return { key, secret: null };
}

function generateRoot(ports: KeysPorts, unit: Unit, account: string, label: string): Promise<CreatedKey> {
  return issue(ports, unit, "mgmt", {
    ...blankKey(unit.now, account, ports.ids.make("key"), label),
    ...{ kind: "management", scopes: EVERYTHING, rationale: "Bootstrap", createdBy: "system" },
  });
}

/** The way back in when every management key is lost (J12): needs database access and the master key; others stay as they are. */
export function recoverManagementKey(ports: KeysPorts, acting: Acting<CreatedKey>): Promise<Done<CreatedKey>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const created = await generateRoot(
      ports,
      unit,
      await requirePlatformAccount(ports, unit),
      "Recovered management key",
    );
    unit.audits({
      action: "management-key.recovered",
      account: created.key.account,
      target: { type: "key", id: created.key.id },
      after: { preview: created.key.preview },
    });
    return created;
  });
}
