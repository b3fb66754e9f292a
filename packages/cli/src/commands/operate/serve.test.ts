import { connect, createServer } from "node:net";
import { waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger, isAlive, scratch, startService } from "../../testing.ts";

let place: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  place = await scratch();
});
afterAll(() => place.remove());

describe("claviger serve", { timeout: 90_000 }, () => {
  test.each([
    [{ CLAVIGER_PORT: "70000" }, /^CLAVIGER_PORT: "70000" is not valid; must be an integer from 0 to 65535\n$/],
    [
      { CLAVIGER_MASTER_KEY: "short" },
      /^CLAVIGER_MASTER_KEY: the value of 5 characters is not valid; must be [^\n]*\n$/,
    ],
    [{ CLAVIGER_HOST: "0.0.0.0" }, /^CLAVIGER_HOST: "0\.0\.0\.0" is plaintext HTTP beyond loopback[^\n]*\n$/],
    [{ CLAVIGER_DATA_DIR: "/proc/no" }, /^[^\n]*\/proc\/no[^\n]*CLAVIGER_DATA_DIR[^\n]*DATABASE_URL[^\n]*\n$/],
    [
      { DATABASE_URL: "postgres://u:hidden@127.0.0.1:1/x", CLAVIGER_MASTER_KEY: Buffer.alloc(32).toString("base64") },
      /^DATABASE_URL \(postgres:\/\/u:\*\*\*@127\.0\.0\.1:1\/x\) cannot be used: [^\n]*\n$/,
    ],
  ])("a wrong setting stops the start with one line that names it, and exit code 2: %j", async (env, line) => {
    const { code, stdout, stderr } = await claviger(["serve"], { CLAVIGER_DATA_DIR: place.dataDir, ...env });
    expect(stderr).toMatch(line);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  test("SIGTERM ends it with code 0 and leaves no PostgreSQL behind; the next start shows no key again", async () => {
    const first = await startService(place.dataDir);
    expect(first.managementKey).toMatch(/^clv_mgmt_\w{36}$/);
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
    expect(isAlive(first.postgresPid)).toBe(true);
    first.signal("SIGTERM");
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(isAlive(first.postgresPid)).toBe(false);

    const second = await startService(place.dataDir);
    expect(second.managementKey).toBeNull();
    second.signal("SIGINT");
    expect(await second.ended).toEqual({ code: 0, signal: null });
    expect(isAlive(second.postgresPid)).toBe(false);
  });

  test("a port in use stops the start with one line and exit code 2, and leaves no PostgreSQL behind", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const env = { CLAVIGER_DATA_DIR: place.dataDir, CLAVIGER_PORT: port, CLAVIGER_LOG_LEVEL: "error" };
    const { code, stderr } = await claviger(["serve"], env);
    other.close();
    expect(stderr).toBe(`CLAVIGER_PORT: "${port}" is in use on 127.0.0.1; must be a free port\n`);
    expect(code).toBe(2);
    // The directory is free again, so nothing runs on it.
    await (await startService(place.dataDir)).stop();
  });

  test("a second signal ends it at once, and PostgreSQL with it, however long a caller holds on", async () => {
    const service = await startService(place.dataDir);
    const port = Number(new URL(service.url).port);
    const caller = connect(port, "127.0.0.1");
    caller.on("error", () => undefined);
    // A request that never ends keeps an orderly stop waiting.
    caller.write("POST /v1/keys HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n");
    await new Promise((resolve) => caller.once("connect", resolve));
    service.signal("SIGTERM");
    await waitFor(async () => !(await takesCallers(port)), { what: "an orderly stop" });
    service.signal("SIGTERM");
    expect(await service.ended).toEqual({ code: 143, signal: null });
    caller.destroy();
    await waitFor(() => !isAlive(service.postgresPid), { what: "the end of PostgreSQL" });
  });

  test("after kill -9 it starts again, and the audit trail verifies (H1)", async () => {
    const service = await startService(place.dataDir, { CLAVIGER_MANAGEMENT_KEY: "a-management-key-for-tests" });
    const env = { CLAVIGER_URL: service.url, CLAVIGER_MANAGEMENT_KEY: "a-management-key-for-tests" };
    expect(await claviger(["accounts", "put", "ext:acme", "--name", "Acme"], env)).toMatchObject({ code: 0 });
    service.signal("SIGKILL");
    await service.ended;
    await waitFor(() => !isAlive(service.postgresPid), { what: "the end of PostgreSQL" });

    const again = await startService(place.dataDir);
    const verified = await claviger(["audit", "verify"], { CLAVIGER_DATA_DIR: place.dataDir });
    await again.stop();
    expect(verified).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringMatching(/^ok: \d+ events, head \d+ [0-9a-f]{64}\n$/),
    });
  });
});

function takesCallers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.unref().on("connect", () => socket.destroy());
  });
}
