import {
  type Moment,
  type NodeRow,
  newNodeLease,
  newObserver,
  newVerifier,
  type RecentInvalidations,
} from "@claviger/core";
import type { Mistake, Rules } from "../simulator/rules.ts";
import {
  type Bounds,
  type Model,
  type ModelLine,
  type ModelNode,
  type ModelVerifier,
  type Ring,
  TERM_MS,
} from "./model.ts";

/** What is checked, and by which rules. */
export interface Checked {
  readonly bounds: Bounds;
  readonly rules: Rules;
}

export function makes({ rules }: Checked, mistake: Mistake): boolean {
  return rules.mistakes[mistake] === true;
}

/** A copy whose parts may be exchanged. */
export function copyOf(model: Model): Model {
  return {
    ...model,
    nodes: model.nodes.slice(),
    verifiers: model.verifiers.slice(),
    lines: model.lines.slice(),
  };
}

export function nodeAt(next: Model, place: number): ModelNode {
  const node = { ...next.nodes[place] } as ModelNode;
  next.nodes[place] = node;
  return node;
}

export function verifierAt(next: Model, place: number): ModelVerifier {
  const verifier = { ...next.verifiers[place] } as ModelVerifier;
  next.verifiers[place] = verifier;
  return verifier;
}

export function lineAt(next: Model, id: number): ModelLine | undefined {
  const index = next.lines.findIndex((line) => line.id === id);
  if (index === -1) return undefined;
  const line = { ...next.lines[index] } as ModelLine;
  next.lines[index] = line;
  return line;
}

export function newName(next: Model, what: string): string {
  next.names += 1;
  return `${what}${next.names}`;
}

/** Milliseconds that one tick is by a clock of this rate. */
export function tickMs({ bounds }: Checked, rate: number): number {
  return Math.round((TERM_MS / bounds.ticksInTerm) * rate);
}

/** Both clocks of a machine. They never disagree: what happens where they do is simulated, not checked. */
function moment(checked: Checked, rate: number, tick: number): Moment {
  const ms = tick * tickMs(checked, rate);
  return { mono: ms, wall: ms };
}

export function nodeNow(checked: Checked, { tick }: Model, place: number): Moment {
  return moment(checked, checked.bounds.nodes[place] ?? 1, tick);
}

/** A power of two, so that sums and differences are exact. */
const INSTANT_MS = 2 ** -20;

/** The monotonic clock of a node, which also tells what was before and after a commit in the same tick. */
export function nodeInstant(checked: Checked, model: Model, place: number): number {
  return nodeNow(checked, model, place).mono + model.commits * INSTANT_MS;
}

export function verifierNow(checked: Checked, { tick }: Model, place: number): Moment {
  return moment(checked, checked.bounds.verifiers[place] ?? 1, tick);
}

const UNTOLD: Ring = { floor: null, noted: [] };

/** The real ring, with all that it was told. */
export function ringOf({ rules, bounds }: Checked, { floor, noted }: Ring): RecentInvalidations {
  const ring = rules.createRing(bounds.ringKept);
  ring.reset(floor);
  for (const { seq, subjects } of noted) ring.note(seq, subjects);
  return ring;
}

export function emptied(floor: number | null): Ring {
  return { floor, noted: [] };
}

export function withNoted(ring: Ring, seq: number, subjects: readonly string[]): Ring {
  const { floor, noted } = ring;
  // What is noted twice changes nothing.
  const last = noted.at(-1);
  if (last?.seq === seq && last.subjects.length === subjects.length) return ring;
  return { floor, noted: [...noted, { seq, subjects }] };
}

export function freshNode(next: Model, place: number): ModelNode {
  return {
    ...{
      place,
      process: newName(next, "process"),
      leaving: false,
      leavingRow: null,
      lease: newNodeLease(TERM_MS),
      held: false,
    },
    ...{ ring: UNTOLD, observer: newObserver, listing: null, renewAt: 0, renewing: null },
    ...{ following: null, reading: null, sessions: [], waiter: null, seenDead: [], late: [] },
  };
}

export function freshVerifier(checked: Checked, next: Model, place: number): ModelVerifier {
  const options = {
    ...{ session: newName(next, "session"), termMs: TERM_MS, staleIfUnreachableMs: 0, understands: [] },
    ...{ name: `verifier ${place}`, software: "" },
  };
  const remembered = verifierNow(checked, next, place);
  const [state] = checked.rules.stepVerifier(newVerifier(options), { kind: "started", at: remembered });
  return { place, state, held: false, ring: UNTOLD, wants: state.connection, asked: null, remembered, late: [] };
}

export function firstModel(checked: Checked): Model {
  const { bounds } = checked;
  const model: Model = {
    ...{
      tick: 0,
      commits: 0,
      names: 0,
      database: { head: 0, log: [], active: true, rows: [] },
      nodes: [],
      verifiers: [],
    },
    ...{ lines: [], strays: [], left: bounds.faults, wrong: null },
    act: { index: 0, step: "idle", node: 0, seq: 0, foundDone: false, confirmed: false, told: null },
  };
  model.nodes = bounds.nodes.map((_, place) => freshNode(model, place));
  model.verifiers = bounds.verifiers.map((_, place) => freshVerifier(checked, model, place));
  return model;
}

export function withRow(next: Model, incarnation: string, change: (row: NodeRow) => NodeRow | null): void {
  const { database } = next;
  const rows = database.rows.flatMap((row) => {
    if (row.incarnation !== incarnation) return [row];
    const changed = change(row);
    return changed === null ? [] : [changed];
  });
  next.database = { ...database, rows };
}

/** Whether a renewal of this row may still come. Nothing else tells a fenced row from another. */
export function mayBeRenewed({ nodes, strays }: Model, row: string): boolean {
  if (strays.some((stray) => stray.kind === "renewal" && stray.write.incarnation === row)) return true;
  return nodes.some(({ lease }) => "incarnation" in lease && lease.incarnation === row);
}

export function nodeName(place: number): string {
  return `node ${place + 1}`;
}

export function verifierName(place: number): string {
  return `verifier ${place + 1}`;
}
