/** An installation that began to meter some months ago, and nobody but the test writes to it. */
import type { UseCell } from "@claviger/core";
import { sql } from "kysely";
import { openKeyring, PLATFORM } from "../../../server/src/db/index.ts";
import { openUnserved } from "../../../server/src/demo/unserved.ts";
import { systemClock } from "../../../server/src/kernel/clock.ts";
import { systemRandom } from "../../../server/src/kernel/random.ts";
import { putAccount } from "../../../server/src/modules/accounts/index.ts";
import { putPlan, putScope } from "../../../server/src/modules/catalogue/index.ts";
import { createKey, type KeysPorts } from "../../../server/src/modules/keys/index.ts";
import { closePeriods } from "../../../server/src/modules/metering/index.ts";
import { type TestWriter, testBatch, testCell, testWriter } from "../../../server/src/modules/traffic/testing.ts";
import { type FakeClock, fakeClock } from "../clock.ts";
import { type TestDatabase, testDatabase } from "../database.ts";
import { silentLogger } from "../logger.ts";
import { MASTER_KEY } from "../service.ts";
import { tamper } from "../tamper.ts";

const ACTING = {
  actor: { type: "system", id: "test" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;
const AUTHORITY = { keyId: "key_maker", scopes: new Set<string>(), expiresAt: null };
const CLOSE_HOURS = 48;

/** A row of what was metered, as it is stored. Months such as `2026-11`. */
export interface MeteredRow {
  readonly period: string;
  readonly key: string;
  readonly plan: string;
  readonly happened: string;
  readonly counted: string;
  readonly accepted: number;
  readonly refused: number;
  readonly cost: number;
}

export interface MeteringStage {
  readonly home: TestDatabase;
  readonly ports: KeysPorts;
  readonly clock: FakeClock;
  /** First moments of the months since metering began, all of them before this one. */
  readonly months: readonly number[];
  /** Their names. */
  readonly names: readonly string[];
  /** Sets the clock to so many milliseconds after the first moment of a month. */
  at(month: number, ms: number): void;
  /** `externalId`: default one that nobody has. */
  newAccount(plan: string | null, externalId?: string): Promise<string>;
  movePlan(account: string, plan: string | null): Promise<void>;
  newKey(account: string): Promise<string>;
  /** A writer of its own, as another node has. */
  writer(): TestWriter;
  /** One batch of one cell, now unless told otherwise. */
  use(key: string, change?: Partial<UseCell>): Promise<void>;
  /** As each node does every so often. */
  close(): Promise<void>;
  rows(): Promise<readonly MeteredRow[]>;
  closed(): Promise<
    readonly { readonly period: string; readonly accepted: number | null; readonly rows: number | null }[]
  >;
  drop(): Promise<void>;
}

const MONTHS = 4;

/** Two plans, `free` and `pro`; the clock stands at noon of the tenth of the first month. */
export async function openMeteringStage(): Promise<MeteringStage> {
  const home = await testDatabase();
  const now = new Date(systemClock.wall());
  const months = Array.from({ length: MONTHS }, (_, n) =>
    Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - MONTHS + n - 1, 1),
  );
  await tamper(home.owner, "metering_period", `UPDATE metering_period SET period = '${monthBefore(months[0] ?? 0)}'`);
  const clock = fakeClock((months[0] ?? 0) + 9.5 * 86_400_000);
  const keyring = await openKeyring(home.database, Buffer.from(MASTER_KEY, "base64"), clock, systemRandom);
  const ports = openUnserved({
    ...{ database: home.database, keyring, keyPrefix: "clv", clock },
    ...{ random: systemRandom, idRandom: systemRandom },
  });
  await putScope(ports.act, ACTING, "contacts:read", { description: "x", sensitive: false, routes: [], tier: "read" });
  for (const plan of ["free", "pro"]) await putPlan(ports.act, ACTING, plan, { limits: [] });
  const writer = () => testWriter(home.database, { clock, retryMs: 5 });
  const own = writer();
  let made = 0;
  return {
    ...{ home, ports, clock, months, writer, names: months.map((at) => new Date(at).toISOString().slice(0, 7)) },
    at: (month, ms) => clock.stepWall((months[month] ?? 0) + ms - clock.wall()),
    newAccount: async (plan, externalId) => {
      made += 1;
      const done = await putAccount(ports, ACTING, `ext:${externalId ?? `account-${made}`}`, { name: "x", plan });
      return done.value?.account.id ?? "";
    },
    movePlan: async (account, plan) => void (await putAccount(ports, ACTING, account, { name: "x", plan })),
    newKey: (account) => newKey(ports, account),
    use: (key, change = {}) => {
      const at = change.lastAt ?? clock.wall();
      return own.write(null, testBatch([testCell(key, { firstAt: at, lastAt: at, ...change })]));
    },
    close: () =>
      closePeriods({ act: ports.act, database: home.database, clock, logger: silentLogger, closeHours: CLOSE_HOURS }),
    rows: () => readRows(home),
    closed: () => readClosed(home),
    drop: () => home.drop(),
  };
}

async function newKey(ports: KeysPorts, account: string): Promise<string> {
  const input = { account, environment: "live", label: "a key", tier: null, scopes: ["contacts:read"] };
  const made = await createKey(ports, ACTING, AUTHORITY, { ...input, owner: "team:data", expiresAt: null });
  return made.value?.key.id ?? "";
}

function monthBefore(at: number): string {
  const date = new Date(at);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)).toISOString().slice(0, 10);
}

function readRows({ database }: TestDatabase): Promise<readonly MeteredRow[]> {
  return database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<MeteredRow>`SELECT to_char(period, 'YYYY-MM') AS period, key_id AS key, plan,
      to_char(happened, 'YYYY-MM') AS happened, to_char(counted, 'YYYY-MM') AS counted, accepted, refused, cost
      FROM metering ORDER BY metering.period, key_id, plan, metering.happened, metering.counted`.execute(tx);
    return rows;
  });
}

function readClosed({ database }: TestDatabase) {
  return database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ period: string; accepted: number | null; rows: number | null }>`
      SELECT to_char(period, 'YYYY-MM') AS period, accepted, rows FROM metering_period WHERE closed_at IS NOT NULL
      ORDER BY metering_period.period`.execute(tx);
    return rows;
  });
}
