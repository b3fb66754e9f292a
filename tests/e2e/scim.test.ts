/** Identity providers create, change and deactivate members over SCIM 2.0, in the shapes that Entra and Okta send (E5, K7). */
import {
  type Answer,
  type Api,
  api,
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
import type { AuditEvent, Key, Member, Page } from "../support/client.ts";

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";
const TYPE = { "content-type": "application/scim+json" };

interface User {
  readonly id: string;
  readonly userName: string;
  readonly externalId?: string;
  readonly active: boolean;
  readonly displayName: string;
  readonly name: Readonly<Record<string, string>>;
  readonly emails: readonly { readonly value: string }[];
  readonly roles: readonly { readonly value: string }[];
  readonly meta: Readonly<Record<string, string>>;
}
interface Users {
  readonly totalResults: number;
  readonly startIndex: number;
  readonly Resources: readonly User[];
}

let platform: Platform;
let root: Api;
let account: MadeAccount;
let provider: Api;
beforeAll(async () => {
  platform = await openPlatform();
  root = platform.root;
});
beforeEach(async () => {
  account = await makeAccount(root);
  provider = await providerOf(account.id);
});
afterAll(() => platform.app.stop());

async function providerOf(id: string): Promise<Api> {
  const key = await issueManagementKey(root, ["claviger:scim:write"]);
  succeeded(await root.put(`/v1/accounts/${id}/scim-credentials/${key.id}`));
  return api(platform.url, key.secret);
}

const create = (body: object, by: Api = provider) => by.post<User>("/scim/v2/Users", body, TYPE);
const patch = (id: string, operations: readonly object[], by: Api = provider) =>
  by.patch<User>(`/scim/v2/Users/${id}`, { schemas: [PATCH], Operations: operations }, TYPE);
const find = async (filter: string, by: Api = provider): Promise<Users> =>
  succeeded(await by.get<Users>(`/scim/v2/Users?filter=${encodeURIComponent(filter)}`)).body;
const member = async (id: string): Promise<Member> =>
  succeeded(await root.get<Member>(`/v1/accounts/${account.id}/members/${id}`)).body;
const keyOf = async ({ id }: MadeKey): Promise<Key> => succeeded(await root.get<Key>(`/v1/keys/${id}`)).body;

/** As Entra sends it. */
const ENTRA = {
  schemas: [USER, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
  ...{ externalId: "ada", userName: "Ada@acme.example", active: true, displayName: "Ada Lovelace" },
  emails: [{ primary: true, type: "work", value: "ada@acme.example" }],
  meta: { resourceType: "User" },
  name: { formatted: "Ada Lovelace", familyName: "Lovelace", givenName: "Ada" },
  roles: [{ primary: true, value: "admin" }],
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "Engines", manager: "x" },
};
/** As Okta sends it. */
const OKTA = {
  schemas: [USER],
  ...{
    userName: "grace@acme.example",
    displayName: "Grace Hopper",
    locale: "en-US",
    externalId: "00ujl29u0le5T6Aj10h7",
  },
  name: { givenName: "Grace", familyName: "Hopper" },
  emails: [{ primary: true, value: "grace@acme.example", type: "work" }],
  ...{ groups: [], password: "1mz050nq", active: true },
};

function isError(answer: Answer<unknown>, status: number, scimType?: string): void {
  expect(answer.headers.get("content-type")).toBe("application/scim+json");
  expect(answer.body).toEqual({
    ...{ schemas: [ERROR], status: String(status), detail: expect.stringMatching(/\.$/) },
    ...(scimType === undefined ? {} : { scimType }),
  });
  expect(answer.status).toBe(status);
}

describe("Entra", () => {
  test("finds nobody, creates, finds by userName in any case, and gets the same", async () => {
    expect(await find('userName eq "ada@acme.example"')).toMatchObject({ totalResults: 0, Resources: [] });
    const made = await create(ENTRA);
    expect(made.status).toBe(201);
    expect(made.headers.get("content-type")).toBe("application/scim+json");
    expect(made.body).toMatchObject({
      ...{ schemas: [USER], userName: "Ada@acme.example", externalId: "ada", active: true },
      ...{ displayName: "Ada Lovelace", roles: [{ value: "admin" }], emails: [{ value: "ada@acme.example" }] },
      name: { formatted: "Ada Lovelace", givenName: "Ada", familyName: "Lovelace" },
    });
    expect(made.headers.get("location")).toBe(made.body.meta.location);
    expect(made.body.meta.location).toBe(`${platform.url}/scim/v2/Users/${made.body.id}`);
    expect((await find('username EQ "ADA@acme.example"')).Resources).toEqual([made.body]);
    expect((await find('externalId eq "ada"')).Resources).toEqual([made.body]);
    expect((await find('emails[type eq "work"].value eq "ada@acme.example"')).totalResults).toBe(1);
    expect((await provider.get<User>(`/scim/v2/Users/${made.body.id}`)).body).toEqual(made.body);
    expect(await member(made.body.id)).toMatchObject({ email: "ada@acme.example", role: "admin", status: "active" });
  });

  test.each([
    ["its older shape", [{ op: "Replace", path: "active", value: "False" }]],
    ["its newer shape", [{ op: "replace", path: "active", value: false }]],
    ["no path", [{ op: "Replace", value: { active: "False" } }]],
    ["the attribute's full name", [{ op: "Replace", path: `${USER}:active`, value: [{ value: "False" }] }]],
  ])("deactivates in %s, and what they own stops before it is answered", async (_, operations) => {
    const { id } = succeeded(await create(ENTRA)).body;
    const key = await issueKey(root, account.id, { owner: id });
    expect(succeeded(await patch(id, operations)).body).toMatchObject({ id, active: false });
    const verdict = await root.post<{ code: string }>("/v1/verify", { key: key.secret, environment: "live" });
    expect(verdict.body.code).toBe("SUSPENDED");
    expect(succeeded(await patch(id, operations)).body.active).toBe(false);
    const acts = (await root.get<Page<AuditEvent>>(`/v1/audit-events?target=${id}`)).body.data;
    expect(acts.map(({ action }) => action)).toEqual(["member.offboarded", "member.updated", "member.created"]);
  });

  test("changes single attributes by their paths, and leaves others as they are", async () => {
    const { id } = succeeded(await create(ENTRA)).body;
    const { body } = succeeded(
      await patch(id, [
        { op: "Replace", path: 'emails[type eq "work"].value', value: "ada@lovelace.example" },
        { op: "Add", path: "name.familyName", value: "King" },
        { op: "Replace", path: "displayName", value: "Ada King" },
        { op: "Replace", path: 'roles[primary eq "True"].value', value: "viewer" },
        { op: "Add", path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", value: "x" },
        { op: "Replace", path: 'phoneNumbers[type eq "mobile"].value', value: "1" },
        { op: "Remove", path: "externalId" },
      ]),
    );
    expect(body).toMatchObject({ displayName: "Ada King", name: { givenName: "Ada", familyName: "King" } });
    expect(body).toMatchObject({ roles: [{ value: "viewer" }], emails: [{ value: "ada@lovelace.example" }] });
    expect([body.externalId, body.userName, body.active]).toEqual([undefined, "Ada@acme.example", true]);
  });
});

describe("Okta", () => {
  test("creates, replaces, and deactivates by PATCH without a path; a reactivation gives no key back", async () => {
    const { id } = succeeded(await create(OKTA)).body;
    expect(await member(id)).toMatchObject({ name: "Grace Hopper", role: "developer" });
    const key = await issueKey(root, account.id, { owner: id });
    const replaced = await provider.put<User>(`/scim/v2/Users/${id}`, { ...OKTA, displayName: "Rear Admiral" }, TYPE);
    expect(succeeded(replaced).body).toMatchObject({ id, displayName: "Rear Admiral", active: true });
    expect(succeeded(await patch(id, [{ op: "replace", value: { active: false } }])).body.active).toBe(false);
    expect((await keyOf(key)).status).toBe("suspended");
    expect(succeeded(await patch(id, [{ op: "replace", value: { active: true } }])).body.active).toBe(true);
    expect((await keyOf(key)).status).toBe("suspended");
  });

  test("deactivates by PUT, by the account's policy, and pages through users", async () => {
    succeeded(await root.put(`/v1/accounts/${account.id}/offboarding`, { keys: "hand-over", to: "team:platform" }));
    const { id } = succeeded(await create(OKTA)).body;
    const key = await issueKey(root, account.id, { owner: id });
    succeeded(await provider.put(`/scim/v2/Users/${id}`, { ...OKTA, id, active: false }, TYPE));
    expect(await keyOf(key)).toMatchObject({ owner: "team:platform", status: "active" });
    const ids: string[] = [];
    for (let startIndex = 1; startIndex <= 5; startIndex += 2) {
      const { body } = await provider.get<Users>(`/scim/v2/Users?startIndex=${startIndex}&count=2`);
      expect(body).toMatchObject({ totalResults: 5, startIndex });
      ids.push(...body.Resources.map((user) => user.id));
    }
    expect(new Set(ids).size).toBe(5);
  });

  test("takes a user away, who is then not there, and comes back under the same name as who they were", async () => {
    const { id } = succeeded(await create(OKTA)).body;
    expect((await provider.call("DELETE", `/scim/v2/Users/${id}`)).status).toBe(204);
    isError(await provider.get(`/scim/v2/Users/${id}`), 404);
    isError(await provider.call("DELETE", `/scim/v2/Users/${id}`), 404);
    expect((await find('userName eq "grace@acme.example"')).totalResults).toBe(0);
    expect((await member(id)).status).toBe("deactivated");
    expect(succeeded(await create(OKTA)).body).toMatchObject({ id, active: true });
  });
});

test("a member whom the platform made is found by their address, and taken over under the same id", async () => {
  const { Resources } = await find('userName eq "OWNER@acme.example"');
  expect(Resources).toMatchObject([{ id: account.members.owner, userName: "owner@acme.example", active: true }]);
  isError(await create({ ...OKTA, userName: "owner@acme.example" }), 409, "uniqueness");
  const id = account.members.owner;
  const { body } = succeeded(await patch(id, [{ op: "replace", value: { userName: "boss", externalId: "7" } }]));
  expect(body).toMatchObject({ id, userName: "boss", externalId: "7", roles: [{ value: "owner" }] });
  expect((await find('userName eq "owner@acme.example"')).totalResults).toBe(0);
});

describe("errors are those of RFC 7644", () => {
  test("in body, type and status, whatever is wrong", async () => {
    const { id } = succeeded(await create(ENTRA)).body;
    isError(await create(ENTRA), 409, "uniqueness");
    isError(await create({ ...ENTRA, userName: "ADA@ACME.EXAMPLE" }), 409, "uniqueness");
    isError(await create({ schemas: [USER] }), 400, "invalidValue");
    isError(await create({ ...OKTA, emails: [{ value: "no address" }] }), 400, "invalidValue");
    isError(await create({ ...OKTA, active: "maybe" }), 400, "invalidValue");
    isError(await create({ ...OKTA, roles: [{ value: "owner" }] }), 400, "invalidValue");
    isError(await provider.call("POST", "/scim/v2/Users", { body: "{", headers: TYPE }), 400, "invalidSyntax");
    for (const filter of ["userName", 'userName co "a"', 'title eq "x"', 'userName eq "a" or active eq true']) {
      isError(await provider.get(`/scim/v2/Users?filter=${encodeURIComponent(filter)}`), 400, "invalidFilter");
    }
    isError(await provider.patch(`/scim/v2/Users/${id}`, { Operations: [] }, TYPE), 400, "invalidSyntax");
    isError(await patch(id, [{ op: "move", path: "active" }]), 400, "invalidSyntax");
    isError(await patch(id, [{ op: "remove", path: "userName" }]), 400, "mutability");
    isError(await patch(id, [{ op: "replace", path: "userName", value: 7 }]), 400, "invalidValue");
    isError(await patch(id, [{ op: "replace", path: "roles", value: [{ value: "owner" }] }]), 400, "invalidValue");
    isError(await patch("mem_01ARZ3NDEKTSV4RRFFQ69G5FAV", [{ op: "replace", value: { active: false } }]), 404);
    isError(await provider.get("/scim/v2/Groups"), 404);
    isError(await provider.call("POST", "/scim/v2/ServiceProviderConfig"), 405);
    isError(await api(platform.url, null).get("/scim/v2/Users"), 401);
    expect((await api(platform.url, null).get("/scim/v2/Users")).headers.get("www-authenticate")).toMatch(/^Bearer/);
    const config = (await provider.get<{ patch: object }>("/scim/v2/ServiceProviderConfig")).body;
    expect(config.patch).toEqual({ supported: true });
  });

  test("two creations of one user at once make one", async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => create(OKTA)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409]);
    expect((await find('userName eq "grace@acme.example"')).totalResults).toBe(1);
  });
});

