import type {
  BarrierDecision,
  BarrierView,
  BarrierWaiter,
  NodeRow,
  RecentInvalidations,
  SessionState,
  VerifierEvent,
  VerifierState,
  Watched,
} from "@claviger/core";
import { type Mistake, RULES, type Rules } from "./rules.ts";
import type { Scene } from "./scene.ts";

/** One mistake that the protocol must not make, as rules to simulate by, and the scene in which it shows soonest. */
export interface Mutant {
  readonly name: string;
  readonly rules: Rules;
  readonly scene: Scene;
}

function withRules(name: string, changes: Partial<Rules>, scene: Scene = ANYTHING): Mutant {
  return { name, rules: { ...RULES, ...changes }, scene };
}

function withMistake(name: string, mistake: Mistake, scene: Scene = ANYTHING): Mutant {
  return withRules(name, { mistakes: { [mistake]: true } }, scene);
}

/** The barrier sees rows as `change` makes them. */
function withRows(name: string, change: (row: NodeRow, waiter: BarrierWaiter, view: BarrierView) => NodeRow): Mutant {
  return withRules(name, {
    decideBarrier: (waiter, view) => {
      const observer = new Map<string, Watched>();
      for (const [incarnation, watched] of view.observer) {
        const row = change(watched.row, waiter, view);
        observer.set(incarnation, { ...watched, row, termMs: Math.min(watched.termMs, row.termMs) });
      }
      return RULES.decideBarrier(waiter, { ...view, observer });
    },
  });
}

/** All is drawn. */
const ANYTHING: Scene = {};
const SLOW_LINKS: Scene = { longestDelay: 200, terms: [400], faults: ["link is slow", "node is cut off"], pace: 200 };
const SLOW_JOINS: Scene = {
  ...{ nodes: 3, verifiers: 3, longestDelay: 10, woken: 0, terms: [400], pace: 250 },
  faults: ["link is slow", "link is slow", "link is slow", "node is killed", "verifier stands still"],
};
const STANDBY_BEHIND: Scene = {
  ...{ standby: true, longestLag: 300, pace: 100 },
  faults: ["wait for standby is cancelled", "wait for standby is cancelled", "verifier is killed"],
};
const LATE_REAPING: Scene = {
  ...{ nodes: 2, longestDelay: 20, woken: 0, terms: [400], pace: 250 },
  faults: ["node stands still", "link is slow"],
};
const NOT_WOKEN: Scene = { longestDelay: 200, woken: 0, terms: [400] };
const FARTHEST_CLOCKS: Scene = { nodes: 3, longestDelay: 200, terms: [400], rates: [0.9, 1.1] };
const SHORT_LOG: Scene = { logKept: 1 };
const SMALL_RINGS: Scene = {
  ringKept: 1,
  nodes: 1,
  longestDelay: 200,
  pace: 100,
  faults: ["connection breaks", "link is slow"],
};

/** Mistakes in the protocol itself. */
export const PROTOCOL_MUTANTS: readonly Mutant[] = [
  withRules("return at commit", {
    decideBarrier: (waiter): readonly [BarrierWaiter, BarrierDecision] => [
      waiter,
      { kind: "done", everywhere: true, nodes: 0, verifiers: 0, lapsed: [] },
    ],
  }),
  withMistake("ack before apply, by a node", "acks-before-apply"),
  withMistake("ack before apply, by a verifier", "verifier-acks-before-apply"),
  withMistake("lease counted from receipt, by a node", "counted-from-receipt", SLOW_LINKS),
  withRules("lease counted from receipt, by a verifier", {
    stepVerifier: (state, event) => RULES.stepVerifier(renewedOnReceipt(state, event), event),
  }),
  withRules("verifier's term not bounded by the node's", {
    leaseMsLeft: (state, now) => (RULES.leaseMsLeft(state, now) > 0 ? 1e9 : 0),
  }),
  withMistake("session dropped on disconnect", "session-dropped-on-disconnect"),
  withMistake("node row reused after restart", "row-reused"),
  withMistake("head read before the token is committed", "head-before-token", SLOW_JOINS),
  withRules(
    "term used before catch-up, by a node",
    {
      stepNodeLease: (state, event) =>
        RULES.stepNodeLease(
          state,
          event.kind === "head-read" && state.phase === "in" && event.epoch === state.epoch
            ? { ...event, head: Math.max(Math.min(event.head, state.applied), state.renewal?.appliedThen ?? 0) }
            : event,
        ),
    },
    NOT_WOKEN,
  ),
  withRules("term used before catch-up, by a verifier", {
    stepVerifier: (state, event) =>
      RULES.stepVerifier(
        state,
        event.kind === "received" && event.message.kind === "grant"
          ? { ...event, message: { ...event.message, seq: 0 } }
          : event,
      ),
  }),
  withRules(
    "observer one tick short",
    {
      observe: (state, rows, { readStarted, readFinished }) =>
        RULES.observe(state, rows, { readStarted: readFinished, readFinished: readStarted }),
    },
    FARTHEST_CLOCKS,
  ),
  withMistake("frozen clock", "remembered-clock"),
  withRules("fill without a version", {
    fillVerdict: (state, fill, _recent, now) =>
      RULES.fillVerdict(state, fill, { touchedSince: () => "untouched" }, now),
  }),
  withMistake("snapshot regression on reconnect", "snapshot-regression"),
];

