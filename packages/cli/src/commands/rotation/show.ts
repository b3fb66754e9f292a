import { pick, rotationOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { printRotation } from "../../output/rotation.ts";

export const showRotation: ApiCommand = {
  operation: pick(rotationOperations, "rotation.show"),
  examples: ["claviger keys rotation show key_01M8414TSEEBKV20QTA45NWYH3"],
  print: printRotation,
};
