import { getPolicy } from "./get.ts";
import { getAccountPolicy } from "./get-account.ts";
import { getEnvironmentPolicy } from "./get-environment.ts";
import { listPolicies } from "./list.ts";
import { putPolicy } from "./put.ts";
import { putAccountPolicy } from "./put-account.ts";
import { putEnvironmentPolicy } from "./put-environment.ts";

export const policies = [
  listPolicies,
  getPolicy,
  putPolicy,
  getAccountPolicy,
  putAccountPolicy,
  getEnvironmentPolicy,
  putEnvironmentPolicy,
] as const;