/** Mistakes at its edges. */
export const EDGE_MUTANTS: readonly Mutant[] = [
  withRules("joining a look-up in flight", {
    mayJoinLookup: () => true,
    fillVerdict: (state, fill, recent, now) => RULES.fillVerdict(state, { ...fill, own: true }, recent, now),
  }),
  withMistake("as_of stamped at receipt", "as-of-receipt"),
  withMistake("row from a replica", "row-from-replica", STANDBY_BEHIND),
  withMistake("blind reaping of dead rows", "blind-reaping", LATE_REAPING),
  withMistake("list of nodes read before commit", "listed-before-commit"),
  withMistake("observation only before commit", "observed-before-commit"),
  withRules("answering without the node's lease", { leaseValid: (state) => state.phase === "in" }),
  withRules("log gap ignored", { hasGap: () => false }, SHORT_LOG),
  withMistake("delta from a node that started later", "missed-below-floor"),
  withRules("ring overflow", { createRing: ringThatForgets }, SMALL_RINGS),
  withRules("INVALIDATE withheld from unleased sessions", { stepSession: withholding }),
  withMistake("stored effective", "stored-effective"),
  withRows("mixed terms in a rolling restart", (row, _waiter, view) => {
    const own = view.observer.get(view.own?.incarnation ?? "")?.row.termMs;
    return { ...row, termMs: Math.min(row.termMs, own ?? row.termMs) };
  }),
  withMistake("budget kept after a plan change", "budget-kept"),
  withRules("renewal of zero rows taken as success", {
    stepNodeLease: (state, event) =>
      RULES.stepNodeLease(state, event.kind === "renewal-committed" ? { ...event, rows: 1 } : event),
  }),
];

function renewedOnReceipt(state: VerifierState, event: VerifierEvent): VerifierState {
  if (event.kind !== "received" || event.message.kind !== "grant") return state;
  return { ...state, renewals: state.renewals.map((renewal) => ({ ...renewal, t0: event.at })) };
}

/** Forgets what it has no room for, and says that nothing was touched. */
function ringThatForgets(capacity: number): RecentInvalidations {
  const ring = RULES.createRing(capacity);
  let floor = Number.POSITIVE_INFINITY;
  return {
    ...ring,
    reset: (to) => {
      floor = to ?? Number.POSITIVE_INFINITY;
      ring.reset(to);
    },
    touchedSince: (asOfSeq, subjects) => {
      const told = ring.touchedSince(asOfSeq, subjects);
      return told === "unknown" && asOfSeq >= floor ? "untouched" : told;
    },
    get floor() {
      return floor;
    },
    get size() {
      return ring.size;
    },
  };
}

function withholding(...[state, event]: Parameters<Rules["stepSession"]>): ReturnType<Rules["stepSession"]> {
  const [next, effects] = RULES.stepSession(state, event);
  const now = event.kind === "hello" || event.kind === "renew" ? event.node.now : event.now;
  if (isLeased(next, now)) return [next, effects];
  return [
    next,
    effects.map((effect) =>
      effect.kind === "send" && effect.message.kind === "invalidate"
        ? { ...effect, message: { ...effect.message, subjects: [] } }
        : effect,
    ),
  ];
}

function isLeased({ grants }: SessionState, now: number): boolean {
  return grants.some(({ deadline }) => deadline > now);
}
