import { nodeOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listNodes: ApiCommand = {
  operation: pick(nodeOperations, "nodes.list"),
  examples: ["claviger nodes", "claviger nodes --json | jq '.data[] | select(.lag != 0)'"],
  columns: [
    ...["name", "incarnation", "software", "startedAt", "termMs", "leaseAgeMs", "ackedSeq", "lag", "fenced"],
    ...["verifiers", "self"],
  ],
};
