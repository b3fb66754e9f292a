import { seededRandom } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import {
  compileRoutes,
  makeKey,
  type NotedUse,
  type ScopeQuery,
  USE_LIMITS,
  type UseBatch,
  type UseCell,
  UseLog,
  unknownKey,
} from "../index.ts";
import { NOW, type Told, toldKeys } from "./testing.ts";

/** Everything that is left in a log. */
function all(log: UseLog): UseBatch[] {
  const batches: UseBatch[] = [];
  for (let batch = log.take(); batch !== null; batch = log.take()) batches.push(batch);
  return batches;
}

const newLog = (mostMerged?: number): UseLog => new UseLog({ service: "shop", seed: 7, mostMerged });

/** What must hold of any batch. */
function expectWithinLimits({ cells, details, sampledOut, strangers }: UseBatch): void {
  expect(cells.length).toBeLessThanOrEqual(USE_LIMITS.cells);
  expect(details.length).toBeLessThanOrEqual(USE_LIMITS.details);
  expect(strangers.length).toBeLessThanOrEqual(USE_LIMITS.strangers);
  expect(details.length + sampledOut).toBe(cells.reduce((sum, { requests }) => sum + requests, 0));
  for (const { cell, at } of details) {
    const own = cells[cell];
    expect(own === undefined ? at : at >= own.firstAt && at <= own.lastAt).toBe(true);
  }
}

/** Sums by key, version, account and code, which hold whatever is merged. */
function sums(cells: readonly UseCell[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { key, version, account, code, requests, cost, statuses, durations } of cells) {
    const name = [key, version, account, code].join(" ");
    const more = [requests, cost, ...(statuses ?? [0, 0, 0, 0]), durations?.count ?? 0, durations?.totalMs ?? 0];
    found.set(
      name,
      more.map((value, at) => value + (found.get(name)?.[at] ?? 0)),
    );
  }
  return found;
}

