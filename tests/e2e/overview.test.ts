/** The overview of the platform: what it counts is what lists, views and counts of uses say (F4). */
import { type Api, issueKey, issueManagementKey, makeAccount, succeeded, waitFor } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger } from "../../packages/cli/src/testing.ts";
import { PLATFORM } from "../../packages/server/src/db/index.ts";
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
