/**
 * The built SDK under the Node.js that runs this file, against a real service: what a customer installs, on what a customer runs.
 * Plain JavaScript over node:test, because Node.js 20 runs nothing else. Settings come from `runtimes.test.ts`.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { Worker } from "node:worker_threads";
import { Claviger, ClavigerApiError, createVerifier } from "@claviger/sdk";
import { expressKeys } from "@claviger/sdk/express";
import { fastifyKeys } from "@claviger/sdk/fastify";
import { fetchKeys } from "@claviger/sdk/fetch";
import { honoKeys } from "@claviger/sdk/hono";
import { nextKeys } from "@claviger/sdk/next";
import { nodeKeys } from "@claviger/sdk/node";
import { createTestVerifier } from "@claviger/sdk/testing";

const { CLAVIGER_URL: url, CLAVIGER_MANAGEMENT_KEY: managementKey, CLAVIGER_CREDENTIAL: credential } = process.env;
const REQUEST = { method: "GET", path: "/contacts" };

const claviger = new Claviger({ url, managementKey });
const account = `ext:node-${process.versions.node}`;
const issue = (fields = {}) =>
  claviger.keys.create({ account, environment: "live", label: "key", scopes: ["contacts:read"], ...fields });
const revoke = async ({ key }) => (await claviger.keys.revoke(key.id, { reason: "leaked" })).effective;
const verifierOf = (options = {}) => createVerifier({ url, credential, environment: "live", ...options });

before(() => claviger.accounts.put(account, { name: "Acme" }));

describe("the management client", () => {
  test("issues, lists page by page, and tells errors by their code", async () => {
    const labels = ["one", "two", "three"];
    for (const label of labels) await issue({ label });
    const seen = [];
    for await (const each of claviger.keys.list({ account, limit: 1 })) seen.push(each.label);
    assert.deepEqual(seen.filter((label) => labels.includes(label)).sort(), [...labels].sort());
    await assert.rejects(claviger.keys.create({ account, environment: "live", label: "" }), (error) => {
      return error instanceof ClavigerApiError && error.code === "VALIDATION_FAILED" && error.status === 400;
    });
    assert.ok(!String(JSON.stringify(claviger)).includes(managementKey));
  });
});

for (const mode of ["local", "remote"]) {
  describe(`a verifier in mode ${mode}`, () => {
    let verifier;
    before(async () => {
      verifier = await verifierOf({ mode });
    });
    after(() => verifier.close());

    test("accepts a good key, and refuses it once its revocation has returned", async () => {
      const issued = await issue();
      const verdict = await verifier.verify(issued.secret, REQUEST);
      assert.equal(verdict.valid, true);
      assert.equal(verdict.keyId, issued.key.id);
      assert.deepEqual(verdict.scopes, ["contacts:read"]);
      assert.equal(verifier.verify(issued.secret, REQUEST) instanceof Promise, mode === "remote");
      const effective = await revoke(issued);
      assert.equal(effective.everywhere, true);
      assert.equal((await verifier.verify(issued.secret, REQUEST)).code, "REVOKED");
    });

    test("tells garbage, mistyped keys and missing scopes apart", async () => {
      const { secret } = await issue();
      assert.equal((await verifier.verify("guess")).code, "MALFORMED");
      const body = secret.slice(0, -12);
      assert.equal(
        (await verifier.verify(`${body.slice(0, -1)}${body.endsWith("a") ? "b" : "a"}${secret.slice(-12)}`)).code,
        "MALFORMED",
      );
      assert.equal((await verifier.verify(secret, { scopes: ["contacts:write"] })).code, "INSUFFICIENT_SCOPE");
      assert.equal((await verifier.verify(secret, { method: "GET", path: "/moon" })).code, "ROUTE_NOT_MAPPED");
    });

    test("keeps to a limit", async () => {
      const { secret } = await issue({ limits: [{ name: "few", amount: 2, per: "lifetime" }] });
      const codes = [];
      for (let used = 0; used < 3; used += 1) codes.push((await verifier.verify(secret, REQUEST)).code);
      assert.deepEqual(codes, ["VALID", "VALID", "QUOTA_EXCEEDED"]);
    });
  });
}

test("what was counted is written when a verifier has closed, and nothing is accepted afterwards", async () => {
  const verifier = await verifierOf({ mode: "local" });
  const { key, secret } = await issue();
  for (let used = 0; used < 5; used += 1) assert.equal((await verifier.verify(secret, REQUEST)).valid, true);
  await verifier.close();
  assert.equal((await verifier.verify(secret, REQUEST)).code, "UNAVAILABLE");
  assert.equal((await claviger.keys.get(key.id)).requests30d, 5);
});

test("a worker thread has a verifier of its own, which refuses as soon", async () => {
  const worker = new Worker(new URL("thread.js", import.meta.url), { workerData: { url, credential } });
  const said = () => new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  assert.equal(await said(), "ready");
  const issued = await issue();
  const ask = () => {
    const answer = said();
    worker.postMessage(issued.secret);
    return answer;
  };
  assert.equal(await ask(), "VALID");
  assert.ok((await revoke(issued)).verifiers >= 1);
  assert.equal(await ask(), "REVOKED");
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  worker.postMessage("close");
  await ended;
});

describe("middlewares", () => {
  const double = createTestVerifier({
    keys: { test_reader: { account: "acct_1", scopes: ["contacts:read"] } },
    scopes: { "contacts:read": { tier: "read", routes: [REQUEST] } },
  });
  const bearer = { authorization: "Bearer test_reader" };

  test("of node:http and of Express let a key pass, and refuse with the status and challenge of RFC 6750", async () => {
    const withKeys = nodeKeys(double);
    const express = expressKeys(double);
    for (const handler of [
      withKeys((_request, response, key) => response.end(key.account)),
      (request, response) =>
        express(Object.assign(request, { baseUrl: "" }), response, () => response.end(request.claviger.account)),
    ]) {
      const server = createServer(handler);
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const at = `http://127.0.0.1:${server.address().port}/contacts`;
        assert.equal(await (await fetch(at, { headers: bearer })).text(), "acct_1");
        const refused = await fetch(at);
        assert.equal(refused.status, 401);
        assert.equal(refused.headers.get("www-authenticate"), 'Bearer realm="api"');
        assert.equal((await refused.json()).code, "UNAUTHENTICATED");
      } finally {
        server.closeAllConnections();
        server.close();
      }
    }
  });

  test("of fetch handlers and Next.js do so as well", async () => {
    assert.equal(nextKeys, fetchKeys);
    const handle = fetchKeys(double)((_request, key) => Response.json({ account: key.account }));
    const answer = await handle(new Request("http://a.example/contacts", { headers: bearer }));
    assert.deepEqual(await answer.json(), { account: "acct_1" });
    assert.equal((await handle(new Request("http://a.example/moon", { headers: bearer }))).status, 403);
  });

  test("of Hono and Fastify load, and refuse options that cannot work", () => {
    for (const keys of [honoKeys, fastifyKeys]) {
      assert.equal(typeof keys(double), "function");
      assert.throws(() => keys(double, { identityOnly: true, routeMap: true }), TypeError);
    }
  });
});
