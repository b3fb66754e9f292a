/** What goes wrong before an operation: methods, types, bodies, headers, addresses. Over real sockets. */
import { connect } from "node:net";
import { OPERATIONS } from "@claviger/contract";
import { issueKey } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { client, openStage, type Problem, type Stage } from "../support/client.ts";
import { operationOf } from "../support/conforms.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

const KEYS = "/v1/keys";
const SILENCE_MS = 1_000;
const post = (body: unknown, headers: Record<string, string> = {}, path = KEYS) =>
  stage.root.call<Problem>("POST", path, { body, headers });

/** Sends bytes as they are and gives back what came until the server closed or was silent for a second. */
function raw(text: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(stage.app.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = "";
    socket.on("data", (bytes) => {
      answer += bytes.toString("latin1");
    });
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}
const lines = (...parts: string[]) => `${parts.join("\r\n")}\r\n\r\n`;

describe("an address", () => {
  test.each([...new Set(OPERATIONS.map(({ path }) => path))])(
    "%s answers methods it lacks with 405 and those it has",
    async (path) => {
      const known: string[] = OPERATIONS.filter((operation) => operation.path === path).map(({ method }) => method);
      const address = path.replace(/\{\w+\}/g, "x");
      const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
      for (const method of methods.filter((name) => operationOf({ method: name, path: address }) === undefined)) {
        const answer = await client(stage.app.url, null).call<Problem>(method, address);
        expect(answer.body, method).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
        expect(answer.headers.get("allow")?.split(", ").toSorted()).toEqual(expect.arrayContaining(known.toSorted()));
      }
    },
  );

  test.each([
    "/",
    "/v1",
    "/v1/",
    "/v1/keys/",
    "/v2/keys",
    "/v1/KEYS",
    "//v1/keys",
    "/v1//keys",
    "/v1/keys/x/y/z",
    "/v1/keys%2fself",
    "/.git/config",
    "/v1/../healthz/x",
  ])("%s is unknown", async (path) => {
    const answer = await raw(lines(`GET ${path} HTTP/1.1`, "Host: x", "Connection: close"));
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('"code":"NOT_FOUND"');
  });

  test("with broken percent-encoding is refused: it could be read as two different ones", async () => {
    for (const path of ["/v1/accounts/ext:%ff", "/v1/accounts/ext:%", "/v1/accounts/ext:%zz"]) {
      expect([400, 404], path).toContain((await stage.root.put(path, { name: "Acme" })).status);
    }
  });

  test("HEAD is answered as GET without a body", async () => {
    const answer = await raw(lines("HEAD /healthz HTTP/1.1", "Host: x", "Connection: close"));
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\n$/);
  });
});

