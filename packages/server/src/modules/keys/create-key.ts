import {
  type Catalogue,
  ClavigerError,
  type FieldError,
  makeKey,
  type PolicyLayers,
  previewKey,
  type ResolvedPolicy,
  resolvePolicy,
  Secret,
} from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { MANAGEMENT_CATALOGUE } from "../../kernel/management-catalogue.ts";
import { type Account, findAccount, findMember, type Member } from "../accounts/index.ts";
import { type Environment, findEnvironment, findPlan, loadCatalogue, type Plan } from "../catalogue/index.ts";
import { holdPolicies, readLayers, readManagementLayers } from "../policies/index.ts";
import { askedExpiry, type KeyDescription, plainFields, relatedFields } from "./describe-key.ts";
import { newestDigestOf, type StoredDigest } from "./digest.ts";
import {
  checkKnown,
  demandListed,
  demandManagementGrant,
  demandManagementShape,
  demandRationale,
  demandRole,
} from "./grant.ts";
import { auditedFields, type Key, type KeyVersion, keySubject } from "./key.ts";
import { demandNone, expiryBy, faultsOf, riskOfKey, subjectOf } from "./key-policy.ts";
import { countActiveKeys, insertKey, insertVersion } from "./keys.store.ts";
import type { Authority, KeysPorts } from "./ports.ts";

export interface CreateKeyInput extends KeyDescription {
  readonly account: string;
  readonly environment?: string | undefined;
  readonly label: string;
  readonly createdBy?: string | undefined;
}

export interface CreatedKey {
  readonly key: Key;
  /** In this answer and nowhere else. */
  readonly secret: Secret;
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
): Promise<{ readonly key: Key; readonly tag: string }> {
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
  return { key, tag: environment.tag };
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

/** What the checks of new keys read, each thing once in a transaction, however many keys ask for it. */
export interface Lookups {
  environment(name: string | undefined): Promise<Environment>;
  catalogue(): Promise<Catalogue>;
  plan(account: Account): Promise<Plan | null>;
  creator(account: string, reference: string | undefined): Promise<Member | null>;
  related(account: string, input: Pick<CreateKeyInput, "owner" | "service">): ReturnType<typeof relatedFields>;
  /** What stands above new keys of an account in an environment, which stays so until the transaction ends. */
  layers(account: string, environment: string): Promise<PolicyLayers>;
  /** How many active keys the account has, those included that have taken a place. */
  places(account: string, now: Date): Promise<number>;
  takePlace(account: string): void;
}

export function createLookups(tx: Tx): Lookups {
  const environments = once((name: string | undefined) => requireEnvironment(tx, name));
  const catalogues = once(() => loadCatalogue(tx, "refuse"));
  const plans = once((name: string) => findPlan(tx, name));
  const creators = once((account: string, reference: string | undefined) => requireCreator(tx, account, reference));
  const related = once((account: string, owner: Reference, service: Reference) =>
    relatedFields(tx, account, { owner, service }),
  );
  const held = once(() => holdPolicies(tx));
  const layers = once(async (account: string, environment: string) => {
    await held();
    return readLayers(tx, account, environment);
  });
  const places = new Map<string, number>();
  return {
    layers,
    places: async (account, now) => {
      const count = places.get(account) ?? (await countActiveKeys(tx, account, now));
      places.set(account, count);
      return count;
    },
    takePlace: (account) => {
      const count = places.get(account);
      if (count !== undefined) places.set(account, count + 1);
    },
    environment: environments,
    catalogue: catalogues,
    plan: async (account) => (account.plan === null ? null : plans(account.plan)),
    creator: creators,
    related: (account, { owner, service }) => related(account, owner, service),
  };
}

type Reference = string | null | undefined;

/** The same answer for the same arguments; a failure is an answer too. */
function once<A extends readonly Reference[], T>(read: (...asked: A) => Promise<T>): (...asked: A) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (...asked) => {
    const name = asked.map((part) => (part == null ? String(part) : JSON.stringify(part))).join();
    const answer = known.get(name) ?? read(...asked);
    known.set(name, answer);
    return answer;
  };
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
  recordCreated(unit, key);
  unit.emits({ type: "key.created", account: key.account, payload: { key: key.id, environment: key.environment } });
  return created;
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

async function requireEnvironment(tx: Tx, name: string | undefined): Promise<Environment> {
  const environment = name === undefined ? null : await findEnvironment(tx, name);
  if (environment !== null) return environment;
  const message = name === undefined ? "is required" : `there is no environment ${name}`;
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "environment", message }] });
}

/** Holds the member's row, so that nobody is off-boarded while a key is made in their name. */
async function requireCreator(tx: Tx, account: string, reference: string | undefined): Promise<Member | null> {
  if (reference === undefined) return null;
  const member = await findMember(tx, account, reference, "share");
  if (member?.status === "active") return member;
  const message = member === null ? "the account has no such member" : "the member is deactivated";
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "createdBy", message }] });
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
