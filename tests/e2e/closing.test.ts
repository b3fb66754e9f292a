/** Closing an account ends its keys, lets everything be exported, and erases what is known of its people, under a whole audit chain (E5). */
import {
  type Api,
  issueKey,
  issueManagementKey,
  MASTER_KEY,
  type MadeAccount,
  makeAccount,
  openPlatform,
  type Platform,
  succeeded,
  testBatch,
  testCell,
  testWriter,
  uniqueSuffix,
  waitFor,
} from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger } from "../../packages/cli/src/testing.ts";
import { openKeyring, PLATFORM } from "../../packages/server/src/db/index.ts";
import { systemClock, systemRandom } from "../../packages/server/src/index.ts";
import { type ChainReport, verifyChain } from "../../packages/server/src/modules/audit/index.ts";
import { type Account, type AuditEvent, client, type Effective, type Key, type Page } from "../support/client.ts";

interface Closing {
  readonly account: Account;
  readonly selected: { readonly keys: number; readonly confirm: number | null; readonly sample: object[] } | null;
  readonly bulkAct: { readonly outcomes: Readonly<Record<string, number>> } | null;
  readonly effective: Effective | null;
}

let platform: Platform;
let root: Api;
beforeAll(async () => {
  platform = await openPlatform();
  root = client(platform.url, platform.app.managementKey);
});
afterAll(() => platform.app.stop());

const close = (account: string, body: object = {}, by: Api = root) =>
  by.post<Closing>(`/v1/accounts/${account}/close`, { reason: "the contract has ended", ...body });
const codeOf = async (secret: string): Promise<string> =>
  (await root.post<{ code: string }>("/v1/verify", { key: secret, environment: "live" })).body.code;

/** Everything of the database that anybody could read, as text, but for what is wrapped or hashed. */
async function everything(): Promise<string> {
  return platform.app.database.database.transaction(PLATFORM, async (tx) => {
    const texts: string[] = [];
    for (const table of [
      ...["account", "member", "service", "api_key", "key_version", "audit_event", "usage_event", "key_source"],
      ...[
        "usage_facet_hour",
        "usage_facet_day",
        "scim_user",
        "outbox_event",
        "bulk_act",
        "offboarding",
        "rotation",
        "approval",
        "mail",
      ],
    ]) {
      const { rows } = await sql<{ row: string }>`SELECT t::text AS row FROM ${sql.table(table)} t`.execute(tx);
      texts.push(...rows.map(({ row }) => row));
    }
    return texts.join("\n");
  });
}

/** As `claviger audit verify` does. */
async function verified(): Promise<ChainReport> {
  const { database } = platform.app.database;
  const keyring = await openKeyring(database, Buffer.from(MASTER_KEY, "base64"), systemClock, systemRandom);
  return verifyChain(database, { byVersion: (version) => keyring.byVersion("audit", version) });
}

