import { userInfo } from "node:os";
import { recoverManagementKey } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { operate } from "./operate.ts";

/** Makes one more management key for whoever lost the last one, and prints its secret once. */
export async function runRecoverManagementKey(io: Io, json: boolean): Promise<ExitCode> {
  const { id, preview, secret } = await operate(io, (options) =>
    recoverManagementKey({ ...options, operator: operatorName() }),
  );
  if (json) {
    io.out(JSON.stringify({ key: { id, preview }, secret: secret.reveal() }));
    return EXIT.ok;
  }
  io.err(`${id} may do everything, and the audit trail says that ${operatorName()} made it.`);
  io.err("The secret is shown now and never again:");
  io.out(secret.reveal());
  return EXIT.ok;
}

/** A container may run as a user without a name. */
function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
