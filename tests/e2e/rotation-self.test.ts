/** Whoever holds a secret may rotate it, within what policy allows (J11). */
import { issueKey, issueManagementKey, succeeded, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AuditEvent, client, type Key, type OwnKey, type Page, type Problem } from "../support/client.ts";
import {
  codes,
  openRotationStage,
  type Rotated,
  type RotationStage,
  rotating,
  seenInUse,
  shown,
} from "../support/rotation-stage.ts";

let stage: RotationStage;
beforeAll(async () => {
  stage = await openRotationStage();
});
afterAll(() => stage.app.stop());

const own = (secret: string, body: object | undefined = undefined, headers = {}) =>
  client(stage.app.url, secret).post<Rotated & Problem>("/v1/keys/self/rotate", body, headers);
const issue = (fields: object = {}) => issueKey(stage.root, stage.account.id, { ...fields });

test("a holder rotates its key as guided, and the key's expiry is not moved by it", async () => {
  const dependants = { dependants: [{ name: "Nightly report", contact: "night@example.com" }] };
  const { id, secret } = await issue({ expiresInDays: 20, metadata: { note: "for us only" }, ...dependants });
  const { body, text } = succeeded(await own(secret));
  expect(body.key).toMatchObject({ id, version: 2 });
  for (const kept of ["for us only", "Nightly report", "night@example.com"]) expect(text).not.toContain(kept);
  expect(body.rotation).toMatchObject({ kind: "guided", startedBy: { type: "key", id } });
  expect(body.instructions.variable).toBe("CLV_API_KEY");
  expect(Date.parse(body.key.expiresAt ?? "") - Date.now()).toBeLessThan(20 * 86_400_000);
  expect(await codes(stage.root, [secret, body.secret ?? ""])).toEqual(["VALID", "VALID"]);
  const { data } = (await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${id}&action=key.rotated`)).body;
  expect(data).toMatchObject([{ actor: { type: "key", id } }]);
});

test("a holder learns of the version that it has, and when that one retires", async () => {
  const { secret, fresh, rotated } = await rotating(stage);
  const self = async (of: string) => (await client(stage.app.url, of).get<OwnKey>("/v1/keys/self")).body;
  const old = await self(secret);
  expect(old).toMatchObject({ version: 1, status: "rotating", retiresAt: rotated.rotation.oldEndsAt });
  expect(old.preview.slice(-4)).toBe(secret.slice(-4));
  expect(await self(fresh)).toMatchObject({ version: 2, preview: rotated.key.preview, retiresAt: null });
});

test("a holder ends nothing in haste: no emergency, and no overlap shorter than policy says", async () => {
  const { id, secret } = await issue();
  expect((await own(secret, { overlapHours: 0 })).body).toMatchObject({ status: 403, code: "FORBIDDEN" });
  for (const asked of [{ overlapHours: 23 }, { overlapHours: 0, graceStarts: "first-use" }]) {
    expect((await own(secret, asked)).body).toMatchObject({ status: 400, errors: [{ path: "overlapHours" }] });
  }
  expect((await own(secret, { expiresInDays: 900 })).body).toMatchObject({ status: 400 });
  expect((await shown(stage.root, id)).versions).toHaveLength(1);
});

test("an old version takes nothing from the owner who replaces it, and the one in force goes on", async () => {
  const { id, secret, fresh } = await rotating(stage);
  expect((await own(secret)).body).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
  expect(await codes(stage.root, [fresh])).toEqual(["VALID"]);
  await seenInUse(stage.root, id);
  const { body } = succeeded(await own(fresh));
  expect(body.rotation).toMatchObject({ from: 2, to: 3 });
});

test("a holder that lost what it was given, before using it, asks again with what it has", async () => {
  const { secret } = await issue();
  const lost = succeeded(await own(secret)).body.secret ?? "";
  const { body } = succeeded(await own(secret));
  expect(await codes(stage.root, [secret, lost, body.secret ?? ""])).toEqual(["VALID", "VALID", "VALID"]);
  expect(body.rotation).toMatchObject({ from: 1, to: 3 });
});

test("who has an old version takes nothing from a holder that uses the new one already", async () => {
  const { id, secret } = await issue();
  const fresh = succeeded(await own(secret)).body.secret ?? "";
  expect(await codes(stage.root, [fresh])).toEqual(["VALID"]);
  await waitFor(async () => (await stage.root.get<Key>(`/v1/keys/${id}`)).body.versions.at(-1)?.firstUsedAt !== null);
  expect((await own(secret)).body).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
});

test("a key is rotated by its holders a few times an hour, and its owner is not held up by that", async () => {
  const { id, secret } = await issue();
  for (let turn = 0; turn < 4; turn += 1) succeeded(await own(secret));
  const { status, headers, body } = await own(secret);
  expect({ status, code: body.code }).toEqual({ status: 429, code: "TOO_MANY_ATTEMPTS" });
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(3_000);
  succeeded(await stage.root.post(`/v1/keys/${id}/rotate`, {}));
});

test("a replay shows no secret again", async () => {
  const { secret } = await issue();
  const headers = { "idempotency-key": "own-rotation" };
  expect(succeeded(await own(secret, undefined, headers)).body.secret).toMatch(/^clv_live_/);
  expect(succeeded(await own(secret, undefined, headers)).body.secret).toBeNull();
});

test("what does not work does not rotate: revoked, suspended, ended, from an address that it is not for, or no customer's key", async () => {
  const { root } = stage;
  const revoked = await issue();
  succeeded(await root.post(`/v1/keys/${revoked.id}/revoke`, { reason: "leaked" }));
  const suspended = await issue();
  succeeded(await root.post(`/v1/keys/${suspended.id}/suspend`, { reason: "a question" }));
  const { secret: ended } = await rotating(stage, { overlapHours: 0 });
  const bound = await issue({ allowedIps: ["192.0.2.0/24"] });
  const management = await issueManagementKey(root, ["claviger:keys:read"]);
  const answers = [revoked.secret, suspended.secret, ended, bound.secret, management.secret].map(async (secret) => {
    const { status, body } = await own(secret);
    return `${status} ${body.code}`;
  });
  expect(await Promise.all(answers)).toEqual([
    "401 REVOKED",
    "401 SUSPENDED",
    "401 REVOKED",
    "403 IP_NOT_ALLOWED",
    "401 INVALID_TOKEN",
  ]);
});
