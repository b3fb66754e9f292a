/** What ending a key would break is told before it is ended (E2), over the API and the command line. */
import { issueKey, issueManagementKey, type MadeKey, succeeded } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger } from "../../packages/cli/src/testing.ts";
import { testBatch, testCell, testWriter } from "../../packages/server/src/modules/traffic/testing.ts";
import { client, openStage, type Stage } from "../support/client.ts";

const HOUR_MS = 3_600_000;
const now = Date.now();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

interface Impact {
  readonly accepted: number;
  readonly refused: number;
  readonly used24h: boolean;
  readonly lastUsedAt: string | null;
  readonly callers: Readonly<Record<string, { readonly value: string; readonly accepted: number }[]>>;
  readonly endpoints: readonly { readonly route: string; readonly accepted: number }[];
  readonly breaks: string;
  readonly suggestion: { readonly act: string };
  readonly choices: readonly { readonly act: string }[];
}

const impactOf = async ({ id }: MadeKey, query = ""): Promise<Impact> =>
  succeeded(await stage.root.get<Impact>(`/v1/keys/${id}/impact${query}`)).body;

/** Counts uses of a key so many hours ago. */
function use({ id }: MadeKey, hours: number, change: Parameters<typeof testCell>[1] = {}): Promise<unknown> {
  const at = now - hours * HOUR_MS;
  const clock = { wall: () => at, mono: () => at };
  const cell = testCell(id, { firstAt: at, lastAt: at, ...change });
  const { writer } = testWriter(stage.app.database.database, { clock });
  const accepted = cell.code === "VALID";
  const row = {
    ...{ key: cell.key, version: cell.version, account: cell.account },
    ...{ accepted: accepted ? cell.requests : 0, refused: accepted ? 0 : cell.requests },
    ...{ firstUsedAt: accepted ? at : null, lastUsedAt: accepted ? at : null },
    ...{ lastRefusedAt: accepted ? null : at, lastRefusedCode: accepted ? null : cell.code },
  };
  return new Promise((resolve) => {
    const sender = { credential: "key_of-a-verifier", environment: "live" };
    writer.add(sender, { batch: null, rows: [row], uses: testBatch([cell]) }, () => resolve(null));
  });
}

describe("the impact of ending a key", () => {
  test("names callers, endpoints, dependants, criticality and runbook, and says in words what breaks", async () => {
    const key = await issueKey(stage.root, stage.account.id, {
      criticality: "critical",
      runbookUrl: "https://runbooks.example/crm",
      dependants: ["Reports", { name: "Billing", contact: "billing@acme.example" }],
    });
    await use(key, 0, { ip: "193.0.6.139", agent: "curl/8", requests: 5 });
    await use(key, 200, { ip: "198.51.100.7", agent: "okhttp/4", requests: 2 });
    const day = await impactOf(key);
    expect(day).toMatchObject({ accepted: 5, refused: 0, used24h: true, suggestion: { act: "ask-first" } });
    expect(day.callers.networks).toMatchObject([{ value: "193.0.6.0/24", accepted: 5 }]);
    expect(day.endpoints).toMatchObject([{ route: "/contacts", accepted: 5 }]);
    expect(day.breaks).toMatch(
      /5 requests were accepted, the latest just now from 193\.0\.6\.0\/24 in NL with curl.*GET \/contacts \(5\)/,
    );
    expect(day.breaks).toMatch(
      /Reports and Billing \(billing@acme\.example\).*critical.*https:\/\/runbooks\.example\/crm/,
    );
    expect(day.choices.map(({ act }) => act)).toEqual(["revoke", "suspend", "throttle"]);
    const month = await impactOf(key, "?window=30d");
    expect(month.accepted).toBe(7);
    expect(month.callers.agents?.map(({ value }) => value)).toEqual(["curl", "okhttp"]);
  });

  test("of a quiet key is that probably nothing breaks, with what is better done first", async () => {
    const [never, quiet] = [await issueKey(stage.root, stage.account.id), await issueKey(stage.root, stage.account.id)];
    await use(quiet, 100);
    expect(await impactOf(never)).toMatchObject({ accepted: 0, used24h: false, suggestion: { act: "revoke" } });
    const told = await impactOf(quiet);
    expect(told).toMatchObject({ accepted: 0, used24h: false, suggestion: { act: "suspend" } });
    expect(told.breaks).toMatch(/^Probably nothing breaks.*accepted last 4 days ago/);
  });

  test("of a key that is dead is nothing, and tells who presents it still", async () => {
    const key = await issueKey(stage.root, stage.account.id);
    succeeded(await stage.root.post(`/v1/keys/${key.id}/revoke`, { reason: "unused" }));
    await use(key, 0, { code: "REVOKED", requests: 3 });
    const told = await impactOf(key);
    expect(told).toMatchObject({ accepted: 0, refused: 3, suggestion: { act: "none" } });
    expect(told.breaks).toMatch(/^Nothing more breaks: it is revoked.*presented 3 times and refused/);
  });

  test("is printed by the command line", async () => {
    const key = await issueKey(stage.root, stage.account.id);
    await use(key, 0, { requests: 2 });
    const env = { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey };
    const { code, stdout } = await claviger(["keys", "impact", key.id], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/breaks .*2 requests were accepted/);
    expect(stdout).toMatch(/better to .*ask-first/);
  });

  test("is shown to who may see usage, and of management keys to who may manage them", async () => {
    const key = await issueKey(stage.root, stage.account.id);
    const without = client(stage.app.url, (await issueManagementKey(stage.root, ["claviger:keys:revoke"])).secret);
    expect((await without.get(`/v1/keys/${key.id}/impact`)).status).toBe(403);
    const reader = client(stage.app.url, (await issueManagementKey(stage.root, ["claviger:usage:read"])).secret);
    expect((await reader.get(`/v1/keys/${key.id}/impact`)).status).toBe(200);
    const { id } = (await stage.root.get<{ id: string }>("/v1/keys/self")).body;
    expect((await reader.get(`/v1/keys/${id}/impact`)).status).toBe(404);
  });
});
