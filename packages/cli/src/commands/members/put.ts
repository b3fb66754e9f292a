import { memberOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putMember: ApiCommand = {
  operation: pick(memberOperations, "members.put"),
  examples: [
    'claviger members put ext:acme ext:ada --email ada@acme.example --name "Ada L." --role admin',
    'claviger members put ext:acme ext:ada --email ada@acme.example --name "Ada L." --role admin --status deactivated',
  ],
};
