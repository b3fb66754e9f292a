/** Budgets of accounts and keys over the API and the command line (F6). */
import { type Api, issueKey, issueManagementKey, succeeded, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AuditEvent,
  type OwnKey,
  openStage,
  type Page,
  type Problem,
  readAll,
  type Stage,
} from "../support/client.ts";
import { startCommand } from "../support/command.ts";

interface Budget {
  readonly account: string;
  readonly key: string | null;
  readonly spent: number;
  readonly share: number;
  readonly crossings: readonly { readonly percent: number; readonly at: string }[];
}

let stage: Stage;
let root: Api;
beforeAll(async () => {
  stage = await openStage();
  root = stage.root;
});
afterAll(() => stage.app.stop());

test("a budget is set, spent by verifications, passed with an audit event of the service, and refuses nothing", async () => {
  const { id, secret } = await issueKey(root, stage.account.id);
  const place = `/v1/budgets/${id}/cost`;
  expect(await root.put(place, { amount: 10 })).toMatchObject({
    status: 201,
    body: { account: stage.account.id, key: id, measure: "cost", amount: 10, spent: 0, share: 0, crossings: [] },
  });
  const verdicts = [];
  for (const cost of [4, 5, 6]) {
    const answer = await root.post<{ valid: boolean }>("/v1/verify", { key: secret, environment: "live", cost });
    verdicts.push(succeeded(answer).body.valid);
  }
  expect(verdicts).toEqual([true, true, true]);
  const state = async () => succeeded(await root.get<Budget>(place)).body;
  await waitFor(async () => (await state()).crossings.length === 3, { timeoutMs: 20_000 });
  expect(await state()).toMatchObject({
    spent: 15,
    share: 1.5,
    crossings: [{ percent: 50 }, { percent: 80 }, { percent: 100 }],
  });
  const events = await root.get<Page<AuditEvent>>("/v1/audit-events?action=budget.crossed");
  expect(events.body.data[0]).toMatchObject({
    actor: { type: "system", id: "budgets" },
    account: stage.account.id,
    target: { type: "budget", id: `${id}/cost` },
    after: { percent: 100, amount: 10, spent: 15 },
  });
  expect(await root.put(place, { amount: 20 })).toMatchObject({ status: 200, body: { spent: 15, share: 0.75 } });
  expect(await root.call("DELETE", place)).toMatchObject({ status: 200, body: { amount: 20 } });
  expect(await root.get(place)).toMatchObject({ status: 404 });
});

test("budgets are listed by account and key, page by page, and set and removed from the command line", async () => {
  const { id } = await issueKey(root, stage.account.id);
  await root.put(`/v1/budgets/${stage.account.externalId}/requests`, { amount: 5 });
  await root.put(`/v1/budgets/${stage.account.id}/cost`, { amount: 5 });
  const env = { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey };
  const set = await startCommand(["budgets", "put", id, "requests", "--amount", "7", "--json"], env).finished;
  expect(set).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(set.stdout)).toMatchObject({ key: id, amount: 7 });
  const all = await readAll<Budget>(root, `/v1/budgets?account=${stage.account.externalId}`, 1);
  expect(all.map(({ account, key }) => [account, key]).sort()).toEqual(
    [null, null, id].map((key) => [stage.account.id, key]).sort(),
  );
  expect((await readAll<Budget>(root, `/v1/budgets?key=${id}`, 50)).map(({ key }) => key)).toEqual([id]);
  expect(await readAll<Budget>(root, "/v1/budgets?account=ext:nobody", 50)).toEqual([]);
  const removed = await startCommand(["budgets", "delete", id, "requests"], env).finished;
  expect(removed).toMatchObject({ code: 0 });
  expect(await readAll<Budget>(root, `/v1/budgets?key=${id}`, 50)).toEqual([]);
});

test("only who holds budgets:write sets one; management keys and their account have none; amounts have bounds", async () => {
  const reader = root.as((await issueManagementKey(root, ["claviger:usage:read"])).secret);
  const place = `/v1/budgets/${stage.account.id}/requests`;
  await root.put(place, { amount: 5 });
  expect(await reader.get(place)).toMatchObject({ status: 200 });
  for (const refused of [await reader.put(place, { amount: 1 }), await reader.call("DELETE", place)])
    expect(refused).toMatchObject({ status: 403, body: { code: "INSUFFICIENT_SCOPE" } });
  expect(await root.get<Budget>(place)).toMatchObject({ body: { amount: 5 } });
  const own = (await root.get<OwnKey>("/v1/keys/self")).body;
  for (const subject of [own.id, own.account, "platform", "ext:nobody", "key_01ARZ3NDEKTSV4RRFFQ69G5FAV"]) {
    const answer = await root.put<Problem>(`/v1/budgets/${subject}/requests`, { amount: 1 });
    expect(answer, subject).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  }
  for (const body of [{ amount: 0 }, { amount: 1.5 }, { amount: 1e16 }, { amount: -1 }, {}, { amount: 1, more: 1 }])
    expect(await root.put(place, body), JSON.stringify(body)).toMatchObject({ status: 400 });
  expect(await root.put(`/v1/budgets/${stage.account.id}/money`, { amount: 1 })).toMatchObject({ status: 400 });
});
