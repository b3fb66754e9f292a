import { listUsage } from "./list.ts";
import { summarizeUsage } from "./summarize.ts";

export const usage = [summarizeUsage, listUsage] as const;
