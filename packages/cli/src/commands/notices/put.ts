import { noticeOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putNotices: ApiCommand = {
  operation: pick(noticeOperations, "notices.put"),
  examples: ["claviger notices put ext:acme ext:ada --no-rotation"],
};
