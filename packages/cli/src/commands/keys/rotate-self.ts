import { pick, rotationOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { printRotated } from "../../output/rotation.ts";

export const rotateOwnKey: ApiCommand = {
  operation: pick(rotationOperations, "keys.rotate-self"),
  examples: ["claviger keys rotate-self < key.txt > new-key.txt"],
  print: printRotated,
};
