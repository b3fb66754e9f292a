/** The page of a key answers, in words and over the API and the command line: in use? when did it last work? since when does it fail, and why? (F2) */
import type { KeyUse, UseBatch } from "@claviger/core";
import { issueKey, type MadeKey, makeAccount, succeeded } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger } from "../../packages/cli/src/testing.ts";
import { type Clock, systemClock } from "../../packages/server/src/kernel/clock.ts";
import { testBatch, testCell, testWriter } from "../../packages/server/src/modules/traffic/testing.ts";
import { openStage, type Stage } from "../support/client.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const now = Date.now();
const iso = (at: number): string => new Date(at).toISOString();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

interface Point {
  readonly at: string;
  readonly requests: number;
  readonly accepted: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly durationMs: unknown;
}
interface KeyPage {
  readonly afterDeath: { readonly attempts: number; readonly silent: boolean; readonly why: string } | null;
  readonly status: { readonly is: string; readonly why: string; readonly by: { readonly id: string } | null };
  readonly use: {
    readonly is: string;
    readonly why: string;
    readonly accepted24h: number;
    readonly refused24h: number;
    readonly lastUsedAt: string | null;
    readonly last: unknown;
  };
  readonly failing: {
    readonly since: string;
    readonly requests: number;
    readonly codes: string[];
    readonly why: string;
  } | null;
  readonly refusals: readonly {
    readonly code: string;
    readonly why: string;
    readonly advice: string;
    readonly firstAt: string;
    readonly sinceLastUse: { readonly requests: number; readonly firstAt: string } | null;
    readonly endpoints: unknown[];
  }[];
  readonly timeline: readonly { readonly what: string; readonly at: string; readonly why: string }[];
  readonly series: { readonly step: string; readonly data: readonly Point[] };
}

const pageOf = async ({ id }: MadeKey, query = ""): Promise<KeyPage> =>
  succeeded(await stage.root.get<KeyPage>(`/v1/keys/${id}/usage${query}`)).body;
/** Notes uses of a key: so many minutes ago, and what else is told of them. */
const use = ({ id }: MadeKey, minutes: number, change: Parameters<typeof testCell>[1] = {}, detail: object = {}) => {
  const at = now - minutes * MINUTE_MS;
  const details = { cell: 0, at, requestId: null, status: null, durationMs: null, cost: change.cost ?? 1, ...detail };
  // Told at its own time: what comes more than a day late is counted when it comes.
  const clock = { wall: () => at, mono: systemClock.mono };
  const cell = testCell(id, { firstAt: at, lastAt: at, ...change });
  return tell([useOf(cell, at)], testBatch([cell], { details: [details] }), clock);
};

function tell(rows: readonly KeyUse[], uses: UseBatch | null, clock: Clock = systemClock): Promise<void> {
  const { writer } = testWriter(stage.app.database.database, { clock });
  return new Promise((resolve) => {
    writer.add({ credential: "key_of-a-verifier", environment: "live" }, { batch: null, rows, uses }, resolve);
  });
}

/** The same use as it is counted for lists of keys. */
function useOf({ key, version, account, code, requests }: ReturnType<typeof testCell>, at: number): KeyUse {
  const accepted = code === "VALID";
  return {
    ...{ key, version, account, accepted: accepted ? requests : 0, refused: accepted ? 0 : requests },
    ...{ firstUsedAt: accepted ? at : null, lastUsedAt: accepted ? at : null },
    ...{ lastRefusedAt: accepted ? null : at, lastRefusedCode: accepted ? null : code },
  };
}
const CALLER = { ip: "193.0.6.139", agent: "curl/8" };

