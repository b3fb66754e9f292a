import { PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { findEnvironmentPolicy, lockPolicies, saveEnvironmentPolicy } from "./policies.store.ts";
import type { EnvironmentPolicy } from "./policy.ts";
import { demandReferable, requireEnvironment } from "./queries.ts";

/** Gives an environment a policy, or takes it away. Throws NOT_FOUND; VALIDATION_FAILED for an unknown policy. */
export function putEnvironmentPolicy(
  act: Act,
  acting: Acting<EnvironmentPolicy>,
  environment: string,
  policy: string | null,
): Promise<Done<EnvironmentPolicy>> {
  return act(acting, PLATFORM, async (unit) => {
    await requireEnvironment(unit.tx, environment);
    await lockPolicies(unit.tx);
    await demandReferable(unit.tx, policy);
    const before = await findEnvironmentPolicy(unit.tx, environment);
    const after = { environment, policy, updatedAt: unit.now };
    await saveEnvironmentPolicy(unit.tx, after);
    unit.audits({
      ...{ action: "environment-policy.updated", account: null, target: { type: "environment", id: environment } },
      ...{ before: { policy: before.policy }, after: { policy } },
    });
    return after;
  });
}
