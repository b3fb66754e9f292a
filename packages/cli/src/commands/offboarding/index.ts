import { offboardingOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

const command = (
  id: "offboarding.put" | "offboarding.get" | "offboarding.put-account" | "offboarding.get-account",
  ...examples: readonly string[]
): ApiCommand => ({ operation: pick(offboardingOperations, id), examples });

export const offboarding = [
  command("offboarding.put", "claviger offboarding put --keys hand-over --to team:platform"),
  command("offboarding.get", "claviger offboarding get"),
  command("offboarding.put-account", "claviger offboarding put-account ext:acme --keys revoke"),
  command("offboarding.get-account", "claviger offboarding get-account ext:acme"),
] as const;
