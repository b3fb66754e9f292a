import { deleteSplitCaller } from "./delete.ts";
import { issueSplitCaller } from "./issue.ts";
import { putSplitCaller } from "./put.ts";

export const splitCallers = [putSplitCaller, deleteSplitCaller, issueSplitCaller] as const;
