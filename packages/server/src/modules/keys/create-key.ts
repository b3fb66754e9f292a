import {
  approverOf,
  ClavigerError,
  type FieldError,
  makeKey,
  previewKey,
  type ResolvedPolicy,
  resolvePolicy,
  Secret,
} from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { MANAGEMENT_CATALOGUE } from "../../kernel/management-catalogue.ts";
import { type Account, findAccount } from "../accounts/index.ts";
import { holdPolicies, readManagementLayers } from "../policies/index.ts";
import { askedExpiry, type KeyDescription, plainFields } from "./describe-key.ts";
import { newestDigestOf, type StoredDigest } from "./digest.ts";
import {
  checkKnown,
  demandListed,
  demandManagementGrant,
  demandManagementShape,
  demandRationale,
  demandRole,
} from "./grant.ts";
import { handOverFor } from "./hand-over.ts";
import { auditedFields, type Key, type KeyVersion, keySubject } from "./key.ts";
import { demandNone, expiryBy, faultsOf, riskOfKey, subjectOf } from "./key-policy.ts";
import { countActiveKeys, insertKey, insertVersion, saveIssuedKey } from "./keys.store.ts";
import { createLookups, type Lookups, requireEnvironment } from "./lookups.ts";
import type { AskApproval, Authority, HandedOver, HandOverWanted, KeysPorts, PreparedSealing } from "./ports.ts";

export interface CreateKeyInput extends KeyDescription, HandOverWanted {
  readonly account: string;
  readonly environment?: string | undefined;
  readonly label: string;
  readonly createdBy?: string | undefined;
}

export interface CreatedKey extends Partial<HandedOver> {
  readonly key: Key;
  /** In this answer and nowhere else. */
  readonly secret: Secret;
}

/** A key that waits for somebody's approval. It has no secret yet. */
export interface RequestedKey {
  readonly key: Key;
  /** The request, as it is shown. */
  readonly approval: unknown;
}

export const MANAGEMENT_TAG = "mgmt";

/**
 * Issues a key with its first version (A1, A2, B5).
 *
 * Throws NOT_FOUND for an unknown account, STATE_CONFLICT for a suspended one, VALIDATION_FAILED for what does not exist or lacks a
 * rationale, GRANT_EXCEEDED for more than role, plan, environment or the caller's own key allow, POLICY_VIOLATED with all that its
 * policy does not allow, KEY_LIMIT_REACHED at the plan's cap.
 */
export function createKey(
  ports: KeysPorts,
  acting: Acting<CreatedKey>,
  authority: Authority,
  input: CreateKeyInput,
): Promise<Done<CreatedKey>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    // Held against everybody from the start: two that both held it shared could neither pass the cap nor give way.
    const account = await findAccount(unit.tx, input.account, "update");
    if (account === null) throw unknownAccount();
    return account.reserved
      ? createManagementKey(ports, unit, account, authority, input)
      : createCustomerKey(ports, unit, account, authority, input);
  });
}

/**
 * Issues a key, or asks for it where policy wants somebody's approval (A8); then how it is handed over is said when it is
 * claimed, and nothing is kept of what was said here. `also` is done in the same act, of a customer's key. Throws as `createKey` does.
 */
