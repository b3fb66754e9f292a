/** The one place of this package that reads the clocks; everything else is handed one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Milliseconds since some moment; never goes back. */
  mono(): number;
}

export const systemClock: Clock = Object.freeze({ wall: () => Date.now(), mono: () => performance.now() });
