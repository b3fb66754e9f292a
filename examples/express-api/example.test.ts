/** Runs the example as its README says: against a real service, with its own setup, each as a process of its own. */
import { request as httpRequest } from "node:http";
import { waitFor } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { call, manage, setUpContacts } from "../../tests/support/example.ts";
import { exampleStage } from "../../tests/support/example-stage.ts";

const stage = exampleStage("express-api", ["server.js"], { service: { env: { CLAVIGER_LEASE_MS: "1000" } } });

const bearer = (key: string = stage.contacts.caller.key) => ({ authorization: `Bearer ${key}` });
const list = (headers: Record<string, string> = bearer()) => call(stage.api, "GET", "/contacts", headers);

describe("the contacts API", () => {
  test("is reached with a key in either header, and with none is not", async () => {
    expect(await list()).toMatchObject({ status: 200 });
    expect(await list({ "x-api-key": stage.contacts.caller.key })).toMatchObject({ status: 200 });
    const none = await list({});
    expect(none).toMatchObject({ status: 401, code: "UNAUTHENTICATED", challenge: 'Bearer realm="contacts"' });
    expect(await call(stage.api, "GET", "/healthz", {})).toMatchObject({ status: 200 });
  });

  test("tells strings that are no genuine key nothing that sets them apart", async () => {
    const { key } = stage.contacts.caller;
    const other = key.slice(0, -1) + (key.endsWith("0") ? "1" : "0");
    const answers = await Promise.all(["guess", other, "x".repeat(5000)].map((guess) => list(bearer(guess))));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 401, code: "INVALID_TOKEN" });
    expect(answers[0]?.challenge).toContain('error="invalid_token"');
  });

  test("is not opened by the credential it verifies with", async () => {
    expect(await list(bearer(stage.contacts.credential))).toMatchObject({ status: 401 });
  });

  test("opens what the key's scope opens, by method and path, and nothing else", async () => {
    expect(await call(stage.api, "GET", "/contacts/7", bearer())).toMatchObject({ status: 404, code: undefined });
    const write = await call(stage.api, "POST", "/contacts", bearer());
    expect(write).toMatchObject({ status: 403, code: "INSUFFICIENT_SCOPE" });
    expect(write.challenge).toBe('Bearer realm="contacts", error="insufficient_scope", scope="contacts:write"');
    for (const path of ["/admin", "/Contacts", "/contacts/7/notes"]) {
      expect(await call(stage.api, "GET", path, bearer()), path).toMatchObject({
        status: 403,
        code: "ROUTE_NOT_MAPPED",
      });
    }
  });

  test("refuses a request that does not say which key it means, or sends one where it is written down", async () => {
    const { key } = stage.contacts.caller;
    expect(await list({ ...bearer(), "x-api-key": key })).toMatchObject({ status: 400, code: "TWO_CREDENTIALS" });
    for (const query of [`?key=${key}`, `?key=${key.replaceAll("_", "%5F")}`]) {
      const answer = await call(stage.api, "GET", `/contacts${query}`, bearer());
      expect(answer).toMatchObject({ status: 400, code: "KEY_IN_QUERY" });
    }
    const repeated = await new Promise<number | undefined>((resolve, reject) => {
      const headers = ["Authorization", `Bearer ${key}`, "Authorization", "Bearer other", "Host", "localhost"];
      httpRequest(`${stage.api.url}/contacts`, { headers }, (answer) => resolve(answer.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(repeated).toBe(401);
  });

  test("refuses on the very next request once Claviger has answered: suspended, resumed, revoked", async () => {
    const { id } = stage.contacts.caller;
    expect(await list()).toMatchObject({ status: 200 });
    await manage(stage.service, `/v1/keys/${id}/suspend`, { reason: "a question" });
    expect(await list()).toMatchObject({ status: 401, code: "SUSPENDED" });
    await manage(stage.service, `/v1/keys/${id}/resume`);
    expect(await list()).toMatchObject({ status: 200 });
    await manage(stage.service, `/v1/keys/${id}/revoke`, { reason: "leaked" });
    const refused = await list();
    expect(refused).toMatchObject({ status: 401, code: "REVOKED" });
    expect(refused.challenge).toContain('error="invalid_token"');
  });

  test("opens nothing while Claviger does not answer, and opens again afterwards", async () => {
    const second = setUpContacts(stage.service).caller;
    stage.service.signal("SIGSTOP");
    try {
      expect(await list(bearer(second.key))).toMatchObject({ status: 503, code: "UNAVAILABLE" });
    } finally {
      stage.service.signal("SIGCONT");
    }
    await waitFor(async () => (await list(bearer(second.key))).status === 200, { timeoutMs: 15_000 });
  });

  test("writes neither a key nor its own credential anywhere", () => {
    for (const secret of [stage.contacts.caller.key, stage.contacts.credential])
      expect(stage.api.output()).not.toContain(secret);
    expect(stage.api.output()).toContain("claviger: keys are refused as UNAVAILABLE: no answer within 2000 ms");
  });
});
