import { rotateTagKey } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { onInstallation } from "./on-installation.ts";

/** Takes a new tag key into use for keys issued from now on; those in the field stay valid. */
export async function runRotateTagKey(io: Io, json: boolean): Promise<ExitCode> {
  const rotated = await onInstallation(io, rotateTagKey);
  if (json) io.out(JSON.stringify(rotated));
  else io.out(`tag key ${rotated.version} is in use`);
  return EXIT.ok;
}
