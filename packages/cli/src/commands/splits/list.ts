import { pick, splitOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listSplits: ApiCommand = {
  operation: pick(splitOperations, "splits.list"),
  examples: ["claviger splits list --state open", "claviger splits list --account ext:acme --all --json"],
  columns: ["key", "account", "state", "days", "quietHours", "revokes", "startedAt", "endedAt", "endedBecause"],
};
