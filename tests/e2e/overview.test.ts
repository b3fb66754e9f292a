/** The overview of the platform: what it counts is what lists, views and counts of uses say (F4). */
import {
  type Api,
  issueKey,
  issueManagementKey,
  makeAccount,
  rawVerifier,
  succeeded,
  waitFor,
} from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger } from "../../packages/cli/src/testing.ts";
import { accountReach, PLATFORM } from "../../packages/server/src/db/index.ts";
import { foldTally } from "../../packages/server/src/modules/keys/index.ts";
import { testBatch, testCell, testWriter } from "../../packages/server/src/modules/traffic/testing.ts";
import { type Key, openStage, type Page, readAll, type Stage } from "../support/client.ts";

interface Overview {
  readonly keys: Readonly<Record<string, number>> & {
    readonly byEnvironment: readonly (Readonly<Record<string, number>> & { readonly environment: string })[];
  };
  readonly usage: Readonly<
    Record<string, { readonly requests: number; readonly accepted: number; readonly refused: number }>
  >;
  readonly refusals: readonly { readonly code: string; readonly today: number }[];
  readonly busiest: {
    readonly complete: boolean;
    readonly keys: readonly { readonly key: string; readonly label: string; readonly requests: number }[];
    readonly accounts: readonly { readonly account: string; readonly requests: number }[];
  };
  readonly failing: { readonly keys: number; readonly data: readonly { readonly key: string }[] };
  readonly views: readonly { readonly name: string; readonly total: number; readonly more: boolean }[];
  readonly series: { readonly data: readonly { readonly requests: number }[] };
  readonly cluster: unknown;
  readonly strangers: {
    readonly requests: number;
    readonly codes: readonly { readonly code: string; readonly requests: number }[];
    readonly networks: readonly { readonly network: string; readonly requests: number }[];
  };
  readonly recorded: {
    readonly until: string | null;
    readonly why: string;
    readonly lost: {
      readonly since: string | null;
      readonly requests: number;
      readonly paths: readonly { readonly path: string; readonly requests: number | null; readonly times: number }[];
    };
  };
}

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

const overview = async (api: Api = stage.root, query = ""): Promise<Overview> =>
  succeeded(await api.get<Overview>(`/v1/overview${query}`)).body;

/** By the list of keys, one by one. */
async function listed(environment: string | null): Promise<Record<string, number>> {
  const keys = await readAll<Key>(
    stage.root,
    `/v1/keys${environment === null ? "" : `?environment=${environment}`}`,
    100,
  );
  const of = (status: string): number => keys.filter((key) => key.status === status).length;
  return {
    ...{ total: keys.length, active: of("active"), expiring: of("expiring"), suspended: of("suspended") },
    ...{ expired: of("expired"), revoked: of("revoked") },
  };
}

