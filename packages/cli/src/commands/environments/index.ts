import { getEnvironment } from "./get.ts";
import { listEnvironments } from "./list.ts";
import { putEnvironment } from "./put.ts";

export const environments = [putEnvironment, getEnvironment, listEnvironments] as const;
