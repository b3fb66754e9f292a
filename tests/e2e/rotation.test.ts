/** Guided rotation over HTTP: both versions work until the old one ends by itself, whatever people do or leave undone (D4, D7). */
import { pick, rotationOperations } from "@claviger/contract";
import { issueKey, issueManagementKey, makeAccount, succeeded, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AuditEvent, client, type Key, type Page, type Problem } from "../support/client.ts";
import { readOne } from "../support/compare-databases.ts";
import {
  act,
  codes,
  eventsOf,
  moveTo,
  openRotationStage,
  type RotationStage,
  rotate,
  rotating,
  seenInUse,
  shown,
  verify,
  whileHeld,
} from "../support/rotation-stage.ts";

let stage: RotationStage;
beforeAll(async () => {
  stage = await openRotationStage();
});
afterAll(() => stage.app.stop());

const HOUR = 3_600_000;
const keyOf = async (id: string): Promise<Key> => (await stage.root.get<Key>(`/v1/keys/${id}`)).body;
const problem = (answer: { body: unknown }): Problem => answer.body as Problem;
const auditOf = async (id: string): Promise<AuditEvent[]> =>
  (await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${id}&limit=200`)).body.data.toReversed();

describe("the whole of it", () => {
  test("issued, seen in use, confirmed, and ended by time alone, to the millisecond", async () => {
    const { root, app } = stage;
    const { id, secret, fresh, rotated } = await rotating(stage);
    expect(rotated.key).toMatchObject({ id, version: 2, status: "rotating" });
    expect(rotated.key.versions.map(({ status }) => status)).toEqual(["retiring", "pending"]);
    expect(rotated.rotation).toMatchObject({ from: 1, to: 2, kind: "guided", phase: "issued", overlapHours: 72 });
    expect(rotated.effective).toMatchObject({ everywhere: true });
    const end = Date.parse(rotated.rotation.oldEndsAt);
    expect(end - Date.parse(rotated.rotation.startedAt)).toBe(72 * HOUR);

    // Each verdict says which version it is about, and when that one retires.
    expect(await verify(root, secret)).toMatchObject({
      valid: true,
      version: 1,
      retiresAt: rotated.rotation.oldEndsAt,
    });
    const newer = await verify(root, fresh);
    expect(newer).toMatchObject({ valid: true, version: 2, keyId: id });
    expect(newer).not.toHaveProperty("retiresAt");

    const seen = await seenInUse(root, id);
    expect(seen.versions.map(({ status }) => status)).toEqual(["retiring", "active"]);
    expect(seen.rotation).toMatchObject({ phase: "seen" });
    const confirmed = succeeded(await act(root, id, "confirm")).body;
    expect(confirmed.rotation).toMatchObject({ phase: "retiring", oldEndsAt: rotated.rotation.oldEndsAt });
    expect(confirmed.warnings).toMatchObject([{ code: "VERSION_IN_USE", traffic: { version: 1 } }]);

    await moveTo(stage, end - 60_000);
    expect(await codes(root, [secret, fresh])).toEqual(["VALID", "VALID"]);
    await moveTo(stage, end);
    expect(await codes(root, [secret, fresh])).toEqual(["EXPIRED", "VALID"]);
    expect(await keyOf(id)).toMatchObject({ status: "active", version: 2 });
    // Now, and once that is written down as well.
    expect((await shown(root, id)).rotation).toMatchObject({ phase: "done", endedAt: rotated.rotation.oldEndsAt });
    const done = await waitFor(async () => {
      const events = await eventsOf(app, id);
      return events.at(-1)?.type === "rotation.finished" ? events : null;
    });
    expect(done.map(({ type }) => type)).toEqual([
      "key.created",
      "rotation.started",
      "rotation.seen_in_use",
      "rotation.confirmed",
      "rotation.finished",
    ]);
    expect(JSON.stringify(done)).not.toContain(fresh);
    expect(await codes(root, [secret, fresh])).toEqual(["EXPIRED", "VALID"]);
    expect((await auditOf(id)).map(({ action, actor }) => `${action} ${actor.type}`)).toEqual([
      "key.created management-key",
      "key.rotated management-key",
      "rotation.seen system",
      "rotation.confirmed management-key",
      "rotation.finished system",
    ]);
    // What has expired stays so, also for a clock that goes back.
    await moveTo(stage, end - HOUR);
    expect(await codes(root, [secret, fresh])).toEqual(["EXPIRED", "VALID"]);
    await moveTo(stage, Date.now());
  });

  test("with a key that is rotated its limits stay its own: versions share one", async () => {
    const limits = [{ name: "few", amount: 3, per: "hour" }];
    const { secret, fresh } = await rotating(stage, {}, { limits });
    const answers = [];
    for (const key of [secret, fresh, secret, fresh, secret]) answers.push((await verify(stage.root, key)).code);
    expect(answers).toEqual(["VALID", "VALID", "VALID", "RATE_LIMITED", "RATE_LIMITED"]);
  });

  test("in lists, on the key's page and on its timeline a rotation is seen", async () => {
    const { root, account } = stage;
    const { id } = await rotating(stage);
    const list = async (status: string) =>
      (await root.get<Page<Key>>(`/v1/keys?account=${account.id}&status=${status}&limit=200`)).body.data;
    expect((await list("rotating")).map((key) => key.id)).toContain(id);
    expect((await list("active")).map((key) => key.id)).not.toContain(id);
    interface Usage {
      status: { is: string; why: string };
      timeline: { what: string; why: string; version: number | null }[];
    }
    const page = (await root.get<Usage>(`/v1/keys/${id}/usage`)).body;
    expect(page.status.is).toBe("rotating");
    const entry = (of: Usage, action: string) => of.timeline.find(({ what }) => what === action);
    expect(entry(page, "key.rotated")).toMatchObject({ version: 2 });
    expect(entry(page, "key.rotated")?.why).toMatch(
      /^It was rotated by the management key .*: to version 2, version 1 ends on /,
    );
    succeeded(await act(root, id, "cancel"));
    const after = (await root.get<Usage>(`/v1/keys/${id}/usage`)).body;
    expect(entry(after, "rotation.cancelled")?.why).toMatch(/^Its rotation was cancelled by .*: version 2 gave way\.$/);
    expect((await list("active")).map((key) => key.id)).toContain(id);
  });

  test("dependants are listed as they were, ticked off one by one, and waited for by nobody but people", async () => {
    const { root, app } = stage;
    const dependants = ["Nightly report", { name: "CRM", contact: "crm@example.com" }];
    const { id, secret, rotated } = await rotating(stage, {}, { dependants });
    const nobody = { doneAt: null, doneBy: null };
    expect(rotated.rotation.dependants).toEqual([
      { name: "Nightly report", contact: null, ...nobody },
      { name: "CRM", contact: "crm@example.com", ...nobody },
    ]);
    // Who is registered later depends on the key, and not on this rotation.
    succeeded(await root.patch(`/v1/keys/${id}`, { dependants: ["Later"] }));
    const tick = (dependant: unknown, headers = {}) => act(root, id, "acknowledge", { dependant }, headers);
    for (const dependant of ["Later", "nightly report", "\u0000"])
      expect(problem(await tick(dependant))).toMatchObject({ status: 400, errors: [{ path: "dependant" }] });
    const { etag } = await shown(root, id);
    const ticked = succeeded(await tick("CRM", { "if-match": etag })).body;
    expect(ticked).toMatchObject({ warnings: [], effective: null });
    expect((await shown(root, id)).rotation?.dependants).toMatchObject([
      { name: "Nightly report", doneAt: null },
      { name: "CRM", doneAt: expect.any(String), doneBy: { type: "management-key" } },
    ]);
    expect(problem(await tick("CRM", { "if-match": etag })).code).toBe("PRECONDITION_FAILED");
    expect(succeeded(await tick("CRM")).body.rotation).toEqual(ticked.rotation);
    const told = (await eventsOf(app, id)).filter(({ type }) => type === "rotation.acknowledged");
    expect(told.map(({ payload }) => payload)).toEqual([{ key: id, environment: "live", to: 2, waiting: 1 }]);
    const confirmed = succeeded(await act(root, id, "confirm")).body;
    expect(confirmed.warnings.map(({ code, message }) => [code, message])).toContainEqual([
      "DEPENDANTS_WAIT",
      "Not known to use the new version: Nightly report.",
    ]);
    succeeded(await tick("Nightly report"));
    expect(await codes(root, [secret])).toEqual(["VALID"]);
    const finished = succeeded(await act(root, id, "finish")).body;
    expect(finished.warnings.map(({ code }) => code)).not.toContain("DEPENDANTS_WAIT");
    expect(problem(await tick("CRM")).code).toBe("STATE_CONFLICT");
  });

  test("members who share the address of a dependant are told to a bound", async () => {
    const { root, app } = stage;
    const account = await makeAccount(root);
    const person = { email: "shared@example.com", name: "One of many", role: "viewer" };
    const put = (index: number) => root.put(`/v1/accounts/${account.id}/members/ext:shared-${index}`, person);
    for (const answer of await Promise.all(Array.from({ length: 101 }, (_, index) => put(index)))) succeeded(answer);
    const { id } = await issueKey(root, account.id, { dependants: [{ name: "CRM", contact: "Shared@example.com" }] });
    succeeded(await rotate(root, id));
    const started = (await eventsOf(app, id)).find(({ type }) => type === "rotation.started");
    expect(new Set(started?.payload.members as string[]).size).toBe(100);
  });

  test("the answer says in each language where the secret goes, and holds it once", async () => {
    const { rotated, fresh } = await rotating(stage);
    const { instructions, ...rest } = rotated;
    expect(instructions.variable).toBe("CLV_API_KEY");
    expect(instructions.languages.map(({ language }) => language)).toEqual([
      "node",
      "python",
      "ruby",
      "go",
      "java",
      "php",
      "curl",
    ]);
    for (const { code } of instructions.languages) expect(code).toContain("CLV_API_KEY");
    expect(JSON.stringify(instructions)).not.toContain(fresh.slice(0, 20));
    expect(JSON.stringify(rest).split(fresh)).toHaveLength(2);
  });
});

describe("an overlap", () => {
  test("that waits for the first use begins when the new version is seen, with a last date until then", async () => {
    const { root } = stage;
    const { id, secret, fresh, rotated } = await rotating(stage, { overlapHours: 0, graceStarts: "first-use" });
    const last = Date.parse(rotated.rotation.startedAt) + 168 * HOUR;
    expect(Date.parse(rotated.rotation.oldEndsAt)).toBe(last);
    expect(await codes(root, [secret, fresh])).toEqual(["VALID", "VALID"]);
    await seenInUse(root, id);
    expect(await codes(root, [secret, fresh])).toEqual(["REVOKED", "VALID"]);
  });

  test("that waits for a confirmation is cut by it, in force everywhere when that returns", async () => {
    const { root } = stage;
    const { id, rotated } = await rotating(stage, { overlapHours: 24, graceStarts: "confirm" });
    const { body } = succeeded(await act(root, id, "confirm"));
    expect(body.warnings).toMatchObject([{ code: "NOT_SEEN_IN_USE" }]);
    expect(body.effective).toMatchObject({ everywhere: true });
    expect(Date.parse(body.rotation.oldEndsAt)).toBeLessThan(Date.parse(rotated.rotation.oldEndsAt) - 100 * HOUR);
  });

  test("is extended up to its last date, and beyond it is refused with the date", async () => {
    const { root } = stage;
    const { id, rotated } = await rotating(stage);
    const longer = succeeded(await act(root, id, "extend", { hours: 96 })).body;
    expect(longer.rotation.oldEndsAt).toBe(rotated.rotation.lastDate);
    expect(longer.effective).toBeNull();
    const beyond = await act(root, id, "extend", { hours: 1 });
    expect(problem(beyond)).toMatchObject({ status: 400, errors: [{ path: "hours" }] });
    expect(beyond.text).toContain(rotated.rotation.lastDate);
  });

  test.each([[169], [-1], [1.5]])("of %d hours is refused", async (overlapHours) => {
    const { id } = await issueKey(stage.root, stage.account.id);
    expect(problem(await rotate(stage.root, id, { overlapHours }))).toMatchObject({ status: 400 });
  });

  test("does not let a secret outlive what policy allows: the refusal is one that the contract names", async () => {
    const { id } = await issueKey(stage.root, stage.account.id);
    succeeded(await stage.root.call("PUT", `/v1/keys/${id}/policy`, { body: { maxLifetimeDays: 365 } }));
    const refused = problem(await rotate(stage.root, id, { expiresInDays: 900 }));
    expect(refused).toMatchObject({ status: 422, code: "POLICY_VIOLATED", errors: [{ path: "expiresInDays" }] });
    expect(pick(rotationOperations, "keys.rotate").errors).toContain(refused.code);
    expect((await shown(stage.root, id)).versions).toHaveLength(1);
  });

  test("outside of what is usual is carried out with a warning", async () => {
    const { rotated } = await rotating(stage, { overlapHours: 100 });
    expect(rotated.warnings).toMatchObject([{ code: "UNUSUAL_OVERLAP", traffic: null }]);
  });
});

describe("acts", () => {
  test("cancel ends the new version and leaves the key as it was, expiry included", async () => {
    const { root } = stage;
    const { id, secret, fresh, rotated } = await rotating(stage, {}, { expiresInDays: 10 });
    const before = rotated.key.expiresAt ?? "";
    const { body } = succeeded(await act(root, id, "cancel"));
    expect(body).toMatchObject({ rotation: { phase: "cancelled" }, effective: { everywhere: true } });
    expect(await codes(root, [secret, fresh])).toEqual(["VALID", "REVOKED"]);
    const after = await keyOf(id);
    expect(after).toMatchObject({ version: 1, status: "active" });
    expect(Date.parse(after.expiresAt ?? "")).toBeLessThan(Date.parse(before) - 24 * HOUR);
    // It was not rotated: it is as old as it was.
    const { database } = stage.app;
    expect(await readOne(database, `SELECT rotated_at AS value FROM api_key WHERE id = '${id}'`)).toBe("null");
    expect(problem(await act(root, id, "confirm"))).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
    expect(succeeded(await act(root, id, "cancel")).body.effective).toMatchObject({ everywhere: true });
  });

  test("what ends a version that is in use warns of it: a cancellation and an emergency too", async () => {
    const { root } = stage;
    const { id, secret, fresh } = await rotating(stage);
    await codes(root, [secret, fresh]);
    await waitFor(async () => (await shown(root, id)).versions.every(({ firstUsedAt }) => firstUsedAt !== null));
    const warned = ({ warnings }: { warnings: { code: string; traffic: { version: number } | null }[] }) =>
      warnings.map(({ code, traffic }) => `${code} ${traffic?.version}`);
    expect(warned(succeeded(await act(root, id, "cancel")).body)).toEqual(["VERSION_IN_USE 2"]);
    expect(warned(succeeded(await rotate(root, id, { overlapHours: 0 })).body)).toEqual(["VERSION_IN_USE 1"]);
  });

  test("finish ends the old version, warns of who used it, and may be repeated", async () => {
    const { root } = stage;
    const { id, secret, fresh } = await rotating(stage);
    await codes(root, [secret, fresh]);
    await seenInUse(root, id);
    const { body } = succeeded(await act(root, id, "finish"));
    expect(body.warnings).toMatchObject([{ code: "VERSION_IN_USE", traffic: { version: 1 } }]);
    expect(await codes(root, [secret, fresh])).toEqual(["REVOKED", "VALID"]);
    await moveTo(stage, Date.now() - 60_000);
    expect(await codes(root, [secret])).toEqual(["REVOKED"]);
    await moveTo(stage, Date.now());
    expect(succeeded(await act(root, id, "finish")).body).toMatchObject({ effective: { everywhere: true } });
    expect(problem(await act(root, id, "cancel"))).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
  });

  test("a newer rotation ends nothing: not what is in use, and not what was just used and is not counted yet", async () => {
    const { root } = stage;
    const { id, secret, fresh } = await rotating(stage);
    expect(await codes(root, [fresh])).toEqual(["VALID"]);
    const second = succeeded(await rotate(root, id)).body;
    // Whether that use was counted by then or not: both are well.
    expect([1, 2]).toContain(second.rotation.from);
    expect(await codes(root, [secret, fresh, second.secret ?? ""])).toEqual(["VALID", "VALID", "VALID"]);
  });

  test("a newer rotation has what was not seen in use give way, and what is in use become the old version", async () => {
    const { root } = stage;
    const { id, secret, fresh } = await rotating(stage);
    const second = succeeded(await rotate(root, id)).body;
    expect(second.rotation).toMatchObject({ from: 1, to: 3 });
    const { oldEndsAt } = second.rotation;
    expect(second.key.versions.map(({ expiresAt }) => expiresAt)).toEqual([oldEndsAt, oldEndsAt, null]);
    expect(await codes(root, [secret, fresh, second.secret ?? ""])).toEqual(["VALID", "VALID", "VALID"]);
    expect(await verify(root, fresh)).toMatchObject({ valid: true, version: 2, retiresAt: oldEndsAt });
    await seenInUse(root, id);
    const third = succeeded(await rotate(root, id)).body;
    expect(third.rotation).toMatchObject({ from: 3, to: 4 });
    expect(await codes(root, [secret, second.secret ?? "", third.secret ?? ""])).toEqual(["VALID", "VALID", "VALID"]);
    expect(third.key.versions.map(({ status }) => status)).toEqual(["retiring", "retiring", "retiring", "pending"]);
    await waitFor(async () => (await shown(root, id)).versions[1]?.firstUsedAt !== null);
    const finished = succeeded(await act(root, id, "finish")).body;
    expect(finished.warnings.map(({ traffic }) => traffic?.version)).toEqual([1, 2, 3]);
    expect(await codes(root, [secret, fresh, second.secret ?? "", third.secret ?? ""])).toEqual([
      ...["REVOKED", "REVOKED", "REVOKED"],
      "VALID",
    ]);
  });

  test("an expired key gets a new version, and what has expired stays expired", async () => {
    const { root } = stage;
    const { id, secret } = await issueKey(root, stage.account.id, { expiresInDays: 1 });
    await moveTo(stage, Date.now() + 25 * HOUR);
    expect(await codes(root, [secret])).toEqual(["EXPIRED"]);
    const { body } = succeeded(await rotate(root, id));
    expect(body).toMatchObject({ key: { status: "active", version: 2 }, rotation: { phase: "done" } });
    expect(await codes(root, [secret, body.secret ?? ""])).toEqual(["EXPIRED", "VALID"]);
    await moveTo(stage, Date.now());
  });

  test("a key that was rotated very often shows its newest versions, and goes on", async () => {
    const { root } = stage;
    const { id, secret } = await issueKey(root, stage.account.id);
    let newest = secret;
    for (let turn = 0; turn < 101; turn += 1) {
      newest = succeeded(await rotate(root, id, { overlapHours: 0 })).body.secret ?? "";
    }
    const { version, versions } = await keyOf(id);
    expect([version, versions.length, versions[0]?.version]).toEqual([102, 100, 3]);
    expect(await codes(root, [secret, newest])).toEqual(["REVOKED", "VALID"]);
    expect(succeeded(await rotate(root, id)).body.rotation).toMatchObject({ from: 102, to: 103 });
  }, 60_000);

  test("a key that was never rotated, or is revoked, has nothing to act on", async () => {
    const { root } = stage;
    const { id } = await issueKey(root, stage.account.id);
    expect(await shown(root, id)).toMatchObject({ rotation: null, version: 1, versions: [{ status: "active" }] });
    for (const verb of ["confirm", "cancel", "finish"]) {
      expect(problem(await act(root, id, verb))).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
    }
    succeeded(await root.post(`/v1/keys/${id}/revoke`, { reason: "unused" }));
    expect(problem(await rotate(root, id))).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
  });
});

describe("two at once", () => {
  test("an Idempotency-Key that is used again shows no secret again, and rotates once", async () => {
    const { root } = stage;
    const { id } = await issueKey(root, stage.account.id);
    const headers = { "idempotency-key": `rotate-${id}` };
    const answers = await Promise.all([rotate(root, id, {}, headers), rotate(root, id, {}, headers)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers.map(({ body }) => body.secret === null).toSorted()).toEqual([false, true]);
    expect((await keyOf(id)).versions).toHaveLength(2);
  });

  test("If-Match lets act who has seen the latest, and nobody else", async () => {
    const { root } = stage;
    const { id } = await rotating(stage);
    const tag = (await root.get(`/v1/keys/${id}/rotation`)).headers.get("etag") ?? "";
    expect(tag).toMatch(/^"\d+\.2\.\d+"$/);
    succeeded(await act(root, id, "extend", { hours: 1 }, { "if-match": tag }));
    const stale = await act(root, id, "cancel", undefined, { "if-match": tag });
    expect(problem(stale)).toMatchObject({ status: 412, code: "PRECONDITION_FAILED" });
    expect(problem(await rotate(root, id, {}, { "if-match": tag }))).toMatchObject({ status: 412 });
    succeeded(await act(root, id, "cancel", undefined, { "if-match": "*" }));
  });

  test.each([
    ["two rotations", "rotate", "rotate"],
    ["a cancellation and a confirmation", "rotation/cancel", "rotation/confirm"],
    ["a rotation and a cancellation", "rotate", "rotation/cancel"],
  ])("%s: one wins, the other is told so", async (_, first, second) => {
    const { root, app } = stage;
    const { id } = await rotating(stage);
    const answers = await whileHeld(app, id, 2, () =>
      Promise.all([first, second].map((path) => root.post<Problem>(`/v1/keys/${id}/${path}`, {}))),
    );
    expect(answers.map(({ status }) => status >= 300).toSorted()).toEqual([false, true]);
    expect(answers.find(({ status }) => status >= 300)?.body).toMatchObject({ status: 409 });
  });
});

describe("who may", () => {
  test("an emergency ends the old version at once, with a scope of its own, and is audited as one", async () => {
    const { root, app, account } = stage;
    const key = await issueKey(root, account.id);
    await verify(root, key.secret);
    const clerk = client(app.url, (await issueManagementKey(root, ["claviger:keys:write"])).secret);
    const refused = await rotate(clerk, key.id, { overlapHours: 0 });
    expect(problem(refused)).toMatchObject({
      status: 403,
      code: "INSUFFICIENT_SCOPE",
      scope: "claviger:keys:emergency",
    });
    expect(await codes(root, [key.secret])).toEqual(["VALID"]);
    const scopes = ["claviger:keys:write", "claviger:keys:emergency"];
    const guard = client(app.url, (await issueManagementKey(root, scopes)).secret);
    const { body } = succeeded(await rotate(guard, key.id, { overlapHours: 0 }));
    expect(body).toMatchObject({ rotation: { kind: "emergency", phase: "done" }, effective: { everywhere: true } });
    expect(await codes(root, [key.secret, body.secret ?? ""])).toEqual(["REVOKED", "VALID"]);
    const [, rotated, finished] = await auditOf(key.id);
    expect(rotated).toMatchObject({
      action: "key.rotated",
      before: { version: 1 },
      after: { version: 2, kind: "emergency" },
    });
    expect(finished).toMatchObject({ action: "rotation.finished", after: { kind: "emergency" } });
  });

  test("to finish before the new version is in use is an emergency too", async () => {
    const { root, app } = stage;
    const clerk = client(app.url, (await issueManagementKey(root, ["claviger:keys:write"])).secret);
    const { id, fresh } = await rotating(stage);
    expect(problem(await act(clerk, id, "finish"))).toMatchObject({ status: 403, scope: "claviger:keys:emergency" });
    await verify(root, fresh);
    await seenInUse(root, id);
    succeeded(await act(clerk, id, "finish"));
  });

  test("and so is a confirmation that ends the old version at once before that", async () => {
    const { root, app } = stage;
    const clerk = client(app.url, (await issueManagementKey(root, ["claviger:keys:write"])).secret);
    const { id, secret, fresh } = await rotating(stage, { overlapHours: 0, graceStarts: "confirm" });
    expect(problem(await act(clerk, id, "confirm"))).toMatchObject({ status: 403, scope: "claviger:keys:emergency" });
    expect(await codes(root, [secret, fresh])).toEqual(["VALID", "VALID"]);
    await seenInUse(root, id);
    const { body } = succeeded(await act(clerk, id, "confirm"));
    expect(body).toMatchObject({ rotation: { phase: "done" }, effective: { everywhere: true } });
    expect(body.warnings[0]?.message).toMatch(/^Version 1 ends now, and was used within the last hour\.$/);
    expect(await codes(root, [secret, fresh])).toEqual(["REVOKED", "VALID"]);
  });

  test("from where a version is used is for who may see that, in what is shown and in warnings", async () => {
    const { root, app } = stage;
    const { id, secret, fresh } = await rotating(stage);
    const scopes = ["claviger:keys:read", "claviger:keys:write"];
    const clerk = client(app.url, (await issueManagementKey(root, scopes)).secret);
    // Nor that there is none.
    expect((await shown(clerk, id)).versions.map(({ sources }) => sources)).toEqual([null, null]);
    await codes(root, [secret, fresh]);
    await waitFor(async () => ((await shown(root, id)).versions[0]?.sources?.length ?? 0) > 0);
    const seen = await shown(clerk, id);
    expect(seen.versions.map(({ sources }) => sources)).toEqual([null, null]);
    expect(seen.versions[0]?.accepted24h).toBeGreaterThan(0);
    const { warnings } = succeeded(await act(clerk, id, "confirm")).body;
    expect(warnings).toMatchObject([{ code: "VERSION_IN_USE", traffic: { version: 1, sources: null } }]);
    expect(warnings[0]?.message).not.toMatch(/from/);
    const finished = succeeded(await act(root, id, "finish")).body;
    expect(finished.warnings[0]?.message).toMatch(/^Version 1 ends now, and was used within the last hour, from \S+/);
  });

  test("nobody gets a secret of a management key that holds more than their own", async () => {
    const { root, app } = stage;
    const strong = await issueManagementKey(root, ["claviger:*"]);
    const scopes = ["claviger:keys:write", "claviger:keys:read", "claviger:management:write"];
    const weak = client(app.url, (await issueManagementKey(root, scopes)).secret);
    expect(problem(await rotate(weak, strong.id))).toMatchObject({ status: 403, code: "GRANT_EXCEEDED" });
    const clerk = client(app.url, (await issueManagementKey(root, ["claviger:keys:write"])).secret);
    expect(problem(await rotate(clerk, strong.id))).toMatchObject({ status: 404 });
    const own = await issueManagementKey(root, ["claviger:keys:read"]);
    const { body } = succeeded(await rotate(weak, own.id));
    expect(body.key.expiresAt).toBeNull();
    for (const secret of [own.secret, body.secret]) {
      expect((await client(app.url, secret).get("/v1/keys?limit=1")).status).toBe(200);
    }
  });

  test("a credential of verifiers is rotated without a gap", async () => {
    const { root, app } = stage;
    const credential = await issueManagementKey(root, ["verify"]);
    const { body } = succeeded(await rotate(root, credential.id));
    const { secret } = await issueKey(root, stage.account.id);
    for (const each of [credential.secret, body.secret]) {
      expect(await verify(client(app.url, each), secret)).toMatchObject({ valid: true });
    }
  });
});
