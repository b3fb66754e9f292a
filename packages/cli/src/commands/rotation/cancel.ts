import { pick, rotationOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { printActed } from "../../output/rotation.ts";

export const cancelRotation: ApiCommand = {
  operation: pick(rotationOperations, "rotation.cancel"),
  examples: ["claviger keys rotation cancel key_01M8414TSEEBKV20QTA45NWYH3"],
  question: "End the new version of {id} everywhere?",
  print: printActed,
};
