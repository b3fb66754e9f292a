/** What tests of every package share: a PostgreSQL, nodes, clocks, randomness that can be repeated, waiting without sleeping. */
export { type FakeClock, fakeClock } from "./clock.ts";
export { type TestDatabase, testDatabase } from "./database.ts";
export { silentLogger } from "./logger.ts";
export { type TestNode, type TestNodeOptions, testNode } from "./node.ts";
export { type NodeProcess, nodeProcess } from "./processes.ts";
export { type FaultyProxy, proxyTo } from "./proxy.ts";
export { type SeededRandom, seededRandom } from "./random.ts";
export { type WaitOptions, waitFor } from "./wait.ts";
