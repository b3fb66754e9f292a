import { pick, scimCredentialOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

const KEY = "key_01M8414TSEEBKV20QTA45NWYH3";

export const scimCredentials = [
  {
    operation: pick(scimCredentialOperations, "scim-credentials.put"),
    examples: [`claviger scim-credentials put ext:acme ${KEY}`],
  },
  {
    operation: pick(scimCredentialOperations, "scim-credentials.delete"),
    examples: [`claviger scim-credentials delete ext:acme ${KEY}`],
    question: "Let the identity provider of {id} provision nobody with {key} any more?",
  },
  {
    operation: pick(scimCredentialOperations, "scim-credentials.list"),
    examples: ["claviger scim-credentials list ext:acme"],
    columns: ["key", "account", "createdAt"],
  },
] as const satisfies readonly ApiCommand[];
