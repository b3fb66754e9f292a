import { issueKey, makeAccount, succeeded, uniqueSuffix } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Account,
  type AuditEvent,
  type Effective,
  type Member,
  openStage,
  type Page,
  type Problem,
  type Stage,
  type Verdict,
} from "../support/client.ts";

interface AccountResult {
  readonly account: Account;
  readonly effective: Effective | null;
}
interface MemberResult {
  readonly member: Member;
  readonly effective: Effective | null;
}

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  for (const name of ["basic", "gold"]) succeeded(await stage.root.put(`/v1/plans/${name}`, { limits: [] }));
});
afterAll(() => stage.app.stop());

const fresh = () => `/v1/accounts/ext:acme-${uniqueSuffix()}`;
const put = (path: string, body: object) => stage.root.put<AccountResult>(path, body);
const verify = async (key: string) =>
  (await stage.root.post<Verdict>("/v1/verify", { key, environment: "live" })).body.code;
const person = { email: "ann@acme.example", name: "Ann", role: "developer" };

describe("an account", () => {
  test("is created under the caller's own id, and replaced under it or ours", async () => {
    const path = fresh();
    const created = await put(path, { name: "Acme", plan: "basic", metadata: { crm: 7 } });
    expect(created.status).toBe(201);
    const { account } = created.body;
    expect(account).toMatchObject({
      name: "Acme",
      plan: "basic",
      metadata: { crm: 7 },
      status: "active",
      suspendedReason: null,
    });
    expect(`/v1/accounts/ext:${account.externalId}`).toBe(path);
    expect(created.body.effective).toBeNull();
    const replaced = await put(`/v1/accounts/${account.id}`, { name: "Acme Ltd" });
    expect(replaced.status).toBe(200);
    expect(replaced.body.account).toMatchObject({
      id: account.id,
      name: "Acme Ltd",
      plan: null,
      metadata: {},
      createdAt: account.createdAt,
    });
    for (const name of [path, `/v1/accounts/${account.id}`]) {
      expect((await stage.root.get<Account>(name)).body).toEqual(replaced.body.account);
    }
  });

  test("is made once by calls in parallel", async () => {
    const path = fresh();
    const answers = await Promise.all(Array.from({ length: 10 }, () => put(path, { name: "Acme" })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.account.id)).size).toBe(1);
  });

  test("ids of the caller may hold anything but control characters and blanks at the ends", async () => {
    for (const id of [
      "a/b",
      "a b",
      "ä€🔑",
      "%2e%2e",
      "..",
      "a?b#c",
      "key_01ARZ3NDEKTSV4RRFFQ69G5FAV",
      "ext:x",
      "x".repeat(200),
    ]) {
      const path = `/v1/accounts/ext:${encodeURIComponent(id)}-${encodeURIComponent(id.length > 100 ? "" : uniqueSuffix())}`;
      const created = await put(id.length > 100 ? `/v1/accounts/ext:${id}` : path, { name: "Acme" });
      expect(created.status, id).toBe(201);
      expect(created.body.account.externalId?.startsWith(id)).toBe(true);
    }
    for (const id of ["", " a", "a%0a", "a%00b", "x".repeat(201)]) {
      expect([400, 404], id).toContain((await put(`/v1/accounts/ext:${id}`, { name: "Acme" })).status);
    }
    expect((await put("/v1/accounts/acme", { name: "Acme" })).status).toBe(400);
  });

  test("of ours that does not exist is not made", async () => {
    expect((await put("/v1/accounts/acct_01ARZ3NDEKTSV4RRFFQ69G5FAV", { name: "Acme" })).status).toBe(404);
  });

  test("changes in parts, and says that it holds everywhere where the plan changes", async () => {
    const { id } = await makeAccount(stage.root, "basic");
    const renamed = await stage.root.patch<AccountResult>(`/v1/accounts/${id}`, { name: "Other" });
    expect(renamed.body).toMatchObject({ account: { name: "Other", plan: "basic" }, effective: null });
    const moved = await stage.root.patch<AccountResult>(`/v1/accounts/${id}`, { plan: "gold" });
    expect(moved.body).toMatchObject({ account: { name: "Other", plan: "gold" }, effective: { everywhere: true } });
    expect((await stage.root.patch<AccountResult>(`/v1/accounts/${id}`, { plan: null })).body.account.plan).toBeNull();
  });

  test.each([
    [{ name: "" }, "name"],
    [{ name: "x".repeat(201) }, "name"],
    [{ name: "Acme", plan: "none-such" }, "plan"],
    [{ name: "Acme", plan: "No Slug" }, "plan"],
    [{ name: "Acme", metadata: [] }, "metadata"],
    [{ name: "Acme", status: "suspended" }, "status"],
    [{ name: "Acme\u0000" }, "name"],
  ])("is refused with %j, and the field named", async (body, path) => {
    expect((await put(fresh(), body)).body).toMatchObject({ status: 400, errors: [{ path }] });
  });

  test("that is suspended refuses all its keys everywhere until it is resumed, and theirs is the state from before", async () => {
    const account = await makeAccount(stage.root);
    const [one, two] = [await issueKey(stage.root, account.id), await issueKey(stage.root, account.id)];
    await stage.root.post(`/v1/keys/${two.id}/suspend`, { reason: "a question" });
    expect(await verify(one.secret)).toBe("VALID");
    const suspended = await stage.root.post<AccountResult>(`/v1/accounts/${account.id}/suspend`, { reason: "unpaid" });
    expect(await verify(one.secret)).toBe("ACCOUNT_SUSPENDED");
    expect(suspended.body).toMatchObject({
      account: { status: "suspended", suspendedReason: "unpaid" },
      effective: { everywhere: true },
    });
    const again = await stage.root.post<AccountResult>(`/v1/accounts/${account.id}/suspend`, { reason: "again" });
    expect(again.body).toMatchObject({ account: { suspendedReason: "unpaid" }, effective: { everywhere: true } });
    const resumed = await stage.root.post<AccountResult>(`/v1/accounts/${account.id}/resume`);
    expect(resumed.body).toMatchObject({ account: { status: "active", suspendedReason: null }, effective: null });
    expect(await verify(one.secret)).toBe("VALID");
    expect(await verify(two.secret)).toBe("SUSPENDED");
    expect((await stage.root.post(`/v1/accounts/${account.id}/suspend`, {})).status).toBe(400);
  });

  test("renaming one that is suspended does not resume it", async () => {
    const account = await makeAccount(stage.root);
    await stage.root.post(`/v1/accounts/${account.id}/suspend`, { reason: "unpaid" });
    expect((await put(`/v1/accounts/${account.id}`, { name: "Other" })).body.account.status).toBe("suspended");
  });

  test("that is reserved for management keys is seen and changed by nobody", async () => {
    const before = (await stage.root.get<Page<AuditEvent>>("/v1/audit-events?limit=1")).body.data[0]?.seq;
    for (const name of ["platform", "ext:platform"]) {
      const path = `/v1/accounts/${name}`;
      expect((await stage.root.get(path)).status).toBe(404);
      expect([404, 409]).toContain((await put(path, { name: "Mine" })).status);
      expect([404, 409]).toContain((await stage.root.patch(path, { name: "Mine" })).status);
      expect((await stage.root.post(`${path}/suspend`, { reason: "x" })).status).toBe(404);
      expect((await stage.root.post(`${path}/resume`)).status).toBe(404);
      expect((await stage.root.put(`${path}/members/ext:me`, person)).status).toBe(404);
      expect((await stage.root.put(`${path}/services/ext:me`, { name: "Mine" })).status).toBe(404);
    }
    expect((await stage.root.get<Page<AuditEvent>>("/v1/audit-events?limit=1")).body.data[0]?.seq).toBe(before);
  });

  test("lists are filtered by status, plan and words", async () => {
    const { id, externalId } = await makeAccount(stage.root, "gold");
    const unique = externalId.slice("ext:".length);
    const listed = async (query: string) =>
      (await stage.root.get<Page<Account>>(`/v1/accounts?limit=200&${query}`)).body.data.map((account) => account.id);
    expect(await listed(`q=${unique.toUpperCase()}`)).toEqual([id]);
    expect(await listed("plan=gold")).toContain(id);
    expect(await listed("plan=basic")).not.toContain(id);
    await stage.root.post(`/v1/accounts/${id}/suspend`, { reason: "unpaid" });
    expect(await listed("status=suspended")).toContain(id);
    expect(await listed("status=active")).not.toContain(id);
    expect(await listed("plan=gold&q=%25")).toEqual([]);
  });
});

