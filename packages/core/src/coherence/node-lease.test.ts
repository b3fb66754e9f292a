import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clocksDisagree,
  leaseMsLeft,
  leaseValid,
  type Moment,
  type NodeLease,
  type NodeLeaseEffect,
  type NodeLeaseEvent,
  newNodeLease,
  stepNodeLease,
} from "./index.ts";

const TERM = 1_000;
const at = (ms: number): Moment => ({ mono: ms, wall: 1_700_000_000_000 + ms });

function run(state: NodeLease, ...events: NodeLeaseEvent[]): [NodeLease, NodeLeaseEffect[]] {
  const effects: NodeLeaseEffect[] = [];
  let now = state;
  for (const event of events) {
    const [next, more] = stepNodeLease(now, event);
    now = next;
    effects.push(...more);
  }
  return [now, effects];
}

const kinds = (effects: readonly NodeLeaseEffect[]): string[] => effects.map(({ kind }) => kind);

function joined(t0 = 0, head = 10): NodeLease {
  const [state] = run(
    newNodeLease(TERM),
    { kind: "join-started", at: at(t0), incarnation: "i1", token: "j" },
    { kind: "renewal-committed", token: "j", rows: 1 },
    { kind: "head-read", token: "j", head, epoch: "e" },
  );
  return state;
}

const renewal = (token: string, t0: number, head: number, rows = 1): NodeLeaseEvent[] => [
  { kind: "renewal-started", at: at(t0), token },
  { kind: "renewal-committed", token, rows },
  { kind: "head-read", token, head, epoch: "e" },
];

describe("joining", () => {
  test("a lease begins once the row is committed and the head was read after it, counted from before both", () => {
    const [sent, first] = run(newNodeLease(TERM), { kind: "join-started", at: at(0), incarnation: "i1", token: "j" });
    expect(first).toEqual([{ kind: "write-join", incarnation: "i1", token: "j" }]);
    expect(leaseValid(sent, at(1))).toBe(false);
    const [committed, second] = run(sent, { kind: "renewal-committed", token: "j", rows: 1 });
    expect(second).toEqual([{ kind: "read-head", token: "j" }]);
    expect(leaseValid(committed, at(1))).toBe(false);
    const [state, third] = run(committed, { kind: "head-read", token: "j", head: 10, epoch: "e" });
    expect(third).toEqual([{ kind: "drop-everything", because: "joined", floor: 10 }]);
    expect(state).toMatchObject({ phase: "in", applied: 10, epoch: "e", incarnation: "i1" });
    expect(leaseValid(state, at(899.9))).toBe(true);
    expect(leaseValid(state, at(900))).toBe(false);
    expect(leaseMsLeft(state, at(100))).toBe(800);
    expect(leaseMsLeft(state, at(900))).toBe(0);
  });

  test("a head read before the commit of the token is not taken", () => {
    const [state] = run(
      newNodeLease(TERM),
      { kind: "join-started", at: at(0), incarnation: "i1", token: "j" },
      { kind: "head-read", token: "j", head: 10, epoch: "e" },
    );
    expect(state.phase).toBe("joining");
    const [renewing] = run(
      joined(),
      { kind: "renewal-started", at: at(500), token: "r" },
      { kind: "head-read", token: "r", head: 10, epoch: "e" },
      { kind: "renewal-committed", token: "r", rows: 1 },
    );
    expect(leaseValid(renewing, at(950))).toBe(false);
  });

  test("a join that failed is tried again from the start, and its late answers count for nothing", () => {
    const [state, effects] = run(
      newNodeLease(TERM),
      { kind: "join-started", at: at(0), incarnation: "i1", token: "j" },
      { kind: "renewal-failed", token: "j" },
      { kind: "renewal-committed", token: "j", rows: 1 },
      { kind: "head-read", token: "j", head: 10, epoch: "e" },
    );
    expect(state.phase).toBe("out");
    expect(kinds(effects)).toEqual(["write-join", "rejoin"]);
  });
});

