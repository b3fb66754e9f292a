import { offboardingOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { carryOut } from "../../api/bulk.ts";

export const offboardMember: ApiCommand = {
  operation: pick(offboardingOperations, "members.offboard"),
  examples: [
    "claviger members offboard ext:acme ext:ada --dry-run",
    "claviger members offboard ext:acme ext:ada --keys hand-over --to team:platform",
    'claviger members offboard ext:acme ext:ada --keys revoke --reason "left the company" --confirm 31 --yes',
  ],
  question: "Deactivate {id}, and do with their keys what is said or the policy says?",
  carryOut,
};

export const memberOffboarding: ApiCommand = {
  operation: pick(offboardingOperations, "members.offboarding"),
  examples: ["claviger members offboarding ext:acme ext:ada"],
};
