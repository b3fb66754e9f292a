import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  deadAt,
  isDead,
  type NodeRow,
  newObserver,
  type ObserverState,
  observe,
  unchangedMs,
  type Watched,
} from "./index.ts";

const row = (token: string, changes: Partial<NodeRow> = {}): NodeRow => ({
  incarnation: "i",
  name: "n",
  token,
  ackedSeq: 0,
  ackedEpoch: "e",
  termMs: 1_000,
  maxStaleMs: 0,
  fenced: false,
  ...changes,
});

const read = (readStarted: number, readFinished: number) => ({ readStarted, readFinished });

function watched(state: ObserverState, incarnation = "i"): Watched {
  const found = state.get(incarnation);
  if (found === undefined) throw new TypeError(`${incarnation} is not watched`);
  return found;
}

describe("a row is dead", () => {
  test.each([
    { lastStart: 1_119, dead: false },
    { lastStart: 1_120, dead: true },
  ])(
    "from the finish of the first read to the start of the last, not one tick less: $lastStart",
    ({ lastStart, dead }) => {
      let state = observe(newObserver, [row("a")], read(0, 20));
      state = observe(state, [row("a")], read(lastStart, 9_000));
      expect(isDead(watched(state))).toBe(dead);
      expect(deadAt(watched(state))).toBeCloseTo(1_120);
    },
  );

  test("never by a single read, however long it took", () => {
    expect(isDead(watched(observe(newObserver, [row("a")], read(0, 60_000))))).toBe(false);
    expect(unchangedMs(watched(observe(newObserver, [row("a")], read(0, 60_000))))).toBe(0);
  });

  test("a change of the token begins the count anew", () => {
    let state = observe(newObserver, [row("a")], read(0, 0));
    state = observe(state, [row("b")], read(1_000, 1_001));
    state = observe(state, [row("b")], read(1_200, 1_201));
    expect(isDead(watched(state))).toBe(false);
    expect(unchangedMs(watched(state))).toBe(199);
  });

  test("an acknowledgement is no renewal", () => {
    let state = observe(newObserver, [row("a")], read(0, 0));
    state = observe(state, [row("a", { ackedSeq: 5 })], read(1_100, 1_101));
    expect(isDead(watched(state))).toBe(true);
    expect(watched(state).row.ackedSeq).toBe(5);
  });

  test("by the longest term that the row named, not by the observer's", () => {
    let state = observe(newObserver, [row("a", { termMs: 5_000 })], read(0, 0));
    state = observe(state, [row("a", { termMs: 500 })], read(5_499, 5_499));
    expect(isDead(watched(state))).toBe(false);
  });

  test("a row that went and came back with its token is counted anew", () => {
    let state = observe(newObserver, [row("a")], read(0, 0));
    state = observe(state, [], read(500, 500));
    state = observe(state, [row("a")], read(1_200, 1_200));
    expect(isDead(watched(state))).toBe(false);
  });

  test("reads that were not made in between do not matter", () => {
    const state = observe(observe(newObserver, [row("a")], read(0, 0)), [row("a")], read(50_000, 50_001));
    expect(isDead(watched(state))).toBe(true);
  });
});

test("a row found dead has no valid lease behind it, whatever the delays and within the drift of both clocks", () => {
  const drift = fc.double({ min: 0.9, max: 1.1, noNaN: true });
  const delays = fc.tuple(fc.nat(400), fc.nat(400));
  fc.assert(
    fc.property(
      drift,
      drift,
      fc.nat(1_000),
      fc.array(fc.record({ after: fc.nat(700), commit: delays }), { maxLength: 8 }),
      fc.array(fc.record({ after: fc.nat(500), delays }), { minLength: 2, maxLength: 20 }),
      (holderRate, observerRate, offset, renewals, reads) => {
        // Real time; each clock runs at its own rate. Renewals take effect at `written`, and count from `sent`.
        let sent = 0;
        const written: { at: number; token: string; sent: number }[] = [{ at: 0, token: "t0", sent: 0 }];
        for (const [index, { after, commit }] of renewals.entries()) {
          sent += after + 1;
          written.push({ at: sent + commit[0], token: `t${index + 1}`, sent });
          sent += commit[0] + commit[1];
        }
        let state = newObserver;
        let now = offset;
        for (const {
          after,
          delays: [toServer, back],
        } of reads) {
          now += after + 1;
          const seenAt = now + toServer;
          const last = written.filter(({ at }) => at <= seenAt).at(-1);
          if (last === undefined) return;
          const finished = seenAt + back;
          state = observe(state, [row(last.token)], read(now * observerRate, finished * observerRate));
          if (isDead(watched(state))) {
            // What was sent later than the read began is the business of whoever reads the head after it.
            const leaseEnds = last.sent + 900 / holderRate;
            expect(leaseEnds).toBeLessThanOrEqual(now + 1e-6);
          }
          now = finished;
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