describe("a provider's credential", () => {
  test("reaches its own account and no other, and nothing else of the API", async () => {
    const { id } = succeeded(await create(ENTRA)).body;
    const other = await providerOf((await makeAccount(root)).id);
    isError(await other.get(`/scim/v2/Users/${id}`), 404);
    isError(await patch(id, [{ op: "replace", value: { active: false } }], other), 404);
    isError(await other.call("DELETE", `/scim/v2/Users/${id}`), 404);
    isError(await other.put(`/scim/v2/Users/${id}`, OKTA, TYPE), 404);
    expect((await find('userName eq "ada@acme.example"', other)).totalResults).toBe(0);
    expect((await member(id)).status).toBe("active");
    expect((await provider.get("/v1/keys")).status).toBe(403);
    expect((await provider.put(`/v1/accounts/${account.id}/members/${id}`, {})).status).toBe(403);
  });

  test("is a management key that may do nothing else, bound by whoever manages such keys; unbound it reaches nobody", async () => {
    const path = `/v1/accounts/${account.id}/scim-credentials`;
    const unbound = await issueManagementKey(root, ["claviger:scim:write"]);
    isError(await api(platform.url, unbound.secret).get("/scim/v2/Users"), 403);
    isError(await root.get("/scim/v2/Users"), 403);
    const wide = await issueManagementKey(root, ["claviger:scim:write", "claviger:keys:read"]);
    const customers = await issueKey(root, account.id);
    for (const { id } of [wide, customers]) expect((await root.put(`${path}/${id}`)).status).toBe(409);
    const { secret } = await issueManagementKey(root, ["claviger:accounts:write"]);
    expect((await root.as(secret).put(`${path}/${unbound.id}`)).status).toBe(403);
    succeeded(await root.put(`${path}/${unbound.id}`));
    const others = await makeAccount(root);
    expect((await root.put(`/v1/accounts/${others.id}/scim-credentials/${unbound.id}`)).status).toBe(409);
    const env = { CLAVIGER_URL: platform.url, CLAVIGER_MANAGEMENT_KEY: platform.app.managementKey };
    const { stdout } = await claviger(["scim-credentials", "list", account.id, "--json"], env);
    expect(JSON.parse(stdout).data).toHaveLength(2);
    const bound = api(platform.url, unbound.secret);
    expect((await bound.get("/scim/v2/Users")).status).toBe(200);
    succeeded(await root.call("DELETE", `${path}/${unbound.id}`));
    isError(await bound.get("/scim/v2/Users"), 403);
    succeeded(await root.put(`${path}/${unbound.id}`));
    succeeded(await root.post(`/v1/keys/${unbound.id}/revoke`, { reason: "unused" }));
    isError(await bound.get("/scim/v2/Users"), 401);
  });
});
