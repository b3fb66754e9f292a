import { memberOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getMember: ApiCommand = {
  operation: pick(memberOperations, "members.get"),
  examples: ["claviger members get ext:acme ext:ada"],
};
