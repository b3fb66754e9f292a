import { pick, rotationOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { printRotated } from "../../output/rotation.ts";

export const rotateKey: ApiCommand = {
  operation: pick(rotationOperations, "keys.rotate"),
  examples: [
    "claviger keys rotate key_01M8414TSEEBKV20QTA45NWYH3",
    "claviger keys rotate key_01M8414TSEEBKV20QTA45NWYH3 --grace-starts confirm --overlap-hours 24",
    "claviger keys rotate key_01M8414TSEEBKV20QTA45NWYH3 --overlap-hours 0",
  ],
  print: printRotated,
};
