/** Every list of the contract, found by its cursor, and what only keys can be asked. */
import { KEY_STATUSES, keySort, OPERATIONS } from "@claviger/contract";
import {
  issueKey,
  makeAccount,
  succeeded,
  testBatch,
  testCell,
  testWriter,
  uniqueSuffix,
  type WebhookReceiver,
  waitFor,
  webhookReceiver,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Key, openStage, type Page, type Problem, readAll, type Stage } from "../support/client.ts";
import { asPlatform } from "../support/filler.ts";
import { askForKey, makeHandOver, makeLink, STORE } from "../support/samples.ts";

let stage: Stage;
let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await webhookReceiver();
  stage = await openStage({ CLAVIGER_ALLOW_PRIVATE_TARGETS: "true" });
  for (let index = 0; index < 7; index += 1) await Promise.all(Object.values(ADD).map((add) => add()));
});
afterAll(async () => {
  await stage.app.stop();
  await receiver.close();
});

/** Adds one row to each list. */
const ADD: Readonly<Record<string, () => Promise<unknown>>> = {
  "accounts.list": () => makeAccount(stage.root),
  "members.list": () =>
    put(`/v1/accounts/${stage.account.id}/members/ext:${uniqueSuffix()}`, {
      email: "a@b.example",
      name: "A",
      role: "viewer",
    }),
  "services.list": () => put(`/v1/accounts/${stage.account.id}/services/ext:${uniqueSuffix()}`, { name: "A" }),
  "scopes.list": () => put(`/v1/scopes/things:${uniqueSuffix()}`, { description: "A", tier: "read" }),
  "environments.list": async () => {
    const tag = `${tags++}x`.padStart(3, "0");
    await put(`/v1/environments/e-${uniqueSuffix()}`, { tag, class: "staging" });
  },
  "plans.list": () => put(`/v1/plans/p-${uniqueSuffix()}`, {}),
  "policies.list": () => put(`/v1/policies/p-${uniqueSuffix()}`, {}),
  "policies.list-enforcements": async () => {
    const name = `p-${uniqueSuffix()}`;
    for (const maxLifetimeDays of [20, 10]) await put(`/v1/policies/${name}`, { maxLifetimeDays });
  },
  "keys.list": () => issueKey(stage.root, stage.account.id),
  "links.list": () => makeLink(stage.root, stage.account.id),
  "schedules.list": async () => {
    const { id } = await issueKey(stage.root, stage.account.id);
    await put(`/v1/keys/${id}/schedule`, { everyDays: 3650, deliverTo: { offer: true } });
  },
  "splits.list": async () => {
    const { id } = await issueKey(stage.root, stage.account.id);
    succeeded(await stage.root.post(`/v1/keys/${id}/split`));
  },
  "stores.list": () => put(`/v1/stores/s-${uniqueSuffix()}`, STORE),
  "hand-overs.list": () => makeHandOver(stage.root, stage.account.id),
  "usage.list": () => use(),
  "usage.strangers": () => {
    const strangers = [{ ip: `10.0.${networks++}.1`, code: "NOT_FOUND" as const, count: 1 }];
    return testWriter(stage.app.database.database).write(null, testBatch([], { strangers }));
  },
  "endpoints.list": () => use(),
  "endpoints.uncalled": () => {
    const routes = [{ method: "GET", path: `/uncalled/${uniqueSuffix()}` }];
    return put(`/v1/scopes/things:${uniqueSuffix()}`, { description: "A", tier: "read", routes });
  },
  "metering.list": async () => {
    const { id } = await issueKey(stage.root, stage.account.id);
    await testWriter(stage.app.database.database).write(null, testBatch([testCell(id)]));
  },
  "budgets.list": async () => {
    const { id } = await issueKey(stage.root, stage.account.id);
    await put(`/v1/budgets/${id}/requests`, { amount: 1_000 });
  },
  "drills.list": () => stage.root.post("/v1/drills"),
  "approvals.list": () => askForKey(stage.root),
  "imports.list": () => importLines([]),
  "imports.errors": () => importLines([{}, {}], imported),
  "bulk-acts.results": async () => {
    // Seven at a time, once: they are the rows of one act.
    bulkAct ??= await startBulkAct();
  },
  "notices.list-mails": addMail,
  "webhooks.list": () => put(`/v1/webhooks/w-${uniqueSuffix()}`, HOOK),
  "webhooks.deliveries": async () => {
    await put("/v1/webhooks/tried", { ...HOOK, url: receiver.url });
    const { id } = succeeded(await stage.root.post<{ id: string }>("/v1/webhooks/tried/test")).body;
    // What waits changes with each attempt.
    await waitFor(async () => {
      const { body } = await stage.root.get<Page<{ id: string; state: string }>>("/v1/webhooks/tried/deliveries");
      return body.data.some((delivery) => delivery.id === id && delivery.state === "delivered");
    });
  },
  "views.show": () => issueKey(stage.root, stage.account.id),
  "audit.list": () => issueKey(stage.root, stage.account.id),
};
/** Its name is none that can be resolved. */
const HOOK = { url: "https://hooks.invalid/", events: ["webhook.disabled"] };

