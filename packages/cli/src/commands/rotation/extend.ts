import { pick, rotationOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { printActed } from "../../output/rotation.ts";

export const extendRotation: ApiCommand = {
  operation: pick(rotationOperations, "rotation.extend"),
  examples: ["claviger keys rotation extend key_01M8414TSEEBKV20QTA45NWYH3 --hours 24"],
  print: printActed,
};
