import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import {
  type Api,
  api,
  issueKey,
  issueManagementKey,
  type MadeKey,
  makeAccount,
  makeScopes,
  succeeded,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger, scratch, startProgram, startService } from "../../testing.ts";

let place: Awaited<ReturnType<typeof scratch>>;
let service: Awaited<ReturnType<typeof startService>>;
let root: Api;
let key: MadeKey;
let credential = "";
beforeAll(async () => {
  place = await scratch();
  service = await startService(place.dataDir, { CLAVIGER_LOG_LEVEL: "error" });
  root = api(service.url, service.managementKey ?? "");
  await makeScopes(root);
  const account = await makeAccount(root);
  key = await issueKey(root, account.id, { scopes: ["contacts:read"] });
  credential = (await issueManagementKey(root, ["verify"])).secret;
}, 90_000);
afterAll(async () => {
  await service.stop();
  await place.remove();
});

const env = () => ({ CLAVIGER_URL: service.url, CLAVIGER_VERIFY_KEY: credential });
const question = (more: object = {}) => ({ key: key.secret, method: "GET", path: "/contacts", ...more });

describe("claviger verifier", { timeout: 90_000 }, () => {
  test.each(["local", "remote"])("answers as a node does, in mode %s, and takes no credential", async (mode) => {
    const sidecar = await startProgram(
      ["verifier", "--environment", "live", "--mode", mode, "--listen", "127.0.0.1:0"],
      env(),
    );
    const here = api(sidecar.address, null);
    const onNode = await root.post<object>("/v1/verify", question({ environment: "live" }));
    expect((await here.post("/v1/verify", question())).body).toEqual(onNode.body);
    const batch = await here.post("/v1/verify/batch", { checks: [question(), question({ key: "no key" })] });
    expect(batch.body).toMatchObject({ results: [{ code: "VALID" }, { code: "MALFORMED" }] });
    expect((await here.get("/readyz")).body).toEqual({ ready: true });
    const other = await here.post("/v1/verify", question({ environment: "test" }));
    expect(other.body).toMatchObject({ status: 403, code: "FORBIDDEN" });
    expect((await here.post("/v1/verify", { ...question(), wrong: 1 })).body).toMatchObject({ status: 400 });
    expect((await here.get("/v1/keys")).status).toBe(404);
    expect(await sidecar.stop()).toEqual({ code: 0, signal: null });
  });

  test("decides for a proxy, and says the true status to nginx", async () => {
    const sidecar = await startProgram(["verifier", "--environment", "live", "--listen", "127.0.0.1:0"], env());
    const here = api(sidecar.address, null);
    const asked = (secret: string, path: string, proxy = "") =>
      here.call("GET", `/v1/authorize${proxy}`, {
        headers: { "x-original-method": "GET", "x-original-uri": path, authorization: `Bearer ${secret}` },
      });
    const allowed = await asked(key.secret, "/contacts/7");
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("x-key-id")).toBe(key.id);
    expect((await asked("garbage", "/contacts/7")).status).toBe(401);
    expect((await asked(key.secret, "/nowhere")).status).toBe(403);
    const unsaid = await here.call("GET", "/v1/authorize?proxy=nginx", { headers: {} });
    expect([unsaid.status, unsaid.headers.get("x-authorize-status")]).toEqual([403, "400"]);
    await sidecar.stop();
  });

  test("listens on a socket of its user alone, and refuses a revoked key there from the first request on", async () => {
    const socketPath = join(place.dataDir, "..", "v.sock");
    const sidecar = await startProgram(["verifier", "--environment", "live", "--socket", socketPath], env());
    expect(sidecar.address).toBe(`unix:${socketPath}`);
    const victim = await issueKey(root, (await makeAccount(root)).id, { scopes: ["contacts:read"] });
    const ask = () => verifyOn(socketPath, { ...question(), key: victim.secret });
    expect(await ask()).toBe("VALID");
    succeeded(await root.post(`/v1/keys/${victim.id}/revoke`, { reason: "leaked" }));
    expect(await ask()).toBe("REVOKED");
    await sidecar.stop();
  });

  test("remembers which keys are in use where it is told to", async () => {
    const file = join(place.dataDir, "..", "keys-in-use");
    const args = ["verifier", "--environment", "live", "--listen", "127.0.0.1:0", "--warm-up", file];
    const sidecar = await startProgram(args, env());
    expect((await api(sidecar.address, null).post("/v1/verify", question())).body).toMatchObject({ code: "VALID" });
    await sidecar.stop();
    expect(await readFile(file, "hex")).toBe(hash("sha256", key.secret, "hex"));
  });

  test.each([
    [["--environment", "live"], {}, 2, /^CLAVIGER_VERIFY_KEY: is not set/],
    [[], { CLAVIGER_VERIFY_KEY: "x".repeat(20) }, 64, /--environment/],
    [["--environment", "live", "--listen", "0.0.0.0:1"], { CLAVIGER_VERIFY_KEY: "x".repeat(20) }, 2, /whoever reaches/],
    [["--environment", "live", "--url", "ftp://nodes"], { CLAVIGER_VERIFY_KEY: "x".repeat(20) }, 2, /^--url: "nodes"/],
  ])("a wrong setting stops it with one line that names it: %j", async (args, settings, code, line) => {
    const ended = await claviger(["verifier", ...args], settings);
    expect(ended.stderr).toMatch(line);
    expect(ended.code).toBe(code);
  });
});

function verifyOn(socketPath: string, body: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method: "POST", path: "/v1/verify" }, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on("end", () => resolve((JSON.parse(text) as { code: string }).code));
    });
    asked.on("error", reject);
    asked.end(JSON.stringify(body));
  });
}
