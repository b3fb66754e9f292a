import { AsyncLocalStorage } from "node:async_hooks";
import type { Timers } from "@claviger/core";
import { expect, test } from "vitest";
import { ExportQueue, type Rejection, type TelemetryEvent } from "./export-queue.ts";

const TAKEN: Rejection = { count: 0, why: "" };
const PATIENCE_MS = 60_000;

interface Sending {
  readonly batch: readonly number[];
  readonly taken: (rejection?: Rejection) => Promise<void>;
  readonly failed: () => Promise<void>;
}

/** What is promised happens in turns to come. */
const turn = (): Promise<void> => new Promise(setImmediate);

function stage() {
  const sending: Sending[] = [];
  const told: TelemetryEvent[] = [];
  const due = new Map<number, Set<() => void>>();
  const timers: Timers = {
    after: (ms, work) => {
      const all = due.get(ms) ?? new Set();
      due.set(ms, all.add(work));
      return () => all.delete(work);
    },
  };
  let next = 0;
  const queue = new ExportQueue<number>({
    ...{ signal: "traces", timers, patienceMs: PATIENCE_MS },
    report: (signal, event) => {
      expect(signal).toBe("traces");
      told.push(event);
    },
    send: (batch) =>
      new Promise((resolve, reject) => {
        const taken = async (rejection = TAKEN): Promise<void> => {
          resolve(rejection);
          await turn();
        };
        const failed = async (): Promise<void> => {
          reject(new TypeError("refused"));
          await turn();
        };
        sending.push({ batch, taken, failed });
      }),
  });
  return {
    ...{ queue, sending, told },
    add: (count: number): void => {
      for (let n = 0; n < count; n += 1) {
        queue.add(next);
        next += 1;
      }
    },
    pass: async (ms: number): Promise<void> => {
      for (const work of [...(due.get(ms) ?? [])]) {
        due.get(ms)?.delete(work);
        work();
      }
      await turn();
    },
  };
}

const sum = ({ sent, failed, leftOut }: { sent: number; failed: number; leftOut: number }) => sent + failed + leftOut;

test("a batch goes when it is full, or a second after its first; one at a time, and each item once", async () => {
  const { queue, sending, add, pass } = stage();
  add(1);
  await turn();
  expect(sending).toEqual([]);
  await pass(1_000);
  expect(sending[0]?.batch).toEqual([0]);
  add(1_200);
  await pass(1_000);
  expect(sending).toHaveLength(1);
  await sending[0]?.taken();
  await sending[1]?.taken();
  expect(sending.map(({ batch }) => batch.length)).toEqual([1, 512, 512]);
  await sending[2]?.taken();
  expect(sending).toHaveLength(3);
  await pass(1_000);
  await sending[3]?.taken();
  expect(sending.flatMap(({ batch }) => batch)).toEqual(Array.from({ length: 1_201 }, (_, n) => n));
  expect(queue.reading()).toEqual({ given: 1_201, sent: 1_201, failed: 0, leftOut: 0 });
});

test("a stop sends all that waits at once, whatever is under way, and loses none", async () => {
  const { queue, sending, add, told } = stage();
  add(512 + 2_048);
  await turn();
  expect(sending).toHaveLength(1);
  const stopped = queue.stop();
  await turn();
  expect(sending.map(({ batch }) => batch.length)).toEqual([512, 512, 512, 512, 512]);
  for (const each of sending) await each.taken();
  await stopped;
  expect(queue.reading()).toEqual({ given: 2_560, sent: 2_560, failed: 0, leftOut: 0 });
  expect(told).toEqual([]);
  queue.add(0);
  expect(queue.reading().given, "what comes later is not taken").toBe(2_560);
});

