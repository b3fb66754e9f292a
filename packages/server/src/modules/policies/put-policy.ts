import { ClavigerError, type FieldError, type PolicyBody } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import {
  beginEnforcement,
  confirmTightening,
  mayTighten,
  shownEnforcement,
  type Tightening,
} from "./begin-enforcement.ts";
import { findPolicy, lockPolicies, savePolicy } from "./policies.store.ts";
import { type Enforcement, MANAGEMENT_POLICY, type Policy, type PolicyChange } from "./policy.ts";
import type { PoliciesPorts } from "./ports.ts";

export interface PutPolicy {
  readonly policy: Policy;
  readonly created: boolean;
  /** Where it may have become stricter for keys there are. */
  readonly enforcement: Enforcement | null;
}

const MANAGE = "claviger:management:write";

/**
 * Creates a policy or replaces it; keys that live longer than it now allows end later, but not before the grace does. Throws
 * INSUFFICIENT_SCOPE where the policy of management keys is changed by one who may not manage those, VALIDATION_FAILED where it would say
 * what they cannot fulfil, CONFIRMATION_REQUIRED where many keys end sooner and their number was not given, CONFLICT where another
 * policy changes meanwhile.
 */
export async function putPolicy(
  ports: PoliciesPorts,
  acting: Acting<PutPolicy>,
  authority: { readonly scopes: ReadonlySet<string> },
  name: string,
  input: Pick<Policy, "description" | "body">,
  tightening: Tightening,
): Promise<Done<PutPolicy>> {
  if (name === MANAGEMENT_POLICY) demandManagementPolicy(authority, input.body);
  const change: PolicyChange = { kind: "policy", name, body: input.body };
  const tightens = (existing: Policy | null): boolean =>
    name !== MANAGEMENT_POLICY && existing !== null && mayTighten(existing.body, input.body);
  const known = await ports.database.transaction(PLATFORM, (tx) => findPolicy(tx, name));
  const confirmed = await confirmTightening(ports, change, tightening, tightens(known));
  return ports.act(acting, PLATFORM, async (unit) => {
    await lockPolicies(unit.tx);
    const existing = await findPolicy(unit.tx, name);
    const policy: Policy = {
      ...{ name, description: input.description, body: input.body },
      createdAt: existing?.createdAt ?? unit.now,
      updatedAt: unit.now,
    };
    await savePolicy(unit.tx, policy);
    const enforcement = tightens(existing) ? await beginEnforcement(unit, ports.ids, confirmed) : null;
    const difference = existing === null ? null : changed(shown(existing, policy), shown(policy, existing));
    unit.audits({
      action: existing === null ? "policy.created" : "policy.updated",
      account: null,
      target: { type: "policy", id: name },
      ...(existing === null
        ? { after: shown(policy) }
        : {
            before: difference?.before ?? {},
            after: { ...difference?.after, ...shownEnforcement(enforcement) },
          }),
    });
    return { policy, created: existing === null, enforcement };
  });
}

/** With null for what only the other one says, so that both have the same fields. */
function shown({ description, body }: Policy, other?: Policy): Record<string, unknown> {
  const absent = Object.keys(other?.body ?? {}).map((name) => [name, null]);
  return { description, ...Object.fromEntries(absent), ...body };
}

/** Fields that management keys do not have. */
const NOT_THEIRS = ["owner", "service", "audiences"] as const;

/** Management keys have neither owner nor risk, and what would end or refuse them by itself could lock the house. */
function demandManagementPolicy(authority: { readonly scopes: ReadonlySet<string> }, body: PolicyBody): void {
  if (!authority.scopes.has(MANAGE)) throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: MANAGE } });
  const faults: FieldError[] = (["risks", "approvals", "maxActiveKeys"] as const)
    .filter((path) => body[path] != null)
    .map((path) => ({ path, message: "is not for the policy of management keys" }));
  if (body.dormancyAction !== undefined && body.dormancyAction !== "flag") {
    faults.push({ path: "dormancyAction", message: "can only be flag: management keys are not ended by themselves" });
  }
  for (const [index, field] of (body.requiredFields ?? []).entries()) {
    if ((NOT_THEIRS as readonly string[]).includes(field))
      faults.push({ path: `requiredFields[${index}]`, message: `management keys have no ${field}` });
  }
  if (faults.length > 0) throw new ClavigerError("VALIDATION_FAILED", { errors: faults });
}
