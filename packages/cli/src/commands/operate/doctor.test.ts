import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger, type Service, scratch, startService } from "../../testing.ts";

let place: Awaited<ReturnType<typeof scratch>>;
let service: Service;
let settings: Readonly<Record<string, string>>;

beforeAll(async () => {
  place = await scratch();
  service = await startService(place.dataDir);
  settings = { CLAVIGER_DATA_DIR: place.dataDir, CLAVIGER_PORT: new URL(service.url).port };
}, 90_000);
afterAll(async () => {
  await service.stop();
  await place.remove();
});

const statuses = (stdout: string): Record<string, string> =>
  Object.fromEntries(
    [...stdout.matchAll(/^(ok|warn|fail) +(\S+)/gm)].map(([, status = "", name = ""]) => [name, status]),
  );

describe("claviger doctor", { timeout: 90_000 }, () => {
  test("finds nothing wrong with a service that runs, and says that it answers", async () => {
    const { code, stdout, stderr } = await claviger(["doctor"], settings);
    expect(stdout).not.toMatch(/^fail/m);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(Object.keys(statuses(stdout))).toEqual([
      ...["node", "configuration", "data-directory", "master-key-file", "disk", "port", "database", "clock"],
      ...["migrations", "roles", "row-security", "triggers", "master-key", "audit-anchor"],
    ]);
    expect(stdout).toMatch(/^ok +port +a Claviger answers on /m);
  });

  test("answers the same as JSON", async () => {
    const { code, stdout } = await claviger(["doctor", "--json"], settings);
    const report = JSON.parse(stdout) as { ok: boolean; checks: { name: string; status: string; action: unknown }[] };
    expect({ code, ok: report.ok }).toEqual({ code: 0, ok: true });
    expect(report.checks.map(({ name }) => name)).toContain("row-security");
    for (const { status, action } of report.checks) expect(action === null).toBe(status === "ok");
  });

  test("names every wrong setting, and ends with 1", async () => {
    const { code, stdout } = await claviger(["doctor"], { ...settings, CLAVIGER_PORT: "x", CLAVIGER_LEASE_MS: "1" });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fail +configuration +CLAVIGER_PORT: "x" is not valid/m);
    expect(stdout).toMatch(/^fail +configuration +CLAVIGER_LEASE_MS: "1" is not valid/m);
  });

  test("fails for a master key that others may read, or that opens nothing", async () => {
    const file = join(place.dataDir, "master-key");
    const text = await readFile(file, "utf8");
    await writeFile(file, `${Buffer.alloc(32, 7).toString("base64")}\n`);
    await chmod(file, 0o644);
    const { code, stdout } = await claviger(["doctor"], settings);
    await writeFile(file, text);
    await chmod(file, 0o600);
    expect(code).toBe(1);
    expect(statuses(stdout)).toMatchObject({ "master-key-file": "fail", "master-key": "fail", "row-security": "ok" });
    expect(stdout).toContain(`chmod 600 ${file}`);
  });

  test("fails for a port that something else has, and warns where nothing was ever started", async () => {
    const other = createServer((_, response) => response.end("hello"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const empty = join(place.dataDir, "..", "empty");
    const { code, stdout } = await claviger(["doctor"], { CLAVIGER_DATA_DIR: empty, CLAVIGER_PORT: port });
    other.close();
    expect(code).toBe(1);
    expect(statuses(stdout)).toMatchObject({ port: "fail", "data-directory": "warn", database: "warn" });
  });
});
