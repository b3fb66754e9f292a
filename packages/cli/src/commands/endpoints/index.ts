import { inspectEndpoint } from "./inspect.ts";
import { listEndpoints } from "./list.ts";

export const endpoints = [listEndpoints, inspectEndpoint] as const;
