import { existsSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LIBRARIES = ["x86_64", "aarch64"].map((name) => `/usr/lib/${name}-linux-gnu/faketime/libfaketimeMT.so.1`);

/** Clocks of a process that are wrong, by libfaketime. They are right until something is said. */
export interface FaultyClock {
  /** Variables for the environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** The wall clock is so far from the right time, from now on; the monotonic clock is not touched. */
  jump(seconds: number): Promise<void>;
  remove(): Promise<void>;
}

/** A wall clock that jumps. */
export async function jumpingClock(): Promise<FaultyClock> {
  return faultyClock("+0", { DONT_FAKE_MONOTONIC: "1" });
}

/** All clocks of the process, the monotonic one too, run at this rate: 0.9 is slow by a tenth. */
export async function driftingClock(rate: number): Promise<FaultyClock> {
  return faultyClock(`+0 x${rate}`, {});
}

async function faultyClock(first: string, more: Readonly<Record<string, string>>): Promise<FaultyClock> {
  const library = LIBRARIES.find((path) => existsSync(path));
  if (library === undefined) throw new TypeError("libfaketime is not installed");
  const dir = await mkdtemp(join(tmpdir(), "claviger-clock-"));
  const file = join(dir, "now");
  await writeFile(file, `${first}\n`);
  return {
    environment: { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: "1", ...more },
    jump: async (seconds) => {
      // Whoever reads it meanwhile reads the old one or the new one, and never half of it.
      await writeFile(`${file}.new`, `${seconds < 0 ? "" : "+"}${seconds}s\n`);
      await rename(`${file}.new`, file);
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
