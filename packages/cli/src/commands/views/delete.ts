import { pick, viewOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const deleteView: ApiCommand = {
  operation: pick(viewOperations, "views.delete"),
  examples: ["claviger views delete admin-live"],
};
