import { type Clock, systemClock } from "../../server/src/kernel/clock.ts";

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

/** The clocks of this machine, with the wall clock at another time: nodes and verifiers run as always, on another date. */
export interface ShiftedClock extends Clock {
  /** Milliseconds by which the wall clock is ahead; negative: behind. */
  readonly shiftMs: number;
  /** Makes it this time now, in milliseconds since the epoch; it goes on from there. */
  moveTo(wall: number): void;
}

export function shiftedClock(shiftMs = 0): ShiftedClock {
  let shift = shiftMs;
  return {
    wall: () => systemClock.wall() + shift,
    mono: systemClock.mono,
    get shiftMs() {
      return shift;
    },
    moveTo: (wall) => {
      shift = wall - systemClock.wall();
    },
  };
}