test("keys by status and environment are those of the list, through every act on keys, and when sums are added up", async () => {
  expect((await overview()).keys).toMatchObject({ total: 0, byEnvironment: [] });
  const make = (change: Readonly<Record<string, unknown>> = {}) => issueKey(stage.root, stage.account.id, change);
  for (let n = 0; n < 4; n += 1) await make({ environment: n < 3 ? "live" : "test" });
  const [suspended, revoked, dying] = [await make(), await make({ environment: "test" }), await make()];
  await make({ expiresInDays: 3 });
  await make({ expiresAt: null });
  const expiresAt = new Date(Date.now() + 1_500).toISOString();
  const gone = await make({ expiresAt });
  const late = await make({ environment: "test", expiresAt });
  succeeded(await stage.root.post(`/v1/keys/${suspended.id}/suspend`, { reason: "odd" }));
  succeeded(await stage.root.post(`/v1/keys/${late.id}/suspend`, { reason: "odd" }));
  succeeded(await stage.root.post(`/v1/keys/${late.id}/resume`));
  succeeded(await stage.root.post(`/v1/keys/${revoked.id}/revoke`, { reason: "unused" }));
  succeeded(await stage.root.patch(`/v1/keys/${dying.id}`, { expiresInDays: 1 }));
  await waitFor(async () => (await stage.root.get<Key>(`/v1/keys/${gone.id}`)).body.status === "expired");
  const same = async (): Promise<void> => {
    const { byEnvironment, ...all } = (await overview()).keys;
    expect(all).toEqual(await listed(null));
    for (const environment of ["live", "test"]) {
      expect(byEnvironment).toContainEqual({ environment, ...(await listed(environment)) });
    }
  };
  await same();
  expect((await overview()).keys).toMatchObject({ active: 5, expiring: 2, suspended: 1, expired: 2, revoked: 1 });
  // So many rows that they are added up, while keys are made beside it.
  for (let n = 0; n < 20; n += 1) await make();
  const { database } = stage.app.database;
  await Promise.all([foldTally(database, 1), make(), foldTally(database, 1), make(), foldTally(database, 1)]);
  await same();
  await foldTally(database, 1);
  const tally = () =>
    database.transaction(PLATFORM, async (tx) => {
      const rows = sql<object>`SELECT environment, state, expires_on, xmin::text FROM key_tally ORDER BY 1, 2, 3`;
      return (await rows.execute(tx)).rows;
    });
  const added = await tally();
  expect(new Set(added.map((row) => JSON.stringify({ ...row, xmin: null }))).size).toBe(added.length);
  // With nothing new, no row is written.
  await foldTally(database, 1);
  expect(await tally()).toEqual(added);
  await same();
});

