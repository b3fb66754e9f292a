/** Keys that exist elsewhere go on working as they are (A7), wherever they are verified, and end like any other. */
import { createHash, randomBytes } from "node:crypto";
import { makeKey } from "@claviger/core";
import { createVerifier } from "@claviger/sdk";
import { issueManagementKey, makeAccount, waitFor } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  type AuditEvent,
  client,
  type Key,
  openStage,
  type Page,
  type Problem,
  readAll,
  type Stage,
  type Verdict,
} from "../support/client.ts";

interface Import {
  readonly id: string | null;
  readonly state: "open" | "done";
  readonly dryRun: boolean;
  readonly lines: number;
  readonly imported: number;
  readonly known: number;
  readonly failed: number;
  readonly errors: readonly { readonly line: number; readonly path: string; readonly message: string }[];
}

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

/** A key as another system made it. */
const oldKey = (): string => `sk_old_${randomBytes(15).toString("hex")}`;
const sha256 = (key: string, encoding: "hex" | "base64url"): string =>
  createHash("sha256").update(key).digest(encoding);

const line = (fields: object): object => ({
  account: stage.account.id,
  environment: "live",
  label: "from before",
  scopes: ["contacts:read"],
  ...fields,
});

const ndjson = (lines: readonly unknown[]): string =>
  lines.map((one) => `${typeof one === "string" ? one : JSON.stringify(one)}\n`).join("");

function send(body: string, query = "", headers: Readonly<Record<string, string>> = {}, root = stage.root) {
  return root.call<Import & Problem>("POST", `/v1/imports${query}`, {
    body,
    headers: { "content-type": "application/x-ndjson", ...headers },
  });
}

async function verify(key: string, ip?: string): Promise<Verdict["code"]> {
  const asked = { key, environment: "live", scopes: ["contacts:read"], ...(ip === undefined ? {} : { ip }) };
  return (await stage.root.post<Verdict>("/v1/verify", asked)).body.code;
}

test("before anything was imported, a string of another form is malformed and nothing more", async () => {
  expect(await verify(oldKey())).toBe("MALFORMED");
});