export async function createOrAskKey(
  ports: KeysPorts,
  acting: Acting<CreatedKey | RequestedKey>,
  authority: Authority,
  input: CreateKeyInput,
  ask: AskApproval,
  also: (unit: Unit, key: Key) => Promise<void> = async () => undefined,
): Promise<Done<CreatedKey | RequestedKey>> {
  const { link, deliverTo, ...kept } = input;
  const handOver = await handOverFor(ports, { link, deliverTo });
  const sealing = (await ports.sealer?.forNew(input.account, input.environment)) ?? null;
  const linked = async (unit: Unit, created: CreatedKey): Promise<CreatedKey> => {
    return { ...created, ...(await handOver(unit, acting.actor, { ...created, version: created.key.version })) };
  };
  return ports.act(acting, PLATFORM, async (unit) => {
    const account = await findAccount(unit.tx, input.account, "update");
    if (account === null) throw unknownAccount();
    if (account.reserved) return linked(unit, await createManagementKey(ports, unit, account, authority, input));
    const lookups = createLookups(unit.tx);
    const ids = sealing === null ? ports.ids : { make: () => sealing.key };
    const described = await describeCustomerKey({ ids }, unit, lookups, account, authority, input);
    await demandRoom(unit, lookups, account, 1);
    const { key, approver, creator } = described;
    if (approver === null) {
      const created = await issue(ports, unit, described.tag, key);
      await sealing?.seal(unit, { ...created, version: created.key.version });
      await also(unit, created.key);
      return linked(unit, created);
    }
    const requested: Key = { ...key, kind: "requested" };
    await insertKey(unit.tx, requested);
    unit.widens(keySubject(key.id));
    const approval = await ask(unit, authority, {
      ...{ kind: "create", before: null, key: requested, approver, input: kept, member: creator },
    });
    await also(unit, requested);
    return { key: requested, approval };
  });
}

/**
 * Issues the key that was asked for, under its id, after every check that a new key passes: what was allowed when it was asked for may not be
 * now. The account is held by the caller. Throws what `createKey` throws.
 */
export async function issueRequested(
  ports: KeysPorts,
  unit: Unit,
  account: Account,
  authority: Authority,
  requested: Key,
  input: CreateKeyInput,
  seal: PreparedSealing | null = null,
): Promise<CreatedKey> {
  const lookups = createLookups(unit.tx);
  const { key, tag } = await describeCustomerKey(ports, unit, lookups, account, authority, input);
  await demandRoom(unit, lookups, account, 1);
  const { id, createdAt, createdBy } = requested;
  const { created, stored } = mint(ports, tag, { ...key, id, createdAt, createdBy });
  await saveIssuedKey(unit.tx, created.key);
  await insertVersion(unit.tx, key.account, { ...firstVersion(created.key), createdAt: unit.now }, stored, false);
  await seal?.(unit, { ...created, version: created.key.version });
  tellCreated(unit, created.key);
  return created;
}

async function createCustomerKey(
  ports: KeysPorts,
  unit: Unit,
  account: Account,
  authority: Authority,
  input: CreateKeyInput,
): Promise<CreatedKey> {
  const lookups = createLookups(unit.tx);
  const { key, tag } = await describeCustomerKey(ports, unit, lookups, account, authority, input);
  await demandRoom(unit, lookups, account, 1);
  return issue(ports, unit, tag, key);
}

/** A key that every check has passed but that of the plan's cap. */
export interface DescribedKey {
  readonly key: Key;
  /** Of its environment. */
  readonly tag: string;
  /** Whose approval its issue needs; null for nobody's. */
  readonly approver: "account" | "staff" | null;
  /** The member who makes it, by our id. */
  readonly creator: string | null;
}

/**
 * The key that is asked for, after every check but that of the plan's cap, with the tag of its environment. The account is held.
 * Throws what `createKey` throws.
 */
