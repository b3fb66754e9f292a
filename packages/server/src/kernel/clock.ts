/** The only source of time. Everything else receives a `Clock`. */
export interface Clock {
  /** Wall time in milliseconds since the epoch, UTC. May jump. */
  wall(): number;
  /** Monotonic time in milliseconds from an arbitrary start. Never goes back; stops while the machine sleeps. */
  mono(): number;
}

/** Looked up once: as a global it is looked up anew at each reading, which takes as long as the reading itself. */
const { performance } = globalThis;

export const systemClock: Clock = {
  wall: Date.now,
  mono: () => performance.now(),
};
