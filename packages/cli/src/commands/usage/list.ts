import { pick, usageOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listUsage: ApiCommand = {
  operation: pick(usageOperations, "usage.list"),
  examples: [
    "claviger usage list --key key_01M8414TSEEBKV20QTA45NWYH3 --code EXPIRED",
    "claviger usage list --account ext:acme --from 2027-01-01T00:00:00Z --all --json",
  ],
  columns: [
    "at",
    "key",
    "code",
    "method",
    "route",
    "status",
    "durationMs",
    "ip",
    "country",
    "agent",
    "service",
    "rate",
  ],
};
