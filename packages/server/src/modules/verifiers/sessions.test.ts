import type { Hello, NodeMessage } from "@claviger/core";
import { waitFor } from "@claviger/testkit";
import { expect, test } from "vitest";
import type { CoherenceState } from "../coherence/index.ts";
import { type SessionLine, Sessions } from "./sessions.ts";

const EPOCH = "epoch";
const MANY = 100;

/** Sessions of a node whose every look at the clock takes a millisecond, so that it tells few of them in one turn. */
function stage() {
  const node = { mono: 1_000, applied: 7 };
  const [met, left, gone]: [string[], string[], string[]] = [[], [], []];
  const state = (): CoherenceState =>
    ({ epoch: EPOCH, appliedSeq: node.applied, leaseMsLeft: 10_000 }) as CoherenceState;
  const sessions = new Sessions({
    clock: { mono: () => node.mono++, wall: () => 1_000_000 + node.mono },
    coherence: { state, isLending: () => true, acknowledgeSoon: () => undefined, subjectsAfter: () => [] },
    ...{ termMs: 60_000, maxStaleMs: 0, lapsed: () => undefined },
    senders: {
      met: (session) => void met.push(session),
      left: (session) => void left.push(session),
      gone: (session) => void gone.push(session),
    },
  });
  const told = new Map<number, NodeMessage[]>();
  const join = (number: number): SessionLine => {
    const heard: NodeMessage[] = [];
    told.set(number, heard);
    const line: SessionLine = {
      number,
      send: (message) => void heard.push(message),
      welcome: () => undefined,
      end: () => undefined,
    };
    const hello: Hello = {
      ...{ kind: "hello", versions: [1], session: `session-${String(number).padStart(16, "0")}`, epoch: null },
      ...{ appliedSeq: 0, understands: [], termMs: 60_000, staleIfUnreachableMs: 0, name: "v", software: "test" },
    };
    sessions.hello(line, "key", hello);
    sessions.renew(line, { kind: "renew", nonce: 1, epoch: EPOCH, appliedSeq: node.applied }, true);
    return line;
  };
  const lines = Array.from({ length: MANY }, (_, index) => join(index + 1));
  const apply = (seq: number, subject: string): void => {
    sessions.noteInvalidated([subject], seq);
    node.applied = seq;
    sessions.onApplied(seq, EPOCH);
  };
  const framesOf = ({ number }: SessionLine) =>
    (told.get(number) ?? []).flatMap((message) => (message.kind === "invalidate" ? [message] : []));
  const ack = (line: SessionLine, seq: number): void => sessions.ack(line, { kind: "ack", epoch: EPOCH, seq });
  const acked = (): number => sessions.confirmed(node.applied, EPOCH).ackedSeq;
  const pass = (ms: number): void => {
    node.mono += ms;
    sessions.tick();
  };
  return { sessions, lines, join, apply, framesOf, ack, acked, told, met, left, gone, pass };
}

test("very many are told over several turns of the loop, and nothing is acknowledged before all of them have", async () => {
  const { lines, apply, framesOf, ack, acked } = stage();
  expect(acked()).toBe(7);
  apply(8, "key:a");
  const first = lines.filter((line) => framesOf(line).length > 0);
  expect(first.length).toBeGreaterThan(0);
  expect(first.length).toBeLessThan(MANY);
  for (const line of first) ack(line, 8);
  expect(acked()).toBe(7);
  await waitFor(() => lines.every((line) => framesOf(line).length === 1));
  for (const line of lines.slice(0, -1)) ack(line, 8);
  expect(acked()).toBe(7);
  for (const line of lines.slice(-1)) ack(line, 8);
  expect(acked()).toBe(8);
});

test("each is told of everything once, in order, however much is applied meanwhile", async () => {
  const { lines, apply, framesOf, ack, acked } = stage();
  for (const [index, subject] of ["key:a", "key:b", "key:c"].entries()) apply(8 + index, subject);
  await waitFor(() => {
    for (const line of lines) for (const { seq } of framesOf(line).slice(-1)) ack(line, seq);
    return acked() === 10;
  });
  for (const line of lines) {
    const frames = framesOf(line);
    expect(frames.flatMap(({ subjects }) => subjects)).toEqual(["key:a", "key:b", "key:c"]);
    expect(frames.map(({ after }) => after)).toEqual([7, ...frames.slice(0, -1).map(({ seq }) => seq)]);
    expect(frames.at(-1)?.seq).toBe(10);
  }
});

test("whoever joins meanwhile is not told of what was applied before, and a loss of everything is told at once", async () => {
  const { sessions, lines, apply, join, framesOf, told } = stage();
  apply(8, "key:a");
  const late = join(MANY + 1);
  expect(framesOf(late)).toEqual([]);
  sessions.noteDropped();
  sessions.onApplied(9, EPOCH);
  for (const line of [...lines, late]) {
    expect(told.get(line.number)?.at(-1)).toMatchObject({ kind: "resync", seq: 9 });
  }
  await waitFor(() => lines.every((line) => framesOf(line).length === 1));
  expect(framesOf(late)).toEqual([]);
});

test("a verifier that stays away is told of once its lease is over; one that said goodbye, or came back, is not", () => {
  const { sessions, lines, join, met, left, gone, pass } = stage();
  const [polite, back, away] = lines as [SessionLine, SessionLine, SessionLine];
  const nameOf = ({ number }: SessionLine): string => `session-${String(number).padStart(16, "0")}`;
  sessions.release(polite);
  for (const line of [polite, back, away]) sessions.closed(line);
  join(back.number);
  expect(met.filter((session) => session === nameOf(back))).toHaveLength(2);
  expect(left).toEqual([nameOf(polite)]);
  expect(gone).toEqual([]);
  pass(120_000);
  expect(gone).toEqual([nameOf(away)]);
});
