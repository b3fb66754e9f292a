import { getPolicy } from "./get.ts";
import { getAccountPolicy } from "./get-account.ts";
import { getEnvironmentPolicy } from "./get-environment.ts";
import { listPolicies } from "./list.ts";
import { listEnforcements } from "./list-enforcements.ts";
import { previewPolicy } from "./preview.ts";
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
  previewPolicy,
  listEnforcements,
] as const;