describe("members and services", () => {
  const memberPath = (account: string, id = "ext:ann") => `/v1/accounts/${account}/members/${id}`;

  test("a member is created and replaced under the caller's id, within the account alone", async () => {
    const [one, two] = [await makeAccount(stage.root), await makeAccount(stage.root)];
    const created = await stage.root.put<MemberResult>(memberPath(one.externalId), person);
    expect(created.status).toBe(201);
    expect(created.body.member).toMatchObject({ ...person, account: one.id, externalId: "ann", status: "active" });
    expect((await stage.root.get(memberPath(two.id))).status).toBe(404);
    expect((await stage.root.put<MemberResult>(memberPath(two.id), person)).status).toBe(201);
    const { id } = created.body.member;
    expect((await stage.root.get(memberPath(two.id, id))).status).toBe(404);
    expect((await stage.root.put(memberPath(two.id, id), person)).status).toBe(404);
    const replaced = await stage.root.put<MemberResult>(memberPath(one.id, id), { ...person, name: "Anne" });
    expect(replaced.body).toMatchObject({ member: { id, name: "Anne", externalId: "ann" }, effective: null });
  });

  test("losing a role or being deactivated says that it holds everywhere", async () => {
    const { id } = await makeAccount(stage.root);
    await stage.root.put(memberPath(id), person);
    for (const change of [{ role: "viewer" }, { role: "viewer", status: "deactivated" }]) {
      const changed = await stage.root.put<MemberResult>(memberPath(id), { ...person, ...change });
      expect(changed.body).toMatchObject({ member: change, effective: { everywhere: true } });
    }
    const active = await stage.root.get<Page<Member>>(`/v1/accounts/${id}/members?status=active`);
    expect(active.body.data.map((each) => each.externalId).toSorted()).toEqual([
      "admin",
      "developer",
      "owner",
      "viewer",
    ]);
    const gone = await stage.root.get<Page<Member>>(`/v1/accounts/${id}/members?status=deactivated`);
    expect(gone.body.data.map((each) => each.externalId)).toEqual(["ann"]);
  });

  test.each([
    [{ ...person, email: "nobody" }, "email"],
    [{ ...person, role: "king" }, "role"],
    [{ ...person, status: "asleep" }, "status"],
    [{ ...person, name: " " }, "name"],
    [{ ...person, admin: true }, "admin"],
  ])("a member with %j is refused, and the field named", async (body, path) => {
    const answer = await stage.root.put<Problem>(memberPath(stage.account.id), body);
    expect(answer.body).toMatchObject({ status: 400, errors: [{ path }] });
  });

  test("a service is created and replaced, and seen within its account alone", async () => {
    const [one, two] = [await makeAccount(stage.root), await makeAccount(stage.root)];
    const path = `/v1/accounts/${one.id}/services/ext:jobs`;
    const created = await stage.root.put<{ id: string }>(path, { name: "Jobs", metadata: { team: "data" } });
    expect(created.status).toBe(201);
    const replaced = await stage.root.put(path, { name: "Jobs", description: "nightly\nand weekly" });
    expect(replaced.body).toMatchObject({ id: created.body.id, description: "nightly\nand weekly", metadata: {} });
    expect((await stage.root.get(`/v1/accounts/${two.id}/services/${created.body.id}`)).status).toBe(404);
    expect((await stage.root.get(`/v1/accounts/ext:nobody/services`)).status).toBe(404);
  });
});
