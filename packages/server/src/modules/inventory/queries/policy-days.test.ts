/** Views that ask each key's policy hold the keys that the resolution of core says are beyond it, whatever the policies say (D1, F3). */
import { compileCatalogue, type PolicyBody, RISKS, resolvePolicy, riskOf } from "@claviger/core";
import {
  DAY_MS,
  type Life,
  NOW,
  ORDINARY,
  openViewStage,
  seededRandom,
  type Told,
  type ViewStage,
} from "@claviger/testkit";
import { type RawBuilder, sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLATFORM } from "../../../db/index.ts";
import { readBook } from "../../policies/index.ts";
import { listKeys } from "../queries.ts";
import { countBuiltIn, showView } from "../show-views.ts";

const VIEWER = { keyId: "key_viewer", scopes: new Set<string>() };
const ROUNDS = 14;
const DAYS = [7, 30, 60, 90, 180, 365, null] as const;
type Random = ReturnType<typeof seededRandom>;

let stage: ViewStage;
beforeAll(async () => {
  stage = await openViewStage();
});
afterAll(() => stage.drop());

/** The catalogue of the stage. */
const CATALOGUE = compileCatalogue({
  scopes: [
    { name: "contacts:read", tier: "read", sensitive: false },
    { name: "users:write", tier: "admin", sensitive: false },
  ],
  ...{ routes: [], unmapped: "refuse" },
});

/** Made and used last a little before, on or after one of the bounds. */
function randomLife(random: Random): Life {
  const near = () =>
    NOW - (random.pick([7, 30, 60, 90, 180, 365]) * DAY_MS + random.pick([0, 0, 1, -1, 1_800_000, -1_800_000]));
  const createdAt = near();
  const used = Math.max(createdAt, near());
  const tier = random.pick(["read", "write", "admin", null] as const);
  return {
    ...{ ...ORDINARY, createdAt, tier, account: random.pick(["ext:one", "ext:two"]), expiresAt: null },
    scopes: tier === null ? [random.pick(["contacts:read", "users:write"])] : [],
    ...{ environment: random.pick(["live", "test"] as const), usedAt: random.int(5) === 0 ? [] : [used] },
    ...{ revokedAt: random.int(8) === 0 ? NOW - 1 : null, suspended: random.int(8) === 0 },
  };
}

/** Says something of the days, or nothing, of all keys and of keys of a risk. */
function randomBody(random: Random): PolicyBody {
  const part = () => ({
    ...(random.int(2) === 0 ? { rotationDays: random.pick([...DAYS]) } : {}),
    ...(random.int(2) === 0 ? { dormancyDays: random.pick([...DAYS]) } : {}),
  });
  const risks = RISKS.filter(() => random.int(3) === 0).map((risk) => [risk, part()]);
  return { ...part(), labelPatterns: [], ...(risks.length === 0 ? {} : { risks: Object.fromEntries(risks) }) };
}

async function run(...statements: readonly RawBuilder<unknown>[]): Promise<void> {
  await stage.home.database.transaction(PLATFORM, async (tx) => {
    for (const statement of statements) await statement.execute(tx);
  });
}

async function setPolicies(random: Random, told: readonly Told[]): Promise<void> {
  const json = (body: object) => sql`${JSON.stringify(body)}::jsonb`;
  const name = () => random.pick(["p1", "p2", null]);
  await run(
    sql`DELETE FROM key_policy`,
    sql`DELETE FROM account_policy`,
    sql`DELETE FROM environment_policy`,
    sql`UPDATE policy SET body = ${json(random.int(3) === 0 ? {} : randomBody(random))} WHERE name = 'default'`,
    ...["p1", "p2"].map(
      (
        policy,
      ) => sql`INSERT INTO policy (name, body, created_at, updated_at) VALUES (${policy}, ${json(randomBody(random))}, now(), now())
        ON CONFLICT (name) DO UPDATE SET body = excluded.body`,
    ),
    ...["one", "two"]
      .filter(() => random.int(3) > 0)
      .map(
        (account) => sql`INSERT INTO account_policy (account_id, policy, overrides, updated_at)
        SELECT id, ${name()}, ${json(random.int(2) === 0 ? {} : randomBody(random))}, now() FROM account WHERE name = ${account}`,
      ),
    ...["live", "test"]
      .filter(() => random.int(3) === 0)
      .map(
        (environment) =>
          sql`INSERT INTO environment_policy (environment, policy, updated_at) VALUES (${environment}, ${name()}, now())`,
      ),
    ...told
      .filter(() => random.int(6) === 0)
      .map(
        ({ id }) => sql`INSERT INTO key_policy (key_id, account_id, body, updated_at)
        SELECT id, account_id, ${json(randomBody({ ...random, int: () => 0 } as Random))} - 'risks', now() FROM api_key WHERE id = ${id}`,
      ),
  );
}

