import { pick, viewOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const saveView: ApiCommand = {
  operation: pick(viewOperations, "views.save"),
  examples: [
    "claviger views save admin-live --filter tier=admin --filter environment=live",
    'claviger views save vault --filter \'{"stored":"yes","criticality":"high"}\' --shared --description "Kept in a vault"',
  ],
};
