/** Runs the example as its README says: against a real service, with its own setup, each as a process of its own. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer, request as httpRequest, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Service, startService, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

interface Running {
  readonly url: string;
  output(): string;
  stop(): void;
}

let service: Service;
let api: Running;
let caller: { readonly key: string; readonly id: string };
let credential: string;

beforeAll(async () => {
  installPackages();
  service = await startService({ env: { CLAVIGER_LEASE_MS: "1000" } });
  ({ credential, caller } = setUp());
  api = await startApi({ CLAVIGER_URL: service.url, CLAVIGER_CREDENTIAL: credential });
}, 180_000);
afterAll(async () => {
  api?.stop();
  await service?.stop();
});

/** What the lockfile names, unless it is there. */
function installPackages(): void {
  const read = (path: string): { packages: Record<string, { version?: string }> } =>
    JSON.parse(readFileSync(`${FOLDER}${path}`, "utf8"));
  const record = "node_modules/.package-lock.json";
  const versionOf = (path: string) => read(path).packages["node_modules/express"]?.version;
  if (existsSync(`${FOLDER}${record}`) && versionOf(record) === versionOf("package-lock.json")) return;
  execFileSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: FOLDER, stdio: "inherit" });
}

function setUp() {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["setup.js"], {
    cwd: FOLDER,
    encoding: "utf8",
    env: { CLAVIGER_URL: service.url, CLAVIGER_MANAGEMENT_KEY: service.managementKey },
  });
  expect(status, stderr).toBe(0);
  const value = (name: string): string => new RegExp(`\\b${name}=(\\S+)`).exec(stdout)?.[1] ?? "";
  return { credential: value("CLAVIGER_CREDENTIAL"), caller: { key: value("CALLER_KEY"), id: value("CALLER_KEY_ID") } };
}

async function startApi(env: Readonly<Record<string, string>>): Promise<Running> {
  const child: ChildProcess = spawn(process.execPath, ["server.js"], { cwd: FOLDER, env: { ...env, PORT: "0" } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes: Buffer) => (output += bytes));
  const url = await waitFor(() => /^ready (\S+)$/m.exec(output)?.[1], { what: "the API's ready line" });
  return { url, output: () => output, stop: () => void child.kill("SIGKILL") };
}

interface Told {
  readonly status: number;
  readonly code: string | undefined;
  readonly challenge: string | null;
}

async function call(method: string, path: string, headers: Record<string, string>, to: Running = api): Promise<Told> {
  const answer = await fetch(`${to.url}${path}`, { method, headers });
  const body: unknown = await answer.json();
  const code = typeof body === "object" && body !== null && "code" in body ? String(body.code) : undefined;
  return { status: answer.status, code, challenge: answer.headers.get("www-authenticate") };
}

const bearer = (key: string = caller.key) => ({ authorization: `Bearer ${key}` });
const contacts = (headers: Record<string, string> = bearer()) => call("GET", "/contacts", headers);

