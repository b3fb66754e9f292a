/** A member leaves: what they own is suspended, handed over, revoked or kept; what they made for others is told (E5, K7). */
import {
  type Api,
  issueKey,
  issueManagementKey,
  type MadeAccount,
  type MadeKey,
  makeAccount,
  openPlatform,
  type Platform,
  succeeded,
} from "@claviger/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { claviger } from "../../packages/cli/src/testing.ts";
import { type AuditEvent, client, type Effective, type Key, type Member, type Page } from "../support/client.ts";

interface Facts {
  readonly keys: number;
  readonly sample: readonly { readonly key: string }[];
}
interface Left {
  readonly keys: string;
  readonly to: string | null;
  readonly owned: number;
  readonly made: number;
  readonly bulkAct: string | null;
}
interface Answer {
  readonly preview: { readonly keys: string; readonly confirm: number | null; owned: Facts; made: Facts } | null;
  readonly offboarding: Left | null;
  readonly bulkAct: { readonly status: string; readonly outcomes: Readonly<Record<string, number>> } | null;
  readonly results: readonly { readonly key: string; readonly outcome: string }[];
  readonly effective: Effective | null;
}

let platform: Platform;
let root: Api;
let account: MadeAccount;
beforeAll(async () => {
  platform = await openPlatform();
  root = client(platform.url, platform.app.managementKey);
});
beforeEach(async () => {
  account = await makeAccount(root);
});
afterAll(() => platform.app.stop());

const ada = (): string => account.members.developer;
const owned = (fields: object = {}): Promise<MadeKey> => issueKey(root, account.id, { owner: ada(), ...fields });
const offboard = (body: object = {}, by: Api = root, who = ada()) =>
  by.post<Answer>(`/v1/accounts/${account.id}/members/${who}/offboard`, body);
const keyOf = async ({ id }: MadeKey): Promise<Key> => succeeded(await root.get<Key>(`/v1/keys/${id}`)).body;
const codeOf = async ({ secret }: MadeKey): Promise<string> =>
  (await root.post<{ code: string }>("/v1/verify", { key: secret, environment: "live" })).body.code;
const actionsOn = async (id: string): Promise<string[]> =>
  (await root.get<Page<AuditEvent>>(`/v1/audit-events?target=${id}&limit=50`)).body.data.map(({ action }) => action);

