import { inspectEndpoint } from "./inspect.ts";
import { listEndpoints } from "./list.ts";
import { uncalledEndpoints } from "./uncalled.ts";

export const endpoints = [listEndpoints, uncalledEndpoints, inspectEndpoint] as const;
