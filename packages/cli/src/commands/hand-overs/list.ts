import { handOverOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listHandOvers: ApiCommand = {
  operation: pick(handOverOperations, "hand-overs.list"),
  examples: ["claviger hand-overs list --state waiting", "claviger hand-overs list --store vault --all --json"],
  columns: ["id", "key", "version", "store", "path", "state", "tries", "dueAt", "endedAt"],
};
