import { rotateAuditKey } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { onInstallation } from "./on-installation.ts";

/** Takes a new key of the audit chain into use for later events; earlier ones stay verifiable. */
export async function runRotateAuditKey(io: Io, json: boolean): Promise<ExitCode> {
  const rotated = await onInstallation(io, rotateAuditKey);
  if (json) io.out(JSON.stringify(rotated));
  else io.out(`audit key ${rotated.version} is in use`);
  return EXIT.ok;
}
