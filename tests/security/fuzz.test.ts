/**
 * Whatever bytes come as key, header, path, query or body: a defined answer, never a 5xx, never data. The number of cases is
 * CLAVIGER_FUZZ_CASES; CLAVIGER_TEST_SEED repeats a run.
 */
import { OPERATIONS } from "@claviger/contract";
import { api, issueKey, type MadeKey, type SeededRandom, seededRandom } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage, type Verdict } from "../support/client.ts";
import { isProblem } from "../support/conforms.ts";
import { type Existing, sampleOf } from "../support/samples.ts";

const CASES = Number(process.env.CLAVIGER_FUZZ_CASES ?? 20_000);
const TIME_MS = 60_000 + CASES * 10;

let stage: Stage;
let existing: Existing;
let mine: MadeKey;
beforeAll(async () => {
  stage = await openStage({ CLAVIGER_LOG_LEVEL: "silent" });
  await stage.root.put("/v1/plans/basic", {});
  mine = await issueKey(stage.root, stage.account.id);
  existing = { account: stage.account, key: mine.id, secret: mine.secret };
});
afterAll(() => stage.app.stop());

const NASTY = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "\u2028",
  "é",
  "🔑",
  "../",
  "%00",
  "'",
  '"',
  "\\",
  "{",
  "[",
  "<script>",
  "__proto__",
  "\r\nX: y",
  "-1",
  "1e400",
  "NaN",
  "null",
  "9".repeat(400),
  "a".repeat(5000),
  "ext:",
  "ext:platform",
  "platform",
];

/** Text of any kind: nasty pieces, random characters of any plane, or a mutation of something good. */
function text(random: SeededRandom, good: readonly string[]): string {
  switch (random.int(4)) {
    case 0:
      return random.pick(NASTY);
    case 1:
      return Array.from({ length: random.int(60) }, () =>
        String.fromCharCode(random.int(random.pick([128, 256, 65_536]))),
      ).join("");
    case 2:
      return mutate(random, random.pick(good));
    default:
      return random.pick(good) + random.pick(NASTY);
  }
}

function mutate(random: SeededRandom, original: string): string {
  const characters = [...original];
  for (let times = random.int(3); times >= 0; times -= 1) {
    const at = random.int(characters.length + 1);
    const kind = random.int(3);
    if (kind === 0) characters.splice(at, 1);
    else characters.splice(at, kind === 1 ? 1 : 0, String.fromCharCode(33 + random.int(94)));
  }
  return characters.join("");
}

/** What a header may carry at all: the rest never reaches a server. */
const headerText = (value: string): string => value.replace(/[^\x20-\x7e\x80-\xff]/g, "?").slice(0, 6000);

function json(random: SeededRandom, depth: number): unknown {
  switch (random.int(depth > 3 ? 5 : 7)) {
    case 0:
      return null;
    case 1:
      return random.int(2) === 0;
    case 2:
      return random.pick([0, -1, 1.5, 1e21, -1e308, 2 ** 53, random.int(1000)]);
    case 3:
    case 4:
      return text(random, [mine.secret, mine.id, "live", "contacts:read", "2031-01-01T00:00:00Z", "10.0.0.0/8"]);
    case 5:
      return Array.from({ length: random.int(4) }, () => json(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.int(4) }, () => [text(random, ["all", "any", "name"]), json(random, depth + 1)]),
      );
  }
}

test("any text presented as a key gets a verdict, and only the one key is ever accepted", {
  timeout: TIME_MS,
}, async (context) => {
  const random = seededRandom(context);
  const codes: Record<string, number> = {};
  const batch = 500;
  for (let done = 0; done < CASES; done += batch) {
    const checks = Array.from({ length: batch }, () => ({
      key: text(random, [mine.secret, stage.app.managementKey]).slice(0, 4096),
      environment: "live",
    }));
    const { status, body } = await stage.root.post<{ results: Verdict[] }>("/v1/verify/batch", { checks });
    expect(status).toBe(200);
    for (const [index, verdict] of body.results.entries()) {
      codes[verdict.code] = (codes[verdict.code] ?? 0) + 1;
      if (verdict.valid) expect(checks[index]?.key).toBe(mine.secret);
      else expect(["MALFORMED", "NOT_FOUND", "WRONG_ENVIRONMENT"]).toContain(verdict.code);
    }
  }
  expect(codes.MALFORMED).toBeGreaterThan(CASES / 2);
});

