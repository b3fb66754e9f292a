import { pick, rotationOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { printActed } from "../../output/rotation.ts";

export const acknowledgeRotation: ApiCommand = {
  operation: pick(rotationOperations, "rotation.acknowledge"),
  examples: ['claviger keys rotation acknowledge key_01M8414TSEEBKV20QTA45NWYH3 --dependant "Nightly report"'],
  print: printActed,
};
