import { ClavigerError, RISKS } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { findAccount } from "../accounts/index.ts";
import { findEnvironment, findPlan, loadCatalogue } from "../catalogue/index.ts";
import { holdPolicies } from "../policies/index.ts";
import { askedExpiry, type KeyDescription, plainFields, relatedFields } from "./describe-key.ts";
import { requireKey } from "./find-key.ts";
import { checkKnown, demandListed, demandManagementGrant, demandManagementShape, demandRationale } from "./grant.ts";
import { auditedFields, type Key, keySubject, statusOf } from "./key.ts";
import { approverFor, demandNone, faultsOf, issuedAtOf, readPolicyOf, riskOfKey, subjectOf } from "./key-policy.ts";
import { saveKey } from "./keys.store.ts";
import { requireActiveMember } from "./lookups.ts";
import { mayNarrow, mayWiden } from "./narrowing.ts";
import type { AskApproval, Authority, KeysPorts } from "./ports.ts";
import { demandMatch, demandSame } from "./tag.ts";

/**
 * Changes what is given of a key. What may take something away passes the barrier; what only widens does not.
 * Throws NOT_FOUND; STATE_CONFLICT for a revoked key or a new expiry of an expired one; POLICY_VIOLATED; and what `createKey` throws
 * for grants.
 */
export function updateKey(
  ports: Pick<KeysPorts, "act">,
  acting: Acting<Key>,
  authority: Authority,
  id: string,
  input: KeyDescription,
): Promise<Done<Key>> {
  return ports.act(acting, PLATFORM, (unit) => changeKey(unit, authority, id, input));
}

/** A change of a key, or the request for it. */
export interface UpdatedKey {
  /** As it is now. */
  readonly key: Key;
  /** The request, as it is shown; null where nobody had to be asked. */
  readonly approval: unknown;
}

export interface UpdateKeyInput extends KeyDescription {
  /** The member in whose name the change is asked for. */
  readonly requestedBy?: string | undefined;
}

/**
 * The same, where what lets a key do more is asked for when policy wants somebody's approval (A8): then nothing is changed yet. Throws
 * PRECONDITION_FAILED as well, and CONFLICT where somebody else has just changed the key.
 */
export function updateOrAskKey(
  ports: Pick<KeysPorts, "act">,
  acting: Acting<UpdatedKey>,
  authority: Authority,
  id: string,
  { requestedBy, ...input }: UpdateKeyInput,
  ask: AskApproval,
  match: string | null = null,
): Promise<Done<UpdatedKey>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const seen = await requireKey(unit.tx, id, authority);
    const { before, after } = await judge(unit, authority, id, input, match);
    demandSame(seen, before);
    const asker = await requireActiveMember(unit.tx, before.account, requestedBy, "requestedBy");
    const member = asker?.id ?? null;
    const approver = mayWiden(before, after) ? await approverFor(unit.tx, "update", after) : null;
    if (approver === null) return { key: await save(unit, before, after), approval: null };
    const approval = await ask(unit, authority, { kind: "update", before, key: after, approver, input, member });
    return { key: before, approval };
  });
}

/** The change itself, within a unit of work. Throws what `updateKey` throws. */
export async function changeKey(unit: Unit, authority: Authority, id: string, input: KeyDescription): Promise<Key> {
  const { before, after } = await judge(unit, authority, id, input);
  return save(unit, before, after);
}

/** The key as it would be, after every check. It is held from now on. */
async function judge(unit: Unit, authority: Authority, id: string, input: KeyDescription, match: string | null = null) {
  const before = await requireKey(unit.tx, id, authority, true);
  demandMatch(before, match);
  const after = await describe(unit.tx, before, input, unit.now);
  await demandGrant(unit.tx, before, after, authority);
  await demandPolicy(unit.tx, before, after, input);
  return { before, after };
}