describe("a key's page", () => {
  test("of a key that works says when, from where and how often, with the few that were refused", async () => {
    const key = await issueKey(stage.root, stage.account.id);
    await use(key, 20, { code: "RATE_LIMITED", requests: 2 });
    await use(key, 3, { ...CALLER, requests: 5, durations: { count: 4, totalMs: 100, maxMs: 60 } }, { durationMs: 25 });
    const page = await pageOf(key);
    expect(page.use).toMatchObject({ is: "working", lastUsedAt: iso(now - 3 * MINUTE_MS) });
    expect(page.use.accepted24h + page.use.refused24h).toBe(7);
    expect(page.use.last).toMatchObject({ network: "193.0.6.0/24", country: "NL", agent: "curl", route: "/contacts" });
    expect(page.use.why).toMatch(
      /in use.*version 1 from 193\.0\.6\.0\/24 \(NL\) with curl at GET \/contacts.*2 refused/,
    );
    expect(page.failing).toBeNull();
    expect(page.refusals[0]).toMatchObject({ code: "RATE_LIMITED", sinceLastUse: null });
    expect(page.status).toMatchObject({ is: "active", by: null });
  });

  test("of a key that fails says since when and why: what came after its last success, also of codes that came before", async () => {
    const key = await issueKey(stage.root, stage.account.id, { allowedIps: ["10.0.0.0/8"] });
    const refused = { ...CALLER, code: "IP_NOT_ALLOWED" } as const;
    await use(key, 3 * 1_440, { ...refused, requests: 7 });
    await use(key, 600, { requests: 1, ip: "10.1.1.1" });
    await use(key, 240, { ...refused, requests: 2 });
    await use(key, 30, { ...refused, requests: 1 });
    await use(key, 20, { code: "INSUFFICIENT_SCOPE", method: "POST", route: "/contacts", requests: 4 });
    const page = await pageOf(key);
    expect(page.use).toMatchObject({ is: "failing", lastUsedAt: iso(now - 600 * MINUTE_MS) });
    expect(page.failing).toMatchObject({ requests: 7, codes: ["IP_NOT_ALLOWED", "INSUFFICIENT_SCOPE"] });
    // A code that was answered before as well is known to the hour, or to the day it is of.
    const since = Date.parse(page.failing?.since ?? "");
    expect(since).toBeGreaterThan(now - 600 * MINUTE_MS);
    expect(since).toBeLessThanOrEqual(now - 240 * MINUTE_MS);
    expect(page.failing?.why).toMatch(
      /193\.0\.6\.0\/24 \(NL\), which was not allowed then; allowed now is 10\.0\.0\.0\/8.*POST \/contacts, which needs the scope/,
    );
    const [scope, address] = page.refusals;
    expect(scope).toMatchObject({
      code: "INSUFFICIENT_SCOPE",
      sinceLastUse: { requests: 4, firstAt: iso(now - 20 * MINUTE_MS) },
    });
    expect(scope?.endpoints).toMatchObject([{ method: "POST", route: "/contacts", requests: 4 }]);
    expect(address).toMatchObject({ firstAt: iso(now - 3 * DAY_MS), sinceLastUse: { requests: 3 } });
  });

  test("of a revoked key says who revoked it, when and why, in one timeline with its uses", async () => {
    const key = await issueKey(stage.root, stage.account.id);
    await use(key, 120, CALLER);
    expect((await pageOf(key)).afterDeath).toBeNull();
    succeeded(await stage.root.post(`/v1/keys/${key.id}/suspend`, { reason: "looked odd" }));
    succeeded(await stage.root.post(`/v1/keys/${key.id}/revoke`, { reason: "leaked", comment: "seen in a log" }));
    await use(key, -1, { ...CALLER, code: "REVOKED" });
    const page = await pageOf(key);
    expect(page.status).toMatchObject({
      is: "revoked",
      reason: "leaked",
      comment: "seen in a log",
      by: { type: "management-key" },
    });
    expect(page.status.why).toMatch(
      /^It was revoked on .* by the management key key_\w+: leaked \(seen in a log\)\. That is final\.$/,
    );
    expect(page.failing).toMatchObject({ requests: 1, codes: ["REVOKED"] });
    expect(page.afterDeath).toMatchObject({ attempts: 1, silent: false });
    expect(page.afterDeath?.why).toMatch(
      /^Somebody has it still: it was presented 1 time .* last refused use just now from 193/,
    );
    const told = page.timeline.map(({ what }) => what).filter((what) => what !== "expiry");
    expect(told.toSorted()).toEqual(["first-refusal", "first-use", "key.created", "key.revoked", "key.suspended"]);
    expect(page.timeline.map(({ at }) => at)).toEqual(
      page.timeline
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    const { code, stdout, stderr } = await claviger(["keys", "inspect", key.id, "--url", stage.app.url], {
      CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^status +revoked: It was revoked on .*leaked \(seen in a log\)/m);
    expect(stdout).toMatch(/^after its end +Somebody has it still: .*last refused use/m);
    expect(stdout).toMatch(/^failing +It fails since .*1 request was refused as REVOKED/m);
    expect(stdout).toMatch(/^to do +Revoking is final/m);
    expect(stdout).toMatch(/^refused +·{23}█ 1$/m);
  });

  test("of a key whose account is suspended, of one that was never presented, and of one that is quiet", async () => {
    const key = await issueKey(stage.root, stage.account.id);
    expect(await pageOf(key)).toMatchObject({ use: { is: "unused", last: null }, failing: null, refusals: [] });
    await use(key, 2 * 1_440);
    expect(await pageOf(key)).toMatchObject({ use: { is: "quiet", accepted24h: 0 } });
    succeeded(await stage.root.post(`/v1/accounts/${stage.account.id}/suspend`, { reason: "unpaid" }));
    await use(key, 0, { code: "ACCOUNT_SUSPENDED" });
    const page = await pageOf(key);
    succeeded(await stage.root.post(`/v1/accounts/${stage.account.id}/resume`));
    expect(page.status.why).toMatch(
      /Its account is suspended since .* by the management key .*: unpaid, so it is refused/,
    );
    expect(page.failing?.why).toMatch(/account is suspended since/);
    expect(page.timeline.map(({ what }) => what)).toContain("account.suspended");
  });

  test.each([
    ["1h", "minute", 60],
    ["24h", "hour", 24],
    ["7d", "6 hours", 28],
    ["30d", "day", 30],
    ["90d", "day", 90],
    ["12mo", "month", 12],
  ] as const)("tells %s by the %s, zeros included, and as much as was noted", async (period, step, points) => {
    const key = await issueKey(stage.root, stage.account.id);
    await use(
      key,
      0,
      { requests: 6, cost: 6, durations: { count: 6, totalMs: 150, maxMs: 60 } },
      { durationMs: 25, cost: 6 },
    );
    await use(key, 0, { code: "EXPIRED", requests: 3 });
    const { series } = await pageOf(key, `?period=${period}`);
    expect(series.step).toBe(step);
    expect(series.data).toHaveLength(points);
    const sum = (read: (point: Point) => number): number =>
      series.data.reduce((total, point) => total + read(point), 0);
    expect(sum(({ accepted }) => accepted)).toBe(6);
    expect(sum(({ refusals }) => refusals.EXPIRED ?? 0)).toBe(3);
    const told = series.data.filter(({ durationMs }) => durationMs !== null);
    expect(told).toMatchObject([{ durationMs: { reported: 6, mean: 25 } }]);
  });

  test("of a period that there is not is refused", async () => {
    const key = await issueKey(stage.root, stage.account.id);
    expect(await stage.root.get(`/v1/keys/${key.id}/usage?period=5y`)).toMatchObject({ status: 400 });
  });
});

interface AccountPage {
  readonly keys: Readonly<Record<string, number>>;
  readonly use: { readonly why: string; readonly lastUsedAt: string | null; readonly lastUsedKey: string | null };
  readonly failing: {
    readonly keys: number;
    readonly data: readonly { readonly key: string; readonly code: string }[];
  };
  readonly series: { readonly data: readonly Point[] };
}

describe("an account's page", () => {
  const accountPage = async (id: string, query = ""): Promise<AccountPage> =>
    succeeded(await stage.root.get<AccountPage>(`/v1/accounts/${id}/usage${query}`)).body;

  test("tells its keys by status, which are in use, which fail and why, and nothing of other accounts", async () => {
    const [account, other] = [await makeAccount(stage.root), await makeAccount(stage.root)];
    const made: MadeKey[] = [];
    for (let n = 0; n < 6; n += 1) made.push(await issueKey(stage.root, account.id));
    const [busy, broken, suspended, revoked, expiring, old] = made as [
      MadeKey,
      MadeKey,
      MadeKey,
      MadeKey,
      MadeKey,
      MadeKey,
    ];
    const theirs = await issueKey(stage.root, other.id);
    succeeded(await stage.root.post(`/v1/keys/${suspended.id}/suspend`, { reason: "odd" }));
    succeeded(await stage.root.post(`/v1/keys/${revoked.id}/revoke`, { reason: "unused" }));
    succeeded(await stage.root.patch(`/v1/keys/${expiring.id}`, { expiresInDays: 2 }));
    await use(old, 40 * 1_440);
    await use(busy, 5, { ...CALLER, requests: 9, cost: 9 });
    await use(broken, 90, { requests: 2 });
    await use(broken, 30, { code: "INSUFFICIENT_SCOPE", requests: 3 });
    await use(revoked, 1, { code: "REVOKED" });
    await use(theirs, 1, { ...CALLER, requests: 50 });
    const page = await accountPage(account.id);
    expect(page.keys).toEqual({
      ...{ total: 6, active: 3, expiring: 1, suspended: 1, expired: 0, revoked: 1 },
      ...{ used24h: 2, used30d: 2, neverUsed: 2 },
    });
    expect(page.use).toMatchObject({ lastUsedAt: iso(now - 5 * MINUTE_MS), lastUsedKey: busy.id });
    expect(page.use.why).toMatch(
      /Of 5 keys neither revoked nor expired, 2 were used within 24 hours and 2 within 30 days; 2 keys fail/,
    );
    expect(page.failing).toMatchObject({ keys: 2, data: [{ key: revoked.id, code: "REVOKED" }, { key: broken.id }] });
    expect(page).toMatchObject({
      refusals: [
        { code: "REVOKED", requests: 1, keys: 1 },
        { code: "INSUFFICIENT_SCOPE", requests: 3, keys: 1 },
      ],
      sources: { networks: [{ value: "193.0.6.0/24", accepted: 9, refused: 0 }] },
      status: { is: "active" },
    });
    const sum = page.series.data.reduce((total, { requests }) => total + requests, 0);
    expect(sum).toBe(15);
    expect(JSON.stringify(page)).not.toContain(theirs.id);
    const { code, stdout } = await claviger(["accounts", "inspect", account.externalId, "--url", stage.app.url], {
      CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^use +A key of it was accepted last on/m);
    expect(stdout).toMatch(/^Keys that fail: 2$/m);
  });

  test("says of each key what the key's own page and the list say: a refused call among others is no failure", async () => {
    const account = await makeAccount(stage.root);
    const [mixed, late, ending] = [
      await issueKey(stage.root, account.id),
      await issueKey(stage.root, account.id),
      await issueKey(stage.root, account.id),
    ];
    await use(mixed, 121, { requests: 9 });
    await use(mixed, 120, { code: "INSUFFICIENT_SCOPE" });
    await use(ending, 121);
    succeeded(await stage.root.post(`/v1/keys/${ending.id}/suspend`, { reason: "odd" }));
    await use(ending, 120, { code: "SUSPENDED" });
    // A use of long ago that is told only now, beside refusals of an hour ago.
    await use(late, 60, { code: "INSUFFICIENT_SCOPE", requests: 50 });
    const longAgo = now - 30 * HOUR_MS;
    const cell = testCell(late.id, { firstAt: longAgo, lastAt: longAgo });
    await tell([useOf(cell, longAgo)], testBatch([cell]));
    const page = await accountPage(account.id);
    const failing = [];
    for (const key of [mixed, late, ending]) {
      const own = await pageOf(key);
      const listed = (await stage.root.get<{ lastUsedAt: string }>(`/v1/keys/${key.id}`)).body;
      expect(own.use.lastUsedAt).toBe(listed.lastUsedAt);
      if (own.failing !== null) failing.push(key.id);
    }
    expect(failing).toEqual([late.id, ending.id]);
    expect(page.failing).toMatchObject({ keys: 2, data: [{ key: late.id }, { key: ending.id }] });
    expect((await pageOf(mixed)).use).toMatchObject({ is: "working", accepted24h: 9, refused24h: 1 });
    expect((await pageOf(late)).use.lastUsedAt).toBe(iso(longAgo));
  });

  test("a suspension of the account is told on the key's page, however much was done to the account since", async () => {
    const account = await makeAccount(stage.root);
    const key = await issueKey(stage.root, account.id);
    succeeded(await stage.root.post(`/v1/accounts/${account.id}/suspend`, { reason: "unpaid" }));
    for (let n = 0; n < 51; n += 1) {
      succeeded(await stage.root.put(`/v1/accounts/${account.id}`, { name: `Named ${n}` }));
    }
    const page = await pageOf(key);
    expect(page.status.why).toMatch(/suspended since .* by the management key key_\w+: unpaid/);
    expect(page.timeline).toContainEqual(expect.objectContaining({ what: "account.suspended" }));
  });

  test("uses from before outcomes were counted are told all the same", async () => {
    const account = await makeAccount(stage.root);
    const key = await issueKey(stage.root, account.id);
    const at = now - 3 * DAY_MS;
    const old = { ...useOf(testCell(key.id, { requests: 4 }), at), lastRefusedAt: at + 1_000, refused: 2 };
    await tell([{ ...old, lastRefusedCode: "RATE_LIMITED" }], null);
    const page = await pageOf(key);
    expect(page.use).toMatchObject({ is: "quiet", lastUsedAt: iso(at) });
    expect(page.refusals).toMatchObject([{ code: "RATE_LIMITED" }]);
  });

  test("of an account without keys, of a suspended one, and of none", async () => {
    const account = await makeAccount(stage.root);
    expect((await accountPage(account.id)).use.why).toBe("It never had a key.");
    succeeded(await stage.root.post(`/v1/accounts/${account.id}/suspend`, { reason: "unpaid" }));
    expect(await accountPage(account.id)).toMatchObject({
      status: {
        is: "suspended",
        reason: "unpaid",
        by: { type: "management-key" },
        why: expect.stringMatching(/unpaid\. All its keys/),
      },
    });
    expect(await stage.root.get("/v1/accounts/ext:nobody-at-all/usage")).toMatchObject({ status: 404 });
    expect(await stage.root.get("/v1/accounts/platform/usage")).toMatchObject({ status: 404 });
  });
});
