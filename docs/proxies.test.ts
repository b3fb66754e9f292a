/** Runs the nginx configuration of docs/guide/proxies.md between a caller, a real service and an API that tells what it saw. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type RequestOptions, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@claviger/server";
import {
  type Api,
  api,
  externalSettings,
  type FaultyProxy,
  issueKey,
  issueManagementKey,
  type MadeKey,
  makeAccount,
  makeScopes,
  proxyTo,
  type Service,
  startService,
  type TestDatabase,
  testDatabase,
  urlOf,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const PAGE = readFileSync(new URL("guide/proxies.md", import.meta.url), "utf8");

let database: TestDatabase;
/** Between Claviger and its database. */
let line: FaultyProxy;
let service: Service;
let root: Api;
let account: string;
let credential: string;
let key: MadeKey;
let backend: Server;
let nginx: ChildProcess;
let port: number;
let log = "";
const folder = mkdtempSync(join(tmpdir(), "claviger-nginx-"));

interface Saw {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** What reached the API; null where the proxy answered. */
  readonly api: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders } | null;
}

beforeAll(async () => {
  database = await testDatabase();
  line = await proxyTo(database.node);
  const env = { CLAVIGER_LEASE_MS: "1000", CLAVIGER_TRUSTED_PROXIES: "127.0.0.1" };
  service = await startService({
    // On a port that stays the same when it is started again.
    env: {
      ...externalSettings(database),
      ...env,
      DATABASE_URL: urlOf(line.connection),
      CLAVIGER_PORT: String(await freePort()),
    },
  });
  root = api(service.url, service.managementKey);
  await makeScopes(root);
  account = (await makeAccount(root)).id;
  key = await issueKey(root, account);
  credential = (await issueManagementKey(root, ["verify"])).secret;
  backend = createServer({ maxHeaderSize: 65_536 }, ({ method, url, headers }, response) => {
    const status = Number(headers["x-answer-with"] ?? 200);
    response.writeHead(status, { "x-backend": "yes" }).end(JSON.stringify({ method, url, headers }));
  });
  port = await freePort();
  await startNginx(await listening(backend));
});
afterAll(async () => {
  if (nginx?.exitCode === null && nginx.kill("SIGQUIT")) await once(nginx, "exit");
  backend?.close();
  await service?.stop();
  await line?.close();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function listening(server: Server, at = 0): Promise<number> {
  server.listen(at, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const free = await listening(server);
  server.close();
  return free;
}

/** The block of the page, with the places of this test; what is around it keeps nginx within the folder. */
async function startNginx(backendPort: number): Promise<void> {
  const block = /^```nginx\n(.*?)^```$/ms.exec(PAGE)?.[1] ?? "";
  const places: readonly (readonly [string, string])[] = [
    ["127.0.0.1:4700", new URL(service.url).host],
    ["127.0.0.1:8080", `127.0.0.1:${port}`],
    ["127.0.0.1:3000", `127.0.0.1:${backendPort}`],
    ["the-credential", credential],
  ];
  for (const [text] of places) expect(block).toContain(text);
  const http = places.reduce((text, [from, to]) => text.replaceAll(from, to), block);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/tmp;`);
  mkdirSync(join(folder, "tmp"));
  const outer = `daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log stderr warn; events {}`;
  writeFileSync(join(folder, "nginx.conf"), `${outer}\nhttp {\naccess_log off; ${paths.join(" ")}\n${http}}\n`);
  nginx = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  nginx.stderr?.on("data", (bytes: Buffer) => (log += bytes));
  await waitFor(() => call("GET", "/contacts").catch(() => null), { what: "nginx" });
}

/** Sends the path as it is written; `fetch` would tidy it. */
function call(method: string, path: string, headers: Readonly<Record<string, string | string[]>> = {}): Promise<Saw> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = { host: "127.0.0.1", port, method, path, headers, agent: false };
    const sent = request(options, async (answer) => {
      let text = "";
      for await (const chunk of answer) text += chunk;
      const reached = answer.headers["x-backend"] === "yes";
      resolve({ status: answer.statusCode, headers: answer.headers, api: reached ? JSON.parse(text) : null });
    });
    sent.on("error", reject).end();
  });
}

const bearer = (secret: string = key.secret) => ({ authorization: `Bearer ${secret}` });

/** What Claviger says to nginx of a request for /contacts, asked without nginx. */
async function claviger(headers: Record<string, string>) {
  const asked = { "x-original-method": "GET", "x-original-uri": "/contacts", "claviger-credential": credential };
  const answer = await fetch(`${service.url}/v1/authorize?proxy=nginx`, { headers: { ...asked, ...headers } });
  return [answer.status, answer.headers.get("x-authorize-status")];
}

const ready = () =>
  waitFor(async () => (await fetch(`${service.url}/readyz`)).status === 200, { timeoutMs: 15_000, what: "recovery" });

describe("a request that the key may make", () => {
  test("reaches the API, which learns who calls and not the key (C2)", async () => {
    const saw = await call("GET", "/contacts/7?page=2", { ...bearer(), "user-agent": "curl/8" });
    expect(saw).toMatchObject({ status: 200, api: { method: "GET", url: "/contacts/7?page=2" } });
    const { headers } = saw.api ?? {};
    expect(headers).toMatchObject({ "x-key-id": key.id, "x-account-id": account, "x-scopes": "contacts:read" });
    expect(headers).toMatchObject({ "user-agent": "curl/8" });
    for (const secret of [key.secret, credential]) expect(JSON.stringify(headers)).not.toContain(secret);
  });

  test("tells how its limits stand, in the headers of the API's answer", async () => {
    const limited = await issueKey(root, account, { limits: [{ name: "hourly", amount: 5, per: "hour" }] });
    const saw = await call("GET", "/contacts", bearer(limited.secret));
    expect(saw.status).toBe(200);
    expect(saw.headers.ratelimit).toMatch(/"hourly";r=4/);
    expect(saw.headers["ratelimit-policy"]).toMatch(/"hourly";q=5/);
  });

  test("may be refused by the API for its own reasons, which pass untouched", async () => {
    for (const status of [400, 401, 403, 404, 429, 500, 503]) {
      const saw = await call("GET", "/contacts", { ...bearer(), "x-answer-with": String(status) });
      expect(saw.api?.url, String(status)).toBe("/contacts");
      expect(saw.status).toBe(status);
    }
  });
});

describe("every refusal stops at the proxy, with its true status and headers (C3)", () => {
  test("401, with the challenge", async () => {
    const none = await call("GET", "/contacts");
    expect(none).toMatchObject({ status: 401, api: null });
    expect(none.headers["www-authenticate"]).toBe('Bearer realm="claviger"');
    const guess = await call("GET", "/contacts", { "x-api-key": "guess" });
    expect(guess).toMatchObject({ status: 401, api: null });
    expect(guess.headers["www-authenticate"]).toContain('error="invalid_token"');
  });

  test("403, with the scope that is missing where one is", async () => {
    const write = await call("DELETE", "/contacts/7", bearer());
    expect(write).toMatchObject({ status: 403, api: null });
    expect(write.headers["www-authenticate"]).toContain('error="insufficient_scope", scope="contacts:write"');
    expect(await call("GET", "/admin", bearer())).toMatchObject({ status: 403, api: null });
  });

  test("400 for two keys, and for a key in the query string however good the one beside it", async () => {
    expect(await call("GET", "/contacts", { ...bearer(), "x-api-key": key.secret })).toMatchObject({
      status: 400,
      api: null,
    });
    for (const headers of [{}, bearer()]) {
      expect(await call("GET", `/contacts?key=${key.secret}`, headers)).toMatchObject({ status: 400, api: null });
    }
  });

  test("429, with when to come back and how the limits stand", async () => {
    const limited = await issueKey(root, account, { limits: [{ name: "hourly", amount: 2, per: "hour" }] });
    for (let spent = 0; spent < 2; spent += 1) {
      expect((await call("GET", "/contacts", bearer(limited.secret))).status).toBe(200);
    }
    const saw = await call("GET", "/contacts", bearer(limited.secret));
    expect(saw).toMatchObject({ status: 429, api: null });
    expect(Number(saw.headers["retry-after"])).toBeGreaterThan(3_000);
    expect(saw.headers.ratelimit).toMatch(/"hourly";r=0/);
    expect(saw.headers["ratelimit-policy"]).toMatch(/"hourly";q=2/);
    expect(saw.headers).not.toHaveProperty("www-authenticate");
  });

  test("503 where Claviger answers that it cannot tell, because its lease is over", async () => {
    line.cut();
    try {
      await waitFor(async () => (await claviger(bearer()))[1] === "503", { what: "the end of the lease" });
      expect(await claviger(bearer())).toEqual([403, "503"]);
      const saw = await call("GET", "/contacts", bearer());
      expect(saw).toMatchObject({ status: 503, api: null });
      expect(saw.headers["retry-after"]).toBe("5");
    } finally {
      line.heal();
    }
    await ready();
    expect((await call("GET", "/contacts", bearer())).status).toBe(200);
  });
});

describe("what a caller adds to a request", () => {
  test("does not change what it is judged by", async () => {
    const allowed = { method: "GET", uri: "/contacts" };
    for (const prefix of ["x-original", "x-forwarded"]) {
      const headers = { ...bearer(), [`${prefix}-method`]: allowed.method, [`${prefix}-uri`]: allowed.uri };
      expect(await call("DELETE", "/contacts/7", headers), prefix).toMatchObject({ status: 403, api: null });
    }
    const more = {
      ...bearer(),
      "claviger-credential": service.managementKey,
      "x-authorize-status": "204",
      "x-http-method-override": "GET",
    };
    expect(await call("DELETE", "/contacts/7", more)).toMatchObject({ status: 403, api: null });
    expect(await call("GET", "/admin", { ...bearer(), "x-original-url": "/contacts" })).toMatchObject({ status: 403 });
  });

  test("does not reach the API where it names the caller, the request, or the one who asks", async () => {
    const forged = "forged-by-the-caller";
    const names = [
      ...["x-key-id", "x-account-id", "x-scopes", "x_key_id", "x-forwarded-for", "claviger-credential"],
      ...["x-original-method", "x-original-uri", "x-http-method-override", "x-original-url", "x-rewrite-url"],
    ];
    for (const value of [forged, [forged, forged]]) {
      const spoofed = Object.fromEntries(names.map((name) => [name, value]));
      const saw = await call("GET", "/contacts", { ...bearer(), ...spoofed, "x-harmless": "kept" });
      expect(saw.status).toBe(200);
      expect(saw.api?.headers).toMatchObject({ "x-key-id": key.id, "x-account-id": account, "x-harmless": "kept" });
      expect(JSON.stringify(saw.api?.headers)).not.toContain(forged);
    }
  });

  test("does not name its address: a key that is bound to addresses is judged by the true one (C10)", async () => {
    const elsewhere = await issueKey(root, account, { allowedIps: ["203.0.113.7"] });
    const here = await issueKey(root, account, { allowedIps: ["127.0.0.1"] });
    const headers = (secret: string) => ({ ...bearer(secret), "x-forwarded-for": "203.0.113.7", "x-real-ip": "x" });
    expect(await call("GET", "/contacts", headers(elsewhere.secret))).toMatchObject({ status: 403, api: null });
    expect(await call("GET", "/contacts", headers(here.secret))).toMatchObject({ status: 200 });
  });

  test("is refused where it names its key twice: no part of us may read another than the next", async () => {
    const other = await issueKey(root, account);
    const twice = { authorization: [`Bearer ${key.secret}`, `Bearer ${other.secret}`] };
    const saw = await call("GET", "/contacts", twice);
    // Releases of nginx differ: older ones take the first, newer ones refuse. Either way the API learns who was judged.
    if (saw.status === 200) expect(saw.api?.headers["x-key-id"]).toBe(key.id);
    else expect(saw).toMatchObject({ status: 400, api: null });
  });

  test("may be large: what nginx takes is judged, what it does not take is refused", async () => {
    const large = Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`cookie-${index}`, "c".repeat(7_000)]));
    expect((await call("GET", "/contacts", { ...bearer(), ...large })).status).toBe(200);
    expect(await call("GET", "/contacts", large)).toMatchObject({ status: 401, api: null });
    expect(await call("GET", "/contacts", bearer("x".repeat(7_000)))).toMatchObject({ status: 401, api: null });
    const sent = { ...bearer("x".repeat(7_000)), origin: "o".repeat(7_000), referer: "r".repeat(7_000) };
    expect(await call("GET", "/contacts", sent)).toMatchObject({ status: 401, api: null });
    expect(await call("GET", "/contacts", bearer("x".repeat(9_000)))).toMatchObject({ status: 400, api: null });
    expect(await call("GET", `/contacts?${"q".repeat(7_000)}`, bearer())).toMatchObject({ status: 200 });
    expect(await call("GET", `/contacts?${"q".repeat(9_000)}`, bearer())).toMatchObject({ status: 414, api: null });
  });
});

test("a path that could be read in two ways is refused", async () => {
  for (const path of [
    "/contacts/../admin",
    "/admin/../contacts",
    "//contacts",
    "/contacts/%2e%2e/admin",
    "/contacts/7;x=1",
    "/contacts%2f7",
    "/contacts\\7",
    "/contacts#/../admin",
    "/contacts/%252e%252e/admin",
  ]) {
    const saw = await call("GET", path, bearer());
    expect([400, 403], `${path}: ${saw.status}`).toContain(saw.status);
    expect(saw.api, path).toBeNull();
  }
});

test("a request in absolute form is judged by its path, which the API is given", async () => {
  const send = (target: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      let text = "";
      socket.on("data", (bytes) => (text += bytes)).on("end", () => resolve(text));
      socket.on("error", reject);
      const { authorization } = bearer();
      socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`);
    });
  expect(await send("http://elsewhere.example/contacts")).toMatch(/^HTTP\/1\.1 200 .*"url":"\/contacts"/s);
  expect(await send("http://elsewhere.example/admin")).toMatch(/^HTTP\/1\.1 403 /);
});

