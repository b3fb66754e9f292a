/**
 * A credential of a verifier verifies, by HTTP and on the verifier stream, and does nothing else, but for what any key may: be
 * shown itself, and end itself. Nobody else opens the stream.
 */
import { MANAGEMENT_SCOPES, OPERATIONS, type Operation } from "@claviger/contract";
import { askForStream, issueKey, issueManagementKey, type MadeKey, succeeded } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { client, openStage, type Stage } from "../support/client.ts";
import { type Existing, sampleOf } from "../support/samples.ts";

let stage: Stage;
let existing: Existing;
let verifier: MadeKey;

beforeAll(async () => {
  stage = await openStage();
  succeeded(await stage.root.put("/v1/plans/basic", { limits: [] }));
  const { id, secret } = await issueKey(stage.root, stage.account.id, { tier: "admin", rationale: "the strongest" });
  existing = { account: stage.account, key: id, secret };
  verifier = await issueManagementKey(stage.root, ["verify"]);
});
afterAll(() => stage.app.stop());

const isOwn = ({ access }: Operation): boolean => access.kind === "holder";
const isVerifying = ({ access }: Operation): boolean => access.kind === "management" && access.scope === "verify";
const guarded = OPERATIONS.filter(({ access }) => access.kind !== "public");
const named = (operations: readonly Operation[]) => operations.map((operation) => [operation.id, operation] as const);

/** With the verifier's credential wherever an operation may look for one. */
async function ask(operation: Operation, existingHere: Existing = existing) {
  const { path, body, headers } = sampleOf(operation, existingHere);
  const proxy = operation.id.startsWith("verification.authorize");
  const caller = client(stage.app.url, proxy ? null : verifier.secret);
  return caller.call(operation.method, path, {
    headers: { ...headers, ...(proxy ? { "claviger-credential": verifier.secret } : {}) },
    ...(body === undefined ? {} : { body }),
  });
}

test("verifying is what one would expect", () => {
  expect(
    OPERATIONS.filter(isVerifying)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual([
    ...["verification.authorize", "verification.authorize-post", "verification.verify", "verification.verify-batch"],
  ]);
});

describe("a verifier's credential", () => {
  test.each(named(guarded.filter(isVerifying)))("may: %s", async (_, operation) => {
    expect((await ask(operation)).status).toBeLessThan(300);
  });

  test.each(named(guarded.filter((operation) => !isVerifying(operation) && !isOwn(operation))))(
    "may not: %s",
    async (_, operation) => {
      const before = await stage.root.get("/v1/audit-events?limit=1");
      const answer = await ask(operation);
      expect([401, 403]).toContain(answer.status);
      expect(answer.text).not.toContain(existing.key);
      // A refusal changes nothing.
      expect(newest(await stage.root.get("/v1/audit-events?limit=1"))).toEqual(newest(before));
    },
  );

  test("may, as the holder of any key, be shown itself and end itself, and that is all", async () => {
    const own = await issueManagementKey(stage.root, ["verify"]);
    const caller = client(stage.app.url, own.secret);
    const shown = succeeded(await caller.get<{ id: string }>("/v1/keys/self"));
    expect(shown.body.id).toBe(own.id);
    expect((await caller.post("/v1/keys/self/revoke", { id: existing.key })).status).toBe(400);
    succeeded(await caller.post("/v1/keys/self/revoke", {}));
    expect((await caller.get("/v1/keys/self")).body).toMatchObject({ code: "REVOKED" });
    expect((await stage.root.get(`/v1/keys/${existing.key}`)).body).toMatchObject({ status: "active" });
  });
});

describe("the verifier stream", () => {
  const status = async (headers: Readonly<Record<string, string>>, path?: string) => {
    const answer = await askForStream(stage.app.url, headers, path);
    return [answer.status, answer.code];
  };
  const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });

  test("is open to a credential that may verify", async () => {
    expect(await status(bearer(verifier.secret))).toEqual([101, null]);
  });

  test.each(Object.keys(MANAGEMENT_SCOPES).filter((scope) => scope !== "verify"))(
    "is closed to a management key that holds %s alone",
    async (scope) => {
      const { secret } = await issueManagementKey(stage.root, [scope]);
      expect(await status(bearer(secret))).toEqual([403, "INSUFFICIENT_SCOPE"]);
    },
  );

  test("is closed to everybody else, and says why", async () => {
    expect(await status({})).toEqual([401, "UNAUTHENTICATED"]);
    expect(await status(bearer("nonsense"))).toEqual([401, "INVALID_TOKEN"]);
    expect(await status(bearer(existing.secret))).toEqual([401, "INVALID_TOKEN"]);
    expect(await status({ "X-API-Key": verifier.secret })).toEqual([401, "UNAUTHENTICATED"]);
    expect(await status({ ...bearer(verifier.secret), "X-API-Key": existing.secret })).toEqual([
      400,
      "TWO_CREDENTIALS",
    ]);
    expect(await status({ ...bearer(verifier.secret), Origin: "https://a.example" })).toEqual([403, "FORBIDDEN"]);
    expect((await status({}, `/v1/verifier-stream?key=${verifier.secret}`))[0]).toBe(400);
    const bound = await issueManagementKey(stage.root, ["verify"], { allowedIps: ["192.0.2.0/24"] });
    expect(await status(bearer(bound.secret))).toEqual([403, "IP_NOT_ALLOWED"]);
  });

  test("is closed to a credential from when its revocation has returned", async () => {
    const ended = await issueManagementKey(stage.root, ["verify"]);
    expect(await status(bearer(ended.secret))).toEqual([101, null]);
    succeeded(await stage.root.post(`/v1/keys/${ended.id}/revoke`, { reason: "unused" }));
    expect(await status(bearer(ended.secret))).toEqual([401, "REVOKED"]);
  });
});

function newest(answer: { readonly body: unknown }): unknown {
  return (answer.body as { data: readonly { id?: string }[] }).data[0];
}
