import { describe, expect, test } from "vitest";
import { FairTurns } from "./fair-turns.ts";

describe("turns of many askers", () => {
  test("are so many at a time, one of each asker, and whoever asks for much keeps nobody waiting", async () => {
    const turns = new FairTurns({ atATime: 2, patienceMs: 1_000, now: () => 0 });
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const ask = (asker: string, name: string): Promise<string> =>
      turns.run(asker, async () => {
        begun.push(name);
        await new Promise<void>((resolve) => ends.push(resolve));
        return name;
      });
    const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const all = [ask("a", "a1"), ask("a", "a2"), ask("a", "a3"), ask("b", "b1"), ask("c", "c1")];
    expect(begun).toEqual(["a1", "b1"]);
    for (const expected of ["a2", "c1", "a3"]) {
      ends.shift()?.();
      await settled();
      expect(begun.at(-1)).toBe(expected);
    }
    for (const end of ends) end();
    expect(await Promise.all(all)).toEqual(["a1", "a2", "a3", "b1", "c1"]);
  });

  test("are not taken for somebody who has waited in vain", async () => {
    let now = 0;
    const turns = new FairTurns({ atATime: 1, patienceMs: 1_000, now: () => now });
    let end = (): void => undefined;
    const first = turns.run("a", () => new Promise<void>((resolve) => (end = resolve)));
    let done = 0;
    const work = async (): Promise<void> => {
      done += 1;
    };
    const late = turns.run("b", work);
    now = 900;
    const inTime = turns.run("b", work);
    now = 1_100;
    end();
    await first;
    await expect(late).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await inTime;
    expect(done).toBe(1);
  });

  test("go on after one that fails, which is its asker's alone", async () => {
    const turns = new FairTurns({ atATime: 1, patienceMs: 1_000, now: () => 0 });
    const failed = turns.run("a", () => Promise.reject(new TypeError("no")));
    await expect(failed).rejects.toThrow("no");
    expect(await turns.run("b", async () => 7)).toBe(7);
  });
});