describe("a body", () => {
  const good = () => JSON.stringify({ account: stage.account.id, environment: "live", label: "x", tier: "read" });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonx",
    "application",
    "",
  ])("of the type %j is refused with 415", async (type) => {
    expect((await post(good(), { "content-type": type })).body).toMatchObject({
      status: 415,
      code: "UNSUPPORTED_MEDIA_TYPE",
    });
    const verify = JSON.stringify({ key: "x", environment: "live" });
    expect((await post(verify, { "content-type": type }, "/v1/verify")).status).toBe(415);
  });

  test.each(["application/json; charset=utf-8", "APPLICATION/JSON", "application/merge-patch+json"])(
    "of the type %j is read",
    async (type) => {
      expect((await post(good(), { "content-type": type })).status).toBe(201);
    },
  );

  test.each([
    "{",
    "",
    " ",
    "nul",
    "{'a':1}",
    '{"a":1,}',
    "[1",
    '"\ud800',
    "\ufeff{}",
    '{"a":NaN}',
    "{}{}",
    '{"a":"\n"}',
  ])("that is no JSON is refused: %j", async (text) => {
    for (const path of [KEYS, "/v1/verify"]) {
      const { status, code } = (await post(text, {}, path)).body;
      expect(status).toBe(400);
      expect(["MALFORMED_JSON", "VALIDATION_FAILED"]).toContain(code);
    }
  });

  test.each([
    [0xff],
    [0x22, 0xc3, 0x28, 0x22],
    [0x22, 0xed, 0xa0, 0x80, 0x22],
    [0xff, 0xfe, 0x7b, 0x00],
    [0x22, 0xc0, 0x80, 0x22],
  ])("that is no UTF-8 is refused: %j", async (...bytes) => {
    for (const path of [KEYS, "/v1/verify"]) {
      expect((await post(Uint8Array.from(bytes), {}, path)).body).toMatchObject({
        status: 400,
        code: "MALFORMED_JSON",
      });
    }
  });

  test.each([["null"], ["7"], ['"x"'], ["[]"], ["true"], ["1e999"], ["-0"]])(
    "that is no object is refused: %s",
    async (text) => {
      for (const path of [KEYS, "/v1/verify"]) {
        expect((await post(text, {}, path)).body).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
      }
    },
  );

  test("deeper than anybody needs is refused, and quickly", async () => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
      for (const text of [deep, `{"metadata":${deep}}`, `{"limits":${deep}}`, `{"dependants":${deep}}`]) {
        expect((await post(text)).status, text.slice(0, 30)).toBe(400);
      }
      expect((await post(`{"key":"x","environment":"live","scopes":${deep}}`, {}, "/v1/verify")).status).toBe(400);
    }
  });

  test.each(["__proto__", "\\u005f_proto__"])("cannot reach prototypes by a field called %s", async (name) => {
    for (const text of [
      `{"${name}":{"label":"x"}}`,
      `${good().slice(0, -1)},"metadata":{"${name}":{"polluted":true}}}`,
    ]) {
      const answer = await post(text);
      expect([201, 400]).toContain(answer.status);
      if (answer.status === 201) expect(answer.text).not.toContain("polluted");
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((await post(`{"key":"x","environment":"live","${name}":{"valid":true}}`, {}, "/v1/verify")).status).toBe(
      400,
    );
  });

  test.each(["constructor", "prototype", "toString", "hasOwnProperty"])(
    "is refused with the unknown field %s, and kept with it in metadata",
    async (name) => {
      expect((await post(`{"${name}":1}`)).body.errors?.map(({ path }) => path)).toContain(name);
      const kept = await post(`${good().slice(0, -1)},"metadata":{"${name}":{"x":1}}}`);
      expect(kept.body).toMatchObject({ key: { metadata: { [name]: { x: 1 } } } });
    },
  );

  test("with numbers beyond every bound is refused, and kept exactly in metadata where they fit", async () => {
    for (const number of ["1e400", "-1e400", "9007199254740993", "1e-400"]) {
      const answer = await post(`${good().slice(0, -1)},"expiresInDays":${number}}`);
      expect(answer.body.status).toBe(400);
      expect(answer.body.errors?.map(({ path }) => path)).toContain("expiresInDays");
    }
    const inMetadata = await post(`${good().slice(0, -1)},"metadata":{"n":1e400}}`);
    expect([201, 400]).toContain(inMetadata.status);
  });

  test("beyond two megabytes is refused with 413, announced or not, and one below is read", async () => {
    const big = `{"label":"${"x".repeat(2_100_000)}"}`;
    for (const path of [KEYS, "/v1/verify"])
      expect((await post(big, {}, path)).body).toMatchObject({ status: 413, code: "PAYLOAD_TOO_LARGE" });
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(100_000).fill(0x20));
      },
    });
    const unannounced = await stage.app.fetch(
      new Request("http://x/v1/keys", {
        method: "POST",
        body: stream,
        duplex: "half",
        headers: { authorization: `Bearer ${stage.app.managementKey}`, "content-type": "application/json" },
      }),
    );
    expect(unannounced.status).toBe(413);
    expect((await post(`{"label":"${"x".repeat(1_900_000)}"}`)).body).toMatchObject({
      status: 400,
      code: "VALIDATION_FAILED",
    });
  });

  test("where none belongs is refused, an empty object excepted", async () => {
    const { id } = await issueKey(stage.root, stage.account.id);
    expect((await post({ why: "x" }, {}, `/v1/keys/${id}/resume`)).body).toMatchObject({ status: 400 });
    expect((await post({}, {}, `/v1/keys/${id}/resume`)).status).toBe(200);
    expect((await post("[1]", {}, `/v1/keys/${id}/resume`)).status).toBe(400);
  });

  test("that names many wrong fields is told of no more than fifty", async () => {
    const fields = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, 1]));
    const { errors } = (await post(fields)).body;
    expect(errors?.length).toBeGreaterThan(0);
    expect(errors?.length).toBeLessThanOrEqual(60);
  });
});

