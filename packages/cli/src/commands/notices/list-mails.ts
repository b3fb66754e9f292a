import { noticeOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listMails: ApiCommand = {
  operation: pick(noticeOperations, "notices.list-mails"),
  examples: ["claviger notices list-mails --state failed"],
  columns: ["id", "account", "member", "state", "createdAt", "endedAt"],
};
