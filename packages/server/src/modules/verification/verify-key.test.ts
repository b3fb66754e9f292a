import { isValid } from "@claviger/core";
import {
  type Api,
  api,
  issueKey,
  issueManagementKey,
  MASTER_KEY,
  type MadeAccount,
  type MadeKey,
  makeAccount,
  makeScopes,
  startApp,
  succeeded,
  type TestApp,
  type TestDatabase,
  testDatabase,
  uniqueSuffix,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { type Clock, systemClock } from "../../kernel/clock.ts";
import { MANAGEMENT_CATALOGUE } from "../../kernel/management-catalogue.ts";
import { MANAGEMENT_ENVIRONMENT } from "./load-entry.ts";
import { type TestVerifier, testVerifier } from "./testing.ts";

let db: TestDatabase;
let app: TestApp;
let root: Api;
let account: MadeAccount;
let node: TestVerifier;
const nodes: TestVerifier[] = [];

/** Another node of the cluster that the service is in. */
async function startNode(capacity: number, clock?: Clock): Promise<TestVerifier> {
  const masterKey = Buffer.from(MASTER_KEY, "base64");
  const started = await testVerifier({ database: db.database, connection: db.node, masterKey, capacity, clock });
  nodes.push(started);
  return started;
}

beforeAll(async () => {
  db = await testDatabase();
  app = await startApp({ database: db });
  root = api(app.url, app.managementKey);
  await makeScopes(root);
  account = await makeAccount(root);
  node = await startNode(1_000);
});
afterAll(async () => {
  await Promise.all(nodes.map((each) => each.stop()));
  await app.stop();
  await db.drop();
});

const issue = (fields: object = {}): Promise<MadeKey> => issueKey(root, account.id, { ...fields });
const outcomeOf = (secret: string, at = node) =>
  at.memory.check(
    at.source.hashOf(secret),
    { environment: MANAGEMENT_ENVIRONMENT },
    MANAGEMENT_CATALOGUE,
    at.source.now().wall,
  );

describe("what was invalidated is never accepted", () => {
  test.each([
    ["the key", "SUSPENDED", (key: MadeKey) => root.post(`/v1/keys/${key.id}/suspend`, { reason: "test" })],
    [
      "its account",
      "ACCOUNT_SUSPENDED",
      (_: MadeKey, own: MadeAccount) => root.post(`/v1/accounts/${own.id}/suspend`, { reason: "test" }),
    ],
    ["its environment", "VALID", () => root.put("/v1/environments/live", { tag: "live", class: "production" })],
  ])("%s: forgotten in the same synchronous step, and what is read anew is %s", async (_, code, act) => {
    const own = await makeAccount(root);
    const key = await issueKey(root, own.id);
    expect(await node.codeFor(key.secret)).toBe("VALID");
    const { subjects } = node.memory.get(node.source.hashOf(key.secret))?.record ?? { subjects: [] };
    expect(subjects).toHaveLength(3);
    for (const subject of subjects) {
      node.source.invalidate([subject]);
      expect(node.memory.get(node.source.hashOf(key.secret)), subject).toBeUndefined();
      expect(await node.codeFor(key.secret)).toBe("VALID");
    }
    succeeded(await act(key, own));
    expect(await node.codeFor(key.secret)).toBe(code);
  });

  test("whoever asks all the time: from the moment that the act has returned, every answer is the new one", async () => {
    const key = await issue();
    for (let round = 0; round < 10; round += 1) {
      const answers: { readonly begun: number; readonly code: string }[] = [];
      let asking = true;
      const ask = async (): Promise<void> => {
        while (asking) {
          const begun = performance.now();
          answers.push({ begun, code: await node.codeFor(key.secret) });
          // Other work of this process comes between two questions.
          await new Promise(setImmediate);
          if (round % 2 === 1) node.source.invalidate([`account:${account.id}`]);
        }
      };
      const askers = [ask(), ask(), ask()];
      succeeded(await root.post(`/v1/keys/${key.id}/suspend`, { reason: "test" }));
      const over = performance.now();
      for (let more = answers.length; answers.length < more + 20; ) await new Promise(setImmediate);
      asking = false;
      await Promise.all(askers);
      const late = answers.filter(({ begun }) => begun > over).map(({ code }) => code);
      expect(late.length).toBeGreaterThan(10);
      expect(new Set(late)).toEqual(new Set(["SUSPENDED"]));
      succeeded(await root.post(`/v1/keys/${key.id}/resume`));
      // What gives back is not waited for.
      await waitFor(async () => (await node.codeFor(key.secret)) === "VALID");
    }
  });

  test("everything: where the machine slept past the lease, what memory still holds is not accepted until it has caught up", async () => {
    let slept = 0;
    const clock: Clock = { mono: systemClock.mono, wall: () => systemClock.wall() + slept };
    const mine = await startNode(1_000, clock);
    const key = await issue();
    expect(await mine.codeFor(key.secret)).toBe("VALID");
    slept = 60_000;
    expect(mine.memory.size).toBe(1);
    const answer = mine.verify({ key: key.secret, environment: "live" });
    expect(answer, "at once").toMatchObject({ verdict: { valid: false, code: "UNAVAILABLE" }, key: null });
    await waitFor(async () => (await mine.codeFor(key.secret)) === "VALID");
  });

  test("everything: without the lease nothing is accepted, whatever memory holds", async () => {
    const mine = await startNode(1_000);
    const key = await issue();
    expect(await mine.codeFor(key.secret)).toBe("VALID");
    await mine.coherence.stop();
    expect(await mine.codeFor(key.secret)).toBe("UNAVAILABLE");
    mine.source.dropEverything();
    expect(mine.memory.size).toBe(0);
    expect(await mine.codeFor(key.secret)).toBe("UNAVAILABLE");
  });
});

describe("a management key is never a caller's key", () => {
  test("nor told from an unknown one, whether memory knows it or not, and no use of it is counted", async () => {
    const bound = await issueManagementKey(root, ["verify"]);
    await node.flush();
    for (const secret of [app.managementKey, bound.secret]) {
      for (let time = 0; time < 3; time += 1) {
        for (const environment of ["live", "platform", "", MANAGEMENT_ENVIRONMENT]) {
          const outcome = await node.verify({ key: secret, environment });
          expect(outcome).toEqual({
            ...{ key: null, standing: null },
            verdict: { valid: false, code: "NOT_FOUND", record: null },
          });
        }
      }
      expect(isValid(outcomeOf(secret)), "memory knows it by now").toBe(true);
    }
    expect(node.memory.takeUses(10)).toEqual([]);
  });

  test("and a caller's key is none of management", async () => {
    const { secret } = await issue({ tier: "admin", rationale: "for a test" });
    expect(await node.codeFor(secret)).toBe("VALID");
    expect(isValid(outcomeOf(secret))).toBe(false);
    expect(node.memory.sharedOf(outcomeOf(secret))?.kind).toBe("customer");
  });
});

describe("limits", () => {
  test("of one plan bind each of its keys with counters of its own, and a change of them holds at once", async () => {
    const plan = `plan-${uniqueSuffix()}`;
    const put = (amount: number) => root.put(`/v1/plans/${plan}`, { limits: [{ name: "rate", amount, per: "hour" }] });
    succeeded(await put(2));
    const { id } = await makeAccount(root, plan);
    const keys = [await issueKey(root, id), await issueKey(root, id)];
    const ask = async (): Promise<string[]> => {
      const codes: string[] = [];
      for (const { secret } of keys) codes.push(await node.codeFor(secret));
      return codes;
    };
    expect([await ask(), await ask(), await ask()]).toEqual([
      ["VALID", "VALID"],
      ["VALID", "VALID"],
      ["RATE_LIMITED", "RATE_LIMITED"],
    ]);
    const terms = keys.map(({ secret }) => node.memory.get(node.source.hashOf(secret))?.shared);
    expect(terms[0], "held once for both").toBe(terms[1]);
    succeeded(await put(3));
    expect([await ask(), await ask()]).toEqual([
      ["VALID", "VALID"],
      ["RATE_LIMITED", "RATE_LIMITED"],
    ]);
  });
});

describe("a full memory", () => {
  let owner: pg.Client;
  let small: TestVerifier;
  let keys: MadeKey[];

  beforeAll(async () => {
    owner = new pg.Client(db.owner);
    await owner.connect();
    small = await startNode(4);
  });
  beforeEach(async () => {
    keys = await Promise.all(Array.from({ length: 12 }, () => issue()));
  });
  afterAll(() => owner.end());

  const ids = (): string[] => keys.map(({ id }) => id);
  const written = async () => {
    const rows = await db.database.transaction(PLATFORM, (tx) =>
      tx.selectFrom("key_use").selectAll().where("key_id", "in", ids()).execute(),
    );
    return new Map(
      rows.map((row) => [
        row.key_id,
        { accepted: Number(row.accepted), refused: Number(row.refused), code: row.last_refused_code },
      ]),
    );
  };
  const writtenByDay = async () => {
    const rows = await db.database.transaction(PLATFORM, (tx) =>
      tx.selectFrom("key_use_day").select("requests").where("key_id", "in", ids()).execute(),
    );
    return rows.reduce((sum, { requests }) => sum + Number(requests), 0);
  };
  /** Each key is asked for three times, once of them in the wrong environment, with all others in between. */
  const useAll = async (): Promise<void> => {
    for (const environment of ["live", "test", "live"]) {
      for (const { secret } of keys) {
        const { verdict } = await small.verify({ key: secret, environment });
        expect(verdict.code).toBe(environment === "live" ? "VALID" : "WRONG_ENVIRONMENT");
        expect(small.memory.size).toBeLessThanOrEqual(4);
      }
    }
  };
  const allUsed = (times: number) =>
    new Map(keys.map(({ id }) => [id, { accepted: 2 * times, refused: times, code: "WRONG_ENVIRONMENT" }]));

  test("gives up others for whoever comes, and answers for all of them", async () => {
    await useAll();
    expect(small.memory.size).toBe(4);
    await small.flush();
  });

  test("loses no use of those that it gave up, nor of those that a change or a new start of the lease dropped", async () => {
    await useAll();
    small.source.invalidate([`account:${account.id}`]);
    await useAll();
    small.source.dropEverything();
    await small.flush();
    expect(await written()).toEqual(allUsed(2));
    await small.flush();
    expect(await written(), "written once").toEqual(allUsed(2));
  });

  test("nor of a flush that failed: all of it is written by the next one", async () => {
    await useAll();
    await owner.query(`REVOKE INSERT ON claviger.key_use_day FROM ${db.roles.platform}`);
    const told = small.warnings.length;
    try {
      await small.flush();
      expect(small.warnings.length).toBe(told + 1);
      await useAll();
      await small.flush();
      expect(await written()).toEqual(new Map());
    } finally {
      await owner.query(`GRANT INSERT ON claviger.key_use_day TO ${db.roles.platform}`);
    }
    await useAll();
    await small.flush();
    expect(await written()).toEqual(allUsed(3));
    expect(await writtenByDay()).toBe(3 * 3 * keys.length);
  });
});
