/** Runs the nginx configuration of docs/guide/proxies.md between a caller, a real service and an API that tells what it saw. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Api,
  api,
  issueKey,
  issueManagementKey,
  type MadeKey,
  makeAccount,
  makeScopes,
  type Service,
  startService,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";

const PAGE = readFileSync(new URL("guide/proxies.md", import.meta.url), "utf8");

let service: Service;
let root: Api;
let key: MadeKey;
let backend: Server;
let nginx: ChildProcess;
let port: number;
const folder = mkdtempSync(join(tmpdir(), "claviger-nginx-"));

interface Saw {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** What reached the API; null where the proxy answered. */
  readonly api: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders } | null;
}

beforeAll(async () => {
  service = await startService({ env: { CLAVIGER_LEASE_MS: "1000", CLAVIGER_TRUSTED_PROXIES: "127.0.0.1" } });
  root = api(service.url, service.managementKey);
  await makeScopes(root);
  key = await issueKey(root, (await makeAccount(root)).id);
  const credential = await issueManagementKey(root, ["verify"]);
  backend = createServer(({ method, url, headers }, response) => {
    response.setHeader("x-backend", "yes").end(JSON.stringify({ method, url, headers }));
  });
  port = await freePort();
  await startNginx(await listening(backend), credential.secret);
});
afterAll(async () => {
  if (nginx?.exitCode === null && nginx.kill("SIGQUIT")) await once(nginx, "exit");
  backend?.close();
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
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
async function startNginx(backendPort: number, credential: string): Promise<void> {
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
  nginx = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "ignore", "inherit"] });
  await waitFor(() => call("GET", "/contacts").catch(() => null), { what: "nginx" });
}

/** Sends the path as it is written; `fetch` would tidy it. */
function call(method: string, path: string, headers: Record<string, string> = {}): Promise<Saw> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, async (answer) => {
      let text = "";
      for await (const chunk of answer) text += chunk;
      const reached = answer.headers["x-backend"] === "yes";
      resolve({ status: answer.statusCode, headers: answer.headers, api: reached ? JSON.parse(text) : null });
    });
    sent.on("error", reject).end();
  });
}

const bearer = () => ({ authorization: `Bearer ${key.secret}` });

test("a request that the key may make reaches the API, which learns who calls and not the key (C2)", async () => {
  const saw = await call("GET", "/contacts/7?page=2", { ...bearer(), "x-key-id": "key_forged" });
  expect(saw).toMatchObject({ status: 200, api: { method: "GET", url: "/contacts/7?page=2" } });
  expect(saw.api?.headers["x-key-id"]).toBe(key.id);
  expect(saw.api?.headers["x-account-id"]).toMatch(/^acct_/);
  expect(JSON.stringify(saw.api?.headers)).not.toContain(key.secret);
});

test("every refusal stops at the proxy, with its true status and headers (C3)", async () => {
  expect(await call("GET", "/contacts")).toMatchObject({ status: 401, api: null });
  const guess = await call("GET", "/contacts", { "x-api-key": "guess" });
  expect(guess).toMatchObject({ status: 401, api: null });
  expect(guess.headers["www-authenticate"]).toContain('error="invalid_token"');
  const write = await call("DELETE", "/contacts/7", bearer());
  expect(write).toMatchObject({ status: 403, api: null });
  expect(write.headers["www-authenticate"]).toContain('error="insufficient_scope", scope="contacts:write"');
  expect(await call("GET", "/admin", bearer())).toMatchObject({ status: 403, api: null });
  expect(await call("GET", "/contacts", { ...bearer(), "x-api-key": key.secret })).toMatchObject({
    status: 400,
    api: null,
  });
  expect(await call("GET", `/contacts?key=${key.secret}`, bearer())).toMatchObject({ status: 400, api: null });
});

test("no header of the caller changes what it is judged by", async () => {
  const allowed = { method: "GET", uri: "/contacts" };
  for (const prefix of ["x-original", "x-forwarded"]) {
    const headers = { ...bearer(), [`${prefix}-method`]: allowed.method, [`${prefix}-uri`]: allowed.uri };
    expect(await call("DELETE", "/contacts/7", headers), prefix).toMatchObject({ status: 403, api: null });
  }
  const credential = { ...bearer(), "claviger-credential": service.managementKey };
  expect(await call("GET", "/admin", credential)).toMatchObject({ status: 403, api: null });
});

test("a path that could be read in two ways is refused", async () => {
  for (const path of [
    "/contacts/../admin",
    "//contacts",
    "/contacts/%2e%2e/admin",
    "/contacts/7;x=1",
    "/contacts%2f7",
  ]) {
    expect(await call("GET", path, bearer()), path).toMatchObject({ status: 403, api: null });
  }
});

test("a key that is bound to addresses is judged by the caller's, which only the proxy may name (C10)", async () => {
  const account = (await makeAccount(root)).id;
  const elsewhere = await issueKey(root, account, { allowedIps: ["203.0.113.7"] });
  const here = await issueKey(root, account, { allowedIps: ["127.0.0.1"] });
  const headers = (secret: string) => ({ authorization: `Bearer ${secret}`, "x-forwarded-for": "203.0.113.7" });
  expect(await call("GET", "/contacts", headers(elsewhere.secret))).toMatchObject({ status: 403, api: null });
  expect(await call("GET", "/contacts", headers(here.secret))).toMatchObject({ status: 200 });
});

test("a revoked key is refused on the next request, and nothing passes while Claviger does not answer", async () => {
  const account = (await makeAccount(root)).id;
  const short = await issueKey(root, account);
  const headers = { authorization: `Bearer ${short.secret}` };
  expect(await call("GET", "/contacts", headers)).toMatchObject({ status: 200 });
  expect((await root.post(`/v1/keys/${short.id}/revoke`, { reason: "leaked" })).status).toBe(200);
  expect(await call("GET", "/contacts", headers)).toMatchObject({ status: 401, api: null });
  service.signal("SIGSTOP");
  try {
    expect(await call("GET", "/contacts", bearer())).toMatchObject({ status: 503, api: null });
  } finally {
    service.signal("SIGCONT");
  }
});
