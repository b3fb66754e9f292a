import type { KeyUse } from "@claviger/core";
import { seededRandom } from "@claviger/testkit";
import { expect, test } from "vitest";
import { mergeUses } from "./merge-uses.ts";

const CODES = ["EXPIRED", "REVOKED", "SUSPENDED"] as const;

/** One use or refusal of a version of a key. */
function single(key: string, version: number, at: number, code: (typeof CODES)[number] | null): KeyUse {
  return {
    ...{ key, version, account: `of ${key}`, accepted: code === null ? 1 : 0, refused: code === null ? 0 : 1 },
    ...{ firstUsedAt: code === null ? at : null, lastUsedAt: code === null ? at : null },
    ...{ lastRefusedAt: code === null ? null : at, lastRefusedCode: code },
  };
}

test("whatever is told in parts adds up: sums, first and last use, and the last refusal with its own code", (context) => {
  const random = seededRandom(context);
  for (let round = 0; round < 200; round += 1) {
    const all = Array.from({ length: 1 + random.int(40) }, (_, at) =>
      single(`key_${random.int(3)}`, 1 + random.int(2), at, random.int(2) === 0 ? null : random.pick([...CODES])),
    );
    const halves = random.int(2) === 0 ? [...all] : [...mergeUses(all.slice(0, 7)), ...all.slice(7)];
    const merged = mergeUses(halves.toSorted(() => random.int(3) - 1));
    const names = merged.map(({ key, version }) => `${key} ${version}`);
    expect(names).toEqual([...new Set(names)].toSorted());
    for (const use of merged) {
      const own = all.filter(({ key, version }) => key === use.key && version === use.version);
      const used = own.filter(({ accepted }) => accepted === 1);
      const refused = own.filter(({ accepted }) => accepted === 0);
      expect(use).toEqual({
        ...{ key: use.key, version: use.version, account: `of ${use.key}` },
        ...{ accepted: used.length, refused: refused.length },
        ...{ firstUsedAt: used[0]?.firstUsedAt ?? null, lastUsedAt: used.at(-1)?.lastUsedAt ?? null },
        lastRefusedAt: refused.at(-1)?.lastRefusedAt ?? null,
        lastRefusedCode: refused.at(-1)?.lastRefusedCode ?? null,
      });
    }
    expect(merged.reduce((sum, { accepted, refused }) => sum + accepted + refused, 0)).toBe(all.length);
  }
});
