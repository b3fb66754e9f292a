import { meteringOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const exportMetering: ApiCommand = {
  operation: pick(meteringOperations, "metering.export"),
  examples: [
    "claviger metering export --period 2027-01 > metering-2027-01.csv",
    "claviger metering export --period 2027-01 --by account",
  ],
};
