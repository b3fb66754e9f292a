import { pick, recoveryOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const revealKey: ApiCommand = {
  operation: pick(recoveryOperations, "keys.reveal"),
  examples: ['claviger keys reveal key_01M8414TSEEBKV20QTA45NWYH3 --reason "the integration lost it, ticket 4711"'],
  print: (io, { key, version, secret }) => {
    if (typeof secret !== "string") {
      io.err("The secret was shown when this was done first, and is not shown again.");
      return;
    }
    io.err(`The secret of ${String(key)}, version ${String(version)}. It is on record who had it shown, and why:`);
    io.out(secret);
  },
};
