import { pick, rotationOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { printActed } from "../../output/rotation.ts";

export const confirmRotation: ApiCommand = {
  operation: pick(rotationOperations, "rotation.confirm"),
  examples: ["claviger keys rotation confirm key_01M8414TSEEBKV20QTA45NWYH3"],
  print: printActed,
};
