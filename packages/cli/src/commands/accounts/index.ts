import { closeAccount } from "./close.ts";
import { exportAccount } from "./export.ts";
import { getAccount } from "./get.ts";
import { inspectAccount } from "./inspect.ts";
import { listAccounts } from "./list.ts";
import { putAccount } from "./put.ts";
import { resumeAccount } from "./resume.ts";
import { suspendAccount } from "./suspend.ts";
import { updateAccount } from "./update.ts";

export const accounts = [
  putAccount,
  getAccount,
  listAccounts,
  inspectAccount,
  updateAccount,
  suspendAccount,
  resumeAccount,
  closeAccount,
  exportAccount,
] as const;
