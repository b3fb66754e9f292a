/** Keys that only the old store can tell are imported as they are presented (A7), and nobody whose key is known waits for that store. */
import { randomBytes } from "node:crypto";
import { createVerifier } from "@claviger/sdk";
import { issueKey, issueManagementKey, startApp, type TestApp } from "@claviger/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  type AuditEvent,
  client,
  type Key,
  openStage,
  type Page,
  type Stage,
  type Verdict,
} from "../support/client.ts";
import { type OldStoreServer, oldStoreServer } from "../support/old-store.ts";

interface Import {
  readonly state: "open" | "done";
  readonly lines: number;
  readonly imported: number;
  readonly failed: number;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

let old: OldStoreServer;
let stage: Stage;
let lines: string[] = [];
const settings = () => ({
  CLAVIGER_IMPORT_HOOK_URL: old.url,
  CLAVIGER_IMPORT_HOOK_SECRET: old.secret,
  CLAVIGER_IMPORT_HOOK_FORMS: "sk_old_, legacy-[0-9a-f]{32}",
  CLAVIGER_IMPORT_HOOK_PER_SECOND: "500",
  CLAVIGER_IMPORT_HOOK_TIMEOUT_MS: "1000",
});
beforeAll(async () => {
  old = await oldStoreServer();
  stage = await openStage({ ...settings(), CLAVIGER_ALLOW_PRIVATE_TARGETS: "true" });
});
beforeEach(() => old.odd(null));
afterAll(async () => {
  await stage.app.stop();
  await old.close();
});

let made = 0;
/** A key of the old store, and the label that it has there. */
function oldKey(fields: object = {}): { key: string; label: string } {
  made += 1;
  const label = `old ${made}`;
  const described = { account: stage.account.id, environment: "live", label, scopes: ["contacts:read"], ...fields };
  return { key: old.make(described), label };
}

const timesAsked = (key: string): number => old.asked.filter((asked) => asked === key).length;

async function verdictOf(key: string, more: object = {}): Promise<Verdict> {
  const asked = { key, environment: "live", scopes: ["contacts:read"], ...more };
  return (await stage.root.post<Verdict>("/v1/verify", asked)).body;
}
const codeOf = async (key: string, more: object = {}): Promise<string> => (await verdictOf(key, more)).code;

async function labelled(label: string): Promise<readonly Key[]> {
  return (await stage.root.get<Page<Key>>(`/v1/keys?q=${encodeURIComponent(label)}`)).body.data.filter(
    (key) => key.label === label,
  );
}

const hooked = async (): Promise<Import> => (await stage.root.get<Import>("/v1/imports/ext:import-hook")).body;

test("a string that has no form of the old store is malformed, and the old store never hears of it", async () => {
  const strings = [`sk_new_${randomBytes(16).toString("hex")}`, "legacy-0123", `x${oldKey().key}`];
  for (const text of strings) expect(await codeOf(text)).toBe("MALFORMED");
  expect(old.asked.filter((asked) => strings.includes(asked))).toEqual([]);
});

describe("a key that only the old store can tell", () => {
  test("is imported by its first presentation, as the old store describes it, and from then on the old store is not asked", async () => {
    const expiresAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
    const { key, label } = oldKey({ expiresAt, createdAt: "2024-03-01T00:00:00Z", tags: ["moved"] });
    const first = await verdictOf(key);
    expect(first).toMatchObject({ valid: true, account: stage.account.id, environment: "live", expiresAt });
    for (let n = 0; n < 5; n += 1) expect(await codeOf(key)).toBe("VALID");
    expect(timesAsked(key)).toBe(1);
    const [shown] = await labelled(label);
    expect(shown).toMatchObject({
      ...{ createdBy: "import-hook", createdAt: "2024-03-01T00:00:00.000Z", tags: ["moved"] },
      ...{ scopes: ["contacts:read"], preview: `…${key.slice(-4)}`, status: "active", expiresAt },
    });
    const events = (await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${shown?.id}`)).body.data;
    expect(events).toMatchObject([{ action: "key.imported", actor: { type: "system", id: "import-hook" } }]);
    expect(await hooked()).toMatchObject({ state: "open", failed: 0 });
    const told = JSON.stringify([shown, events, await hooked(), old.calls]);
    expect(told).not.toContain(key);
  });

  test("is asked about once however many present it at once, and is one key", async () => {
    const { key, label } = oldKey();
    const codes = await Promise.all(Array.from({ length: 40 }, () => codeOf(key)));
    expect(new Set(codes)).toEqual(new Set(["VALID"]));
    expect(timesAsked(key)).toBe(1);
    expect(await labelled(label)).toHaveLength(1);
  });

  test("is one key where two nodes hear of it at once", async () => {
    const other = await startApp({
      database: stage.app.database,
      env: { ...settings(), CLAVIGER_ALLOW_PRIVATE_TARGETS: "true" },
    });
    onTestFinished(() => other.stop());
    const there = client(other.url, stage.app.managementKey);
    for (let n = 0; n < 5; n += 1) {
      const { key, label } = oldKey();
      const body = { key, environment: "live", scopes: ["contacts:read"] };
      const answers = await Promise.all([stage.root, there].map((node) => node.post<Verdict>("/v1/verify", body)));
      expect(answers.map((answer) => answer.body.code)).toEqual(["VALID", "VALID"]);
      expect(await labelled(label)).toHaveLength(1);
    }
  });

  test("is let through by a proxy that asks for it, and ends like any other key", async () => {
    const { key, label } = oldKey();
    const headers = { "x-api-key": key, "x-original-method": "GET", "x-original-uri": "/contacts" };
    const { secret } = await issueManagementKey(stage.root, ["verify"], { environment: "live" });
    const asked = { ...headers, "claviger-credential": secret };
    expect((await stage.root.as(null).get("/v1/authorize", asked)).status).toBe(204);
    const [shown] = await labelled(label);
    await stage.root.post(`/v1/keys/${shown?.id}/revoke`, { reason: "superseded" });
    expect(await codeOf(key)).toBe("REVOKED");
    expect(timesAsked(key)).toBe(1);
  });

  test("keeps no check of a batch waiting, and is imported all the same", async () => {
    const [known, { key }] = [await issueKey(stage.root, stage.account.id), oldKey()];
    const release = old.hold();
    onTestFinished(release);
    const checks = [key, known.secret, key].map((one) => ({
      key: one,
      environment: "live",
      scopes: ["contacts:read"],
    }));
    const batch = () => stage.root.post<{ results: Verdict[] }>("/v1/verify/batch", { checks });
    const codes = (await batch()).body.results.map(({ code }) => code);
    expect(codes).toEqual(["UNAVAILABLE", "VALID", "UNAVAILABLE"]);
    release();
    expect(await codeOf(key)).toBe("VALID");
    expect((await batch()).body.results.map(({ code }) => code)).toEqual(["VALID", "VALID", "VALID"]);
    expect(timesAsked(key)).toBe(1);
  });
});

describe("what the old store does not have", () => {
  test("is not found, and asked about once", async () => {
    const forged = `sk_old_${randomBytes(4).toString("hex")}_${randomBytes(18).toString("hex")}`;
    for (let n = 0; n < 5; n += 1) expect(await codeOf(forged)).toBe("NOT_FOUND");
    // Also after other keys were imported, whereupon the database is asked anew.
    expect(await codeOf(oldKey().key)).toBe("VALID");
    expect(await codeOf(forged)).toBe("NOT_FOUND");
    expect(timesAsked(forged)).toBe(1);
  });

  test("costs whoever guesses: a source that has presented too much of it is not asked for, whoever else is", async () => {
    const guess = () => codeOf(`legacy-${randomBytes(16).toString("hex")}`, { ip: "192.0.2.66" });
    const before = old.asked.length;
    const codes: string[] = [];
    for (let n = 0; n < 80; n += 1) codes.push(await guess());
    expect(old.asked.length - before).toBe(60);
    expect(codes.slice(0, 60)).toEqual(Array(60).fill("NOT_FOUND"));
    expect(codes.slice(60)).toEqual(Array(20).fill("UNAVAILABLE"));
    expect(await codeOf(oldKey().key, { ip: "192.0.2.67" })).toBe("VALID");
  });

  test("is no credential of the API, and is not asked about as one", async () => {
    const { key } = oldKey();
    expect((await stage.root.as(key).get("/v1/keys")).status).toBe(401);
    expect(timesAsked(key)).toBe(0);
  });
});

describe("while the old store gives no answer", () => {
  test("a known key is verified at once, and a key of the old store is unavailable, not unknown", async () => {
    const [known, { key }] = [await issueKey(stage.root, stage.account.id), oldKey()];
    const { key: imported } = oldKey();
    expect(await codeOf(imported)).toBe("VALID");
    const release = old.hold();
    onTestFinished(release);
    let over = false;
    const waiting = codeOf(key).finally(() => {
      over = true;
    });
    // Each of them is answered while that one waits.
    for (let n = 0; n < 50; n += 1) expect(await codeOf(n % 2 === 0 ? known.secret : imported)).toBe("VALID");
    expect(over).toBe(false);
    expect(await waiting).toBe("UNAVAILABLE");
    release();
    await expect.poll(() => codeOf(key), { timeout: 8_000 }).toBe("VALID");
  });

  test.each([
    ["an error", { status: 500 }],
    ["not found", { status: 404, body: `{"known":false}` }],
    ["a redirect", { status: 307, headers: { location: "http://127.0.0.1/elsewhere" }, body: "" }],
    ["no JSON", { status: 200, body: "known" }],
    ["something else", { status: 200, body: `{"known":"no"}` }],
    ["more than 64 KiB", { status: 200, body: `{"known":false${" ".repeat(70_000)}}` }],
  ])("answers %s, nobody takes that for an answer", async (_, answer) => {
    const { key, label } = oldKey();
    old.odd(answer);
    expect(await codeOf(key)).toBe("UNAVAILABLE");
    expect(await labelled(label)).toEqual([]);
    old.odd(null);
    expect(await codeOf(oldKey().key)).toBe("VALID");
  });

  test.each([
    ["an account that there is not", { account: "ext:nobody" }, "account"],
    ["a scope that there is not", { scopes: ["no-such:scope"] }, "scopes[0]"],
    ["an end that is past", { expiresAt: "2020-01-01T00:00:00Z" }, "expiresAt"],
    ["admin without a rationale", { tier: "admin", scopes: undefined }, "rationale"],
    ["the reserved account", { account: "platform" }, "account"],
  ])("a key that it describes with %s is not imported, and its import says why", async (_, fields, path) => {
    const { key, label } = oldKey(fields);
    const before = await hooked();
    expect(await codeOf(key)).toBe("UNAVAILABLE");
    expect(await codeOf(key)).toBe("UNAVAILABLE");
    expect(timesAsked(key)).toBe(1);
    expect(await labelled(label)).toEqual([]);
    const after = await hooked();
    expect(after.failed).toBe(before.failed + 1);
    expect(after.errors.at(-1)).toMatchObject({ path });
    expect(JSON.stringify(after)).not.toContain(key);
  });
});

test("an address that is not public is not called where that is not allowed", async () => {
  lines = [];
  const logger = { debug: note, info: note, warn: note, error: note };
  const other: TestApp = await startApp({ database: stage.app.database, env: settings(), house: { logger } });
  onTestFinished(() => other.stop());
  const { key } = oldKey();
  const body = { key, environment: "live", scopes: ["contacts:read"] };
  expect((await client(other.url, stage.app.managementKey).post<Verdict>("/v1/verify", body)).body.code).toBe(
    "UNAVAILABLE",
  );
  expect(timesAsked(key)).toBe(0);
  expect(lines.join("\n")).toContain("must begin with https://");
  expect(lines.join("\n")).not.toContain(key);
});

function note(details: object, message: string): void {
  lines.push(`${JSON.stringify(details)} ${message}`);
}

test("a verifier in another process has such a key imported, and decides about it by itself from then on", async () => {
  const { secret } = await issueManagementKey(stage.root, ["verify"], { environment: "live" });
  const verifier = await createVerifier({ url: stage.app.url, credential: secret, environment: "live" });
  onTestFinished(() => verifier.close());
  const now = async (key: string) => (await verifier.verify(key, { scopes: ["contacts:read"] })).code;
  const { key } = oldKey();
  expect(await now(key)).toBe("VALID");
  await expect.poll(() => verifier.verify(key, { scopes: ["contacts:read"] })).toMatchObject({ code: "VALID" });
  expect(verifier.verify(key, { scopes: ["contacts:read"] })).toMatchObject({ code: "VALID" });
  expect(timesAsked(key)).toBe(1);
  const forged = `legacy-${randomBytes(16).toString("hex")}`;
  expect(await now(forged)).toBe("NOT_FOUND");
  // Remembered here: no node is asked again.
  expect(verifier.verify(forged, { scopes: ["contacts:read"] })).toMatchObject({ code: "NOT_FOUND" });
  expect(timesAsked(forged)).toBe(1);
});

test("what became of the questions is counted", async () => {
  const text = await (await fetch(`${stage.app.url}/metrics`)).text();
  const { imported } = await hooked();
  const count = (series: string): number =>
    Number(new RegExp(`^${series.replace(/[{}"]/g, "\\$&")} (\\d+)$`, "m").exec(text)?.[1]);
  expect(count(`claviger_import_hook_answers_total{outcome="imported"}`)).toBeGreaterThanOrEqual(imported - 5);
  for (const outcome of ["refused", "invalid", "failed"])
    expect(count(`claviger_import_hook_answers_total{outcome="${outcome}"}`), outcome).toBeGreaterThan(0);
  expect(count(`claviger_import_hook_skipped_total{why="source"}`)).toBeGreaterThanOrEqual(20);
});