test("a stop waits two seconds at most; what has not arrived is counted and told, once, whatever comes of it later", async () => {
  const { queue, sending, add, told, pass } = stage();
  add(700);
  const stopped = queue.stop();
  await turn();
  await sending[0]?.taken();
  await pass(2_000);
  await stopped;
  const reading = { given: 700, sent: 512, failed: 188, leftOut: 0 };
  expect(queue.reading()).toEqual(reading);
  expect(told).toEqual([{ kind: "stopped", lost: 188 }]);
  await sending[1]?.taken();
  expect(queue.reading()).toEqual(reading);
});

test("a stop tells what was lost in the trouble before it too", async () => {
  const { queue, sending, add, told } = stage();
  add(512 + 100);
  await turn();
  await sending[0]?.failed();
  const stopped = queue.stop();
  await turn();
  await sending[1]?.failed();
  await stopped;
  expect(told).toMatchObject([{ kind: "failing" }, { kind: "stopped", lost: 612 }]);
});

test("trouble is told once, however long it lasts, and its end with what was lost", async () => {
  const { queue, sending, add, told, pass } = stage();
  for (let round = 0; round < 5; round += 1) {
    add(512);
    await turn();
    await sending[round]?.failed();
  }
  expect(told).toEqual([{ kind: "failing", error: new TypeError("refused") }]);
  add(10);
  await pass(1_000);
  await sending[5]?.taken();
  expect(told.slice(1)).toEqual([{ kind: "again", lost: 5 * 512 }]);
  add(10);
  await pass(1_000);
  await sending[6]?.failed();
  expect(told.slice(2)).toMatchObject([{ kind: "failing" }]);
  expect(queue.reading()).toEqual({ given: 2_580, sent: 10, failed: 2_570, leftOut: 0 });
});

test("what does not fit is left out, counted, and told once", async () => {
  const { queue, sending, add, told } = stage();
  add(512 + 2_048 + 300);
  await turn();
  expect(queue.reading()).toEqual({ given: 2_860, sent: 0, failed: 0, leftOut: 300 });
  expect(told).toEqual([{ kind: "full" }]);
  await sending[0]?.taken();
  expect(told, "three quarters are in it").toHaveLength(1);
  for (let n = 1; n < 5; n += 1) await sending[n]?.taken();
  expect(told.slice(1)).toEqual([{ kind: "again", lost: 300 }]);
  expect(sum(queue.reading())).toBe(2_860);
});

test("what a receiver rejected of an export counts as failed, not as sent, and is told once", async () => {
  const { queue, sending, add, told, pass } = stage();
  for (const rejected of [3, 4, 1_000]) {
    add(10);
    await pass(1_000);
    await sending.at(-1)?.taken({ count: rejected, why: "too old" });
  }
  expect(queue.reading()).toEqual({ given: 30, sent: 13, failed: 17, leftOut: 0 });
  expect(told).toEqual([{ kind: "rejected", lost: 3, error: new TypeError("too old") }]);
});

test("an export that never ends is given up, and the next one goes", async () => {
  const { queue, sending, add, told, pass } = stage();
  add(512 + 1);
  await turn();
  await pass(PATIENCE_MS);
  expect(queue.reading()).toMatchObject({ given: 513, failed: 512 });
  expect(told).toMatchObject([{ kind: "failing" }]);
  await pass(1_000);
  expect(sending[1]?.batch).toEqual([512]);
  await sending[0]?.taken();
  await sending[1]?.taken();
  expect(queue.reading()).toEqual({ given: 513, sent: 1, failed: 512, leftOut: 0 });
});

test("what is sent, and what is told of it, belongs to no request", async () => {
  const under = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const queue = new ExportQueue<number>({
    ...{ signal: "logs", timers: { after: () => () => undefined }, patienceMs: PATIENCE_MS },
    report: () => seen.push(under.getStore()),
    send: async () => {
      seen.push(under.getStore());
      throw new TypeError("refused");
    },
  });
  under.run("a request", () => {
    for (let n = 0; n < 512; n += 1) queue.add(n);
  });
  await turn();
  expect(seen).toEqual([undefined, undefined]);
});
