import type { Limit } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { findPlan, savePlan } from "./catalogue.store.ts";
import { type Plan, planSubject } from "./catalogue.ts";

export interface PutPlanInput {
  readonly limits: readonly Limit[];
  readonly maxActiveKeys?: number | null | undefined;
  readonly scopes?: readonly string[] | null | undefined;
}

export interface PutPlan {
  readonly plan: Plan;
  readonly created: boolean;
}

/** Creates a plan or replaces it. A replacement may take something away, so it passes the barrier. */
export function putPlan(act: Act, acting: Acting<PutPlan>, name: string, input: PutPlanInput): Promise<Done<PutPlan>> {
  return act(acting, PLATFORM, async (unit) => {
    const existing = await findPlan(unit.tx, name, true);
    const plan: Plan = {
      ...{ name, limits: input.limits, maxActiveKeys: input.maxActiveKeys ?? null, scopes: input.scopes ?? null },
      createdAt: existing?.createdAt ?? unit.now,
      updatedAt: unit.now,
    };
    await savePlan(unit.tx, plan);
    const difference = existing === null ? null : changed(shown(existing), shown(plan));
    unit.audits({
      action: existing === null ? "plan.created" : "plan.updated",
      account: null,
      target: { type: "plan", id: name },
      ...(existing === null
        ? { after: shown(plan) }
        : { before: difference?.before ?? {}, after: difference?.after ?? {} }),
    });
    if (existing === null) unit.widens(planSubject(name));
    else unit.narrows(planSubject(name));
    return { plan, created: existing === null };
  });
}

const shown = ({ limits, maxActiveKeys, scopes }: Plan) => ({ limits, maxActiveKeys, scopes });
