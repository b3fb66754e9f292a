import { rotateKek } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { createProgress } from "../../output/progress.ts";
import { onInstallation } from "./on-installation.ts";

/** Wraps the data keys of all recoverable secrets by the key-encryption key of the settings, while the service runs. */
export async function runRotateKek(io: Io, json: boolean): Promise<ExitCode> {
  const progress = createProgress(io, "secrets wrapped again");
  const rotated = await onInstallation(io, (options) => rotateKek({ ...options, onProgress: progress.show })).finally(
    progress.clear,
  );
  if (json) io.out(JSON.stringify(rotated));
  else io.out(`${rotated.kek} wraps every recoverable secret; wrapped again: ${rotated.rewrapped}`);
  if (rotated.unopened === 0) {
    io.err("Once every node has this key in CLAVIGER_KEK, CLAVIGER_KEK_OLD can be taken away.");
    return EXIT.ok;
  }
  io.err(`${rotated.unopened} do not open: they were altered, or belong elsewhere. Rotate those keys.`);
  return EXIT.failed;
}
