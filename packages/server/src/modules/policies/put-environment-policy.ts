import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { beginEnforcement, confirmTightening, shownEnforcement, type Tightening } from "./begin-enforcement.ts";
import { findEnvironmentPolicy, lockPolicies, saveEnvironmentPolicy } from "./policies.store.ts";
import type { Enforcement, EnvironmentPolicy } from "./policy.ts";
import type { PoliciesPorts } from "./ports.ts";
import { demandReferable, requireEnvironment } from "./queries.ts";

export interface PutEnvironmentPolicy {
  readonly policy: EnvironmentPolicy;
  readonly enforcement: Enforcement | null;
}

/**
 * Gives an environment a policy, or takes it away. Throws NOT_FOUND; VALIDATION_FAILED for an unknown policy; CONFIRMATION_REQUIRED
 * where many keys end sooner and their number was not given; CONFLICT where another policy changes meanwhile.
 */
export async function putEnvironmentPolicy(
  ports: PoliciesPorts,
  acting: Acting<PutEnvironmentPolicy>,
  environment: string,
  policy: string | null,
  tightening: Tightening,
): Promise<Done<PutEnvironmentPolicy>> {
  const change = { kind: "environment", environment, policy } as const;
  // An environment without a policy tightens nothing.
  const tightens = (before: EnvironmentPolicy): boolean => policy !== null && before.policy !== policy;
  const known = await ports.database.transaction(PLATFORM, async (tx) => {
    await requireEnvironment(tx, environment);
    await demandReferable(tx, policy);
    return findEnvironmentPolicy(tx, environment);
  });
  const confirmed = await confirmTightening(ports, change, tightening, tightens(known));
  return ports.act(acting, PLATFORM, async (unit) => {
    await lockPolicies(unit.tx);
    const before = await findEnvironmentPolicy(unit.tx, environment);
    const after = { environment, policy, updatedAt: unit.now };
    await saveEnvironmentPolicy(unit.tx, after);
    const enforcement = tightens(before) ? await beginEnforcement(unit, ports.ids, confirmed) : null;
    unit.audits({
      ...{ action: "environment-policy.updated", account: null, target: { type: "environment", id: environment } },
      ...{ before: { policy: before.policy }, after: { policy, ...shownEnforcement(enforcement) } },
    });
    return { policy: after, enforcement };
  });
}
