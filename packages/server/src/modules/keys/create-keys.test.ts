import { ClavigerError, parseKey } from "@claviger/core";
import { type TestDatabase, testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openKeyring, PLATFORM } from "../../db/index.ts";
import { openUnserved } from "../../demo/unserved.ts";
import { systemClock } from "../../kernel/clock.ts";
import { systemRandom } from "../../kernel/random.ts";
import { putAccount, putMember, putService, suspendAccount } from "../accounts/index.ts";
import { verifyChain } from "../audit/index.ts";
import { putEnvironment, putPlan, putScope } from "../catalogue/index.ts";
import { type CreatedKey, type CreateKeyInput, createKey } from "./create-key.ts";
import { createKeys, MOST_KEYS } from "./create-keys.ts";
import { digestsOf } from "./digest.ts";
import { ensureRootKey } from "./import-management-key.ts";
import type { Key } from "./key.ts";
import { findByDigest } from "./keys.store.ts";
import type { KeysPorts } from "./ports.ts";

const AUTHORITY = { keyId: "key_maker", scopes: new Set<string>(), expiresAt: null };
const ACTING = {
  actor: { type: "system", id: "test" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;

let home: TestDatabase;
let ports: KeysPorts;

beforeAll(async () => {
  home = await testDatabase();
  const keyring = await openKeyring(home.database, new Uint8Array(32).fill(5), systemClock, systemRandom);
  ports = openUnserved({
    ...{ database: home.database, keyring, keyPrefix: "clv" },
    ...{ clock: systemClock, random: systemRandom, idRandom: systemRandom },
  });
  await ensureRootKey(ports, ACTING, null);
  const scope = { description: "for a test", sensitive: false, routes: [] };
  await putScope(ports.act, ACTING, "contacts:read", { ...scope, tier: "read" });
  await putScope(ports.act, ACTING, "users:write", { ...scope, tier: "admin", sensitive: true });
  await putEnvironment(ports.act, ACTING, "narrow", { tag: "nar", class: "staging", scopes: ["users:write"] });
  await putPlan(ports.act, ACTING, "ten", { limits: [], maxActiveKeys: 10 });
  await putPlan(ports.act, ACTING, "readers", { limits: [], scopes: ["contacts:read"] });
});
afterAll(() => home.drop());

/** An account with a developer, a member who left, and a service. */
async function makeAccount(name: string, plan: string | null = null): Promise<string> {
  const account = `ext:${name}`;
  await putAccount(ports, ACTING, account, { name, plan });
  const person = { email: "dev@acme.example", name: "Dev", role: "developer" } as const;
  await putMember(ports, ACTING, account, "ext:dev", { ...person, status: "active" });
  await putMember(ports, ACTING, account, "ext:gone", { ...person, status: "deactivated" });
  await putService(ports, ACTING, account, "ext:crm", { name: "CRM" });
  return account;
}

const plain = (account: string, index = 0): CreateKeyInput => ({
  ...{ account, environment: "live", label: `key ${index}`, scopes: ["contacts:read"] },
});
const many = (account: string, count: number): CreateKeyInput[] =>
  Array.from({ length: count }, (_, index) => plain(account, index));

async function createAll(inputs: readonly CreateKeyInput[]): Promise<readonly CreatedKey[]> {
  return (await createKeys(ports, ACTING, AUTHORITY, inputs)).value ?? [];
}

async function rowCounts() {
  return home.database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<Record<string, number>>`SELECT
      (SELECT count(*) FROM api_key) AS keys, (SELECT count(*) FROM key_version) AS versions,
      (SELECT count(*) FROM audit_event) AS events, (SELECT count(*) FROM outbox_event) AS outgoing,
      (SELECT seq FROM change_head) AS seq`.execute(tx);
    return rows[0] ?? {};
  });
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  return error instanceof ClavigerError ? error.code : error;
}

