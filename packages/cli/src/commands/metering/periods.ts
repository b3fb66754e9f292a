import { meteringOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listPeriods: ApiCommand = {
  operation: pick(meteringOperations, "metering.periods"),
  examples: ["claviger metering periods"],
  columns: ["period", "state", "closesAt", "closedAt", "accepted", "refused", "cost"],
};
