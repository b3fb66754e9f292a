import { getScope } from "./get.ts";
import { listScopes } from "./list.ts";
import { putScope } from "./put.ts";

export const scopes = [putScope, getScope, listScopes] as const;