describe("off-boarding a member", () => {
  test("suspends what they own where nobody says otherwise, in force when it answers, and spares what they made for others", async () => {
    const [mine, another] = [await owned(), await owned()];
    const others = await issueKey(root, account.id, { createdBy: ada(), owner: account.members.admin });
    const { body } = succeeded(await offboard());
    expect(body.offboarding).toMatchObject({ keys: "suspend", owned: 2, made: 1 });
    expect(body.bulkAct).toMatchObject({ status: "finished", outcomes: { done: 2 } });
    expect(body.effective?.everywhere).toBe(true);
    expect([await codeOf(mine), await codeOf(another), await codeOf(others)]).toEqual([
      "SUSPENDED",
      "SUSPENDED",
      "VALID",
    ]);
    expect((await keyOf(mine)).statusReason).toBe("its owner has left");
    expect((await root.get<Member>(`/v1/accounts/${account.id}/members/${ada()}`)).body.status).toBe("deactivated");
    expect(await actionsOn(ada())).toEqual(["member.offboarded", "member.created"]);
    expect(await actionsOn(mine.id)).toEqual(["key.suspended", "key.created"]);
  });

  test("is looked at first: a dry run tells whose keys, and does nothing", async () => {
    const mine = await owned();
    const others = await issueKey(root, account.id, { createdBy: ada(), owner: "team:data" });
    const { body } = succeeded(await offboard({ dryRun: true, keys: "revoke" }));
    expect(body).toMatchObject({ offboarding: null, bulkAct: null, effective: null });
    expect(body.preview).toMatchObject({ keys: "revoke", confirm: null, owned: { keys: 1 }, made: { keys: 1 } });
    expect(body.preview?.owned.sample.map(({ key }) => key)).toEqual([mine.id]);
    expect(body.preview?.made.sample.map(({ key }) => key)).toEqual([others.id]);
    expect([await codeOf(mine), await codeOf(others)]).toEqual(["VALID", "VALID"]);
  });

  test("hands them over to a member or a team, who is shown as their owner, and they work on", async () => {
    const mine = await owned();
    const { body } = succeeded(await offboard({ keys: "hand-over", to: account.members.admin }));
    expect(body.bulkAct).toMatchObject({ outcomes: { done: 1 } });
    expect(await keyOf(mine)).toMatchObject({ owner: account.members.admin, status: "active" });
    expect(await codeOf(mine)).toBe("VALID");
    const [last] = (await root.get<Page<AuditEvent>>(`/v1/audit-events?target=${mine.id}`)).body.data;
    expect(last).toMatchObject({
      ...{ action: "key.updated", before: { owner: ada() } },
      after: { owner: account.members.admin },
    });
  });

  test("revokes them for good, with the reason code, and asks for the number of more than 20", async () => {
    const keys = await Promise.all(Array.from({ length: 21 }, () => owned()));
    const refused = await offboard({ keys: "revoke" });
    expect(refused).toMatchObject({ status: 409, body: { code: "CONFIRMATION_REQUIRED", confirm: 21 } });
    expect((await offboard({ keys: "revoke", confirm: 20 })).status).toBe(409);
    const { body } = succeeded(await offboard({ keys: "revoke", confirm: 21, reason: "left the company" }));
    expect(body.results.map(({ outcome }) => outcome)).toEqual(keys.map(() => "done"));
    expect(await keyOf(keys[0] as MadeKey)).toMatchObject({
      ...{ status: "revoked", statusReason: "offboarding", statusComment: "left the company" },
    });
  });

  test("again finds it done; keys that were kept are findings until somebody says what becomes of them", async () => {
    const mine = await owned();
    expect(succeeded(await offboard({ keys: "keep" })).body.offboarding).toMatchObject({ keys: "keep", bulkAct: null });
    expect(await codeOf(mine)).toBe("VALID");
    const findings = (await root.get<Page<{ id: string; why: string }>>("/v1/views/owner-inactive?limit=200")).body
      .data;
    expect(findings.find(({ id }) => id === mine.id)?.why).toMatch(/The developer, who owns it, is deactivated since/);
    const { body } = succeeded(await offboard({ keys: "revoke" }));
    expect(body.bulkAct).toMatchObject({ outcomes: { done: 1 } });
    const again = succeeded(await offboard({ keys: "revoke" })).body;
    expect(again.offboarding?.bulkAct).toBe(body.offboarding?.bulkAct);
    expect(again.effective?.everywhere).toBe(true);
    expect(await codeOf(mine)).toBe("REVOKED");
  });

  test("holds off whoever gives them a key meanwhile: each key is theirs and acted on, or was refused", async () => {
    const made = Array.from({ length: 8 }, () =>
      root.post<{ key: { id: string }; secret: string }>("/v1/keys", {
        ...{ account: account.id, environment: "live", label: "beside", scopes: ["contacts:read"], owner: ada() },
      }),
    );
    const [, ...answers] = await Promise.all([offboard({ keys: "revoke" }), ...made]);
    for (const { status, body } of answers) {
      if (status !== 201) expect(status).toBe(400);
      else expect((await keyOf({ id: body.key.id, secret: body.secret })).status).toBe("revoked");
    }
  });
});