describe("an imported key", () => {
  test("verifies as it is, whether it came plain, as SHA-256 in hexadecimal or in base64url; it is shown masked and audited, never told", async () => {
    const keys = [oldKey(), oldKey(), oldKey()];
    const [plain = "", hex = "", base64url = ""] = keys;
    const answer = await send(
      ndjson([
        line({ key: plain, createdAt: "2024-03-01T00:00:00Z", tags: ["old"] }),
        line({ sha256: sha256(hex, "hex"), preview: "sk_old_…" }),
        line({ sha256: sha256(base64url, "base64url") }),
      ]),
    );
    expect(answer).toMatchObject({
      status: 200,
      body: { state: "done", lines: 3, imported: 3, failed: 0, errors: [] },
    });
    for (const key of keys) expect(await verify(key)).toBe("VALID");
    const { data } = (await stage.root.get<Page<Key>>(`/v1/keys?account=${stage.account.id}&sort=-createdAt`)).body;
    const shown = data.find(({ tags }) => tags.includes("old"));
    expect(shown).toMatchObject({ preview: `…${plain.slice(-4)}`, createdAt: "2024-03-01T00:00:00.000Z", version: 1 });
    const events = (await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${shown?.id}`)).body.data;
    expect(events).toMatchObject([{ action: "key.imported", target: { type: "key", id: shown?.id } }]);
    const text = JSON.stringify([answer.text, data, events]);
    for (const key of keys) expect(text).not.toContain(key);
  });

  test("is longer or shorter than keys that are issued here, and verifies all the same", async () => {
    const keys = ["short-key-of-16ch", `long-${"k".repeat(490)}-${randomBytes(6).toString("hex")}`];
    expect((await send(ndjson(keys.map((key) => line({ key }))))).body).toMatchObject({ imported: 2, failed: 0 });
    for (const key of keys) expect(await verify(key)).toBe("VALID");
    for (const key of ["fifteen-letters", "x".repeat(513), "with space in it 123"]) {
      expect((await send(ndjson([line({ key })]))).body).toMatchObject({
        imported: 0,
        failed: 1,
        errors: [{ path: "key" }],
      });
      expect(await verify(key)).toBe("MALFORMED");
    }
  });

  test("is revoked like any other, and the revocation holds at once in a verifier that had it in memory", async () => {
    const key = oldKey();
    const credential = await issueManagementKey(stage.root, ["verify"], { environment: "live" });
    const verifier = await createVerifier({ url: stage.app.url, credential: credential.secret, environment: "live" });
    onTestFinished(() => verifier.close());
    // Asked for before it was imported: remembered as nobody's, and forgotten by the import.
    expect(await verifier.verify(key, { scopes: ["contacts:read"] })).toMatchObject({ code: "NOT_FOUND" });
    await send(ndjson([line({ key, label: "to be revoked" })]));
    const now = async () => (await verifier.verify(key, { scopes: ["contacts:read"] })).code;
    await waitFor(async () => (await now()) === "VALID");
    // From memory now.
    expect(verifier.verify(key, { scopes: ["contacts:read"] })).toMatchObject({ code: "VALID" });
    const { data } = (await stage.root.get<Page<Key>>("/v1/keys?q=to be revoked")).body;
    const revoked = await stage.root.post(`/v1/keys/${data[0]?.id}/revoke`, { reason: "superseded" });
    expect(revoked).toMatchObject({ status: 200, body: { effective: { everywhere: true } } });
    expect(await now()).toBe("REVOKED");
  });
});

describe("a line", () => {
  test("that is wrong is told by number, field and reason, and keeps no other out", async () => {
    const [first, second, mine] = [oldKey(), oldKey(), oldKey()];
    const other = await makeAccount(stage.root);
    const parts = { prefix: "clv", tag: "live", tagKey: randomBytes(32), randomBytes };
    const notOurs = makeKey({ ...parts, sha256: (data) => createHash("sha256").update(data).digest() });
    await send(ndjson([line({ key: mine, account: other.id })]));
    const answer = await send(
      ndjson([
        line({ key: first }),
        "{ this is no JSON",
        line({ key: oldKey(), account: "ext:nobody" }),
        "",
        line({ key: oldKey(), scopes: ["no-such:scope"] }),
        line({ key: oldKey(), label: "" }),
        line({ label: "neither key nor hash" }),
        line({ key: oldKey(), sha256: sha256("x", "hex") }),
        line({ key: oldKey(), createdAt: "2999-01-01T00:00:00Z" }),
        line({ key: oldKey(), nonsense: 1 }),
        line({ key: mine }),
        line({ key: notOurs }),
        line({ key: oldKey(), account: "platform" }),
        `{"label":"${"x".repeat(70_000)}"}`,
        line({ key: second }),
        line({ key: second }),
      ]),
    );
    expect(answer.body).toMatchObject({ state: "done", lines: 16, imported: 2, known: 1, failed: 12 });
    expect(answer.body.errors.map(({ line: number, path }) => [number, path])).toEqual([
      [2, ""],
      [3, "account"],
      [5, "scopes[0]"],
      [6, "label"],
      [7, "key"],
      [8, "key"],
      [9, "createdAt"],
      [10, ""],
      [11, "key"],
      [12, "key"],
      [13, "account"],
      [14, ""],
    ]);
    for (const key of [first, second]) expect(await verify(key)).toBe("VALID");
    const path = `/v1/imports/${answer.body.id}/errors`;
    expect(await readAll<object>(stage.root, path, 5)).toEqual(answer.body.errors);
    expect(JSON.stringify(answer.body)).not.toContain(mine);
  });

  test("beyond what the plan of its account has room for is a fault, and the others are imported", async () => {
    await stage.root.put("/v1/plans/two-keys", { limits: [], maxActiveKeys: 2 });
    const account = await makeAccount(stage.root, "two-keys");
    const answer = await send(ndjson([1, 2, 3].map(() => line({ key: oldKey(), account: account.id }))));
    expect(answer.body).toMatchObject({ imported: 2, failed: 1, errors: [{ line: 3 }] });
  });

  test("may leave account and environment to the query, and come as CSV", async () => {
    const [first, second] = [oldKey(), oldKey()];
    const csv = `label,key,scopes,tags,expiresInDays\r\n"A, quoted",${first},contacts:read,a b,30\r\nToo few\r\nSecond,${second},contacts:read contacts:write,,\r\n`;
    const answer = await send(csv, `?account=${stage.account.id}&environment=live`, { "content-type": "text/csv" });
    expect(answer.body).toMatchObject({ state: "done", lines: 3, imported: 2, failed: 1, errors: [{ line: 2 }] });
    const { data } = (await stage.root.get<Page<Key>>("/v1/keys?q=quoted")).body;
    expect(data).toMatchObject([{ label: "A, quoted", tags: ["a", "b"], scopes: ["contacts:read"] }]);
    for (const key of [first, second]) expect(await verify(key)).toBe("VALID");
    const broken = await send('label,key\n"unclosed', "", { "content-type": "text/csv" });
    expect(broken).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
  });
});

describe("an import", () => {
  test("that broke off is gone on with under the same Idempotency-Key, from the start or from where it was, and makes each key once", async () => {
    const keys = Array.from({ length: 1_200 }, oldKey);
    const lines = keys.map((key) => line({ key, tags: ["resumed"] }));
    const headers = { "idempotency-key": "resume-1" };
    const begun = (await send(ndjson(lines.slice(0, 700)), "?more=true", headers)).body;
    expect(begun).toMatchObject({ state: "open", lines: 700, imported: 700 });
    const gap = await send(ndjson(lines.slice(800)), "?fromLine=801", headers);
    expect(gap).toMatchObject({
      status: 400,
      body: { errors: [{ path: "fromLine", message: expect.stringContaining("line 701") }] },
    });
    const whole = (await send(ndjson(lines), "?more=true", headers)).body;
    expect(whole).toMatchObject({ id: begun.id, lines: 1_200, imported: 1_200, known: 0 });
    const last = (await send(ndjson([line({ key: oldKey(), tags: ["resumed"] })]), "?fromLine=1201", headers)).body;
    expect(last).toMatchObject({ id: begun.id, state: "done", lines: 1_201, imported: 1_201 });
    expect((await send(ndjson(lines), "", headers)).body).toMatchObject({
      id: begun.id,
      state: "done",
      imported: 1_201,
    });
    const made = await readAll<Key>(stage.root, "/v1/keys?tag=resumed", 200);
    expect(made).toHaveLength(1_201);
    expect((await stage.root.get<Import>(`/v1/imports/${begun.id}`)).body).toMatchObject({
      state: "done",
      lines: 1_201,
    });
  });

  test("by two streams of the same at once makes each key once", async () => {
    const body = ndjson(Array.from({ length: 900 }, () => line({ key: oldKey(), tags: ["twice"] })));
    const both = await Promise.all([send(body), send(body)]);
    const sum = (read: (one: Import) => number): number => both.reduce((total, { body: one }) => total + read(one), 0);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect([sum(({ imported }) => imported), sum(({ known }) => known)]).toEqual([900, 900]);
    expect(await readAll<Key>(stage.root, "/v1/keys?tag=twice", 200)).toHaveLength(900);
  });

  test("on trial says what would become of each line, and changes nothing", async () => {
    const key = oldKey();
    const before = await readAll(stage.root, "/v1/imports", 50);
    const answer = await send(ndjson([line({ key }), line({ key: oldKey(), label: "" })]), "?dryRun=true");
    expect(answer.body).toMatchObject({
      id: null,
      dryRun: true,
      lines: 2,
      imported: 1,
      failed: 1,
      errors: [{ line: 2, path: "label" }],
    });
    expect(await verify(key)).toBe("NOT_FOUND");
    expect(await readAll(stage.root, "/v1/imports", 50)).toEqual(before);
  });

  test("is for who may make keys, and takes lines of NDJSON or CSV alone", async () => {
    const { secret } = await issueManagementKey(stage.root, ["claviger:keys:read"]);
    const reader = client(stage.app.url, secret);
    const body = ndjson([line({ key: oldKey() })]);
    expect(await send(body, "", {}, reader)).toMatchObject({ status: 403, body: { code: "INSUFFICIENT_SCOPE" } });
    expect(await reader.get("/v1/imports")).toMatchObject({ status: 200 });
    expect(await send(body, "", { "content-type": "application/json" })).toMatchObject({ status: 415 });
    expect(await send(body, "?fromLine=0")).toMatchObject({ status: 400 });
    expect(await send("", "")).toMatchObject({ status: 200, body: { state: "done", lines: 0 } });
    // Nobody goes on with what another began.
    const { secret: other } = await issueManagementKey(stage.root, ["claviger:keys:write"]);
    const theirs = await send(body, "", { "idempotency-key": "resume-1" }, client(stage.app.url, other));
    expect(theirs.body).toMatchObject({ lines: 1 });
  });
});

test("strings of another form that nobody has cost the database a fixed number of look-ups of each source, and another source nothing", async () => {
  await send(ndjson([line({ key: oldKey() })]));
  const valid = oldKey();
  await send(ndjson([line({ key: valid })]));
  const codes = new Map<string, number>();
  for (let n = 0; n < 700; n += 1) {
    const code = await verify(`garbage-${n}-abcdefgh`, "203.0.113.9");
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  expect(Object.fromEntries(codes)).toEqual({ NOT_FOUND: 600, UNAVAILABLE: 100 });
  // What is known to be nobody's is told without asking again.
  expect(await verify("garbage-0-abcdefgh", "203.0.113.9")).toBe("NOT_FOUND");
  expect(await verify("garbage-0-abcdefgh", "203.0.113.10")).toBe("NOT_FOUND");
  expect(await verify(valid, "203.0.113.10")).toBe("VALID");
  // In memory now, for everybody.
  expect(await verify(valid, "203.0.113.9")).toBe("VALID");
});

test("nothing of a plain key is stored but its digest, nor of one that stands in the wrong place", async () => {
  const key = oldKey();
  await send(ndjson([line({ key })]));
  const misplaced = [
    line({ key: oldKey(), environment: key }),
    line({ [key]: 1 }),
    line({ key: oldKey(), account: `ext:${key}` }),
  ];
  const nested = [
    line({ key: oldKey(), metadata: { [key]: { a: { b: { c: { d: { e: 1 } } } } } } }),
    line({ scopes: [key] }),
  ];
  const answer = await send(ndjson([...misplaced, ...nested]));
  expect(answer.body).toMatchObject({ imported: 0, failed: 5 });
  expect(answer.text).not.toContain(key);
  const headless = await send(`A label,${key},contacts:read\nAnother,${oldKey()},contacts:read\n`, "", {
    "content-type": "text/csv",
  });
  expect(headless).toMatchObject({ status: 400, body: { errors: [{ message: expect.stringContaining("cell 1") }] } });
  expect(headless.text).not.toContain(key);
  const dump = await stage.app.database.database.transaction({ kind: "platform" }, async (tx) => {
    const { rows } = await sql<{
      text: string;
    }>`SELECT v::text AS text FROM key_version v UNION ALL SELECT k::text FROM api_key k
      UNION ALL SELECT a::text FROM audit_event a UNION ALL SELECT i::text FROM key_import i
      UNION ALL SELECT e::text FROM key_import_error e`.execute(tx);
    return rows.map(({ text }) => text).join("\n");
  });
  expect(dump).not.toContain(key);
  expect(dump).not.toContain(sha256(key, "hex"));
});