export async function describeCustomerKey(
  ports: Pick<KeysPorts, "ids">,
  unit: Pick<Unit, "now">,
  lookups: Lookups,
  account: Account,
  authority: Authority,
  input: CreateKeyInput,
): Promise<DescribedKey> {
  if (account.status === "suspended")
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: "The account is suspended." });
  const environment = await lookups.environment(input.environment);
  const catalogue = await lookups.catalogue();
  const plan = await lookups.plan(account);
  const grant = { tier: input.tier ?? null, scopes: [...new Set(input.scopes ?? [])] };
  const faults = checkKnown(grant.scopes, catalogue);
  if (faults.length > 0) throw new ClavigerError("VALIDATION_FAILED", { errors: faults });
  const creator = await lookups.creator(account.id, input.createdBy);
  if (creator !== null) demandRole(creator.role, grant, catalogue);
  demandListed(plan?.scopes ?? null, "the plan", grant, catalogue);
  demandListed(environment.scopes, `the environment ${environment.name}`, grant, catalogue);
  demandRationale(grant, input.rationale ?? null, catalogue);
  const asked = askedExpiry(input, unit.now);
  const described: Key = {
    ...blankKey(unit.now, account.id, ports.ids.make("key"), input.label),
    ...plainFields(input),
    ...(await lookups.related(account.id, input)),
    kind: "customer",
    environment: environment.name,
    createdBy: creator?.id ?? authority.keyId,
  };
  const risk = riskOfKey(described, catalogue);
  const policy = resolvePolicy(await lookups.layers(account.id, environment.name), risk);
  const key = { ...described, expiresAt: asked === undefined ? expiryBy(policy, unit.now) : asked };
  demandNone([
    ...faultsOf(policy, subjectOf(key, risk, unit.now), input),
    ...(await crowded(lookups, policy, account.id, unit.now)),
  ]);
  lookups.takePlace(account.id);
  const approver = approverOf(
    policy.approvals.value,
    "create",
    { grant: key, environment: key.environment },
    catalogue,
  );
  return { key, tag: environment.tag, approver, creator: creator?.id ?? null };
}

/** Counts under the lock on the account, keys that the same act makes included. */
export async function crowded(
  lookups: Lookups,
  { maxActiveKeys }: ResolvedPolicy,
  account: string,
  now: Date,
): Promise<FieldError[]> {
  const most = maxActiveKeys.value;
  if (most === null) return [];
  const count = await lookups.places(account, now);
  if (count < most) return [];
  const message = `has ${count} active keys, and may have ${most} at most (${maxActiveKeys.why})`;
  return [{ path: "account", message }];
}

/** Management keys have a policy of their own (D1), and never outlive or exceed the key that makes them (B5). */
async function createManagementKey(
  ports: KeysPorts,
  unit: Unit,
  account: Account,
  authority: Authority,
  input: CreateKeyInput,
): Promise<CreatedKey> {
  const environment = input.environment === undefined ? null : await requireEnvironment(unit.tx, input.environment);
  const grant = { tier: input.tier ?? null, scopes: [...new Set(input.scopes ?? [])] };
  demandManagementGrant(grant, environment?.name ?? null, authority);
  if (!grant.scopes.includes("verify")) demandRationale(grant, input.rationale ?? null, MANAGEMENT_CATALOGUE);
  for (const field of ["owner", "service", "createdBy"] as const) {
    if (input[field] != null)
      throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: field, message: "management keys have none" }] });
  }
  demandManagementShape({ audiences: [], allowedReferrers: [], limits: [], ...plainFields(input) });
  await holdPolicies(unit.tx);
  const policy = resolvePolicy(await readManagementLayers(unit.tx), "high");
  const said = askedExpiry(input, unit.now);
  const asked = said === undefined ? soonest(expiryBy(policy, unit.now), authority.expiresAt) : said;
  const makerEnds = authority.expiresAt === null ? null : new Date(authority.expiresAt);
  if (makerEnds !== null && asked !== null && asked > makerEnds) {
    throw new ClavigerError("GRANT_EXCEEDED", {
      errors: [{ path: "expiresAt", message: "is later than the expiry of the key that asks" }],
    });
  }
  const key: Key = {
    ...blankKey(unit.now, account.id, ports.ids.make("key"), input.label),
    ...plainFields(input),
    kind: "management",
    environment: environment?.name ?? null,
    createdBy: authority.keyId,
    expiresAt: asked ?? makerEnds,
  };
  demandNone(faultsOf(policy, subjectOf(key, "high", unit.now), input));
  return issue(ports, unit, MANAGEMENT_TAG, key);
}