/** One that was sent, as the service keeps it. */
async function addMail(): Promise<void> {
  const name = uniqueSuffix();
  await asPlatform(stage.app.database, async (client) => {
    await client.query("SELECT set_config('claviger.change_seq', '0', false)");
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO member VALUES ($1, $2, NULL, 'a@b.example', 'A', 'viewer', 'active', now(), now()) RETURNING id`,
      [`mem_${name}`, stage.account.id],
    );
    await client.query(
      `INSERT INTO mail (id, account_id, member_id, state, due_at, created_at, ended_at) VALUES ($1, $2, $3, 'sent', now(), now(), now())`,
      [`mail_${name}`, stage.account.id, rows[0]?.id],
    );
  });
}

/** Lines that are wrong add their faults to the import of that name. */
async function importLines(lines: readonly object[], name = uniqueSuffix()): Promise<void> {
  const headers = { "content-type": "application/x-ndjson", "idempotency-key": name };
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const before = await stage.root.get<{ lines: number }>(`/v1/imports/ext:${name}`);
  const from = before.status === 200 ? before.body.lines + 1 : 1;
  succeeded(await stage.root.call("POST", `/v1/imports?fromLine=${from}`, { body, headers }));
}
const imported = uniqueSuffix();
let tags = 10;
let networks = 0;
let bulkAct: string | undefined;

/** On keys that there are not, which writes no trail of theirs. */
async function startBulkAct(): Promise<string> {
  const ids = Array.from({ length: 9 }, (_, index) => `key_01ARZ3NDEKTSV4RRFFQ69G5FA${index}`);
  const body = { ids, reason: "unused" };
  return succeeded(await stage.root.post<{ bulkAct: { id: string } }>("/v1/keys/revoke", body)).body.bulkAct.id;
}

/** One verification, of a path that nobody has asked for before. */
async function use(): Promise<void> {
  usedKey ??= (await issueKey(stage.root, stage.account.id)).id;
  const path = `/seen/${uniqueSuffix()}`;
  const { write } = testWriter(stage.app.database.database);
  await write(null, testBatch([testCell(usedKey, { route: null, path })]));
}
let usedKey: string | undefined;

const STATUSES: readonly string[] = KEY_STATUSES;
const CRITICALITIES: readonly (string | null)[] = [null, "low", "medium", "high", "critical"];

const put = async (path: string, body: object) => succeeded(await stage.root.put(path, body));
const lists = OPERATIONS.filter(({ query }) => query !== undefined && "cursor" in query.shape);
const pathOf = (path: string) =>
  path
    .replace("{account}", stage.account.id)
    .replace("{name}", "never-used")
    .replace(
      "{id}",
      path.startsWith("/v1/webhooks")
        ? "tried"
        : path.startsWith("/v1/bulk-acts")
          ? (bulkAct ?? "")
          : `ext:${imported}`,
    );
const rowId = (row: object): string => String("id" in row ? row.id : "name" in row ? row.name : JSON.stringify(row));

/** What keys were used for is written some seconds after, and so may change from page to page. */
function withoutUses(row: object): object {
  const { lastUsedAt: _, requests30d: __, versions: ___, ...rest } = row as Record<string, unknown>;
  return rest;
}

test("no list is left out here", () => {
  expect(lists.map(({ id }) => id).toSorted()).toEqual(Object.keys(ADD).toSorted());
});

describe.each(lists.map((list) => [list.id, list] as const))("%s", (id, list) => {
  test("pages of any size show every row once, in one order", async () => {
    const whole = await readAll<object>(stage.root, pathOf(list.path), 200);
    expect(whole.length).toBeGreaterThanOrEqual(7);
    for (const size of [1, 3, Math.min(whole.length, 200)]) {
      const again = await readAll<object>(stage.root, pathOf(list.path), size);
      expect(again.map(withoutUses)).toEqual(whole.map(withoutUses));
    }
  });

  test("no row is lost or doubled while rows are added", async () => {
    const before = (await readAll<object>(stage.root, pathOf(list.path), 200)).map(rowId);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const path: string = `${pathOf(list.path)}?limit=2${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: Page<object> = (await stage.root.get<Page<object>>(path)).body;
      seen.push(...page.data.map(rowId));
      cursor = page.nextCursor;
      if (seen.length < 8) await ADD[id]?.();
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(before.filter((row) => !seen.includes(row))).toEqual([]);
  });

  test("limits out of bounds, cursors of others, and unknown or repeated parameters are refused", async () => {
    const refused = async (query: string) => (await stage.root.get<Problem>(`${pathOf(list.path)}?${query}`)).body;
    for (const limit of ["0", "201", "-1", "1.5", "x", "", "1e9"]) {
      expect(await refused(`limit=${limit}`), limit).toMatchObject({ status: 400, errors: [{ path: "limit" }] });
    }
    const foreign = Buffer.from(JSON.stringify(["-moon", "x"])).toString("base64url");
    for (const cursor of ["x", foreign, Buffer.from("[]").toString("base64url"), "%00", "W10", "bnVsbA"]) {
      expect(await refused(`cursor=${cursor}`), cursor).toMatchObject({ status: 400, code: "INVALID_CURSOR" });
    }
    expect(await refused("colour=red")).toMatchObject({ status: 400, errors: [{ path: "colour" }] });
    expect(await refused("limit=1&limit=2")).toMatchObject({ status: 400, errors: [{ path: "limit" }] });
  });

  test("a cursor that somebody wrote answers as any wrong one", async () => {
    const first = await stage.root.get<Page<object>>(`${pathOf(list.path)}?limit=1`);
    const [sort, ...values] = JSON.parse(Buffer.from(first.body.nextCursor ?? "", "base64url").toString()) as string[];
    const forged = [
      values.map(() => "x"),
      values.map(() => ""),
      values.map(() => -1),
      values.map(() => Number.MAX_SAFE_INTEGER),
      values.map(() => null),
      values.map(() => "é".repeat(60)),
      values.map(() => "\ud800"),
      values.map(() => "nul\u0000"),
    ];
    for (const wrong of forged) {
      const cursor = Buffer.from(JSON.stringify([sort, ...wrong])).toString("base64url");
      const answer = await stage.root.get<Problem>(`${pathOf(list.path)}?cursor=${cursor}`);
      expect([200, 400], `${JSON.stringify(wrong)} ${answer.text}`).toContain(answer.status);
    }
  });
});

