import { pick, usageOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const summarizeUsage: ApiCommand = {
  operation: pick(usageOperations, "usage.summarize"),
  examples: [
    "claviger usage summarize --account ext:acme --by code",
    "claviger usage summarize --key key_01M8414TSEEBKV20QTA45NWYH3 --step hour --json",
  ],
  columns: ["at", "group", "requests", "accepted", "refused", "cost"],
};
