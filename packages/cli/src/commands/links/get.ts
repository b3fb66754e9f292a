import { linkOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getLink: ApiCommand = {
  operation: pick(linkOperations, "links.get"),
  examples: ["claviger links get link_01M8414TSEEBKV20QTA45NWYH3"],
};
