import { userInfo } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger, type Service, scratch, startService } from "../../testing.ts";

let place: Awaited<ReturnType<typeof scratch>>;
let service: Service;
let settings: Readonly<Record<string, string>>;

beforeAll(async () => {
  place = await scratch();
  service = await startService(place.dataDir);
  settings = { CLAVIGER_DATA_DIR: place.dataDir };
}, 90_000);
afterAll(async () => {
  await service.stop();
  await place.remove();
});

const listedBy = (key: string, ...more: string[]) =>
  claviger(["audit", "list", "--json", ...more], { CLAVIGER_URL: service.url, CLAVIGER_MANAGEMENT_KEY: key });

describe("claviger recover-management-key (J12)", { timeout: 90_000 }, () => {
  test("while the service runs, it makes a key that works at once, and the audit trail says who did it", async () => {
    const recovered = await claviger(["recover-management-key"], settings);
    expect(recovered).toMatchObject({ code: 0 });
    // The secret alone is on stdout, so that it can be kept in a file.
    expect(recovered.stdout).toMatch(/^clv_mgmt_\w{36}\n$/);
    expect(recovered.stderr).not.toContain(recovered.stdout.trim());
    const listed = await listedBy(recovered.stdout.trim(), "--action", "management-key.recovered");
    expect(listed.code).toBe(0);
    const { data } = JSON.parse(listed.stdout) as { data: unknown[] };
    const actor = { type: "cli", id: userInfo().username };
    expect(data).toEqual([expect.objectContaining({ actor, source: expect.objectContaining({ via: "cli" }) })]);
    expect(listed.stdout).not.toContain(recovered.stdout.trim());
  });

  test("the earlier key goes on working", async () => {
    expect(await listedBy(service.managementKey ?? "")).toMatchObject({ code: 0 });
  });

  test("while no service runs, it makes a key that works after the next start, and the trail verifies", async () => {
    await service.stop();
    const recovered = await claviger(["recover-management-key", "--json"], settings);
    expect(recovered).toMatchObject({ code: 0, stderr: "" });
    const { key, secret } = JSON.parse(recovered.stdout) as { key: { id: string }; secret: string };
    expect(key.id).toMatch(/^key_/);
    service = await startService(place.dataDir);
    expect(await listedBy(secret)).toMatchObject({ code: 0 });
    expect(await claviger(["audit", "verify"], settings)).toMatchObject({ code: 0 });
  });

  test("without the master key there is no way in", async () => {
    const other = { ...settings, CLAVIGER_MASTER_KEY: Buffer.alloc(32, 7).toString("base64") };
    const refused = await claviger(["recover-management-key"], other);
    expect(refused).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^CLAVIGER_MASTER_KEY: [^\n]*\n$/),
    });
  });
});