describe("the policy", () => {
  const put = (body: object) => root.put<object>(`/v1/accounts/${account.id}/offboarding`, body);

  test("of an account says what becomes of the keys, also where a member is only put as deactivated", async () => {
    expect((await root.get(`/v1/accounts/${account.id}/offboarding`)).body).toMatchObject({ keys: "suspend" });
    succeeded(await put({ keys: "hand-over", to: "ext:admin" }));
    const mine = await owned();
    const person = { email: "developer@acme.example", name: "The developer", role: "developer" };
    const path = `/v1/accounts/${account.id}/members/${ada()}`;
    const { body } = succeeded(
      await root.put<{ offboarding: Left | null; effective: Effective }>(path, { ...person, status: "deactivated" }),
    );
    expect(body.offboarding).toMatchObject({ keys: "hand-over", to: account.members.admin, owned: 1 });
    expect(body.effective.everywhere).toBe(true);
    expect(await keyOf(mine)).toMatchObject({ owner: account.members.admin });
    expect((await root.get(`${path}/offboarding`)).body).toEqual(body.offboarding);
    succeeded(await root.put(path, { ...person, status: "deactivated" }));
    expect((await root.get(`${path}/offboarding`)).body).toEqual(body.offboarding);
  });

  test("whose target is gone suspends instead, so that nothing works on for nobody", async () => {
    succeeded(await put({ keys: "hand-over", to: "ext:admin" }));
    const mine = await owned();
    succeeded(await offboard({ keys: "keep" }, root, account.members.admin));
    expect(succeeded(await offboard()).body.offboarding).toMatchObject({ keys: "suspend", to: null });
    expect(await codeOf(mine)).toBe("SUSPENDED");
  });

  test("of the platform holds for accounts that say nothing, names teams alone, and is taken away by null", async () => {
    succeeded(await root.put("/v1/offboarding", { keys: "hand-over", to: "team:platform" }));
    const mine = await owned();
    expect(succeeded(await offboard()).body.offboarding).toMatchObject({ keys: "hand-over", to: "team:platform" });
    expect((await keyOf(mine)).owner).toBe("team:platform");
    expect((await root.put("/v1/offboarding", { keys: "hand-over", to: ada() })).status).toBe(400);
    expect(succeeded(await root.put("/v1/offboarding", { keys: null })).body).toMatchObject({ setBy: "built-in" });
    expect((await put({ keys: "hand-over" })).status).toBe(400);
    expect((await put({ keys: "suspend", to: "team:a" })).status).toBe(400);
  });
});

describe("a compromised login", () => {
  test("may deactivate with accounts:write, and do with the keys what the policy says and no more", async () => {
    const mine = await owned();
    const support = root.as((await issueManagementKey(root, ["claviger:accounts:write"])).secret);
    for (const keys of ["revoke", "suspend", "keep"]) expect((await offboard({ keys }, support)).status).toBe(403);
    expect((await offboard({ keys: "hand-over", to: "team:mine" }, support)).status).toBe(403);
    const preview = succeeded(await offboard({ dryRun: true }, support)).body.preview;
    expect(preview?.owned).toMatchObject({ keys: 1, sample: [] });
    expect((await root.as(mine.secret).post(`/v1/accounts/${account.id}/members/${ada()}/offboard`)).status).toBe(401);
    const path = `/v1/accounts/${account.id}/offboarding`;
    expect((await support.put(path, { keys: "revoke" })).status).toBe(403);
    expect(await codeOf(mine)).toBe("VALID");
  });

  test("reaches no member of another account, and hands keys to none of them", async () => {
    const other = await makeAccount(root);
    const mine = await owned();
    expect((await offboard({}, root, other.members.owner)).status).toBe(404);
    for (const to of [other.members.owner, "mem_01ARZ3NDEKTSV4RRFFQ69G5FAV", ada()]) {
      expect((await offboard({ keys: "hand-over", to })).status).toBe(400);
    }
    expect((await root.post("/v1/accounts/platform/members/ext:x/offboard")).status).toBe(404);
    expect((await root.put("/v1/accounts/platform/offboarding", { keys: "keep" })).status).toBe(404);
    expect(await codeOf(mine)).toBe("VALID");
  });
});

test("the command line shows whose keys, asks, and waits until it is in force", async () => {
  await owned();
  const env = { CLAVIGER_URL: platform.url, CLAVIGER_MANAGEMENT_KEY: platform.app.managementKey };
  const dry = await claviger(["members", "offboard", account.id, ada(), "--dry-run", "--json"], env);
  expect(JSON.parse(dry.stdout)).toMatchObject({ preview: { owned: { keys: 1 } } });
  const done = await claviger(["members", "offboard", account.id, ada(), "--keys", "revoke", "--yes", "--json"], env);
  expect(JSON.parse(done.stdout)).toMatchObject({ bulkAct: { outcomes: { done: 1 } } });
});