async function manage(path: string, body?: object): Promise<void> {
  const answer = await fetch(`${service.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${service.managementKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

describe("the contacts API", () => {
  test("is reached with a key in either header, and with none is not", async () => {
    expect(await contacts()).toMatchObject({ status: 200 });
    expect(await contacts({ "x-api-key": caller.key })).toMatchObject({ status: 200 });
    const none = await contacts({});
    expect(none).toMatchObject({ status: 401, code: "UNAUTHENTICATED", challenge: 'Bearer realm="contacts"' });
    expect(await call("GET", "/healthz", {})).toMatchObject({ status: 200 });
  });

  test("tells strings that are no genuine key nothing that sets them apart", async () => {
    const other = caller.key.slice(0, -1) + (caller.key.endsWith("0") ? "1" : "0");
    const answers = await Promise.all(["guess", other, "x".repeat(5000)].map((key) => contacts(bearer(key))));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 401, code: "INVALID_TOKEN" });
    expect(answers[0]?.challenge).toContain('error="invalid_token"');
  });

  test("is not opened by the credential it verifies with", async () => {
    expect(await contacts(bearer(credential))).toMatchObject({ status: 401 });
  });

  test("opens what the key's scope opens, by method and path, and nothing else", async () => {
    expect(await call("GET", "/contacts/7", bearer())).toMatchObject({ status: 404, code: undefined });
    const write = await call("POST", "/contacts", bearer());
    expect(write).toMatchObject({ status: 403, code: "INSUFFICIENT_SCOPE" });
    expect(write.challenge).toBe('Bearer realm="contacts", error="insufficient_scope", scope="contacts:write"');
    for (const path of ["/admin", "/Contacts", "/contacts/7/notes"]) {
      expect(await call("GET", path, bearer()), path).toMatchObject({ status: 403, code: "ROUTE_NOT_MAPPED" });
    }
  });

  test("refuses a request that does not say which key it means, or sends one where it is written down", async () => {
    expect(await contacts({ ...bearer(), "x-api-key": caller.key })).toMatchObject({
      status: 400,
      code: "TWO_CREDENTIALS",
    });
    for (const query of [`?key=${caller.key}`, `?key=${caller.key.replaceAll("_", "%5F")}`]) {
      const answer = await call("GET", `/contacts${query}`, bearer());
      expect(answer).toMatchObject({ status: 400, code: "KEY_IN_QUERY" });
    }
    const repeated = await new Promise<number | undefined>((resolve, reject) => {
      const headers = ["Authorization", `Bearer ${caller.key}`, "Authorization", "Bearer other", "Host", "localhost"];
      httpRequest(`${api.url}/contacts`, { headers }, (answer) => resolve(answer.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(repeated).toBe(400);
  });

  test("refuses on the very next request once Claviger has answered: suspended, resumed, revoked", async () => {
    expect(await contacts()).toMatchObject({ status: 200 });
    await manage(`/v1/keys/${caller.id}/suspend`, { reason: "a question" });
    expect(await contacts()).toMatchObject({ status: 401, code: "SUSPENDED" });
    await manage(`/v1/keys/${caller.id}/resume`);
    expect(await contacts()).toMatchObject({ status: 200 });
    await manage(`/v1/keys/${caller.id}/revoke`, { reason: "leaked" });
    const refused = await contacts();
    expect(refused).toMatchObject({ status: 401, code: "REVOKED" });
    expect(refused.challenge).toContain('error="invalid_token"');
  });

  test("opens nothing while Claviger does not answer, and opens again afterwards", async () => {
    const second = setUp().caller;
    service.signal("SIGSTOP");
    try {
      expect(await contacts(bearer(second.key))).toMatchObject({ status: 503, code: "UNAVAILABLE" });
    } finally {
      service.signal("SIGCONT");
    }
    await waitFor(async () => (await contacts(bearer(second.key))).status === 200, { timeoutMs: 15_000 });
  });

  test("writes neither a key nor its own credential anywhere", () => {
    for (const secret of [caller.key, credential]) expect(api.output()).not.toContain(secret);
    expect(api.output()).toContain("a key could not be checked: TimeoutError");
  });
});

describe("an answer that is not a verdict on this request", () => {
  const json = (body: unknown, status = 200): RequestListener => {
    return (_, response) =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const yes = { valid: true, code: "VALID", checked: "route", route: "/contacts", keyId: "key_1", account: "acct_1" };

  test.each([
    ["an error", json({ code: "INTERNAL" }, 500)],
    ["a yes with another status", json(yes, 203)],
    [
      "a redirection to a yes",
      (request, response) =>
        request.url === "/yes"
          ? json(yes)(request, response)
          : void response.writeHead(307, { location: "/yes" }).end(),
    ],
    ["a page", (_, response) => void response.end("<html>")],
    ["nothing", json(null)],
    ["a yes that is no boolean", json({ ...yes, valid: "true" })],
    ["a yes of another code", json({ ...yes, code: "OBSERVED" })],
    ["a yes to the identity alone", json({ ...yes, checked: "identity" })],
    ["a code that nobody knows", json({ valid: false, code: "SOMETHING_NEW" })],
    ["a code named like a property of every object", json({ valid: false, code: "constructor" })],
    ["a closed connection", (request) => void request.socket.destroy()],
  ] satisfies [string, RequestListener][])("opens nothing: %s", async (_, listener) => {
    const stranger = createServer(listener);
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const { port } = stranger.address() as AddressInfo;
    const doubting = await startApi({ CLAVIGER_URL: `http://127.0.0.1:${port}`, CLAVIGER_CREDENTIAL: credential });
    try {
      expect(await call("GET", "/contacts", bearer(), doubting)).toMatchObject({ status: 503, code: "UNAVAILABLE" });
    } finally {
      doubting.stop();
      stranger.closeAllConnections();
      stranger.close();
    }
  });
});
