import { pick, viewOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listViews: ApiCommand = {
  operation: pick(viewOperations, "views.list"),
  examples: ["claviger views list", "claviger views list --json"],
  columns: ["name", "total", "rows", "builtIn", "shared", "description"],
};
