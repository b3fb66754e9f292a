import type { Moment } from "../coherence/moment.ts";
import { ClavigerError } from "../errors/index.ts";
import { deferred } from "./deferred.ts";

/** What the limiter needs of the process that it runs in. Tests hand in clocks that they set. */
export interface LimiterPlatform {
  readonly clock: LimiterClock;
  readonly random: { uuid(): string };
  readonly timers: Timers;
  readonly logger: {
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
  };
}

/** Both clocks of this machine, in milliseconds: see `Moment`. */
export interface LimiterClock {
  mono(): number;
  wall(): number;
}

export interface Timers {
  /** Runs `work` once after `ms` milliseconds, unless the function that it returns is called first. Keeps no process alive. */
  after(ms: number, work: () => void): () => void;
}

/** One reading of both clocks. */
export function moment(clock: LimiterClock): Moment {
  return { mono: clock.mono(), wall: clock.wall() };
}

/** Something took too long; whether it will still happen is not known. */
export class LateError extends ClavigerError {
  constructor(what: string) {
    super("UNAVAILABLE", { internal: `${what} took too long` });
  }
}

/** `work`, or a `LateError` once `ms` milliseconds have passed; `work` itself goes on, and its failure is nobody's any more. */
export function within<T>(timers: Timers, work: Promise<T>, ms: number, what: string): Promise<T> {
  const late = deferred<never>();
  const cancel = timers.after(ms, () => late.reject(new LateError(what)));
  return Promise.race([work, late.promise]).finally(cancel);
}