describe("closing an account", () => {
  test("is looked at first; then it is refused as a whole and its keys are ended, in force when it answers", async () => {
    const { id, members } = await makeAccount(root);
    const keys = [await issueKey(root, id), await issueKey(root, id, { owner: members.admin })];
    const dry = succeeded(await close(id, { dryRun: true })).body;
    expect(dry).toMatchObject({ account: { status: "active" }, selected: { keys: 2, confirm: null }, bulkAct: null });
    const { body } = succeeded(await close(id));
    expect(body.account).toMatchObject({ status: "closed", suspendedReason: "the contract has ended", erasedAt: null });
    const days = (Date.parse(body.account.eraseAt ?? "") - Date.parse(body.account.closedAt ?? "")) / 86_400_000;
    expect(days).toBe(30);
    expect(body.bulkAct?.outcomes).toMatchObject({ done: 2 });
    expect(body.effective?.everywhere).toBe(true);
    for (const { secret } of keys) expect(await codeOf(secret)).toBe("REVOKED");
    const again = succeeded(await close(id)).body;
    expect([again.account, again.effective?.everywhere]).toEqual([body.account, true]);
    const listed = (await root.get<Page<Account>>("/v1/accounts?status=closed&limit=200")).body.data;
    expect(listed.map((account) => account.id)).toContain(id);
    expect((await root.get<Page<Account>>("/v1/accounts?status=suspended")).body.data).toEqual([]);
  });

  test("is final: nothing is made, changed or resumed in it, and it can be read", async () => {
    const { id, externalId, members } = await makeAccount(root);
    succeeded(await close(id));
    const person = { email: "a@b.example", name: "A", role: "admin" };
    const key = { account: id, environment: "live", label: "late", tier: "read" };
    for (const answer of [
      await root.post("/v1/keys", key),
      await root.post(`/v1/accounts/${id}/resume`),
      await root.post(`/v1/accounts/${id}/suspend`, { reason: "x" }),
      await root.put(`/v1/accounts/${externalId}`, { name: "B" }),
      await root.patch(`/v1/accounts/${id}`, { name: "B" }),
      await root.put(`/v1/accounts/${id}/members/${members.admin}`, person),
      await root.put(`/v1/accounts/${id}/services/ext:s`, { name: "S" }),
    ]) {
      expect(answer, answer.text).toMatchObject({ status: 409, body: { code: "STATE_CONFLICT" } });
    }
    expect((await root.get(`/v1/accounts/${id}/members`)).status).toBe(200);
  });

  test("spares no key that is made beside it, and asks for the number of more than 20", async () => {
    const { id } = await makeAccount(root);
    await Promise.all(Array.from({ length: 21 }, () => issueKey(root, id)));
    expect(await close(id)).toMatchObject({ status: 409, body: { code: "CONFIRMATION_REQUIRED", confirm: 21 } });
    const key = { account: id, environment: "live", label: "beside", scopes: ["contacts:read"] };
    const made = Array.from({ length: 6 }, () => root.post<{ secret: string }>("/v1/keys", key));
    const closing = waitFor(async () => {
      const answer = await close(id);
      return answer.status === 409
        ? close(id, { confirm: (answer.body as unknown as { confirm: number }).confirm })
        : answer;
    });
    const answers = await Promise.all(made);
    let answer = await closing;
    // A key came in between the two questions: the number is another.
    while (answer.status === 409) {
      const { confirm } = answer.body as unknown as { confirm: number };
      answer = await close(id, { confirm });
    }
    for (const { status, body } of answers) {
      if (status === 201) expect(await codeOf(body.secret)).toBe("REVOKED");
      else expect(status).toBe(409);
    }
  });
});

describe("an export", () => {
  test("has all that is known of the account and of nobody else, no secret, says whether it is whole, and is in the trail", async () => {
    const account = await makeAccount(root);
    const other = await makeAccount(root);
    const label = `mine ${uniqueSuffix()}`;
    const key = await issueKey(root, account.id, { label });
    const theirs = await issueKey(root, other.id);
    const answer = await root.call("POST", `/v1/accounts/${account.id}/export`);
    expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = answer.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toEqual({ type: "end", lines: lines.length - 1 });
    const counted = Map.groupBy(lines, ({ type }) => type);
    expect([...counted].map(([type, { length }]) => [type, length])).toEqual([
      ...[
        ["account", 1],
        ["member", 4],
        ["service", 1],
        ["key", 1],
      ],
      ...[
        ["audit-event", counted.get("audit-event")?.length],
        ["end", 1],
      ],
    ]);
    expect(counted.get("key")?.[0]).toMatchObject({ id: key.id, label });
    expect(counted.get("audit-event")?.[0]).toMatchObject({ action: "account.exported" });
    for (const secret of [key.secret, theirs.id, other.id]) expect(answer.text).not.toContain(secret);
    const env = { CLAVIGER_URL: platform.url, CLAVIGER_MANAGEMENT_KEY: platform.app.managementKey };
    const { stdout } = await claviger(["accounts", "export", account.id], env);
    expect(stdout.trim().split("\n").at(-1)).toMatch(/^\{"type":"end","lines":\d+\}$/);
  });
});

