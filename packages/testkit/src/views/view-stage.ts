/** A platform whose history a test tells: what happened to each key and when, written down beside the database. */
import type { UseCell } from "@claviger/core";
import { openKeyring } from "../../../server/src/db/index.ts";
import { openUnserved } from "../../../server/src/demo/unserved.ts";
import type { Clock } from "../../../server/src/kernel/clock.ts";
import { systemRandom } from "../../../server/src/kernel/random.ts";
import { putAccount, putMember } from "../../../server/src/modules/accounts/index.ts";
import { putScope } from "../../../server/src/modules/catalogue/index.ts";
import {
  type CreateKeyInput,
  createKey,
  type KeysPorts,
  revokeKey,
  suspendKey,
} from "../../../server/src/modules/keys/index.ts";
import { putPolicy } from "../../../server/src/modules/policies/index.ts";
import { writeUses } from "../../../server/src/modules/traffic/index.ts";
import { testBatch, testCell, testWriter } from "../../../server/src/modules/traffic/testing.ts";
import { type TestDatabase, testDatabase } from "../database.ts";

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** When all is looked at. */
export const NOW = Date.UTC(2026, 5, 15, 10, 20, 30, 400);
const BEGINNING = NOW - 900 * DAY_MS;
const ACTING = {
  actor: { type: "system", id: "test" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;
const AUTHORITY = { keyId: "key_maker", scopes: new Set<string>(), expiresAt: null };

/** The life of a key. Times in milliseconds since the epoch. */
export interface Life {
  readonly account: string;
  readonly createdAt: number;
  /** Null: never. */
  readonly expiresAt: number | null;
  /** By a team, by nobody, or by a member who is gone. */
  readonly owned: boolean | "gone";
  readonly tier: "read" | "write" | "admin" | null;
  readonly scopes: readonly string[];
  readonly creator: "active" | "gone" | null;
  readonly usedAt: readonly number[];
  readonly refusedAt: readonly number[];
  readonly revokedAt: number | null;
  readonly suspended: boolean;
  /** Services that used it, each an hour before all is looked at. */
  readonly services: readonly string[];
  /** Whether a browser sent it, then. */
  readonly browser: boolean;
  readonly environment: "live" | "test";
  /** Many requests at once, at most 24 hours before all is looked at. */
  readonly bursts: readonly { readonly at: number; readonly requests: number }[];
  /** On how many days until the last one it had 1 001 requests. */
  readonly busyDays: number;
}

/** A key that nothing is wrong with. */
export const ORDINARY: Life = {
  ...{ account: "ext:one", createdAt: NOW - 20 * DAY_MS, expiresAt: NOW + 40 * DAY_MS, owned: true },
  ...{ tier: null, scopes: ["contacts:read"], creator: "active", usedAt: [NOW - DAY_MS], refusedAt: [] },
  ...{ revokedAt: null, suspended: false, services: [], browser: false },
  ...{ environment: "live", bursts: [], busyDays: 0 },
};

export interface Told extends Life {
  readonly id: string;
}

export interface ViewStage {
  readonly home: TestDatabase;
  readonly ports: KeysPorts;
  /** Makes what the lives tell, in the order of time. */
  tell(lives: readonly Life[]): Promise<Told[]>;
  drop(): Promise<void>;
}

/** Two accounts, `ext:one` and `ext:two`, each with a member who is there and one who is gone; and a small catalogue. */
export async function openViewStage(): Promise<ViewStage> {
  const home = await testDatabase();
  const time = { now: BEGINNING };
  const clock = { wall: () => time.now, mono: () => time.now };
  const keyring = await openKeyring(home.database, new Uint8Array(32).fill(5), clock, systemRandom);
  const ports = openUnserved({
    ...{ database: home.database, keyring, keyPrefix: "clv", clock },
    ...{ random: systemRandom, idRandom: systemRandom },
  });
  const scope = { description: "for a test", sensitive: false, routes: [] };
  await putScope(ports.act, ACTING, "contacts:read", { ...scope, tier: "read" });
  await putScope(ports.act, ACTING, "users:write", { ...scope, tier: "admin" });
  // Keys of high risk that never expire, as there are where they were made before the policy was.
  const lax = { description: null, body: { maxLifetimeDays: null, risks: { high: { maxLifetimeDays: null } } } };
  await putPolicy(ports, ACTING, { scopes: new Set() }, "default", lax, { graceDays: 1 });
  for (const account of ["ext:one", "ext:two"]) {
    await putAccount(ports, ACTING, account, { name: account.slice("ext:".length) });
    for (const who of ["active", "gone"]) await putPerson(ports, account, who, "active");
  }
  return {
    ...{ home, ports, drop: () => home.drop() },
    tell: async (lives) => {
      const ids = new Map<Life, string>();
      const acts = lives.flatMap((life) => actsOf(ports, life, ids));
      for (const { at, act } of acts.toSorted((a, b) => a.at - b.at)) {
        time.now = at;
        await act();
      }
      time.now = NOW;
      for (const account of ["ext:one", "ext:two"]) await putPerson(ports, account, "gone", "deactivated");
      for (const life of lives) await writeLife(home, ids.get(life) ?? "", life);
      await writeCells(home, lives, (life) => ids.get(life) ?? "", clock);
      return lives.map((life) => ({ ...life, id: ids.get(life) ?? "" }));
    },
  };
}

async function putPerson(
  ports: KeysPorts,
  account: string,
  who: string,
  status: "active" | "deactivated",
): Promise<void> {
  await putMember(ports, ACTING, account, `ext:${who}`, {
    email: "a@a.example",
    name: `The ${who}`,
    role: "owner",
    status,
  });
}

interface DatedAct {
  readonly at: number;
  act(): Promise<unknown>;
}

function actsOf(ports: KeysPorts, life: Life, ids: Map<Life, string>): DatedAct[] {
  const idOf = (): string => ids.get(life) ?? "";
  const make = async (): Promise<void> => {
    const made = await createKey(ports, ACTING, AUTHORITY, inputOf(life));
    ids.set(life, made.value?.key.id ?? "");
  };
  const { createdAt, revokedAt, suspended } = life;
  return [
    { at: createdAt, act: make },
    ...(suspended ? [{ at: createdAt, act: () => suspendKey(ports, ACTING, AUTHORITY, idOf(), "a question") }] : []),
    ...(revokedAt === null
      ? []
      : [{ at: revokedAt, act: () => revokeKey(ports, ACTING, AUTHORITY, idOf(), { reason: "unused" }) }]),
  ];
}

function inputOf(life: Life): CreateKeyInput {
  return {
    ...{
      account: life.account,
      environment: life.environment,
      label: "a key",
      tier: life.tier,
      scopes: [...life.scopes],
    },
    ...{ rationale: "for a test", owner: life.owned === "gone" ? "ext:gone" : life.owned ? "team:data" : null },
    ...(life.creator === null ? {} : { createdBy: `ext:${life.creator}` }),
    expiresAt: life.expiresAt === null ? null : new Date(life.expiresAt).toISOString(),
  };
}

async function writeLife(home: TestDatabase, key: string, life: Life): Promise<void> {
  const base = { key, version: 1, account: "acct_told" };
  const uses = [
    ...life.usedAt.map((at) => ({
      ...{ ...base, accepted: 1, refused: 0, firstUsedAt: at, lastUsedAt: at },
      ...{ lastRefusedAt: null, lastRefusedCode: null },
    })),
    ...life.refusedAt.map((at) => ({
      ...{ ...base, accepted: 0, refused: 1, firstUsedAt: null, lastUsedAt: null },
      ...{ lastRefusedAt: at, lastRefusedCode: "REVOKED" as const },
    })),
  ];
  // One after another, as they would come.
  for (const use of uses) await writeUses(home.database, [use], new Date(NOW));
  const days = Array.from({ length: life.busyDays }, (_, day) => ({ at: NOW - day * DAY_MS, requests: 1_001 }));
  for (const { at, requests } of [...life.bursts, ...days]) {
    const counted = { ...base, accepted: requests, refused: 0, firstUsedAt: null, lastUsedAt: null };
    await writeUses(home.database, [{ ...counted, lastRefusedAt: null, lastRefusedCode: null }], new Date(at));
  }
}

async function writeCells(
  home: TestDatabase,
  lives: readonly Life[],
  idOf: (life: Life) => string,
  clock: Clock,
): Promise<void> {
  const at = { firstAt: NOW - HOUR_MS, lastAt: NOW - HOUR_MS };
  for (const environment of ["live", "test"]) {
    const cells = lives.flatMap((life) => {
      if (life.environment !== environment) return [];
      const cell = (change: Partial<UseCell>) => testCell(idOf(life), { environment, ...at, ...change });
      return [
        ...life.services.map((service) => cell({ service })),
        ...(life.browser ? [cell({ browser: true })] : []),
        ...life.bursts.map(({ at: time, requests }) => cell({ firstAt: time, lastAt: time, requests })),
      ];
    });
    if (cells.length > 0) await testWriter(home.database, { clock }).write(null, testBatch(cells), { environment });
  }
}
