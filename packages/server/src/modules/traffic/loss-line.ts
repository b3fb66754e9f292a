import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";

/** At least so long, in milliseconds, between two lines of log that say the same. */
const SAID_EVERY_MS = 60_000;

/** Returns a function that says in the log how many uses are missing, each minute once for each path, with all that came since. */
export function createLossLine(logger: Logger, clock: Pick<Clock, "mono">): (uses: number, path: string) => void {
  const paths = new Map<string, { uses: number; saidAt: number }>();
  return (uses, path) => {
    const said = paths.get(path) ?? { uses: 0, saidAt: Number.NEGATIVE_INFINITY };
    said.uses += uses;
    paths.set(path, said);
    const now = clock.mono();
    if (now - said.saidAt < SAID_EVERY_MS) return;
    logger.error({ path, uses: said.uses }, "uses of keys are missing in what is recorded");
    paths.set(path, { uses: 0, saidAt: now });
  };
}
