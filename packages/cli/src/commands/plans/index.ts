import { getPlan } from "./get.ts";
import { listPlans } from "./list.ts";
import { putPlan } from "./put.ts";

export const plans = [putPlan, getPlan, listPlans] as const;
