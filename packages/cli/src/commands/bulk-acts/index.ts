import { finishBulkAct } from "./finish.ts";
import { getBulkAct } from "./get.ts";
import { listResults } from "./results.ts";

export const bulkActs = [getBulkAct, listResults, finishBulkAct] as const;
