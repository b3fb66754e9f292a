import { type RotatedMasterKey, type RotateMasterKeyOptions, rotateMasterKey } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { readSecret } from "../../input/secrets.ts";
import type { Io } from "../../io.ts";
import { onInstallation } from "./on-installation.ts";

/** Replaces the master key; where it is kept in the settings, in two steps with a restart of every node between them. */
export async function runRotateMasterKey(
  io: Io,
  step: RotateMasterKeyOptions["step"],
  json: boolean,
): Promise<ExitCode> {
  const newMasterKey = readSecret(io, "CLAVIGER_NEW_MASTER_KEY")?.reveal() ?? null;
  const rotated = await onInstallation(io, (options) => rotateMasterKey({ ...options, newMasterKey, step }));
  if (json) io.out(JSON.stringify(rotated));
  else io.out(lineOf(rotated, step));
  if (rotated.opensWith === "both") {
    io.err("Now give CLAVIGER_MASTER_KEY the new value on every node and restart them one by one; then run");
    io.err("claviger rotate-master-key --finish with the new value. Until then, nodes start with either.");
  }
  return EXIT.ok;
}

function lineOf({ opensWith, keptIn }: RotatedMasterKey, step: RotateMasterKeyOptions["step"]): string {
  if (opensWith === "both") return "the old master key and the new one open the keyring";
  if (step === "abandon") return "the new master key was abandoned; the one in use stays";
  return keptIn === "data directory"
    ? "the master key in the data directory was replaced; running nodes go on, and the old one opens nothing any more"
    : "the new master key alone opens the keyring";
}
