import { keyOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const createKey: ApiCommand = {
  operation: pick(keyOperations, "keys.create"),
  examples: [
    'claviger keys create --account ext:acme --environment live --label "Nightly report" --scopes reports:read',
    "claviger keys create --account ext:acme --environment test --label CI --tier read --expires-in-days 90 --json",
    "claviger keys create --account ext:acme --environment live --label CRM --tier read --link '{\"expiresInMinutes\":60}'",
    "claviger keys create --account platform --label Gateway --environment live --scopes verify",
  ],
};
