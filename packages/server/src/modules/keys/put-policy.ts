import {
  atLeastAsStrict,
  ClavigerError,
  type FieldError,
  KEY_POLICY_VALUES,
  type KeyPolicy,
  type PolicyValueName,
  resolvePolicy,
} from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { findKeyPolicy, holdPolicies, saveKeyPolicy } from "../policies/index.ts";
import { requireKey } from "./find-key.ts";
import type { Key } from "./key.ts";
import {
  demandNone,
  faultsOf,
  issuedAtOf,
  layersAbove,
  type PolicyOfKey,
  readPolicyOf,
  subjectOf,
} from "./key-policy.ts";
import type { Authority } from "./ports.ts";

/**
 * Sets what holds for one key beyond what stands above it; what is left out is taken away (D1). Throws NOT_FOUND, STATE_CONFLICT for a
 * revoked key, POLICY_VIOLATED for a value that is less strict than what stands above and for one that the key itself breaks as it is.
 */
export function putKeyPolicy(
  act: Act,
  acting: Acting<PolicyOfKey>,
  authority: Authority,
  id: string,
  own: KeyPolicy,
): Promise<Done<PolicyOfKey>> {
  return act(acting, PLATFORM, async (unit) => {
    const key = await requireKey(unit.tx, id, authority, true);
    if (key.state === "revoked")
      throw new ClavigerError("STATE_CONFLICT", { publicDetail: "A revoked key cannot be changed." });
    await holdPolicies(unit.tx);
    const before = await findKeyPolicy(unit.tx, id);
    const { risk } = await readPolicyOf(unit.tx, key);
    const above = await layersAbove(unit.tx, key);
    demandNone(loosened(own, resolvePolicy(above, risk)));
    await saveKeyPolicy(unit.tx, key.account, id, own, unit.now);
    const after = await readPolicyOf(unit.tx, key);
    demandNone(await brokenBy(unit.tx, key, after));
    const difference = changed(shown(before, own), shown(own, before));
    unit.audits({
      ...{ action: "key-policy.updated", account: key.account, target: { type: "key", id } },
      ...{ before: difference?.before ?? {}, after: difference?.after ?? {} },
    });
    return after;
  });
}

/** With null for what only the other one says. */
const shown = (policy: KeyPolicy, other: KeyPolicy): Record<string, unknown> => ({
  ...Object.fromEntries(Object.keys(other).map((name) => [name, null])),
  ...policy,
});

function loosened(own: KeyPolicy, above: PolicyOfKey["policy"]): FieldError[] {
  return KEY_POLICY_VALUES.flatMap((path): FieldError[] => {
    const value = own[path];
    // A list of a key adds to what stands above.
    if (value === undefined || path === "warningDays") return [];
    const { value: bound, why } = above[path as PolicyValueName];
    if (atLeastAsStrict(path as PolicyValueName, value as never, bound as never)) return [];
    return [{ path, message: `is less strict than ${JSON.stringify(bound)} (${why})` }];
  });
}

/** Of what can be set on a key, what the key is not as it is: its people change the key first, and see what they do. */
async function brokenBy(
  tx: Parameters<typeof issuedAtOf>[0],
  key: Key,
  { policy, risk, own }: PolicyOfKey,
): Promise<FieldError[]> {
  const faults = faultsOf(policy, subjectOf(key, risk, await issuedAtOf(tx, key)), {});
  return faults.flatMap(({ rule }): FieldError[] => {
    if (rule === "lifetime" && own.maxLifetimeDays !== undefined)
      return [{ path: "maxLifetimeDays", message: "the key expires later than that; give it an earlier expiry first" }];
    if (rule === "ip-binding" && own.requireIpBinding !== undefined)
      return [{ path: "requireIpBinding", message: "the key is bound to no addresses; bind it first" }];
    return [];
  });
}
