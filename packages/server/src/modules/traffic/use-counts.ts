/** What one process saw of one version of a key since the last flush. Times are milliseconds since the epoch. */
export interface UseCount {
  readonly key: string;
  readonly version: number;
  readonly account: string;
  firstUsedAt: number | null;
  lastUsedAt: number | null;
  lastRefusedAt: number | null;
  lastRefusedCode: string | null;
  accepted: number;
  refused: number;
}

/** Counts in memory, one entry for each version seen; bounded by the number of genuine keys in use between two flushes. */
export interface UseCounts {
  accepted(key: string, version: number, account: string, at: number): void;
  refused(key: string, version: number, account: string, code: string, at: number): void;
  /** Hands over what was counted and starts anew. */
  take(): UseCount[];
  /** Puts back what could not be written. */
  giveBack(uses: readonly UseCount[]): void;
}

export function createUseCounts(): UseCounts {
  let counts = new Map<string, UseCount>();
  const entry = (key: string, version: number, account: string): UseCount => {
    const name = `${key}:${version}`;
    const known = counts.get(name);
    if (known !== undefined) return known;
    const fresh: UseCount = {
      ...{ key, version, account, accepted: 0, refused: 0 },
      ...{ firstUsedAt: null, lastUsedAt: null, lastRefusedAt: null, lastRefusedCode: null },
    };
    counts.set(name, fresh);
    return fresh;
  };
  return {
    accepted: (key, version, account, at) => {
      const use = entry(key, version, account);
      use.accepted += 1;
      use.firstUsedAt ??= at;
      use.lastUsedAt = at;
    },
    refused: (key, version, account, code, at) => {
      const use = entry(key, version, account);
      use.refused += 1;
      use.lastRefusedAt = at;
      use.lastRefusedCode = code;
    },
    take: () => {
      const taken = [...counts.values()];
      counts = new Map();
      return taken;
    },
    giveBack: (uses) => {
      for (const use of uses) merge(entry(use.key, use.version, use.account), use);
    },
  };
}

function merge(into: UseCount, earlier: UseCount): void {
  into.accepted += earlier.accepted;
  into.refused += earlier.refused;
  into.firstUsedAt = earlier.firstUsedAt ?? into.firstUsedAt;
  into.lastUsedAt ??= earlier.lastUsedAt;
  if (into.lastRefusedAt === null) {
    into.lastRefusedAt = earlier.lastRefusedAt;
    into.lastRefusedCode = earlier.lastRefusedCode;
  }
}