describe("a use", () => {
  const [key] = toldKeys(1);
  if (key === undefined) throw new TypeError("one key was asked for");

  test("is a cell and a detail with all that is known of it", () => {
    const log = newLog();
    const request = {
      ...{ method: "get", path: "/orders/42?page=2", ip: "192.0.2.7", userAgent: "acme/1", requestId: "r-1", cost: 3 },
    };
    const use = log.note(key.accepted(), request, NOW + 0.5);
    log.answered(use as NotedUse, 204, 12.5);
    expect(all(log)).toEqual([
      {
        cells: [
          {
            ...{ key: key.id, version: 2, account: key.account, environment: "live", code: "VALID" },
            ...{
              method: "GET",
              route: null,
              path: "/orders/{id}",
              scopes: null,
              ip: "192.0.2.7",
              agent: "acme/1",
              browser: false,
            },
            ...{ service: "shop", merged: false, requests: 1, cost: 3, firstAt: NOW, lastAt: NOW },
            ...{ statuses: [1, 0, 0, 0], durations: { count: 1, totalMs: 12.5, maxMs: 12.5 } },
          },
        ],
        details: [{ cell: 0, at: NOW, cost: 3, requestId: "r-1", status: 204, durationMs: 12.5 }],
        ...{ sampledOut: 0, strangers: [] },
      },
    ]);
    expect(log.take()).toBeNull();
  });

  test.each<[ScopeQuery, string]>([
    [["contacts:read"], "contacts:read"],
    [["contacts:write", "contacts:read", "contacts:write"], "contacts:read contacts:write"],
    [{ any: ["admin", { all: ["a:b", "contacts:*"] }] }, "a:b admin contacts:*"],
    [["Contacts"], "?"],
    [["a:b c:d", "e:f"], "a:b c:d e:f"],
    [[], "?"],
    [Array.from({ length: 20 }, (_, n) => `contacts:number-${n}`), "?"],
  ])("that asked for scopes by name, %j, says so", (scopes, told) => {
    const log = newLog();
    log.note(key.accepted("/contacts/{id}"), { method: "GET", path: "/contacts/7", scopes }, NOW);
    log.note(key.accepted("/contacts/{id}"), { method: "GET", path: "/contacts/7" }, NOW);
    expect(all(log)[0]?.cells).toMatchObject([
      { route: "/contacts/{id}", path: null, scopes: told, requests: 1 },
      { route: "/contacts/{id}", path: null, scopes: null, requests: 1 },
    ]);
  });

  test.each(["method", "path", "seenMethod", "seenPath", "ip", "userAgent", "requestId", "origin", "cost", "browser"])(
    "whose %s is no text is recorded all the same",
    (field) => {
      const routes = compileRoutes([{ method: "GET", path: "/contacts", scope: "contacts:read" }]);
      const log = new UseLog({ service: null, seed: 1, routes: () => routes });
      for (const wrong of [null, 7, {}, ["a"]]) {
        log.note(key.refused("REVOKED"), { method: "GET", path: "/contacts", [field]: wrong }, NOW);
        log.note(unknownKey("MALFORMED"), { [field]: wrong }, NOW);
      }
      const [batch] = all(log);
      expect(batch?.cells.reduce((sum, { requests }) => sum + requests, 0)).toBe(4);
      expect(batch?.strangers.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    },
  );

  const cycle: { all: unknown[] } = { all: [] };
  cycle.all.push(cycle);
  test.each([
    ["a text", "contacts:read"],
    ["null", null],
    ["a number", 7],
    ["a list of numbers", [7]],
    ["all of a text", { all: "contacts:read" }],
    ["any of null", { any: [null] }],
    ["what holds itself", cycle],
  ])("that asked for scopes by what is no query, %s, is recorded without them", (_, scopes) => {
    const log = newLog();
    log.note(key.refused("INSUFFICIENT_SCOPE"), { scopes: scopes as never }, NOW);
    expect(all(log)[0]?.cells).toMatchObject([{ code: "INSUFFICIENT_SCOPE", scopes: "?", requests: 1 }]);
  });

  test("by a mapped route has the route and no path; what is refused spends nothing", () => {
    const log = newLog();
    log.note(key.accepted("/contacts/{id}"), { method: "GET", path: "/contacts/7" }, NOW);
    log.note(key.refused("RATE_LIMITED"), { cost: 9 }, NOW);
    expect(log.take()?.cells).toMatchObject([
      { code: "VALID", route: "/contacts/{id}", path: null, cost: 1 },
      { code: "RATE_LIMITED", route: null, path: null, cost: 0, requests: 1 },
    ]);
  });

  test("that is refused before its route is looked up has the route all the same, so that its endpoint is no unknown one", () => {
    const routes = compileRoutes([{ method: "GET", path: "/files/{name}", scope: "files:read" }]);
    const log = new UseLog({ service: null, seed: 7, routes: () => routes });
    for (const path of ["/files/report", "/files/report/parts"]) {
      log.note(key.refused("REVOKED"), { method: "GET", path }, NOW);
    }
    log.note(key.refused("REVOKED"), { method: "POST", path: "/files/report" }, NOW);
    log.note(key.refused("REVOKED"), { path: "/files/report" }, NOW);
    expect(log.take()?.cells).toMatchObject([
      { route: "/files/{name}", path: null },
      { route: null, path: "/files/report/parts" },
      { method: "POST", route: null, path: "/files/report" },
      { method: null, route: null, path: "/files/report" },
    ]);
  });

  test("that is answered after it was handed over gives its status and duration to a cell without requests", () => {
    const log = newLog();
    const request = { method: "GET", path: "/slow", ip: "192.0.2.7", userAgent: "acme/1" };
    const use = log.note(key.accepted(), request, NOW) as NotedUse;
    const [first] = all(log);
    log.answered(use, 503, 4_000);
    const [later] = all(log);
    expect(later?.details).toEqual([]);
    expect(later?.cells).toEqual([
      {
        ...first?.cells[0],
        ...{ requests: 0, cost: 0, statuses: [0, 0, 0, 1], durations: { count: 1, totalMs: 4_000, maxMs: 4_000 } },
      },
    ]);
  });

  test("holds no key that somebody put into path, user agent or request id", () => {
    const secret = makeKey({
      ...{ prefix: "acme", tag: "live", tagKey: new Uint8Array(32), randomBytes: (n) => new Uint8Array(n).fill(7) },
      sha256: () => new Uint8Array(32),
    });
    const log = newLog();
    log.note(key.accepted(), { path: `/x/${secret}`, userAgent: `curl ${secret}`, requestId: secret }, NOW);
    log.note(key.accepted(), { ip: secret, method: secret }, NOW);
    expect(JSON.stringify(all(log))).not.toContain(secret.slice(10, 40));
  });

  test.each([
    [{ origin: "https://app.example.com" }, true],
    [{ origin: "null" }, true],
    [{ browser: true }, true],
    [{ userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0" }, true],
    [{ userAgent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" }, false],
    [{ userAgent: "Mozilla/5.0 (Windows NT; Windows NT 10.0) WindowsPowerShell/5.1" }, false],
    [{ userAgent: "curl/8.5.0" }, false],
    [{ browser: false }, false],
  ])("of %j: from a browser %s", (request, browser) => {
    const log = newLog();
    log.note(key.accepted(), request, NOW);
    expect(log.take()?.cells[0]?.browser).toBe(browser);
  });
});

describe("what presents no genuine key", () => {
  test("is counted by source and code, and beyond a bound by code alone", () => {
    const log = newLog();
    for (let n = 0; n < 2_000; n += 1) log.note(unknownKey("NOT_FOUND"), { ip: `10.0.${n >> 8}.${n & 255}` }, NOW);
    for (let n = 0; n < 10; n += 1)
      log.note(unknownKey("MALFORMED"), { ip: n % 2 === 0 ? "10.0.0.1" : "nonsense" }, NOW);
    const [batch] = all(log);
    expect(batch?.cells).toEqual([]);
    expect(batch?.strangers.length).toBeLessThanOrEqual(USE_LIMITS.strangers);
    const count = (code: string): number =>
      (batch?.strangers ?? []).filter((each) => each.code === code).reduce((sum, each) => sum + each.count, 0);
    expect([count("NOT_FOUND"), count("MALFORMED")]).toEqual([2_000, 10]);
    expect(batch?.strangers.find(({ ip, code }) => ip === null && code === "MALFORMED")?.count).toBe(10);
    expect(log.take()).toBeNull();
  });
});

describe("whatever comes", () => {
  test("cells add up to a plain list of everything, whatever the order, the overload and when it is taken", (context) => {
    const random = seededRandom(context);
    for (let round = 0; round < 6; round += 1) {
      const keys = toldKeys(1 + random.int(40));
      const variety = random.pick([1, 3, 50, 10_000]);
      const log = newLog();
      const told: UseCell[] = [];
      const taken: UseBatch[] = [];
      const open: NotedUse[] = [];
      const count = 2_000 + random.int(12_000);
      for (let n = 0; n < count; n += 1) {
        const key = random.pick(keys);
        const accepted = random.int(4) > 0;
        const cost = 1 + random.int(3);
        const at = NOW + random.int(1_000);
        const request = { ip: `10.1.${random.int(variety) & 255}.9`, userAgent: `a/${random.int(variety)}`, cost };
        const found = accepted ? key.accepted() : key.refused(random.pick(["SUSPENDED", "RATE_LIMITED"]));
        const use = log.note(found, request, at) as NotedUse;
        told.push(listed(key, found.verdict.code, cost));
        open.push(use);
        if (random.int(3) === 0) {
          const [answered] = open.splice(random.int(open.length), 1);
          const [status, ms] = [200 + random.int(400), random.int(4_000) / 4];
          const { key: of, verdict } = answered as NotedUse;
          told.push(answeredAs(of, verdict.code, status, ms));
          log.answered(answered as NotedUse, status, ms);
        }
        if (random.int(3_000) === 0) taken.push(...all(log));
      }
      taken.push(...all(log));
      for (const batch of taken) expectWithinLimits(batch);
      expect(sums(taken.flatMap(({ cells }) => cells))).toEqual(sums(told));
      expect(log.lost).toBe(0);
    }
  });

  test("more keys than a batch has cells for go into several, each exact", () => {
    const keys = toldKeys(12_000);
    const log = newLog();
    for (const key of keys) for (let n = 0; n < 2; n += 1) log.note(key.accepted(), { ip: `10.0.0.${n}` }, NOW);
    const batches = all(log);
    expect(batches.length).toBeGreaterThan(2);
    for (const batch of batches) expectWithinLimits(batch);
    const found = sums(batches.flatMap(({ cells }) => cells));
    expect(found.size).toBe(12_000);
    expect([...found.values()].every(([requests]) => requests === 2)).toBe(true);
  });

  test("beyond all room what is left out is counted", () => {
    const keys = toldKeys(6_000);
    const log = newLog(100);
    for (const key of keys) log.note(key.accepted(), {}, NOW);
    expect(sums(all(log).flatMap(({ cells }) => cells)).size).toBe(5_100);
    expect(log.lost).toBe(900);
  });
});

describe("details", () => {
  const [key] = toldKeys(1);

  test("refusals come before successes, and of those an even part is kept", (context) => {
    const random = seededRandom(context);
    const log = new UseLog({ service: null, seed: random.int(2 ** 31) });
    for (let n = 0; n < 50_000; n += 1) {
      const found = n % 100 === 0 ? key?.refused("SUSPENDED") : key?.accepted();
      if (found !== undefined) log.note(found, { requestId: String(n) }, NOW + n);
    }
    const [batch] = all(log);
    const refusals = batch?.details.filter(({ cell }) => batch.cells[cell]?.code === "SUSPENDED") ?? [];
    const successes = batch?.details.filter(({ cell }) => batch.cells[cell]?.code === "VALID") ?? [];
    expect(refusals.length).toBe(500);
    expect(successes.length).toBeGreaterThan(500);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const { at } of successes)
      tenths[Math.floor((at - NOW) / 5_000)] = (tenths[Math.floor((at - NOW) / 5_000)] ?? 0) + 1;
    for (const tenth of tenths) expect(tenth / successes.length).toBeCloseTo(0.1, 1);
  });
});

function listed(key: Told, code: UseCell["code"], cost: number): UseCell {
  return { ...cellOf(key.id, key.account, code), requests: 1, cost: code === "VALID" ? cost : 0 };
}

function answeredAs(
  key: { keyId: string; account: string },
  code: UseCell["code"],
  status: number,
  ms: number,
): UseCell {
  const statuses = [0, 0, 0, 0].map((_, place) => (Math.floor(status / 100) - 2 === place ? 1 : 0));
  return {
    ...cellOf(key.keyId, key.account, code),
    ...{ statuses: statuses as unknown as UseCell["statuses"], durations: { count: 1, totalMs: ms, maxMs: ms } },
  };
}

function cellOf(key: string, account: string, code: UseCell["code"]): UseCell {
  return {
    ...{
      key,
      version: 2,
      account,
      environment: "live",
      code,
      method: null,
      route: null,
      path: null,
      scopes: null,
      ip: null,
    },
    ...{ agent: null, browser: false, service: null, merged: false, requests: 0, cost: 0, firstAt: 0, lastAt: 0 },
    ...{ statuses: null, durations: null },
  };
}