describe("any request is answered with what the contract defines", () => {
  test("headers of any kind, at every operation, without a right to it: 4xx and no data", {
    timeout: TIME_MS,
  }, async (context) => {
    const random = seededRandom(context);
    for (let done = 0; done < CASES / 20; done += 1) {
      const operation = random.pick(OPERATIONS.filter(({ access }) => access.kind !== "public"));
      const { path, body } = sampleOf(operation, existing);
      const names = [
        "authorization",
        "x-api-key",
        "claviger-credential",
        "x-original-uri",
        "x-original-method",
        "x-forwarded-for",
        "content-type",
        "idempotency-key",
        "user-agent",
        "origin",
        "referer",
      ];
      const headers: Record<string, string> = {};
      for (const name of names) {
        if (random.int(3) !== 0) continue;
        const value = text(random, [
          `Bearer ${mutate(random, stage.app.managementKey)}x`,
          "application/json",
          "/contacts",
          "GET",
          "127.0.0.1",
        ]);
        headers[name] = headerText(value);
      }
      const answer = await api(stage.app.fetch, null).call(operation.method, path, { headers, body });
      const told = JSON.stringify({ operation: operation.id, headers });
      expect(answer.status, told).toBeGreaterThanOrEqual(400);
      expect(answer.status, told).toBeLessThan(500);
      isProblem(answer);
      expect(answer.text).not.toContain(existing.account.externalId);
    }
  });

  test("bodies, paths and queries of any kind, with every right there is: never 5xx", {
    timeout: TIME_MS,
  }, async (context) => {
    const random = seededRandom(context);
    const root = api(stage.app.fetch, stage.app.managementKey);
    const failed: string[] = [];
    const statuses: Record<number, number> = {};
    for (let done = 0; done < CASES / 20; done += 1) {
      const operation = random.pick(
        OPERATIONS.filter(({ id }) => id !== "accounts.suspend" && id !== "system.metrics"),
      );
      const { method, path, body } = fuzzed(random, operation);
      const headers = operation.access.kind === "holder" ? { authorization: `Bearer ${mine.secret}` } : {};
      if (operation.id === "keys.revoke-self" || path.includes(mine.id)) continue;
      const answer = await root.call(method, path, { headers, ...(method === "GET" ? {} : { body }) });
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.status >= 500) failed.push(`${method} ${path} ${String(body).slice(0, 300)} → ${answer.text}`);
      else if (answer.status >= 400) isProblem(answer);
    }
    expect(failed.slice(0, 20)).toEqual([]);
    expect(statuses[400]).toBeGreaterThan(CASES / 1_000);
    expect(Object.keys(statuses).some((status) => Number(status) < 300)).toBe(true);
  });
});

function fuzzed(
  random: SeededRandom,
  operation: (typeof OPERATIONS)[number],
): { method: string; path: string; body: string } {
  const sample = sampleOf(operation, existing);
  const encode = (value: string): string => encodeURIComponent(value.toWellFormed()).slice(0, 3000);
  let { path } = sample;
  if (random.int(2) === 0) {
    path = operation.path.replace(
      /\{\w+\}/g,
      () => encode(text(random, [existing.account.externalId, "live", "contacts:read"])) || "x",
    );
  }
  const query = Object.keys(operation.query?.shape ?? { limit: 1 }).filter(() => random.int(2) === 0);
  const values = query.map(
    (name) =>
      `${name}=${encode(text(random, ["1", "live", "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV", "WyItaWQiLCJ4Il0", "2031-01-01T00:00:00Z"]))}`,
  );
  const mark = path.includes("?") ? "&" : "?";
  const body = random.int(8) === 0 ? text(random, ['{"a":1}']) : JSON.stringify(bodyOf(random, sample.body));
  return { method: operation.method, path: values.length === 0 ? path : `${path}${mark}${values.join("&")}`, body };
}

/** A good body with one field of any kind, or something else altogether. */
function bodyOf(random: SeededRandom, good: unknown): unknown {
  if (typeof good !== "object" || good === null || random.int(5) === 0) return json(random, 0);
  const fields = [
    "label",
    "scopes",
    "tier",
    "purpose",
    "owner",
    "service",
    "expiresAt",
    "allowedIps",
    "allowedReferrers",
    "audiences",
    "limits",
    "runbookUrl",
    "dependants",
    "tags",
    "metadata",
    "name",
    "email",
    "routes",
    "environment",
    "path",
    "ip",
  ];
  return { ...good, [random.int(2) === 0 ? random.pick(Object.keys(good)) : random.pick(fields)]: json(random, 1) };
}
