import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger, type Service, scratch, startService } from "../../testing.ts";

const KEY = "a-management-key-for-tests";
let place: Awaited<ReturnType<typeof scratch>>;
let service: Service;
let settings: Readonly<Record<string, string>>;

beforeAll(async () => {
  place = await scratch();
  service = await startService(place.dataDir, { CLAVIGER_MANAGEMENT_KEY: KEY });
  settings = { CLAVIGER_DATA_DIR: place.dataDir, CLAVIGER_URL: service.url, CLAVIGER_MANAGEMENT_KEY: KEY };
  for (const name of ["one", "two", "three"]) {
    expect(await claviger(["accounts", "put", `ext:${name}`, "--name", name], settings)).toMatchObject({ code: 0 });
  }
}, 90_000);
afterAll(async () => {
  await service.stop();
  await place.remove();
});

/** As whoever owns the tables, and so may switch off what protects them. */
async function asOwner(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const passwords: unknown = JSON.parse(await readFile(join(place.dataDir, "postgres", "passwords.json"), "utf8"));
  const { owner } = passwords as { owner: string };
  const host = join(place.dataDir, "run");
  const client = new pg.Client({ host, port: 5432, user: "claviger_owner", password: owner, database: "claviger" });
  await client.connect();
  try {
    await client.query("SET search_path = claviger");
    await work(client);
  } finally {
    await client.end();
  }
}

const unprotected = (work: string): Promise<void> =>
  asOwner((client) =>
    client.query(`ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY;
      ${work}; ALTER TABLE audit_event FORCE ROW LEVEL SECURITY; ALTER TABLE audit_event ENABLE TRIGGER USER`),
  );

describe("claviger audit verify (H1)", { timeout: 90_000 }, () => {
  test("an untouched trail is ok while the service runs, in words and as JSON", async () => {
    const words = await claviger(["audit", "verify"], settings);
    expect(words).toMatchObject({ code: 0, stderr: "" });
    const [, events, head] = /^ok: (\d+) events, head \d+ ([0-9a-f]{64})\n$/.exec(words.stdout) ?? [];
    expect(Number(events)).toBeGreaterThanOrEqual(5);
    const json = await claviger(["audit", "verify", "--json"], settings);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      events: Number(events),
      headHash: head,
      anchor: "checked",
    });
  });

  test("an event that its owner edited with the triggers off is named, with exit code 1; put back, all is ok again", async () => {
    await unprotected("UPDATE audit_event SET payload = replace(payload, 'two', 'too') WHERE payload LIKE '%two%'");
    const broken = await claviger(["audit", "verify"], settings);
    expect(broken).toMatchObject({ code: 1, stderr: "" });
    expect(broken.stdout).toMatch(/^broken at event (\d+) \(edited\): event \1 does not continue the chain\n$/);
    const json = await claviger(["audit", "verify", "--json"], settings);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, reason: "edited", brokenAt: expect.any(Number) });
    await unprotected("UPDATE audit_event SET payload = replace(payload, 'too', 'two') WHERE payload LIKE '%too%'");
    expect(await claviger(["audit", "verify"], settings)).toMatchObject({ code: 0 });
  });

  test("a tail that was cut off together with the head is found by the anchor", async () => {
    await service.stop();
    service = await startService(place.dataDir);
    await unprotected(`CREATE TABLE kept AS SELECT * FROM audit_event ORDER BY seq DESC LIMIT 1;
      CREATE TABLE kept_head AS SELECT * FROM audit_head;
      DELETE FROM audit_event WHERE seq = (SELECT seq FROM audit_head);
      UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1)`);
    const broken = await claviger(["audit", "verify"], settings);
    expect(broken.stdout).toMatch(/^broken at event \d+ \(tail-cut\): [^\n]*the anchor outside the database[^\n]*\n$/);
    expect(broken.code).toBe(1);
    const doctor = await claviger(["doctor"], { ...settings, CLAVIGER_PORT: "0" });
    expect(doctor.stdout).toMatch(/^fail {2}audit-anchor .*no longer holds event/m);
    await unprotected(`INSERT INTO audit_event SELECT * FROM kept; DROP TABLE kept;
      UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM kept_head); DROP TABLE kept_head`);
    expect(await claviger(["audit", "verify"], settings)).toMatchObject({ code: 0 });
  });

  test("with another master key, and with none, it says so in one line and ends with 2", async () => {
    const other = { ...settings, CLAVIGER_MASTER_KEY: Buffer.alloc(32, 7).toString("base64") };
    const wrong = await claviger(["audit", "verify"], other);
    expect(wrong).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^CLAVIGER_MASTER_KEY: [^\n]*\n$/),
    });
    const file = join(place.dataDir, "master-key");
    await rename(file, `${file}.away`);
    const none = await claviger(["audit", "verify"], settings);
    await rename(`${file}.away`, file);
    expect(none).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^CLAVIGER_MASTER_KEY: [^\n]*\n$/),
    });
  });

  test("a damaged anchor is told apart from none, and both are told", async () => {
    const file = join(place.dataDir, "audit-anchor.json");
    await rename(file, `${file}.away`);
    const none = await claviger(["audit", "verify"], settings);
    expect(none).toMatchObject({ code: 0, stderr: expect.stringMatching(/^There is no anchor/) });
    await writeFile(file, "{");
    const damaged = await claviger(["audit", "verify"], settings);
    expect(damaged).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("audit-anchor.json is damaged"),
    });
    await rename(`${file}.away`, file);
  });

  test("it works when no service runs, leaves no PostgreSQL behind, and makes nothing where there is nothing", async () => {
    await service.stop();
    const settled = await claviger(["audit", "verify"], settings);
    expect(settled).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok: /), stderr: "" });
    const empty = join(place.dataDir, "..", "empty");
    const nothing = await claviger(["audit", "verify"], { CLAVIGER_DATA_DIR: empty });
    expect(nothing).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^CLAVIGER_DATA_DIR: [^\n]*holds no database[^\n]*\n$/),
    });
    await expect(chmod(empty, 0o700)).rejects.toThrow("ENOENT");
    // The directory is free again.
    service = await startService(place.dataDir);
  });
});
