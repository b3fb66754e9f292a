import { listUsage } from "./list.ts";
import { listStrangers } from "./strangers.ts";
import { summarizeUsage } from "./summarize.ts";

export const usage = [summarizeUsage, listUsage, listStrangers] as const;
