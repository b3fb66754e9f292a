import {
  type BarrierView,
  type Hello,
  type NodeRow,
  newBarrierWaiter,
  newObserver,
  type SessionEvent,
  type SessionState,
} from "@claviger/core";
import { RULES, type Rules } from "./rules.ts";

/**
 * A mistake that no run shows, because something else stands behind it: acts wait a whole term in a new epoch, and by then
 * nobody holds a lease of the old one. It is shown on the one step that it changes.
 */
export interface DirectedMutant {
  readonly name: string;
  readonly rules: Rules;
  /** Whether these rules make the mistake. */
  readonly isMadeBy: (rules: Rules) => boolean;
}

export const DIRECTED_MUTANTS: readonly DirectedMutant[] = [
  {
    name: "ack from another epoch",
    rules: { ...RULES, decideBarrier: (waiter, view) => RULES.decideBarrier(waiter, withEpoch(view, waiter.epoch)) },
    isMadeBy: takesRowOfAnotherEpoch,
  },
  {
    name: "ack from another epoch, of a verifier",
    rules: {
      ...RULES,
      stepSession: (state, event) =>
        RULES.stepSession(
          state,
          event.kind === "ack" ? { ...event, message: { ...event.message, epoch: state.epoch } } : event,
        ),
    },
    isMadeBy: takesAckOfAnotherEpoch,
  },
];

function withEpoch(view: BarrierView, ackedEpoch: string): BarrierView {
  const rows = [...view.observer].map(
    ([name, watched]) => [name, { ...watched, row: { ...watched.row, ackedEpoch } }] as const,
  );
  return { ...view, observer: new Map(rows) };
}

/** A row that acknowledged a higher number, of the database that was there before. */
function takesRowOfAnotherEpoch({ decideBarrier, observe }: Rules): boolean {
  const row: NodeRow = {
    ...{ incarnation: "other", name: "other", token: "t", ackedSeq: 99, ackedEpoch: "before" },
    ...{ termMs: 1_000, maxStaleMs: 0, fenced: false },
  };
  const reading = { readStarted: 11, readFinished: 12 };
  const [, decision] = decideBarrier(newBarrierWaiter(7, "now", 10), {
    own: { incarnation: "own", epoch: "now", ackedSeq: 7 },
    listing: { ...reading, head: 7 },
    observer: observe(newObserver, [row], reading),
    epochSettlesAt: null,
    now: 13,
  });
  return decision.kind === "done";
}

/** An acknowledgement that was on its way when the node began anew with another database. */
function takesAckOfAnotherEpoch({ openSession, stepSession, ackableSeq }: Rules): boolean {
  const message: Hello = {
    ...{ kind: "hello", versions: [1], session: "s", epoch: null, appliedSeq: 0, understands: [] },
    ...{ termMs: 1_000, staleIfUnreachableMs: 0, name: "", software: "" },
  };
  const node = { now: 0, serverTime: 0, epoch: "before", applied: 50, leaseMsLeft: 900, maxStaleMs: 0 };
  const [opened] = openSession({ kind: "hello", connection: 1, credential: "c", message, missed: null, node });
  if (opened === null) throw new TypeError("the session was not opened");
  const events: SessionEvent[] = [
    {
      ...{ kind: "renew", connection: 1, node, credentialLapses: 0 },
      message: { kind: "renew", nonce: 1, epoch: "before", appliedSeq: 50 },
    },
    { kind: "resync", epoch: "now", seq: 40, now: 1 },
    { kind: "ack", connection: 1, message: { kind: "ack", epoch: "before", seq: 50 }, now: 2 },
  ];
  const state = events.reduce((before: SessionState, event) => stepSession(before, event)[0], opened);
  return ackableSeq([state], "now", 40, 3) > 0;
}