describe("nothing passes while", () => {
  test("Claviger is frozen: 503 within the time-out; after it, all is as before", async () => {
    service.signal("SIGSTOP");
    try {
      const began = systemClock.mono();
      const saw = await call("GET", "/contacts", bearer());
      expect(saw).toMatchObject({ status: 503, api: null });
      expect(saw.headers["retry-after"]).toBe("5");
      expect(systemClock.mono() - began).toBeLessThan(4_000);
    } finally {
      service.signal("SIGCONT");
    }
    await ready();
    expect((await call("GET", "/contacts", bearer())).status).toBe(200);
  });

  test("Claviger is down: 503 for good keys and bad ones, until it is back", async () => {
    await service.kill9();
    for (const headers of [bearer(), bearer("garbage"), {}]) {
      const saw = await call("GET", "/contacts", headers);
      expect(saw).toMatchObject({ status: 503, api: null });
      expect(saw.headers["retry-after"]).toBe("5");
    }
    await service.restart();
    await waitFor(async () => (await call("GET", "/contacts", bearer())).status === 200, { timeoutMs: 15_000 });
  });

  test("a key is revoked: it is refused on the next request", async () => {
    const short = await issueKey(root, account);
    expect(await call("GET", "/contacts", bearer(short.secret))).toMatchObject({ status: 200 });
    expect((await root.post(`/v1/keys/${short.id}/revoke`, { reason: "leaked" })).status).toBe(200);
    expect(await call("GET", "/contacts", bearer(short.secret))).toMatchObject({ status: 401, api: null });
  });
});

test("an API that is down is told apart from a refusal: 502 to those who may call it, 401 and 403 to the others", async () => {
  const { port: place } = backend.address() as AddressInfo;
  backend.closeAllConnections();
  await new Promise((resolve) => backend.close(resolve));
  expect(await call("GET", "/contacts", bearer())).toMatchObject({ status: 502, api: null });
  expect(await call("GET", "/contacts", bearer("garbage"))).toMatchObject({ status: 401, api: null });
  expect(await call("GET", "/admin", bearer())).toMatchObject({ status: 403, api: null });
  await listening(backend, place);
  await waitFor(async () => (await call("GET", "/contacts", bearer())).status === 200, { timeoutMs: 15_000 });
});

test("no line that nginx or Claviger wrote meanwhile shows the credential or a key from a header", () => {
  expect(log).toMatch(/auth request unexpected status/);
  const urls = new RegExp(`/contacts\\?key=${key.secret}`, "g");
  for (const text of [log, service.output()]) {
    expect(text).not.toContain(credential);
    expect(text.replace(urls, "")).not.toContain(key.secret);
  }
});