describe("erasing", () => {
  const CANARY = `canary${uniqueSuffix()}`;

  async function canaryAccount(): Promise<{ account: MadeAccount; key: { id: string; secret: string } }> {
    const account = await makeAccount(root);
    const person = { email: `${CANARY}@acme.example`, name: `Ada ${CANARY}`, role: "admin" };
    succeeded(await root.put(`/v1/accounts/${account.id}/members/ext:${CANARY}`, person));
    succeeded(
      await root.put(`/v1/accounts/${account.id}/services/ext:${CANARY}`, { name: CANARY, description: CANARY }),
    );
    succeeded(await root.patch(`/v1/accounts/${account.id}`, { name: CANARY, metadata: { who: CANARY } }));
    const scim = await issueManagementKey(root, ["claviger:scim:write"]);
    succeeded(await root.put(`/v1/accounts/${account.id}/scim-credentials/${scim.id}`));
    succeeded(await platform.root.as(scim.secret).post("/scim/v2/Users", { userName: `g-${CANARY}@acme.example` }));
    const key = await issueKey(root, account.id, {
      ...{ label: CANARY, purpose: CANARY, storedIn: CANARY, dependants: [CANARY], tags: [CANARY] },
      ...{ metadata: { a: CANARY }, runbookUrl: `https://${CANARY}.example/`, allowedIps: ["192.0.2.0/24"] },
    });
    succeeded(await root.post(`/v1/keys/${key.id}/throttle`, { amount: 9, per: "day", forMinutes: 9, reason: CANARY }));
    const cell = testCell(key.id, { ip: "203.0.113.77", agent: CANARY, service: CANARY });
    await testWriter(platform.app.database.database).write(null, testBatch([cell]));
    return { account, key };
  }

  test("comes at its time and not before; what is known of people is gone from every table, and the chain is whole", async () => {
    const { account, key } = await canaryAccount();
    const { id: spared } = await makeAccount(root);
    succeeded(await root.patch(`/v1/accounts/${spared}`, { name: "Spared" }));
    succeeded(await root.post(`/v1/keys/${key.id}/rotate`, {}));
    succeeded(await root.post(`/v1/keys/${key.id}/rotation/acknowledge`, { dependant: CANARY }));
    expect(await everything()).toContain(CANARY);
    succeeded(await close(account.id, { eraseAfterDays: 0 }));
    const erased = await waitFor(
      async () => {
        const { body } = await root.get<Account>(`/v1/accounts/${account.id}`);
        return body.erasedAt === null ? null : body;
      },
      { timeoutMs: 20_000 },
    );
    expect(erased).toMatchObject({ name: "erased", externalId: null, status: "closed", metadata: {} });
    const left = await everything();
    for (const known of [CANARY, "203.0.113.77"]) expect(left).not.toContain(known);
    expect((await root.get<Key>(`/v1/keys/${key.id}`)).body).toMatchObject({ label: "erased", status: "revoked" });
    expect(await codeOf(key.secret)).toBe("REVOKED");
    const events = (await root.get<Page<AuditEvent>>(`/v1/audit-events?account=${account.id}&limit=200`)).body.data;
    expect(events[0]).toMatchObject({ action: "account.erased", after: { done: true } });
    const before = events.filter(({ action }) => action !== "account.erased");
    expect(before.length).toBeGreaterThan(10);
    for (const event of before) {
      expect(event).toMatchObject({ erased: true, source: { ip: null } });
      expect([event.before, event.after]).toEqual([undefined, undefined]);
    }
    const others = (await root.get<Page<AuditEvent>>(`/v1/audit-events?account=${spared}`)).body.data;
    expect(others.every((event) => event.erased === undefined)).toBe(true);
    expect((await root.get<Account>(`/v1/accounts/${spared}`)).body.name).toBe("Spared");
    // The name that the platform had for it is free again.
    succeeded(await root.put(`/v1/accounts/${account.externalId}`, { name: "Acme once more" }));
    expect(await verified()).toMatchObject({ ok: true });
  }, 40_000);
});

describe("a compromised login", () => {
  test("may neither close nor export with the right to change accounts, and reads no labels with that to close", async () => {
    const { id } = await makeAccount(root);
    await issueKey(root, id);
    const support = root.as(
      (await issueManagementKey(root, ["claviger:accounts:write", "claviger:accounts:read"])).secret,
    );
    expect((await close(id, {}, support)).status).toBe(403);
    expect((await support.post(`/v1/accounts/${id}/export`)).status).toBe(403);
    const closer = root.as((await issueManagementKey(root, ["claviger:accounts:close"])).secret);
    expect(succeeded(await close(id, { dryRun: true }, closer)).body.selected).toMatchObject({ keys: 1, sample: [] });
    expect((await close("platform", {})).status).toBe(404);
    expect((await root.post("/v1/accounts/platform/export")).status).toBe(404);
    expect((await close("acct_01ARZ3NDEKTSV4RRFFQ69G5FAV")).status).toBe(404);
  });
});
