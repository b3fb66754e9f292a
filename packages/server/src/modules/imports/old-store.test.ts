/** The old store is asked within its budget, once for each key, and nobody waits longer than its time. */
import { ClavigerError, type Secret, type Timers } from "@claviger/core";
import { fakeClock } from "@claviger/testkit";
import { expect, test } from "vitest";
import type { HookMetrics } from "../../kernel/hook-metrics.ts";
import { OldStore, type OldStoreBounds, type OldStorePorts } from "./old-store.ts";
import { Remembered } from "./remembered.ts";

interface Stand {
  readonly store: OldStore;
  /** Keys about which was asked, in that order. */
  readonly asked: string[];
  readonly lines: string[];
  readonly told: string[];
  /** Answers the question about a key. */
  answer(key: string, answer: object | null | Error): Promise<void>;
  pass(ms: number): Promise<void>;
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function stand(bounds: Partial<OldStoreBounds> = {}, ports: Partial<OldStorePorts> = {}): Stand {
  const clock = fakeClock();
  const due = new Set<{ at: number; work: () => void }>();
  const timers: Timers = {
    after: (ms, work) => {
      const timer = { at: clock.mono() + ms, work };
      due.add(timer);
      return () => void due.delete(timer);
    },
  };
  const asked: string[] = [];
  const lines: string[] = [];
  const told: string[] = [];
  const open = new Map<string, { resolve(value: object | null): void; reject(error: Error): void }>();
  const metrics: HookMetrics = {
    answered: (outcome) => void told.push(outcome),
    skipped: (why) => void told.push(why),
    waited: () => undefined,
  };
  const write = (details: object, message: string) => void lines.push(`${JSON.stringify(details)} ${message}`);
  const store = new OldStore(
    {
      ...{ clock, timers, metrics, logger: { debug: write, info: write, warn: write, error: write } },
      ask: (secret: Secret) => {
        asked.push(secret.reveal());
        return new Promise((resolve, reject) => open.set(secret.reveal(), { resolve, reject }));
      },
      take: async () => true,
      ...ports,
    },
    { forms: ["old_"], perSecond: 1_000, atOnce: 2, timeoutMs: 1_000, rememberMs: 60_000, ...bounds },
  );
  return {
    ...{ store, asked, lines, told },
    answer: async (key, answer) => {
      if (answer instanceof Error) open.get(key)?.reject(answer);
      else open.get(key)?.resolve(answer);
      await settle();
    },
    pass: async (ms) => {
      clock.advance(ms);
      for (const timer of [...due].filter(({ at }) => at <= clock.mono()).sort((a, b) => a.at - b.at)) {
        due.delete(timer);
        timer.work();
        await settle();
      }
      await settle();
    },
  };
}

const ask = ({ store }: Stand, key: string, from = "") => store.ask(key, `hash of ${key}`, from);

test("a key that many present at once is asked about once, and all have the answer", async () => {
  const at = stand();
  const answers = Array.from({ length: 50 }, () => ask(at, "old_a"));
  await at.answer("old_a", { label: "a" });
  expect(new Set(await Promise.all(answers))).toEqual(new Set(["imported"]));
  expect(at.asked).toEqual(["old_a"]);
});

test("what it does not have is not asked about again until its time is over", async () => {
  const at = stand();
  const first = ask(at, "old_a");
  await at.answer("old_a", null);
  expect(await first).toBe("refused");
  expect(await ask(at, "old_a")).toBe("refused");
  expect(at.store.hasRefused("hash of old_a")).toBe(true);
  expect(at.asked).toHaveLength(1);
  await at.pass(60_000);
  expect(at.store.hasRefused("hash of old_a")).toBe(false);
  void ask(at, "old_a");
  expect(at.asked).toHaveLength(2);
});

test("no more than so many are under way, and no more begin in a second; what waits too long is not asked about", async () => {
  const at = stand({ perSecond: 3, atOnce: 2 });
  const answers = ["old_1", "old_2", "old_3", "old_4", "old_5"].map((key) => ask(at, key));
  expect(at.asked).toEqual(["old_1", "old_2"]);
  await at.answer("old_1", null);
  expect(at.asked).toEqual(["old_1", "old_2", "old_3"]);
  await at.answer("old_2", null);
  await at.answer("old_3", null);
  // The fourth has its turn a third of a second later.
  expect(at.asked).toHaveLength(3);
  await at.pass(334);
  expect(at.asked).toHaveLength(4);
  // Nobody has answered for it in time, and the fifth has waited as long.
  await at.pass(700);
  expect(await Promise.all(answers.slice(3))).toEqual(["unanswered", "unanswered"]);
});

test("whoever waits is let go in time, and the key is imported all the same when the answer comes late for them", async () => {
  const taken: string[] = [];
  const at = stand({ atOnce: 1 }, { take: async (secret) => taken.push(secret.reveal()) > 0 });
  void ask(at, "old_1");
  const second = ask(at, "old_2");
  await at.pass(600);
  await at.answer("old_1", {});
  await at.pass(400);
  expect(await second).toBe("unanswered");
  const third = ask(at, "old_2");
  await at.answer("old_2", {});
  expect(await third).toBe("imported");
  expect(taken).toEqual(["old_1", "old_2"]);
});

test("a store that gives no answers is left alone for a while, and asked again after it", async () => {
  const at = stand();
  for (let n = 1; n <= 5; n += 1) {
    const answer = ask(at, `old_${n}`);
    await at.answer(`old_${n}`, new Error(`no connection for old_${n}`));
    expect(await answer).toBe("unanswered");
  }
  expect(await ask(at, "old_6")).toBe("unanswered");
  expect(at.asked).toHaveLength(5);
  expect(at.told).toEqual(["failed", "failed", "failed", "failed", "failed", "paused"]);
  await at.pass(5_000);
  void ask(at, "old_6");
  expect(at.asked).toHaveLength(6);
  // What was thrown may hold the key.
  expect(at.lines.join("\n")).toContain("it threw Error");
  expect(at.lines.join("\n")).not.toMatch(/old_\d/);
});

test("a source from which came too much that it did not have is not asked for; another is, and whoever names none", async () => {
  const at = stand({ atOnce: 100 });
  for (let n = 0; n < 60; n += 1) {
    const answer = ask(at, `old_${n}`, "192.0.2.1");
    await at.answer(`old_${n}`, null);
    expect(await answer).toBe("refused");
  }
  expect(await ask(at, "old_x", "192.0.2.1")).toBe("unanswered");
  void ask(at, "old_y", "192.0.2.2");
  void ask(at, "old_z");
  expect(at.asked.slice(60)).toEqual(["old_y", "old_z"]);
  await at.pass(60_000);
  void ask(at, "old_x", "192.0.2.1");
  expect(at.asked.at(-1)).toBe("old_x");
});

test("a key that cannot be imported as it is described is unanswered, and not asked about at each presentation", async () => {
  const at = stand({}, { take: async () => false });
  const first = ask(at, "old_a");
  await at.answer("old_a", { label: "" });
  expect(await first).toBe("unanswered");
  expect(await ask(at, "old_a")).toBe("unanswered");
  expect(at.asked).toHaveLength(1);
  expect(at.told).toEqual(["invalid"]);
});

test("a database that is away leaves a key unanswered", async () => {
  const at = stand({}, { take: () => Promise.reject(new ClavigerError("UNAVAILABLE")) });
  const first = ask(at, "old_a");
  await at.answer("old_a", {});
  expect(await first).toBe("unanswered");
});

test("stopped, it lets everybody go and asks nothing more", async () => {
  const at = stand({ atOnce: 1 });
  const waiting = [ask(at, "old_1"), ask(at, "old_2")];
  at.store.stop();
  expect(await waiting[1]).toBe("unanswered");
  expect(await ask(at, "old_3")).toBe("unanswered");
  await at.pass(1_000);
  expect(await waiting[0]).toBe("unanswered");
  expect(at.asked).toEqual(["old_1"]);
});

test("memory of what it does not have is bounded", () => {
  const remembered = new Remembered(100);
  for (let n = 0; n < 1_000; n += 1) remembered.note(`hash ${n}`, 10);
  expect(remembered.size).toBe(100);
  expect(remembered.has("hash 999", 9)).toBe(true);
  expect(remembered.has("hash 999", 10)).toBe(false);
  expect(remembered.has("hash 899", 9)).toBe(false);
});
