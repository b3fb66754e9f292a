import { meteringOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listMetering: ApiCommand = {
  operation: pick(meteringOperations, "metering.list"),
  examples: [
    "claviger metering list --period 2027-01 --by account",
    "claviger metering list --account ext:acme --all --json",
  ],
  columns: [
    ...["account", "key", "plan", "environment", "accepted", "refused", "cost", "carriedAccepted", "carriedFrom"],
    ...["billableRequests", "billableCost"],
  ],
};
