/** Views over the API: whose they are, who sees them, and what the list of keys makes of them. */
import { BUILT_IN_VIEWS } from "@claviger/contract";
import { type Api, issueKey, issueManagementKey, succeeded, uniqueSuffix } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Key, openStage, type Page, type Problem, type Stage } from "../support/client.ts";

interface View {
  readonly name: string;
  readonly total: number | null;
  readonly builtIn: boolean;
  readonly mine: boolean;
  readonly shared: boolean;
}
type Viewed = Page<Key & { readonly why: string }> & { readonly total: number | null };

let stage: Stage;
let ada: Api;
let bob: Api;
/** May read keys and nothing else. */
let reader: Api;
beforeAll(async () => {
  stage = await openStage();
  const holder = async (...scopes: readonly string[]): Promise<Api> =>
    stage.root.as((await issueManagementKey(stage.root, scopes)).secret);
  const both = ["claviger:keys:read", "claviger:keys:write"];
  [ada, bob, reader] = [await holder(...both), await holder(...both), await holder("claviger:keys:read")];
  for (const label of ["red one", "red two", "blue one"]) await issueKey(stage.root, stage.account.id, { label });
});
afterAll(() => stage.app.stop());

const save = (api: Api, name: string, body: object) => api.put<View>(`/v1/views/${name}`, body);
const labels = async (api: Api, path: string): Promise<string[]> =>
  succeeded(await api.get<Page<Key>>(path))
    .body.data.map(({ label }) => label)
    .toSorted();
const namesOf = async (api: Api): Promise<string[]> =>
  succeeded(await api.get<Page<View>>("/v1/views")).body.data.map(({ name }) => name);

