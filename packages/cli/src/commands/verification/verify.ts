import { pick, verificationOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { EXIT } from "../../exit-codes.ts";
import { isObject } from "../../input/json-value.ts";

export const verifyKey: ApiCommand = {
  operation: pick(verificationOperations, "verification.verify"),
  examples: [
    "claviger verify --environment live --scopes reports:read < key.txt",
    "CLAVIGER_KEY_FILE=key.txt claviger verify --environment live --method GET --path /v1/reports",
  ],
  keyField: "key",
  exitCode: (verdict) => (isObject(verdict) && verdict.valid === true ? EXIT.ok : EXIT.failed),
};
