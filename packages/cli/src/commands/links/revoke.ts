import { linkOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const revokeLink: ApiCommand = {
  operation: pick(linkOperations, "links.revoke"),
  examples: ["claviger links revoke link_01M8414TSEEBKV20QTA45NWYH3"],
  question: "End {id}, so that nobody can open it?",
};
