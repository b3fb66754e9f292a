import { Counter, Histogram, type Registry } from "prom-client";

/** Told of what the import hook is asked; nothing in it names a key. */
export interface HookMetrics {
  /** `refused`: there is no such key. `invalid`: there is, and it cannot be imported as it is described. `failed`: no usable answer. */
  answered(outcome: "imported" | "refused" | "invalid" | "failed"): void;
  /** How long the answer to one question took, or was waited for. */
  waited(ms: number): void;
  /** Not asked. `paused`: for want of answers. `source`: too many that it did not have came from there. `budget`: too many at once. */
  skipped(why: "budget" | "source" | "paused"): void;
}

/** Seconds. */
const WAITS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createHookMetrics(registry: Registry): HookMetrics {
  const registers = [registry];
  const answers = new Counter({
    ...{ name: "claviger_import_hook_answers_total", labelNames: ["outcome"], registers },
    help: "Questions to the import hook, by what became of them",
  });
  const skipped = new Counter({
    ...{ name: "claviger_import_hook_skipped_total", labelNames: ["why"], registers },
    help: "Keys of old forms for which the import hook was not asked",
  });
  const waits = new Histogram({
    ...{ name: "claviger_import_hook_seconds", buckets: WAITS_S, registers },
    help: "How long the import hook took to answer, or was waited for",
  });
  for (const outcome of ["imported", "refused", "invalid", "failed"]) answers.inc({ outcome }, 0);
  for (const why of ["budget", "source", "paused"]) skipped.inc({ why }, 0);
  return {
    answered: (outcome) => answers.inc({ outcome }),
    waited: (ms) => waits.observe(ms / 1_000),
    skipped: (why) => skipped.inc({ why }),
  };
}
