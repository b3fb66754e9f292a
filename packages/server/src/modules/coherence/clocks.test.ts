import { type TestDatabase, type TestNode, testDatabase, testNode, waitFor } from "@claviger/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../kernel/clock.ts";

let db: TestDatabase;
let nodes: TestNode[] = [];
beforeAll(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.coherence.stop()));
  nodes = [];
});
afterAll(() => db.drop());

/** The true clocks, each with an offset that tests move. */
function movableClock(): Clock & { offset: { wall: number; mono: number } } {
  const offset = { wall: 0, mono: 0 };
  return { offset, wall: () => systemClock.wall() + offset.wall, mono: () => systemClock.mono() + offset.mono };
}

const TERM_MS = 20_000;

async function start(clock: Clock, termMs: number = TERM_MS): Promise<TestNode> {
  const node = testNode({ database: db.database, connection: db.node, clock, termMs });
  nodes.push(node);
  await node.coherence.start();
  return node;
}

describe("a lease is judged by fresh readings of both clocks", () => {
  test("an event loop that stood still for longer than the term leaves no lease, though no timer has run", async () => {
    const clock = movableClock();
    const node = await start(clock);
    clock.offset.mono += TERM_MS;
    clock.offset.wall += TERM_MS;
    expect(node.coherence.leaseValid()).toBe(false);
  });

  test("a machine that slept, so that its monotonic clock stood still, has no lease", async () => {
    const clock = movableClock();
    const node = await start(clock);
    clock.offset.wall += TERM_MS;
    expect(node.coherence.leaseValid()).toBe(false);
  });

  test("a wall clock set back does not lengthen a lease", async () => {
    const clock = movableClock();
    const node = await start(clock);
    clock.offset.wall -= 3_600_000;
    expect(node.coherence.leaseValid()).toBe(true);
    clock.offset.mono += TERM_MS;
    expect(node.coherence.leaseValid()).toBe(false);
  });

  test.each([3_600_000, -3_600_000])(
    "after a step of the wall clock by %i ms it is renewed at once, and holds",
    async (step) => {
      const clock = movableClock();
      const node = await start(clock);
      const before = node.coherence.state().leaseMsLeft;
      clock.offset.wall += step;
      // Well before the third of the term at which a renewal is due.
      await waitFor(() => node.coherence.leaseValid() && node.coherence.state().leaseMsLeft > before - 1_000, {
        timeoutMs: 2_000,
      });
      clock.offset.mono += TERM_MS / 2;
      clock.offset.wall += TERM_MS / 2;
      expect(node.coherence.leaseValid()).toBe(true);
    },
  );

  test("a lease outlasts many terms when nothing is wrong", async () => {
    const node = await start(systemClock, 1_000);
    const until = systemClock.mono() + 4_000;
    const lost = waitFor(() => !node.coherence.leaseValid() || systemClock.mono() > until, { everyMs: 1 });
    await lost;
    expect(systemClock.mono()).toBeGreaterThan(until);
    expect(node.drops()).toBe(1);
  });
});