describe("saved views", () => {
  test("show what their filter matches, now and later, with a total where a condition is narrow", async () => {
    const name = `red-${uniqueSuffix()}`;
    const filter = { account: stage.account.id, q: "red", sort: "label" };
    expect(await save(ada, name, { filter, notify: true })).toMatchObject({ status: 201, body: { notify: true } });
    const first = succeeded(await ada.get<Viewed>(`/v1/views/${name}?limit=1`)).body;
    expect(first).toMatchObject({ data: [{ label: "red one" }], total: 2 });
    expect(first.data[0]?.why).toContain("q = red");
    const rest = await ada.get<Viewed>(`/v1/views/${name}?cursor=${first.nextCursor}`);
    expect(rest.body).toMatchObject({ data: [{ label: "red two" }], nextCursor: null });
    expect(await save(ada, name, { filter: { q: "blue" } })).toMatchObject({ status: 200 });
    expect(await labels(ada, `/v1/views/${name}`)).toEqual(["blue one"]);
    const event = await stage.root.get<Page<{ actor: { id: string } }>>("/v1/audit-events?action=view.saved&limit=1");
    expect(event.body.data[0]).toMatchObject({ target: { type: "view", id: name }, before: { filter }, after: {} });
  });

  test("are seen by nobody else unless shared, and changed and deleted by nobody else at all", async () => {
    const name = `own-${uniqueSuffix()}`;
    await save(ada, name, { filter: { q: "red" } });
    expect(await bob.get(`/v1/views/${name}`)).toMatchObject({ status: 404 });
    expect(await bob.get(`/v1/keys?view=${name}`)).toMatchObject({ status: 404 });
    expect(await bob.call("DELETE", `/v1/views/${name}`)).toMatchObject({ status: 404 });
    expect(await namesOf(bob)).not.toContain(name);
    await save(ada, name, { filter: { q: "red" }, shared: true });
    expect(await labels(bob, `/v1/views/${name}`)).toEqual(["red one", "red two"]);
    expect(await labels(bob, `/v1/keys?view=${name}&q=two`)).toEqual(["red two"]);
    expect(await bob.call("DELETE", `/v1/views/${name}`)).toMatchObject({ status: 404 });
    // Bob's own of the same name is another view, which hides Ada's from him alone, and cannot be shared beside it.
    expect(await save(bob, name, { filter: { q: "blue" } })).toMatchObject({ status: 201 });
    expect(await labels(bob, `/v1/views/${name}`)).toEqual(["blue one"]);
    expect(await labels(ada, `/v1/views/${name}`)).toEqual(["red one", "red two"]);
    expect(await save(bob, name, { filter: { q: "blue" }, shared: true })).toMatchObject({ status: 409 });
    expect(await ada.call("DELETE", `/v1/views/${name}`)).toMatchObject({ status: 200, body: { name, mine: true } });
    expect(await ada.get(`/v1/views/${name}`)).toMatchObject({ status: 404 });
    expect(await labels(bob, `/v1/views/${name}`)).toEqual(["blue one"]);
  });

  test("are shared by those alone who may change keys", async () => {
    const name = `mine-${uniqueSuffix()}`;
    expect(await save(reader, name, { filter: { q: "red" }, shared: true })).toMatchObject({
      ...{ status: 403, body: { code: "INSUFFICIENT_SCOPE", scope: "claviger:keys:write" } },
    });
    expect(await namesOf(ada)).not.toContain(name);
    expect(await save(reader, name, { filter: { q: "red" } })).toMatchObject({ status: 201 });
    expect(await namesOf(reader)).toContain(name);
    expect(await namesOf(ada)).not.toContain(name);
  });

  test("show no management keys to those who may not manage them, whoever shared the view", async () => {
    const name = `platform-${uniqueSuffix()}`;
    expect(await save(stage.root, name, { filter: { account: "platform" }, shared: true })).toMatchObject({
      status: 201,
    });
    expect((await stage.root.get<Viewed>(`/v1/views/${name}`)).body.data.length).toBeGreaterThan(0);
    expect(await ada.get(`/v1/views/${name}`)).toMatchObject({ status: 403 });
    expect(await ada.get(`/v1/keys?view=${name}&account=platform`)).toMatchObject({ status: 403 });
    const { body } = await ada.get<Page<View>>("/v1/views");
    expect(body.data.find((view) => view.name === name)).toMatchObject({ total: null, mine: false });
  });

  test("take no name of a built-in view, no unknown condition, and no page", async () => {
    const refused = async (name: string, filter: object) =>
      (await save(ada, name, { filter })).body as unknown as Problem;
    expect(await refused("never-used", {})).toMatchObject({ status: 400, errors: [{ path: "name" }] });
    for (const filter of [{ colour: "red" }, { cursor: "x" }, { limit: "1" }, { view: "x" }, { status: "gone" }]) {
      expect(await refused("odd", filter)).toMatchObject({
        status: 400,
        errors: [{ path: expect.stringContaining("filter") }],
      });
    }
    expect(await ada.call("DELETE", "/v1/views/never-used")).toMatchObject({ status: 404 });
  });
});

describe("built-in views", () => {
  test("are those of the contract, each with a total that its pages add up to", async () => {
    const { data } = succeeded(await ada.get<Page<View>>("/v1/views")).body;
    expect(data.filter(({ builtIn }) => builtIn).map(({ name }) => name)).toEqual(BUILT_IN_VIEWS);
    for (const { name, total } of data.filter(({ builtIn }) => builtIn)) {
      expect(succeeded(await ada.get<Viewed>(`/v1/views/${name}?limit=200`)).body.data, name).toHaveLength(total ?? -1);
    }
  });

  test("combine with the other conditions of a list of keys", async () => {
    const all = await labels(ada, `/v1/keys?view=never-used&account=${stage.account.id}`);
    expect(all).toEqual(["blue one", "red one", "red two"]);
    expect(await labels(ada, "/v1/keys?view=never-used&q=blue&sort=-lastUsedAt")).toEqual(["blue one"]);
    expect(await labels(ada, "/v1/keys?view=no-scope&q=red")).toEqual([]);
    expect(await ada.get("/v1/keys?view=accounts-over-10-keys")).toMatchObject({ status: 400 });
    expect(await ada.get("/v1/keys?view=nobodys")).toMatchObject({ status: 404 });
  });

  test("are not for those who may not see keys", async () => {
    const { secret } = await issueManagementKey(stage.root, ["claviger:audit:read"]);
    for (const path of ["/v1/views", "/v1/views/never-used"]) {
      expect(await stage.root.as(secret).get(path)).toMatchObject({ status: 403 });
    }
  });
});