describe("renewing", () => {
  test("counts from before it was sent, not from its answer", () => {
    const [state] = run(joined(), ...renewal("r", 300, 10));
    expect(leaseValid(state, at(1_199))).toBe(true);
    expect(leaseValid(state, at(1_200))).toBe(false);
  });

  test("a term is not used before everything up to the head read for it is applied", () => {
    const [waiting] = run(joined(), ...renewal("r", 300, 12), { kind: "applied", seq: 11 });
    expect(leaseValid(waiting, at(899))).toBe(true);
    expect(leaseValid(waiting, at(900))).toBe(false);
    const [usable] = run(waiting, { kind: "applied", seq: 12 });
    expect(leaseValid(usable, at(1_199))).toBe(true);
  });

  test("a term whose changes were applied too late is over all the same", () => {
    const [state] = run(joined(), ...renewal("r", 300, 12), { kind: "applied", seq: 12 });
    expect(leaseValid(state, at(1_300))).toBe(false);
  });

  test("an older term becomes usable though newer ones still wait, so that a steady stream of changes starves nobody", () => {
    const [state] = run(joined(), ...renewal("r", 300, 12), ...renewal("s", 600, 14), { kind: "applied", seq: 13 });
    expect(leaseValid(state, at(1_100))).toBe(true);
    expect(leaseValid(state, at(1_200))).toBe(false);
  });

  test("an older term that comes to be usable last does not shorten a newer one", () => {
    const [state] = run(joined(), ...renewal("r", 300, 12), ...renewal("s", 600, 10), { kind: "applied", seq: 12 });
    expect(leaseValid(state, at(1_499))).toBe(true);
  });

  test.each([0, 2])("%i rows changed are no success: nothing may be used and the node begins anew", (rows) => {
    const [state, effects] = run(joined(), ...renewal("r", 300, 10, rows));
    expect(state.phase).toBe("out");
    expect(leaseValid(state, at(301))).toBe(false);
    expect(effects.slice(1)).toEqual([
      { kind: "drop-everything", because: "row-lost", floor: null },
      { kind: "rejoin" },
    ]);
  });

  test("a failure keeps the earlier deadline and nothing more", () => {
    const [state] = run(
      joined(),
      { kind: "renewal-started", at: at(300), token: "r" },
      { kind: "renewal-failed", token: "r" },
    );
    expect(leaseValid(state, at(899))).toBe(true);
    expect(leaseValid(state, at(900))).toBe(false);
  });

  test("after a failure the row may hold either token, and both are named; after a success only the last", () => {
    const [failed] = run(
      joined(),
      { kind: "renewal-started", at: at(300), token: "r" },
      { kind: "renewal-failed", token: "r" },
    );
    const [retried, effects] = run(failed, { kind: "renewal-started", at: at(400), token: "s" });
    expect(effects).toEqual([{ kind: "write-renewal", incarnation: "i1", tokens: ["j", "r"], token: "s" }]);
    const [, again] = run(
      retried,
      { kind: "renewal-committed", token: "s", rows: 1 },
      { kind: "head-read", token: "s", head: 10, epoch: "e" },
      { kind: "renewal-started", at: at(500), token: "t" },
    );
    expect(again.at(-1)).toEqual({ kind: "write-renewal", incarnation: "i1", tokens: ["s"], token: "t" });
  });

  test("a renewal that was overtaken by another counts for nothing when it is answered", () => {
    const [state] = run(
      joined(),
      { kind: "renewal-started", at: at(300), token: "r" },
      { kind: "renewal-started", at: at(400), token: "s" },
      { kind: "renewal-committed", token: "r", rows: 1 },
      { kind: "head-read", token: "r", head: 10, epoch: "e" },
    );
    expect(leaseValid(state, at(900))).toBe(false);
  });

  test("unknown outcomes are remembered within a bound", () => {
    let state = joined();
    for (let n = 0; n < 500; n += 1) {
      [state] = run(
        state,
        { kind: "renewal-started", at: at(n), token: `r${n}` },
        { kind: "renewal-failed", token: `r${n}` },
      );
    }
    expect(state.phase === "in" && state.tokens.length).toBeLessThan(50);
  });
});

test("what is applied never falls, whoever reports late", () => {
  const [state] = run(
    joined(),
    { kind: "applied", seq: 12 },
    { kind: "applied", seq: 11 },
    { kind: "log-broken", head: 9 },
  );
  expect(state).toMatchObject({ phase: "in", applied: 12 });
});

