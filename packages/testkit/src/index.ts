/** What tests of every package share: a PostgreSQL, clocks, randomness that can be repeated, and waiting without sleeping. */
export { type FakeClock, fakeClock } from "./clock.ts";
export { type TestDatabase, testDatabase } from "./database.ts";
export { silentLogger } from "./logger.ts";
export { type SeededRandom, seededRandom } from "./random.ts";
export { type WaitOptions, waitFor } from "./wait.ts";
