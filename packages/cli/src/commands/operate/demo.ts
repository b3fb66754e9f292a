import { join } from "node:path";
import { prepareDemo, readDemoSeed } from "@claviger/server";
import type { ExitCode } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { createProgress } from "../../output/progress.ts";
import { asFailure } from "./operate.ts";
import { runServe } from "./serve.ts";

const DATA_DIR = join(".claviger", "demo");

/**
 * Runs the service on a data directory of its own, seeded with an invented platform at the first start. `CLAVIGER_DATA_DIR` says
 * where, `CLAVIGER_DEMO_SEED` which platform. Throws `Failure` when it cannot start.
 */
export async function runDemo(io: Io): Promise<ExitCode> {
  const given = io.env.CLAVIGER_DATA_DIR?.trim() ?? "";
  const environment = { ...io.env, CLAVIGER_DATA_DIR: given === "" ? DATA_DIR : given };
  const progress = createProgress(io, "steps of the demo's history");
  const seed = seedOf(io);
  let told = false;
  const onProgress = (done: number, total: number): void => {
    if (!told && !io.stderrIsTerminal) io.err(`making the demo: ${total} steps of an invented history`);
    told = true;
    progress.show(done, total);
  };
  return runServe(io, {
    environment,
    prepare: (opened) => prepareDemo(opened, { seed, print: io.out, onProgress }).finally(progress.clear),
  });
}

function seedOf(io: Io): number {
  try {
    return readDemoSeed(io.env);
  } catch (error) {
    throw asFailure(error);
  }
}
