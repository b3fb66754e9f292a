import type { Clock } from "../../server/src/kernel/clock.ts";

export interface FakeClock extends Clock {
  /** Moves both clocks forward. Runs no timers. */
  advance(ms: number): void;
  /** Moves the wall clock alone, as an operator or a time server does. May be negative. */
  stepWall(ms: number): void;
  /** Moves the wall clock alone as the sleep of a machine does, in which the monotonic one stands still. */
  sleepMachine(ms: number): void;
}

/** Clocks that move only when told to; the wall clock starts at `wall`, milliseconds since the epoch. */
export function fakeClock(wall: number = Date.UTC(2026, 0, 1)): FakeClock {
  const now = { wall, mono: 1_000 };
  return {
    wall: () => now.wall,
    mono: () => now.mono,
    advance: (ms) => {
      now.wall += ms;
      now.mono += ms;
    },
    stepWall: (ms) => {
      now.wall += ms;
    },
    sleepMachine: (ms) => {
      now.wall += ms;
    },
  };
}
