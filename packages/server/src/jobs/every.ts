import type { Logger } from "../kernel/log.ts";

export interface Repeating {
  /** No further run is started; waits for the one under way. */
  stop(): Promise<void>;
}

/** Runs `work` again and again, `intervalMs` after the end of the last run; one failure is logged and changes nothing. */
export function every(intervalMs: number, name: string, logger: Logger, work: () => Promise<unknown>): Repeating {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const run = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logger.warn({ error, job: name }, "a periodic job failed and will be tried again");
    }
    if (!stopped) schedule();
  };
  const schedule = (): void => {
    timer = setTimeout(() => {
      running = run();
    }, intervalMs);
    timer.unref();
  };
  schedule();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
