/** The one place of this package that reads the clocks; everything else is handed one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Milliseconds since some moment; never goes back. */
  mono(): number;
}

/** Looked up once: as a global it is looked up anew at every verification, which takes as long as reading it. */
const { performance } = globalThis;

export const systemClock: Clock = Object.freeze({ wall: Date.now, mono: () => performance.now() });