describe("another database", () => {
  test.each([
    { what: "another epoch at a renewal", head: 10, epoch: "f", because: "epoch-changed" },
    { what: "a head below what is applied at a renewal", head: 9, epoch: "e", because: "head-fell" },
  ])("$what drops everything and makes the node begin anew", ({ head, epoch, because }) => {
    const [state, effects] = run(
      joined(),
      { kind: "renewal-started", at: at(300), token: "r" },
      { kind: "renewal-committed", token: "r", rows: 1 },
      { kind: "head-read", token: "r", head, epoch },
    );
    expect(state.phase).toBe("out");
    expect(effects.slice(2)).toEqual([{ kind: "drop-everything", because, floor: null }, { kind: "rejoin" }]);
  });

  test.each([
    { head: 10, epoch: "f", phase: "out" },
    { head: 9, epoch: "e", phase: "out" },
    { head: 10, epoch: "e", phase: "in" },
  ])("a read of the log that saw head $head in epoch $epoch leaves the node $phase", ({ head, epoch, phase }) => {
    const [state] = run(joined(), { kind: "log-read", incarnation: "i1", appliedThen: 10, head, epoch });
    expect(state.phase).toBe(phase);
  });

  test("a head that is behind only because more was applied while it was read is no other database", () => {
    const [renewed] = run(
      joined(),
      { kind: "renewal-started", at: at(300), token: "r" },
      { kind: "renewal-committed", token: "r", rows: 1 },
      { kind: "applied", seq: 11 },
      { kind: "head-read", token: "r", head: 10, epoch: "e" },
    );
    expect(renewed.phase).toBe("in");
    const [read] = run(
      joined(),
      { kind: "applied", seq: 11 },
      { kind: "log-read", incarnation: "i1", appliedThen: 10, head: 10, epoch: "e" },
    );
    expect(read.phase).toBe("in");
  });

  test("a read begun by an earlier incarnation says nothing", () => {
    const [state] = run(joined(), { kind: "log-read", incarnation: "i0", appliedThen: 99, head: 1, epoch: "f" });
    expect(state.phase).toBe("in");
  });

  test("a broken log drops everything, and the head it was broken at counts as applied", () => {
    const [state, effects] = run(joined(), ...renewal("r", 300, 12), { kind: "log-broken", head: 12 });
    expect(effects.at(-1)).toEqual({ kind: "drop-everything", because: "log-broken", floor: 12 });
    expect(state).toMatchObject({ phase: "in", applied: 12 });
    expect(leaseValid(state, at(1_199))).toBe(true);
  });
});

describe("two clocks", () => {
  test("either clock ends the lease: a machine that slept, or a wall clock set back", () => {
    const state = joined();
    expect(leaseValid(state, { mono: 10, wall: at(900).wall })).toBe(false);
    expect(leaseValid(state, { mono: 900, wall: at(-5_000).wall })).toBe(false);
    expect(leaseValid(state, { mono: 10, wall: at(-5_000).wall })).toBe(true);
    expect(leaseMsLeft(state, { mono: 10, wall: at(800).wall })).toBe(100);
    expect(leaseMsLeft(state, { mono: 800, wall: at(10).wall })).toBe(100);
  });

  test("clocks that run apart by more than a tenth of the term since the lease began are told of", () => {
    const state = joined();
    expect(clocksDisagree(state, { mono: 500, wall: at(600).wall })).toBe(false);
    expect(clocksDisagree(state, { mono: 500, wall: at(601).wall })).toBe(true);
    expect(clocksDisagree(state, { mono: 500, wall: at(399).wall })).toBe(true);
  });
});

describe("for every sequence of events", () => {
  const token = fc.constantFrom("a", "b", "c");
  const seq = fc.nat(6);
  const moment = fc.nat(5_000).map(at);
  const epoch = fc.constantFrom("e", "f");
  const incarnation = fc.constantFrom("i1", "i2");
  const events: fc.Arbitrary<NodeLeaseEvent> = fc.oneof(
    fc.record({ kind: fc.constant("join-started" as const), at: moment, incarnation, token }),
    fc.record({ kind: fc.constant("renewal-started" as const), at: moment, token }),
    fc.record({ kind: fc.constant("renewal-committed" as const), token, rows: fc.constantFrom(0, 1, 1, 1) }),
    fc.record({ kind: fc.constant("renewal-failed" as const), token }),
    fc.record({ kind: fc.constant("head-read" as const), token, head: seq, epoch }),
    fc.record({ kind: fc.constant("log-read" as const), incarnation, appliedThen: seq, head: seq, epoch }),
    fc.record({ kind: fc.constant("applied" as const), seq }),
    fc.record({ kind: fc.constant("log-broken" as const), head: seq }),
    fc.record({ kind: fc.constant("stopped" as const) }),
  );

  test("what is applied never falls within an incarnation, and leaving it always drops everything", () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (list) => {
        let state = newNodeLease(TERM);
        for (const event of list) {
          const [next, effects] = stepNodeLease(state, event);
          if (state.phase === "in" && next.phase === "in") expect(next.applied).toBeGreaterThanOrEqual(state.applied);
          const entered = state.phase !== "in" && next.phase === "in";
          const left = state.phase === "in" && next.phase !== "in";
          if (entered || left) expect(kinds(effects)).toContain("drop-everything");
          if (state.phase === "stopped") expect(next).toBe(state);
          state = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  test("a lease is never longer than the term less the drift, from a renewal that this state began", () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), fc.nat(8_000), (list, now) => {
        let state = newNodeLease(TERM);
        let newest = Number.NEGATIVE_INFINITY;
        for (const event of list) {
          if (event.kind === "join-started" || event.kind === "renewal-started")
            newest = Math.max(newest, event.at.mono);
          [state] = stepNodeLease(state, event);
        }
        if (leaseValid(state, at(now))) expect(now).toBeLessThan(newest + TERM * 0.9);
      }),
      { numRuns: 500 },
    );
  });
});