async function save(unit: Unit, before: Key, after: Key): Promise<Key> {
  await saveKey(unit.tx, after);
  const difference = changed(auditedFields(before), auditedFields(after));
  unit.audits({
    action: "key.updated",
    account: after.account,
    target: { type: "key", id: after.id },
    before: difference?.before ?? {},
    after: difference?.after ?? {},
  });
  if (mayNarrow(before, after)) unit.narrows(keySubject(after.id));
  else unit.widens(keySubject(after.id));
  unit.emits({
    type: "key.updated",
    account: after.account,
    payload: { key: after.id, fields: Object.keys(difference?.after ?? {}) },
  });
  return after;
}

async function describe(tx: Tx, before: Key, input: KeyDescription, now: Date): Promise<Key> {
  if (before.state === "revoked")
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: "A revoked key cannot be changed." });
  const expiresAt = askedExpiry(input, now);
  if (expiresAt !== undefined && statusOf(before, now.getTime()) === "expired") {
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: "What has expired stays expired." });
  }
  const after: Key = {
    ...before,
    ...plainFields(input),
    ...(await relatedFields(tx, before.account, input)),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    updatedAt: now,
  };
  if (after.tier !== null || after.scopes.length > 0) return after;
  throw new ClavigerError("VALIDATION_FAILED", {
    errors: [{ path: "scopes", message: "a key keeps a tier or at least one scope" }],
  });
}

/** A grant is checked again only where it changes, so that an old key stays editable after the plan has shrunk. */
async function demandGrant(tx: Tx, before: Key, after: Key, authority: Authority): Promise<void> {
  if (after.kind === "management") {
    const later =
      after.expiresAt === null || (authority.expiresAt !== null && after.expiresAt.getTime() > authority.expiresAt);
    if (authority.expiresAt !== null && later && changed({ at: before.expiresAt }, { at: after.expiresAt }) !== null) {
      throw new ClavigerError("GRANT_EXCEEDED", {
        errors: [{ path: "expiresAt", message: "is later than the expiry of the key that asks" }],
      });
    }
    demandManagementShape(after);
    demandManagementGrant(after, after.environment, authority);
    return;
  }
  const same =
    changed({ tier: before.tier, scopes: before.scopes }, { tier: after.tier, scopes: after.scopes }) === null;
  const catalogue = await loadCatalogue(tx, "refuse");
  if (same && before.rationale === after.rationale) return;
  demandRationale(after, after.rationale, catalogue);
  if (same) return;
  const faults = checkKnown(after.scopes, catalogue);
  if (faults.length > 0) throw new ClavigerError("VALIDATION_FAILED", { errors: faults });
  const account = await findAccount(tx, after.account);
  const plan = account?.plan == null ? null : await findPlan(tx, account.plan);
  const environment = after.environment === null ? null : await findEnvironment(tx, after.environment);
  demandListed(plan?.scopes ?? null, "the plan", after, catalogue);
  demandListed(environment?.scopes ?? null, `the environment ${after.environment}`, after, catalogue);
}

/**
 * Only what changes must be as the policy says, so that an old key stays editable after the policy has become stricter; all of it
 * where the new grant makes the key one of a higher risk. An expiry that comes sooner than before is always allowed.
 */
async function demandPolicy(tx: Tx, before: Key, after: Key, input: KeyDescription): Promise<void> {
  await holdPolicies(tx);
  const { policy, risk, catalogue } = await readPolicyOf(tx, after);
  const subject = subjectOf(after, risk, await issuedAtOf(tx, after));
  const touched = new Set(Object.entries(input).flatMap(([name, value]) => (value === undefined ? [] : [name])));
  const rises = RISKS.indexOf(risk) > RISKS.indexOf(riskOfKey(before, catalogue));
  const sooner = after.expiresAt !== null && (before.expiresAt === null || after.expiresAt <= before.expiresAt);
  demandNone(
    faultsOf(policy, subject, input).filter(
      ({ rule, path }) => rises || (touched.has(path) && !(rule === "lifetime" && sooner)),
    ),
  );
}