describe("use", () => {
  test("is told for today, a week and a month, with what is busy and what fails", async () => {
    const other = await makeAccount(stage.root);
    const [busy, broken] = [
      await issueKey(stage.root, other.id, { label: "the busy one" }),
      await issueKey(stage.root, other.id),
    ];
    const { writer } = testWriter(stage.app.database.database);
    const at = Date.now();
    const cells = [
      testCell(busy.id, { requests: 5_000, cost: 5_000 }),
      testCell(broken.id, { requests: 7, cost: 7, code: "INSUFFICIENT_SCOPE" }),
    ];
    const refusal = {
      key: broken.id,
      version: 1,
      account: other.id,
      accepted: 0,
      refused: 7,
      firstUsedAt: null,
      lastUsedAt: null,
    };
    await new Promise<void>((resolve) => {
      const rows = [{ ...refusal, lastRefusedAt: at, lastRefusedCode: "INSUFFICIENT_SCOPE" as const }];
      writer.add(
        { credential: "key_of-a-verifier", environment: "live" },
        { batch: null, rows, uses: testBatch(cells) },
        resolve,
      );
    });
    const found = await overview();
    expect(found.usage.days30).toEqual({ requests: 5_007, accepted: 5_000, refused: 7 });
    expect(found.refusals).toMatchObject([{ code: "INSUFFICIENT_SCOPE" }]);
    expect(found.series.data).toHaveLength(24);
    expect(found.series.data.reduce((sum, { requests }) => sum + requests, 0)).toBe(5_007);
    expect(found.busiest).toMatchObject({
      complete: true,
      keys: [{ key: busy.id, label: "the busy one", requests: 5_000 }, { requests: 7 }],
    });
    expect(found.busiest.accounts).toMatchObject([{ account: other.id, requests: 5_007 }]);
    expect(found.failing).toMatchObject({ keys: 1, data: [{ key: broken.id }] });
    expect(found.cluster).toMatchObject({ nodes: 1, fenced: 0 });
    const views = succeeded(
      await stage.root.get<Page<{ name: string; builtIn: boolean; total: number }>>("/v1/views"),
    ).body;
    expect(found.views).toEqual(
      views.data.filter(({ builtIn }) => builtIn).map(({ name, total }) => ({ name, total, more: false })),
    );
    const { code, stdout } = await claviger(["overview", "--period", "7d", "--url", stage.app.url], {
      CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^accepted +·{27}█ 5000$/m);
    expect(stdout).toMatch(/^INSUFFICIENT_SCOPE +7/m);
  });

  test("is shown to nobody without the scope for it", async () => {
    const lacking = await issueManagementKey(stage.root, ["claviger:keys:read"]);
    expect(await stage.root.as(lacking.secret).get("/v1/overview")).toMatchObject({ status: 403 });
    expect(await stage.root.get("/v1/overview?period=1y")).toMatchObject({ status: 400 });
  });
});

/** As the platform role does, past all rules of the house. */
const run = <T>(text: string): Promise<readonly T[]> =>
  stage.app.database.database.transaction(PLATFORM, async (tx) => (await sql<T>`${sql.raw(text)}`.execute(tx)).rows);
const inClaviger = (...command: string[]) =>
  claviger([...command, "--url", stage.app.url], { CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey });

describe("what presented no genuine key", () => {
  interface Stranger {
    readonly at: string;
    readonly network: string;
    readonly code: string;
    readonly requests: number;
  }
  const hour = (away: number): string =>
    new Date((Math.floor(Date.now() / 3_600_000) + away) * 3_600_000).toISOString();
  const listed = async (query: string): Promise<readonly Stranger[]> =>
    readAll<Stranger>(stage.root, `/v1/usage/strangers${query}`, 2);

  test("is told by hour, network and reason, and in sums of a day; never what was presented", async () => {
    const key = await issueKey(stage.root, stage.account.id);
    const forged = `${key.secret.slice(0, -1)}${key.secret.endsWith("a") ? "b" : "a"}`;
    for (const presented of [forged, "sesame-open"]) {
      for (let n = 0; n < 2; n += 1)
        succeeded(await stage.root.post("/v1/verify", { key: presented, environment: "live", ip: "198.51.100.77" }));
    }
    const counted = async () =>
      (await listed("?network=198.51.100.9")).reduce((sum, { requests }) => sum + requests, 0);
    await waitFor(async () => (await counted()) === 4);
    const found = await listed("?network=198.51.100.0/24");
    expect(new Set(found.map(({ network }) => network))).toEqual(new Set(["198.51.100.0/24"]));
    expect(JSON.stringify(found)).not.toMatch(/sesame|clv_/);
    const { strangers } = await overview();
    expect(strangers.requests).toBe(4);
    expect(strangers.codes.reduce((sum, { requests }) => sum + requests, 0)).toBe(4);
    expect(strangers.networks).toEqual([{ network: "198.51.100.0/24", requests: 4 }]);
  });

  test("is paged newest first, and filtered by time, network and reason", async () => {
    await run(`INSERT INTO stranger_hour SELECT date_trunc('hour', now(), 'UTC') - h * interval '1 hour', '10.9.' || n || '.0/24',
      CASE WHEN n = 2 THEN 'MALFORMED' ELSE 'NOT_FOUND' END, 10 * h + n FROM generate_series(0, 3) h, generate_series(1, 3) n`);
    const mine = async (query: string) =>
      (await listed(query)).filter(({ network }) => network.startsWith("10.9.")).map(({ requests }) => requests);
    expect(await mine("")).toEqual([3, 2, 1, 13, 12, 11, 23, 22, 21, 33, 32, 31]);
    expect(await mine("?code=MALFORMED")).toEqual([2, 12, 22, 32]);
    expect(await mine("?network=10.9.3.200")).toEqual([3, 13, 23, 33]);
    expect(await mine("?network=10.9.3.0%2F24&code=MALFORMED")).toEqual([]);
    expect(await mine("?network=nowhere")).toEqual([]);
    expect(await mine(`?from=${hour(-1)}`)).toEqual([3, 2, 1, 13, 12, 11]);
    expect(await mine(`?from=${new Date(Date.parse(hour(-1)) + 1_800_000).toISOString()}&to=${hour(0)}`)).toEqual([
      13, 12, 11,
    ]);
    for (const query of [
      "?code=VALID",
      "?network=",
      `?network=${"x".repeat(61)}`,
      "?from=yesterday",
      "?account=ext:acme",
    ]) {
      expect(await stage.root.get(`/v1/usage/strangers${query}`), query).toMatchObject({ status: 400 });
    }
    const { code, stdout } = await inClaviger("usage", "strangers", "--network", "10.9.3.0/24", "--all");
    expect(code).toBe(0);
    expect(stdout).toMatch(/10\.9\.3\.0\/24 +NOT_FOUND +33$/m);
    expect((await inClaviger("overview")).stdout).toMatch(/^No genuine key since .*: \d+$/m);
  });

  test("is shown to nobody without the scope, and to no customer", async () => {
    const lacking = await issueManagementKey(stage.root, ["claviger:keys:read", "claviger:audit:read"]);
    const customer = await issueKey(stage.root, stage.account.id, {
      scopes: undefined,
      tier: "admin",
      rationale: "for a test",
    });
    expect(await stage.root.as(lacking.secret).get("/v1/usage/strangers")).toMatchObject({ status: 403 });
    expect(await stage.root.as(customer.secret).get("/v1/usage/strangers")).toMatchObject({ status: 401 });
    const { database } = stage.app.database;
    for (const table of ["stranger_hour", "usage_loss", "usage_sender"]) {
      const inReach = database.transaction(
        accountReach(stage.account.id),
        async (tx) => (await sql`SELECT * FROM ${sql.table(table)}`.execute(tx)).rows,
      );
      await expect(inReach, table).rejects.toMatchObject({ code: "42501" });
    }
  });
});

describe("what is missing in counts", () => {
  test("is told with since when, how many and by which path, and until when counts are complete", async () => {
    const sound = (await overview()).recorded;
    expect(sound.lost).toEqual({ since: null, requests: 0, paths: [] });
    expect(Date.now() - Date.parse(sound.until ?? "")).toBeLessThan(60_000);
    expect(sound.why).toMatch(
      /^The node that runs has written down all that came in until .*; nothing is known to be missing\.$/,
    );
    await run(`INSERT INTO usage_loss SELECT date_trunc('hour', at, 'UTC'), path, n, 2, at, at + interval '1 minute' FROM (VALUES
      (now() - interval '3 days', 'verifier', 700), (now() - interval '2 days', 'verifier', 50), (now() - interval '1 day', 'node', 9),
      (now() - interval '31 days', 'unwritable', 1000)) l (at, path, n)`);
    const { lost, why } = (await overview()).recorded;
    expect(lost).toMatchObject({
      requests: 759,
      paths: [
        { path: "node", requests: 9, times: 2 },
        { path: "verifier", requests: 750, times: 4 },
      ],
    });
    expect(Math.round((Date.now() - Date.parse(lost.since ?? "")) / 86_400_000)).toBe(3);
    expect(why).toMatch(/but for what is missing by the paths/);
    const { stdout } = await inClaviger("overview");
    expect(stdout).toMatch(/^recorded +The node that runs has written down/m);
    expect(stdout).toMatch(/^verifier +750 +4 /m);
  });

  test("tells of a verifier that was killed, and of none that said goodbye or came back", async () => {
    const { secret: credential } = await issueManagementKey(stage.root, ["verify"]);
    const verifiers = [];
    for (let n = 0; n < 3; n += 1) verifiers.push(await rawVerifier({ url: stage.app.url, credential }));
    for (const verifier of verifiers) await verifier.greet();
    const [polite, killed, there] = verifiers;
    const of = async (path: string) => (await overview()).recorded.lost.paths.find((each) => each.path === path);
    const before = (await of("verifier"))?.requests ?? 0;
    there?.send({ kind: "usage", batch: "a-loss-of-twelve", rows: [], lost: 12 });
    await there?.next("usage-ok");
    expect(await of("verifier")).toMatchObject({ requests: before + 12 });
    polite?.send({ kind: "release" });
    await killed?.cut();
    await waitFor(
      async () =>
        (await run<{ gone: number }>("SELECT count(*) AS gone FROM usage_sender WHERE gone_at IS NOT NULL"))[0]
          ?.gone === 1,
      {
        timeoutMs: 15_000,
      },
    );
    const gone = () => of("verifier-gone");
    // It may come back yet.
    expect(await gone()).toBeUndefined();
    await run("UPDATE usage_sender SET gone_at = gone_at - interval '2 minutes' WHERE gone_at IS NOT NULL");
    expect(await gone()).toMatchObject({ requests: null, times: 1 });
    await Promise.all([polite?.cut(), there?.cut()]);
  });
});