describe("keys are", () => {
  let account = "";
  const ids: Record<string, string> = {};
  const listed = async (query: string) =>
    (await stage.root.get<Page<Key>>(`/v1/keys?limit=200&account=${account}&${query}`)).body.data.map(({ id }) => id);
  const named = (names: readonly string[]) => names.map((name) => ids[name]).toSorted();

  beforeAll(async () => {
    account = (await makeAccount(stage.root)).id;
    const made = {
      plain: { label: "Beta plain", expiresInDays: 100, criticality: "high", storedIn: "vault" },
      test: { label: "alpha test", environment: "test", expiresAt: null },
      tiered: {
        label: "Gamma",
        scopes: undefined,
        tier: "write",
        purpose: "Nightly EXPORT",
        expiresInDays: 50,
        criticality: "low",
      },
      owned: { label: "delta", owner: "ext:owner", service: "ext:crm", expiresInDays: 30 },
      team: {
        label: "epsilon",
        owner: "team:data",
        scopes: ["contacts:write"],
        expiresAt: null,
        criticality: "critical",
      },
      expiring: { label: "zeta 100%_", expiresInDays: 3 },
      rotating: { label: "kappa", expiresInDays: 5 },
      suspended: { label: "eta" },
      revoked: { label: "theta" },
    };
    for (const [name, fields] of Object.entries(made)) ids[name] = (await issueKey(stage.root, account, fields)).id;
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    ids.expired = (await issueKey(stage.root, account, { label: "iota", expiresAt })).id;
    succeeded(await stage.root.post(`/v1/keys/${ids.suspended}/suspend`, { reason: "a question" }));
    succeeded(await stage.root.post(`/v1/keys/${ids.revoked}/revoke`, { reason: "unused" }));
    const days = { expiresInDays: 5 };
    succeeded(await stage.root.post(`/v1/keys/${ids.rotating}/rotate`, { overlapHours: 24, ...days }));
    await waitFor(async () => (await stage.root.get<Key>(`/v1/keys/${ids.expired}`)).body.status === "expired");
  });

  test.each([
    ["environment=test", ["test"]],
    ["environment=moon", []],
    ["status=active", ["plain", "test", "tiered", "owned", "team"]],
    ["status=expiring", ["expiring"]],
    ["status=suspended", ["suspended"]],
    ["status=revoked", ["revoked"]],
    ["status=expired", ["expired"]],
    ["status=requested", []],
    ["status=rotating", ["rotating"]],
    ["scope=contacts:write", ["team"]],
    ["owner=ext:owner", ["owned"]],
    ["owner=ext:nobody", []],
    ["owner=team:data", ["team"]],
    ["service=ext:crm", ["owned"]],
    ["q=EXPORT", ["tiered"]],
    ["q=100%25_", ["expiring"]],
    ["q=%25", []],
    ["status=active&owner=team:data&scope=contacts:write", ["team"]],
    ["status=revoked&owner=team:data", []],
  ])("found by %s", async (query, names) => {
    expect((await listed(query)).toSorted()).toEqual(named(names));
  });

  test("found by the owner's and service's own id, and by their own id or the end of the secret", async () => {
    const key = (await stage.root.get<Key>(`/v1/keys/${ids.owned}`)).body;
    expect(await listed(`owner=${key.owner}`)).toEqual([ids.owned]);
    expect(await listed(`service=${key.service}`)).toEqual([ids.owned]);
    expect(await listed(`q=${ids.owned}`)).toEqual([ids.owned]);
    expect(await listed(`q=${encodeURIComponent(key.preview)}`)).toContain(ids.owned);
  });

  test.each([
    "status=asleep",
    "sort=colour",
    "environment=No%20Slug",
    "owner=Bob",
    "service=crm",
    "account=acme",
    "q=",
    `q=${"x".repeat(101)}`,
  ])("not asked for by %s, which is refused", async (query) => {
    expect((await stage.root.get(`/v1/keys?${query}`)).status).toBe(400);
  });

  test("not found by an id of the caller's without the account beside it: that is ambiguous", async () => {
    expect((await stage.root.get<Problem>("/v1/keys?owner=ext:owner")).body).toMatchObject({
      status: 400,
      errors: [{ path: "owner" }],
    });
    expect((await stage.root.get<Problem>("/v1/keys?service=ext:crm")).body).toMatchObject({
      status: 400,
      errors: [{ path: "service" }],
    });
  });

  test.each(["scope=%00", "scope=a%00b", "q=%F0%9F%94%91", "owner=ext:%2500", "scope=%ED%A0%80"])(
    "looked for by %s without failing",
    async (query) => {
      expect([200, 400]).toContain((await stage.root.get(`/v1/keys?account=${account}&${query}`)).status);
    },
  );

  test("in an account that nobody knows none at all", async () => {
    expect((await stage.root.get<Page<Key>>("/v1/keys?account=ext:nobody")).body).toEqual({
      data: [],
      nextCursor: null,
    });
  });

  test.each([
    ["id", (key: Key) => key.id],
    ["createdAt", (key: Key) => key.createdAt],
    ["label", null],
    ["expiresAt", (key: Key) => key.expiresAt ?? "9999"],
    ["lastUsedAt", (key: Key) => key.lastUsedAt ?? ""],
    ["lastRefusedAt", (key: Key) => key.lastRefusedAt ?? ""],
    ["account", (key: Key) => key.account],
    ["environment", (key: Key) => key.environment ?? "~"],
    ["service", (key: Key) => key.service ?? "~"],
    ["owner", (key: Key) => key.owner ?? "~"],
    ["createdBy", (key: Key) => key.createdBy],
    ["criticality", (key: Key) => CRITICALITIES.indexOf(key.criticality)],
    ["status", (key: Key) => STATUSES.indexOf(key.status)],
    ["requests30d", (key: Key) => key.requests30d],
    ["purpose", (key: Key) => key.purpose ?? "~"],
    ["storedIn", (key: Key) => key.storedIn ?? "~"],
    ["runbookUrl", (key: Key) => key.runbookUrl ?? "~"],
  ] as const)("sorted by %s in both directions, in pages as in one", async (sort, value) => {
    const path = `/v1/keys?account=${account}&sort=`;
    const up = await readAll<Key>(stage.root, `${path}${sort}`, 2);
    const down = await readAll<Key>(stage.root, `${path}-${sort}`, 4);
    expect(up.map(({ id }) => id).toSorted()).toEqual(Object.values(ids).toSorted());
    expect(down).toEqual(up.toReversed());
    if (value === null) return;
    const values = up.map((key): string | number => value(key));
    expect(values).toEqual(values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  });

  test("in no order begun at a place that its keys cannot have", async () => {
    for (const sort of keySort.options) {
      for (const value of ["x", "", "~", "team:", -1, null, "2026-01-01T00:00:00.000Z", "\ud800"]) {
        const cursor = Buffer.from(JSON.stringify([sort, value, "key_0"])).toString("base64url");
        const answer = await stage.root.get(`/v1/keys?sort=${sort}&cursor=${cursor}`);
        expect([200, 400], `${sort} ${value} ${answer.text}`).toContain(answer.status);
      }
    }
  });

  test("a cursor of one sort is refused by another", async () => {
    const { nextCursor } = (await stage.root.get<Page<Key>>(`/v1/keys?limit=1&sort=label`)).body;
    const other = await stage.root.get<Problem>(`/v1/keys?limit=1&sort=-label&cursor=${nextCursor}`);
    expect(other.body).toMatchObject({ status: 400, code: "INVALID_CURSOR" });
  });
});
