import { seededRandom } from "@claviger/testkit";
import { expect, test } from "vitest";
import type { CountedGroup } from "./count-fold.ts";
import type { CellSums } from "./counted-cell.ts";
import { packGroup, unpackGroup } from "./packed-group.ts";

const TEXTS = ["", "*", "/contacts/{id}", "key_01K0000000000000000000000A", "ü\u{1f511}", 'a"\\b', "GET"];

test("what is logged is read again as it was, whatever a group counts", async (context) => {
  const random = seededRandom(context);
  const now = 1_790_000_000_000;
  const text = (): string => random.pick(TEXTS);
  const maybe = (): string | null => random.pick([...TEXTS, null]);
  const number = (): number => random.pick([0, 1, 7, 2 ** 31, Number.MAX_SAFE_INTEGER, 1e12]);
  const at = (): number => now - random.int(7 * 86_400_000);
  const cell = (): CellSums => ({
    ...{ key: text(), version: random.pick([1, 2, 2_147_483_647]), account: text(), environment: text(), code: text() },
    ...{ method: text(), route: text(), mapped: random.int(2) === 0, asked: maybe(), merged: random.int(2) === 0 },
    ...{ network: maybe(), country: maybe(), agent: maybe(), service: maybe(), browser: random.int(2) === 0 },
    ...{ requests: number(), cost: number(), firstAt: at(), lastAt: at(), used: { firstAt: at(), lastAt: at() } },
    happenedAt: random.pick([at(), 0, -1e15]),
    statuses: [number(), number(), number(), number()],
    durations: { count: number(), totalMs: number() / 100, maxMs: number() / 100 },
  });
  const use = () => ({
    ...{ key: text(), version: 3, account: text(), accepted: number(), refused: number(), firstUsedAt: at() },
    ...{ lastUsedAt: random.pick([at(), null]), lastRefusedAt: null, lastRefusedCode: random.pick([null, "EXPIRED"]) },
  });
  for (const count of [0, 1, 2, 3, 2_500]) {
    const group = {
      cells: Array.from({ length: count }, cell),
      uses: new Map(count === 0 ? [] : [[now, [use(), use()]] as const, [now - 86_400_000, [use()]] as const]),
      strangers: count === 0 ? [] : [{ ip: maybe(), code: "NOT_FOUND", count: 3 }],
      now,
    } as CountedGroup;
    expect(await unpackGroup(await packGroup(group))).toEqual(group);
  }
});
