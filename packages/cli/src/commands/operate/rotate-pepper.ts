import { rotatePepper } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { createProgress } from "../../output/progress.ts";
import { onInstallation } from "./on-installation.ts";

/** Takes a new pepper into use and wraps every key again, while the service runs. */
export async function runRotatePepper(io: Io, json: boolean): Promise<ExitCode> {
  const progress = createProgress(io, "keys looked at");
  const rotated = await onInstallation(io, (options) =>
    rotatePepper({ ...options, onProgress: progress.show }),
  ).finally(progress.clear);
  if (json) io.out(JSON.stringify(rotated));
  else io.out(`pepper ${rotated.version} is in use; wrapped again: ${rotated.wrapped}`);
  if (rotated.resumed) io.err("This finished a rotation that was begun before; run it again for another pepper.");
  return EXIT.ok;
}
