import { getNotices } from "./get.ts";
import { listMails } from "./list-mails.ts";
import { putNotices } from "./put.ts";

export const notices = [getNotices, putNotices, listMails] as const;
