import { auditOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listAuditEvents: ApiCommand = {
  operation: pick(auditOperations, "audit.list"),
  examples: [
    "claviger audit list --action key.revoked --from 2027-01-01T00:00:00Z",
    "claviger audit list --target key_01M8414TSEEBKV20QTA45NWYH3 --all --json",
  ],
  columns: ["at", "action", "actor.type", "actor.id", "target.id", "source.via", "source.ip", "seq"],
};
