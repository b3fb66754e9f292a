/** A verification over the API is found again in every answer about usage (C7, F2, F5). */
import { issueKey, succeeded, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStage, type Page, type Stage } from "../support/client.ts";
import { runCommand } from "../support/command.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

interface Points {
  readonly data: readonly { readonly accepted: number; readonly refused: number }[];
}
interface Told {
  readonly code: string;
  readonly route: string | null;
}

test("what is verified, and what is refused, is told by counts, single verifications, the key's page and endpoints", async () => {
  const { id, secret } = await issueKey(stage.root, stage.account.id);
  const check = { key: secret, environment: "live", method: "GET", ip: "193.0.6.139", userAgent: "curl/8.5.0" };
  for (const path of ["/contacts", "/contacts/4711", "/nothing/4711"]) {
    succeeded(await stage.root.post("/v1/verify", { ...check, path, requestId: `of ${path}` }));
  }
  const summed = async (): Promise<{ accepted: number; refused: number }> => {
    const { data } = (await stage.root.get<Points>(`/v1/usage?step=hour&key=${id}`)).body;
    const sum = (read: (point: Points["data"][number]) => number) =>
      data.reduce((total, each) => total + read(each), 0);
    return { accepted: sum(({ accepted }) => accepted), refused: sum(({ refused }) => refused) };
  };
  await waitFor(async () => (await summed()).accepted + (await summed()).refused === 3, { timeoutMs: 20_000 });
  expect(await summed()).toEqual({ accepted: 2, refused: 1 });
  const { data } = (await stage.root.get<Page<Told>>(`/v1/usage/events?key=${id}`)).body;
  expect(data.map(({ code, route }) => `${code} ${route}`).sort()).toEqual([
    "ROUTE_NOT_MAPPED /nothing/{id}",
    "VALID /contacts",
    "VALID /contacts/{id}",
  ]);
  expect(data).toContainEqual(
    expect.objectContaining({ requestId: "of /contacts", country: "NL", agent: "curl", rate: 1 }),
  );
  expect((await stage.root.get(`/v1/keys/${id}/usage`)).body).toMatchObject({
    versions: [{ version: 1, accepted: 2, refused: 1, lastRefusedCode: "ROUTE_NOT_MAPPED" }],
    sources: { networks: [{ value: "193.0.6.0/24", accepted: 2, refused: 1 }], agents: [{ value: "curl" }] },
  });
  const unmapped = (await stage.root.get<Page<object>>("/v1/endpoints?mapped=false")).body.data;
  expect(unmapped).toContainEqual(expect.objectContaining({ template: "/nothing/{id}", method: "GET", refused: 1 }));
});

test("what nobody mapped, what nobody calls and who calls what are one command each (F5)", async () => {
  const env = { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey };
  const told = async <T>(...args: string[]): Promise<T> =>
    JSON.parse((await runCommand(["endpoints", ...args, "--json"], env)).stdout) as T;
  const { id, secret } = await issueKey(stage.root, stage.account.id);
  const check = { key: secret, environment: "live", method: "POST" };
  for (const path of ["/contacts", "/orders/4711", "/orders/4712"])
    await stage.root.post("/v1/verify", { ...check, path });
  const template = "/orders/{id}";
  const unmapped = () => told<Page<object>>("list", "--mapped", "false", "--days", "1");
  const row = { template, method: "POST", scope: null, accepted: 0, refused: 2 };
  await waitFor(async () => (await unmapped()).data.some((each) => "template" in each && each.template === template), {
    timeoutMs: 30_000,
  });
  expect((await unmapped()).data).toContainEqual(expect.objectContaining(row));
  const called = ["inspect", "--environment", "live", "--template", template, "--method", "POST"];
  expect(await told(...called)).toMatchObject({
    ...{ keys: 1, accounts: 1, callers: [{ key: id, account: stage.account.id, refused: 2 }] },
    callingAccounts: [{ account: stage.account.id, keys: 1, accepted: 0, refused: 2 }],
  });
  const { data } = await told<Page<object>>("uncalled", "--scope", "contacts:write");
  expect(data).toEqual([
    {
      ...{ method: "DELETE", template: "/contacts/{id}", scope: "contacts:write" },
      ...{ lastSeen: null, accepted: 0, refused: 0 },
    },
  ]);
});
