import { AsyncLocalStorage } from "node:async_hooks";

/**
 * Runs `work` as if no request had asked for it: what begins in a request and serves others as well, such as a timer, would else belong
 * to the trace of that request for good.
 */
export const outside: <T>(work: () => T) => T = AsyncLocalStorage.snapshot();