describe("many keys in one act are what createKey makes", () => {
  test("each field is as createKey writes it, but for id, preview and times", async () => {
    const account = await makeAccount("same");
    const inputs: CreateKeyInput[] = [
      plain(account),
      { ...plain(account), tier: "write", scopes: undefined, expiresAt: null, purpose: 'quotes " \\ and {braces}, é' },
      {
        ...{ ...plain(account), owner: "ext:dev", service: "ext:crm", createdBy: "ext:dev", expiresInDays: 12 },
        ...{ allowedIps: ["192.0.2.0/24"], allowedReferrers: ["https://a.example"], audiences: ["crm", "a,b"] },
        ...{ limits: [{ name: "burst", amount: 5, per: "second" }], tags: ["x", ""], metadata: { a: [1, null, "ü"] } },
        ...{ storedIn: "vault", criticality: "high", runbookUrl: "https://a.example/r", dependants: [{ name: "n" }] },
      },
      { ...plain(account), scopes: ["users:write", "users:write"], owner: "team:data", rationale: "because" },
    ];
    const together = await createAll(inputs);
    const alone = await Promise.all(inputs.map((input) => createKey(ports, ACTING, AUTHORITY, input)));
    const stored = async ({ key }: CreatedKey): Promise<Key> => {
      const found = await home.database.transaction(PLATFORM, (tx) =>
        tx.selectFrom("api_key").selectAll().where("id", "=", key.id).executeTakeFirstOrThrow(),
      );
      const { id: _id, preview: _preview, created_at, updated_at, expires_at, ...told } = found;
      // What the database derives from preview, expiry and creation for its indexes.
      const {
        preview_end: _end,
        expires_or_never: _or,
        current_since: _since,
        ...rest
      } = told as Record<string, unknown>;
      const lifetime = expires_at === null ? null : Math.round((expires_at.getTime() - created_at.getTime()) / 1000);
      return { ...rest, lifetime, untouched: created_at.getTime() === updated_at.getTime() } as unknown as Key;
    };
    for (const [index, done] of alone.entries()) {
      const [one, other] = [together[index], done.value];
      if (one === undefined || other === null) throw new TypeError("every input makes a key");
      expect(await stored(one)).toEqual(await stored(other));
    }
  });

  test("each secret is genuine, of the tag of its environment, and finds its own key (A1)", async () => {
    const account = await makeAccount("secrets");
    const made = await createAll(
      many(account, 600).map((input, index) => ({ ...input, environment: index % 2 ? "live" : "test" })),
    );
    expect(new Set(made.map(({ secret }) => secret.reveal())).size).toBe(600);
    for (const [index, { key, secret }] of made.entries()) {
      expect(key.label).toBe(`key ${index}`);
      expect(parseKey(secret.reveal())).toMatchObject({ ok: true, tag: index % 2 ? "live" : "test" });
      if (index % 50 > 0) continue;
      const digests = digestsOf(ports.sha256(Buffer.from(secret.reveal())), ports.keyring);
      const { found } = await home.database.transaction(PLATFORM, (tx) => findByDigest(tx, digests));
      expect(found?.key).toEqual(key);
      expect(found?.version).toMatchObject({ key: key.id, version: 1, state: "active", expiresAt: null });
    }
  });

  test("each fault is refused with the code of createKey, and named by the place of its key", async () => {
    const account = await makeAccount("faults");
    const readers = await makeAccount("readers", "readers");
    const suspended = await makeAccount("suspended");
    await suspendAccount(ports, ACTING, suspended, "for a test");
    const faults: Partial<CreateKeyInput>[] = [
      { account: "ext:nobody" },
      { account: suspended },
      { environment: "moon" },
      { environment: undefined },
      { environment: "narrow" },
      { account: readers, tier: "write" },
      { scopes: ["unheard:of"] },
      { scopes: ["users:write"], rationale: "because", createdBy: "ext:dev" },
      { scopes: ["users:write"] },
      { owner: "ext:gone" },
      { owner: "ext:nobody" },
      { service: "ext:nothing" },
      { createdBy: "ext:gone" },
      { expiresAt: "2020-01-01T00:00:00Z" },
    ];
    for (const fault of faults) {
      const input = { ...plain(account), ...fault };
      const alone = await codeOf(createKey(ports, ACTING, AUTHORITY, input));
      expect(alone, JSON.stringify(fault)).toBeTypeOf("string");
      const together = createKeys(ports, ACTING, AUTHORITY, [plain(account), input]);
      await expect(together, JSON.stringify(fault)).rejects.toMatchObject({
        code: alone,
        errors: [{ path: expect.stringMatching(/^keys\[1\]/) }],
      });
    }
  });

  test("management keys are not made in bulk", async () => {
    const input = { account: "platform", label: "root", scopes: ["claviger:*"], rationale: "because" };
    await expect(createAll([input])).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});

describe("one act for many keys", () => {
  test("takes one number, which names every key, and writes an audit event for each (H1)", async () => {
    const [one, other] = [await makeAccount("one"), await makeAccount("other")];
    const before = await rowCounts();
    const inputs = [...many(one, 300), ...many(other, 300)];
    const done = await createKeys(ports, ACTING, AUTHORITY, inputs);
    const made = done.value ?? [];
    const after = await rowCounts();
    expect(after.seq).toBe(Number(before.seq) + 1);
    expect(after.events).toBe(Number(before.events) + 600);
    expect(after.outgoing).toBe(Number(before.outgoing) + 2);
    await home.database.transaction(PLATFORM, async (tx) => {
      const change = await tx.selectFrom("change_log").selectAll().orderBy("seq", "desc").executeTakeFirstOrThrow();
      expect(change.kind).toBe("widen");
      expect(new Set(change.subjects)).toEqual(new Set(made.map(({ key }) => `key:${key.id}`)));
      const events = await tx
        .selectFrom("audit_event")
        .select(["action", "target_id", "account_id"])
        .orderBy("seq", "desc")
        .limit(600)
        .execute();
      const expected = made.map(({ key }) => ({
        ...{ action: "key.created", target_id: key.id, account_id: key.account },
      }));
      expect(events.toReversed()).toEqual(expected);
    });
    expect(
      await verifyChain(home.database, { byVersion: (version) => ports.keyring.byVersion("audit", version) }),
    ).toMatchObject({ ok: true });
  });

  test("a fault in the last of many leaves nothing of the others", async () => {
    const account = await makeAccount("atomic");
    const before = await rowCounts();
    const inputs = [...many(account, 700), { ...plain(account), owner: "ext:nobody" }];
    await expect(createAll(inputs)).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      errors: [{ path: "keys[700].owner" }],
    });
    expect(await rowCounts()).toEqual(before);
  });

  test("the cap of a plan holds for what is there and what is asked together (A6)", async () => {
    const account = await makeAccount("capped", "ten");
    await createAll(many(account, 4));
    await expect(createAll(many(account, 7))).rejects.toMatchObject({ code: "KEY_LIMIT_REACHED" });
    expect(await createAll(many(account, 6))).toHaveLength(6);
    await expect(createAll(many(account, 1))).rejects.toMatchObject({ code: "KEY_LIMIT_REACHED" });
  });

  test("parallel acts do not pass the cap together (A6)", async () => {
    const account = await makeAccount("raced", "ten");
    const outcomes = await Promise.allSettled([3, 4, 5, 3, 4, 5].map((count) => createAll(many(account, count))));
    const made = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value : []));
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.code] : []));
    expect(made.length).toBeGreaterThan(5);
    expect(made.length).toBeLessThanOrEqual(10);
    expect(new Set(refused)).toEqual(new Set(["KEY_LIMIT_REACHED"]));
  });

  test("acts that name the same accounts in another order do not block one another for good", async () => {
    const accounts = [await makeAccount("left"), await makeAccount("right")];
    const rounds = Array.from({ length: 8 }, (_, round) =>
      createAll((round % 2 ? accounts : accounts.toReversed()).flatMap((account) => many(account, 20))),
    );
    expect((await Promise.all(rounds)).flat()).toHaveLength(320);
  });

  test("none, and more than may be made at once, are a mistake of the program", () => {
    const most = Array.from({ length: MOST_KEYS + 1 }, () => plain("ext:nobody"));
    expect(() => createKeys(ports, ACTING, AUTHORITY, [])).toThrow(TypeError);
    expect(() => createKeys(ports, ACTING, AUTHORITY, most)).toThrow(TypeError);
  });
});