/** Every key's own days, by the pure resolution. */
async function daysOf(told: readonly Told[], name: "rotationDays" | "dormancyDays"): Promise<(number | null)[]> {
  return stage.home.database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ name: string; id: string }>`SELECT name, id FROM account`.execute(tx);
    const accounts = new Map(rows.map((row) => [`ext:${row.name}`, row.id]));
    const book = await readBook(
      tx,
      [...accounts.values()],
      told.map(({ id }) => id),
    );
    return told.map(({ id, account, environment, tier, scopes }) => {
      const layers = { ...book.layersOf(accounts.get(account) ?? "", environment), key: book.ownOf(id) };
      return resolvePolicy(layers, riskOf({ tier, scopes }, CATALOGUE))[name].value;
    });
  });
}

async function rowsOf(view: string, limit: number): Promise<Readonly<Record<string, unknown>>[]> {
  const rows: Readonly<Record<string, unknown>>[] = [];
  let cursor: string | undefined;
  do {
    const page = await stage.home.database.transaction(PLATFORM, (tx) =>
      showView(tx, VIEWER, view, { limit, cursor }, new Date(NOW)),
    );
    rows.push(...page.data);
    cursor = page.nextCursor ?? undefined;
    if (cursor === undefined) expect(page.total).toBe(rows.length);
  } while (cursor !== undefined);
  return rows;
}

async function counted(view: "rotation-overdue" | "dormant", most: number): Promise<number> {
  return stage.home.database.transaction(PLATFORM, (tx) => countBuiltIn(tx, view, new Date(NOW), most));
}

async function listed(view: string): Promise<string[]> {
  const request = { view, sort: "id", limit: 200 } as const;
  const page = await stage.home.database.transaction(PLATFORM, (tx) => listKeys(tx, VIEWER, request, new Date(NOW)));
  return page.data.map(({ id }) => id);
}

test("rotation-overdue and dormant hold the keys that their own policies say, in views and lists", async (context) => {
  const random = seededRandom(context);
  const told = await stage.tell(Array.from({ length: 120 }, () => randomLife(random)));
  let most = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await setPolicies(random, told);
    for (const [view, name, figure] of [
      ["rotation-overdue", "rotationDays", "intervalDays"],
      ["dormant", "dormancyDays", "dormancyDays"],
    ] as const) {
      const days = await daysOf(told, name);
      const expected = new Map(
        told.flatMap(({ id, createdAt, usedAt, revokedAt }, index) => {
          const [at, allowed] = [view === "dormant" ? usedAt[0] : createdAt, days[index]];
          const beyond =
            at !== undefined && allowed != null && at < NOW - allowed * DAY_MS && createdAt < NOW - allowed * DAY_MS;
          return revokedAt === null && beyond ? [[id, allowed] as const] : [];
        }),
      );
      const rows = await rowsOf(view, 1 + random.int(60));
      const found = new Map(rows.map((row) => [row.id, (row.figures as Record<string, unknown>)[figure]]));
      expect(found, `${view}, round ${round}`).toEqual(expected);
      expect((await listed(view)).toSorted()).toEqual([...expected.keys()].toSorted());
      const bound = 1 + random.int(60);
      expect(await counted(view, bound)).toBe(Math.min(bound, expected.size));
      for (const row of rows) expect(row.why).toMatch(/\d+ days \(.+\)\.$/);
      most = Math.max(most, expected.size);
    }
  }
  expect(most).toBeGreaterThan(20);
});
