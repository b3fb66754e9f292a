import { pick, rotationOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { printActed } from "../../output/rotation.ts";

export const finishRotation: ApiCommand = {
  operation: pick(rotationOperations, "rotation.finish"),
  examples: ["claviger keys rotation finish key_01M8414TSEEBKV20QTA45NWYH3"],
  question: "End the old version of {id} everywhere, now?",
  print: printActed,
};
