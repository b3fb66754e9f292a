import type { Timers } from "@claviger/core";

/** Timers of this process. None of them keeps it alive. */
export const systemTimers: Timers = {
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
