import { getAccount } from "./get.ts";
import { listAccounts } from "./list.ts";
import { putAccount } from "./put.ts";
import { resumeAccount } from "./resume.ts";
import { suspendAccount } from "./suspend.ts";
import { updateAccount } from "./update.ts";

export const accounts = [putAccount, getAccount, listAccounts, updateAccount, suspendAccount, resumeAccount] as const;
