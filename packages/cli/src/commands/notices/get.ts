import { noticeOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getNotices: ApiCommand = {
  operation: pick(noticeOperations, "notices.get"),
  examples: ["claviger notices get ext:acme ext:ada"],
};