/** The policy's default, or the end of the key that asks, whichever comes first. */
function soonest(byPolicy: Date | null, makerEnds: number | null): Date | null {
  if (makerEnds === null) return byPolicy;
  return byPolicy !== null && byPolicy.getTime() < makerEnds ? byPolicy : new Date(makerEnds);
}

/** Makes the secret and writes key, version, audit event and change. */
export async function issue(ports: KeysPorts, unit: Unit, tag: string, described: Key): Promise<CreatedKey> {
  const { created, stored } = mint(ports, tag, described);
  const { key } = created;
  await insertKey(unit.tx, key);
  await insertVersion(unit.tx, key.account, firstVersion(key), stored, false);
  tellCreated(unit, key);
  return created;
}

function tellCreated(unit: Unit, key: Key): void {
  recordCreated(unit, key);
  unit.emits({ type: "key.created", account: key.account, payload: { key: key.id, environment: key.environment } });
}

/** Makes the secret of a key, and what is stored of it. Writes nothing. */
export function mint(
  ports: Pick<KeysPorts, "keyPrefix" | "keyring" | "random" | "sha256">,
  tag: string,
  described: Key,
): { readonly created: CreatedKey; readonly stored: StoredDigest } {
  const text = makeKey({
    prefix: ports.keyPrefix,
    tag,
    tagKey: ports.keyring.current("tag").key,
    randomBytes: ports.random.bytes,
    sha256: ports.sha256,
  });
  const key = { ...described, preview: previewKey(text) };
  const stored = newestDigestOf(ports.sha256(Buffer.from(text)), ports.keyring);
  return { created: { key, secret: new Secret(text) }, stored };
}

export function firstVersion(key: Key): KeyVersion {
  const { id, preview, createdAt } = key;
  return { key: id, version: 1, preview, state: "active", createdAt, expiresAt: null };
}

/** The audit event and the change of a new key (H1). */
export function recordCreated(unit: Unit, key: Key): void {
  unit.audits({
    action: "key.created",
    account: key.account,
    target: { type: "key", id: key.id },
    after: auditedFields(key),
  });
  unit.widens(keySubject(key.id));
}

export function blankKey(now: Date, account: string, id: string, label: string): Key {
  return {
    ...{
      id,
      account,
      kind: "customer",
      environment: null,
      label,
      purpose: null,
      rationale: null,
      tier: null,
      scopes: [],
    },
    ...{
      ownerMember: null,
      ownerTeam: null,
      service: null,
      createdBy: id,
      createdAt: now,
      updatedAt: now,
      expiresAt: null,
    },
    ...{ state: "active", stateReason: null, stateComment: null, stateAt: null },
    ...{
      allowedIps: [],
      allowedReferrers: [],
      audiences: [],
      limits: [],
      storedIn: null,
      criticality: null,
      runbookUrl: null,
    },
    ...{ dependants: [], tags: [], metadata: {}, version: 1, preview: "", rotatingUntil: null, throttle: null },
  };
}

export function unknownAccount(): ClavigerError {
  return new ClavigerError("NOT_FOUND", {
    publicDetail: "There is no such account.",
    errors: [{ path: "account", message: "there is no such account" }],
  });
}

/**
 * Counts under the lock on the account that its caller took, so that parallel calls cannot pass the cap together (A6).
 * Throws KEY_LIMIT_REACHED where the plan has no room for `adding` keys more.
 */
export async function demandRoom(unit: Unit, lookups: Lookups, account: Account, adding: number): Promise<void> {
  const plan = await lookups.plan(account);
  if (plan === null || plan.maxActiveKeys === null) return;
  const count = await countActiveKeys(unit.tx, account.id, unit.now);
  if (count + adding <= plan.maxActiveKeys) return;
  throw new ClavigerError("KEY_LIMIT_REACHED", {
    publicDetail: `The plan ${plan.name} allows ${plan.maxActiveKeys} active keys, and the account has ${count}.`,
  });
}
