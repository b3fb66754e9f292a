import type { KeyUse } from "@claviger/core";

/** One item for each version of a key, in the order of keys and versions. What is told of one several times is added up. */
export function mergeUses(uses: readonly KeyUse[]): KeyUse[] {
  const merged: KeyUse[] = [];
  for (const use of uses.toSorted(byVersion)) {
    const last = merged.at(-1);
    if (last === undefined || byVersion(last, use) !== 0) merged.push(use);
    else merged[merged.length - 1] = added(last, use);
  }
  return merged;
}

function byVersion(a: KeyUse, b: KeyUse): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.version - b.version;
}

function added(a: KeyUse, b: KeyUse): KeyUse {
  const refusal = (a.lastRefusedAt ?? -Infinity) > (b.lastRefusedAt ?? -Infinity) ? a : b;
  return {
    ...{ key: a.key, version: a.version, account: a.account },
    accepted: a.accepted + b.accepted,
    refused: a.refused + b.refused,
    firstUsedAt: earlier(a.firstUsedAt, b.firstUsedAt),
    lastUsedAt: later(a.lastUsedAt, b.lastUsedAt),
    lastRefusedAt: refusal.lastRefusedAt,
    lastRefusedCode: refusal.lastRefusedCode,
  };
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
