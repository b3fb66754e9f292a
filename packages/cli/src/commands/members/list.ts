import { memberOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listMembers: ApiCommand = {
  operation: pick(memberOperations, "members.list"),
  examples: ["claviger members list ext:acme --status active"],
  columns: ["id", "externalId", "name", "email", "role", "status", "createdAt"],
};
