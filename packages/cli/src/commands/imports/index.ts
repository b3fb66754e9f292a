import { importOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

const COLUMNS = ["id", "state", "lines", "imported", "known", "failed", "updatedAt"];

export const imports: readonly ApiCommand[] = [
  {
    operation: pick(importOperations, "imports.list"),
    examples: ["claviger imports list"],
    columns: COLUMNS,
  },
  {
    operation: pick(importOperations, "imports.get"),
    examples: ["claviger imports get imp_01M8414TSEEBKV20QTA45NWYH3"],
  },
  {
    operation: pick(importOperations, "imports.errors"),
    examples: ["claviger imports errors imp_01M8414TSEEBKV20QTA45NWYH3 --all"],
    columns: ["line", "path", "message"],
  },
];