describe("a credential", () => {
  test("in the query string is refused, however good", async () => {
    const { secret } = await issueKey(stage.root, stage.account.id);
    for (const key of [secret, stage.app.managementKey]) {
      for (const root of [stage.root, client(stage.app.url, null)]) {
        const answer = await root.get<Problem>(`/v1/keys/self?api_key=${key}`);
        expect(answer.body).toMatchObject({ status: 400, code: "KEY_IN_QUERY" });
        expect(answer.text).not.toContain(key);
      }
    }
  });

  test("twice is refused; beside a foreign token it counts; in X-API-Key alone it counts", async () => {
    const { secret } = await issueKey(stage.root, stage.account.id);
    expect((await stage.root.get<Problem>("/v1/keys", { "x-api-key": secret })).body).toMatchObject({
      status: 400,
      code: "TWO_CREDENTIALS",
    });
    expect((await stage.root.get("/v1/keys", { "x-api-key": "sk_test_theirs" })).status).toBe(200);
    expect((await client(stage.app.url, null).get("/v1/keys", { "x-api-key": stage.app.managementKey })).status).toBe(
      200,
    );
  });

  test("in two Authorization headers is refused, wherever they are read", async () => {
    const { secret } = await issueKey(stage.root, stage.account.id);
    for (const [line, body] of [
      ["GET /v1/keys", ""],
      ["POST /v1/verify", '{"key":"x","environment":"live"}'],
    ]) {
      const head = [
        `${line} HTTP/1.1`,
        "Host: x",
        "Connection: close",
        "Content-Type: application/json",
        `Content-Length: ${body?.length}`,
      ];
      const both = [`Authorization: Bearer ${stage.app.managementKey}`, `Authorization: Bearer ${secret}`];
      const answer = await raw(`${lines(...head, ...both)}${body}`);
      expect(answer.split("\r\n")[0], line).toMatch(/ 40[01] /);
    }
  });

  test("with blanks or another case of the scheme is the same credential", async () => {
    for (const authorization of [`bearer ${stage.app.managementKey}`, `Bearer   ${stage.app.managementKey} `]) {
      expect((await client(stage.app.url, null).get("/v1/keys", { authorization })).status).toBe(200);
    }
  });
});

describe("on the wire", () => {
  test.each([
    ["no HTTP at all", "hello\r\n\r\n"],
    ["a header without end", `GET / HTTP/1.1\r\nHost: x\r\nA: ${"x".repeat(40_000)}\r\n\r\n`],
    [
      "length and chunks together",
      "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["two lengths", "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"],
    ["a length below zero", "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"],
    ["a header with a control character", "GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\u0001c\r\n\r\n"],
    ["no host", "GET /healthz HTTP/1.1\r\n\r\n"],
    ["a foreign method", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a host that is none", "GET /v1/keys HTTP/1.1\r\nHost: a b/c?d\r\nConnection: close\r\n\r\n"],
    ["a whole address", "GET http://evil.example/v1/keys HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
    ["an asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
    ["a tunnel", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
  ])("%s is answered with 4xx or cut off, never with 5xx", async (_, text) => {
    expect((await raw(text)).slice(0, 12)).toMatch(/^(HTTP\/1\.1 4\d\d)?$/);
    expect((await stage.root.get("/healthz")).status).toBe(200);
  });

  test("a caller that goes away in the middle of its body leaves nothing behind", async () => {
    const authorization = `Authorization: Bearer ${stage.app.managementKey}`;
    for (const path of ["/v1/verify", KEYS]) {
      await new Promise<void>((resolve) => {
        const { hostname, port } = new URL(stage.app.url);
        const head = lines(
          `POST ${path} HTTP/1.1`,
          "Host: x",
          authorization,
          "Content-Type: application/json",
          "Content-Length: 500",
        );
        const socket = connect(Number(port), hostname, () => socket.write(`${head}{"key":`, () => socket.destroy()));
        socket.on("close", () => resolve());
      });
    }
    expect((await stage.root.get("/healthz")).status).toBe(200);
  });

  test("every answer forbids caching, framing, sniffing and referring", async () => {
    for (const path of ["/healthz", "/v1/keys", "/v1/nothing", "/openapi.json"]) {
      const { headers } = await stage.root.get(path);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.has("x-powered-by")).toBe(false);
      expect(headers.has("access-control-allow-origin")).toBe(false);
    }
  });
});
