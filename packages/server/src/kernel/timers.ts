import type { Timers } from "@claviger/core";
import { outside } from "./outside.ts";

/** Timers of this process. None of them keeps it alive, or belongs to the request in which it began. */
export const systemTimers: Timers = {
  after: (ms, work) => {
    const timer = outside(() => setTimeout(work, ms));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
