import { pick, usageOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listStrangers: ApiCommand = {
  operation: pick(usageOperations, "usage.strangers"),
  examples: [
    "claviger usage strangers --from 2027-01-01T00:00:00Z",
    "claviger usage strangers --network 203.0.113.7 --code NOT_FOUND --all",
  ],
  columns: ["at", "network", "code", "requests"],
};
