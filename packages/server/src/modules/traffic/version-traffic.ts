import type { Tx } from "../../db/index.ts";
import { networkOf } from "./network-of.ts";
import { type RecentRow, selectRecent, selectVersionUses } from "./queries/version-traffic.ts";

export interface VersionSource {
  /** The /24 or /48 of the address; null where it is not known. */
  readonly network: string | null;
  readonly country: string | null;
  readonly agent: string | null;
  readonly service: string | null;
  /** Accepted within 24 hours. */
  readonly requests: number;
  readonly lastAt: Date;
}

/** How one version of a key is used. */
export interface VersionTraffic {
  readonly version: number;
  /** Known exactly, of all time. */
  readonly firstUsedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly accepted1h: number;
  readonly accepted24h: number;
  readonly refused24h: number;
  /** Of what was accepted within 24 hours, the most used first; null: not for whoever asks. */
  readonly sources: readonly VersionSource[] | null;
}

export interface KeyTraffic {
  readonly versions: readonly VersionTraffic[];
  /** Since when counts and sources are of: 24 hours ago, or later where the key is used so much that not all is looked at. */
  readonly since: Date;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_SOURCES = 10;

/** How the versions of a key are used, oldest first: those that were ever presented. A few seconds behind what is verified. */
export async function versionTraffic(tx: Tx, key: string, now: Date): Promise<KeyTraffic> {
  const since = new Date(now.getTime() - DAY_MS);
  const uses = await selectVersionUses(tx, key);
  const { rows, cutAt } = await selectRecent(tx, key, since, new Date(now.getTime() - HOUR_MS));
  const recent = Map.groupBy(rows, ({ version }) => version);
  const numbers = [...new Set([...uses.map(({ version }) => version), ...recent.keys()])].sort((a, b) => a - b);
  const versions = numbers.map((version) => {
    const use = uses.find((each) => each.version === version);
    const those = recent.get(version) ?? [];
    return {
      version,
      // Single verifications may be written a moment before the uses of the version are.
      firstUsedAt: use?.firstUsedAt ?? edgeOf(Math.min, those, "firstAt"),
      lastUsedAt: later(use?.lastUsedAt ?? null, edgeOf(Math.max, those, "lastAt")),
      accepted1h: sum(those, ({ accepted1h }) => accepted1h),
      accepted24h: sum(those, ({ accepted }) => accepted),
      refused24h: sum(those, ({ refused }) => refused),
      sources: sourcesOf(those),
    };
  });
  return { versions, since: cutAt ?? since };
}

/** The same for who may know how much a key is used, and not from where. */
export function withoutSources({ versions, since }: KeyTraffic): KeyTraffic {
  return { versions: versions.map((version) => ({ ...version, sources: null })), since };
}

type Edge = "firstAt" | "lastAt";

function edgeOf(of: (...times: number[]) => number, rows: readonly RecentRow[], edge: Edge): Date | null {
  const times = rows.flatMap((row) => row[edge]?.getTime() ?? []);
  return times.length === 0 ? null : new Date(of(...times));
}

const later = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a);

const sum = (rows: readonly RecentRow[], of: (row: RecentRow) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

/** Addresses of one network together. */
function sourcesOf(rows: readonly RecentRow[]): VersionSource[] {
  const accepted = rows.filter((row) => row.accepted > 0);
  const networks = Map.groupBy(accepted, ({ ip, country, agent, service }) =>
    JSON.stringify([ip === null ? null : (networkOf(ip)?.network ?? null), country, agent, service]),
  );
  return [...networks]
    .map(([name, those]) => {
      const [network, country, agent, service] = JSON.parse(name) as (string | null)[];
      return {
        ...{ network: network ?? null, country: country ?? null, agent: agent ?? null, service: service ?? null },
        requests: sum(those, (row) => row.accepted),
        lastAt: edgeOf(Math.max, those, "lastAt") ?? new Date(0),
      };
    })
    .sort((a, b) => b.requests - a.requests)
    .slice(0, MOST_SOURCES);
}
