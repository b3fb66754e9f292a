/** What a program may rely on that has Claviger in its own process. */
import { createServer, request as httpRequest } from "node:http";
import { Claviger, createVerifier, type Verifier } from "@claviger/sdk";
import { api, issueKey, issueManagementKey, succeeded, waitFor } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import type { Effective } from "../support/client.ts";
import { BASE_PATH, libraryStage, listening, servedBy, TERM_MS } from "./stage.ts";

const stage = libraryStage();
const REQUEST = { method: "GET", path: "/contacts" } as const;

const issue = (fields: object = {}) => issueKey(stage.onOther, stage.account.id, { ...fields });
const revoke = async (id: string): Promise<Effective> => {
  const answer = await stage.onOther.post<{ effective: Effective }>(`/v1/keys/${id}/revoke`, { reason: "leaked" });
  return succeeded(answer).body.effective;
};

describe("as a verifier", () => {
  test("it is one as the SDK's are: the same interface, verdicts and codes", async () => {
    const claviger = await stage.embed();
    const verifier: Verifier = claviger;
    expect(verifier).toMatchObject({ mode: "local", environment: "live", observer: null });
    const { id, secret } = await issue({ metadata: { team: "sync" } });
    const { secret: credential } = await issueManagementKey(stage.onOther, ["verify"]);
    const { url } = stage.other;
    const sdk = await createVerifier({ url, credential, environment: "live", mode: "remote" });
    for (const request of [REQUEST, { scopes: ["contacts:write"] }, { ...REQUEST, path: "/moon" }, {}]) {
      expect(JSON.parse(JSON.stringify(await verifier.verify(secret, request)))).toEqual(
        JSON.parse(JSON.stringify(await sdk.verify(secret, request))),
      );
    }
    for (const string of ["", "guess", secret.slice(0, -1), "x".repeat(5_000)]) {
      expect((await verifier.verify(string)).code).toBe((await sdk.verify(string)).code);
    }
    expect(verifier.verify(secret, REQUEST)).toMatchObject({ valid: true, keyId: id, route: "/contacts" });
    await sdk.close();
  });

  test("it is bound to an environment; another has a verifier of its own, which ends alone", async () => {
    const claviger = await stage.embed();
    const { secret } = await issue({ environment: "test" });
    expect(await claviger.verify(secret)).toMatchObject({ valid: false, code: "WRONG_ENVIRONMENT" });
    const verifier = claviger.verifier("test");
    expect(await verifier.verify(secret)).toMatchObject({ valid: true, environment: "test" });
    await verifier.close();
    expect(verifier.verify(secret)).toMatchObject({ code: "UNAVAILABLE" });
    expect(await claviger.verifier("test").verify(secret)).toMatchObject({ valid: true });
  });

  test.each([0, -1, 1.5, Number.NaN, 1e9])("a cost of %s is refused, and spends nothing", async (cost) => {
    const claviger = await stage.embed();
    const { secret } = await issue({ limits: [{ name: "few", amount: 2, per: "lifetime" }] });
    expect(await claviger.verify(secret, { cost })).toMatchObject({ valid: false, code: "UNAVAILABLE" });
    expect(await claviger.verify(secret, { cost: 2 })).toMatchObject({ valid: true, limits: [{ remaining: 0 }] });
    expect(await claviger.verify(secret)).toMatchObject({ valid: false, code: "QUOTA_EXCEEDED" });
    await claviger.close();
  });
});

describe("as a node", () => {
  test("it lends leases to verifiers below its path, and leaves other upgrades alone", async () => {
    const claviger = await stage.embed();
    const left: string[] = [];
    const server = listening(claviger.nodeHandler);
    server.on("upgrade", (request, socket, head) => {
      if (claviger.upgrade(request, socket, head)) return;
      left.push(request.url ?? "");
      socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
    });
    const served = await servedBy(server);
    const { secret: credential } = await issueManagementKey(stage.onOther, ["verify"]);
    const url = `${served.url}${BASE_PATH}`;
    const verifier = await createVerifier({ url, credential, environment: "live", termMs: TERM_MS });
    const { id, secret } = await issue();
    expect(await verifier.verify(secret, REQUEST)).toMatchObject({ valid: true });
    const effective = await revoke(id);
    expect(effective).toMatchObject({ everywhere: true, verifiers: 1, lapsed: [] });
    expect(await verifier.verify(secret, REQUEST)).toMatchObject({ valid: false, code: "REVOKED" });
    expect(await upgradeStatus(`${served.url}/socket`)).toBe(404);
    await verifier.close();
    await claviger.close();
    served.stop();
    expect(left).toEqual(["/socket"]);
  });

  test("the management client of the SDK reaches it without a network", async () => {
    const claviger = await stage.embed();
    const client = new Claviger({
      ...{ url: `http://localhost${BASE_PATH}`, managementKey: stage.other.managementKey },
      fetch: (request) => claviger.fetch(request as Request),
    });
    const { key, secret } = await client.keys.create({
      ...{ account: stage.account.id, environment: "live", label: "In process", scopes: ["contacts:read"] },
    });
    expect(await claviger.verify(secret ?? "", REQUEST)).toMatchObject({ valid: true, keyId: key.id });
    const { effective } = await client.keys.revoke(key.id, { reason: "unused" });
    expect(effective).toMatchObject({ everywhere: true });
    expect(await claviger.verify(secret ?? "", REQUEST)).toMatchObject({ valid: false, code: "REVOKED" });
  });

  test("what a program knows of a caller's address is written down, and nobody else is believed", async () => {
    const claviger = await stage.embed({ address: () => "192.0.2.7" });
    const here = api((request) => claviger.fetch(request), stage.other.managementKey);
    const forwarded = { "x-forwarded-for": "203.0.113.9" };
    succeeded(await here.put(`${BASE_PATH}/v1/accounts/ext:by-address`, { name: "By address" }, forwarded));
    const { body } = await here.get<{ data: { source: { ip: string } }[] }>(`${BASE_PATH}/v1/audit-events?limit=1`);
    expect(body.data[0]?.source.ip).toBe("192.0.2.7");
  });

  test("it tells where it is mounted, and leaves to the host what is the host's", async () => {
    const claviger = await stage.embed({ publicUrl: "https://api.example" });
    const get = (path: string) => claviger.fetch(new Request(`https://api.example${BASE_PATH}${path}`));
    const { servers } = (await (await get("/openapi.json")).json()) as { servers: unknown };
    expect(servers).toEqual([{ url: `https://api.example${BASE_PATH}` }]);
    expect((await get("/docs")).status).toBe(200);
    expect((await get("/.well-known/security.txt")).status).toBe(404);
    const metrics = await (await get("/metrics")).text();
    expect(metrics).toContain("claviger_lease_seconds");
    expect(metrics).not.toContain("process_");
  });

  test("a body that somebody else has read is an error that says so, and not a request that never ends", async () => {
    const claviger = await stage.embed();
    const handler = (mounted: (error: unknown) => void) =>
      createServer((request, response) => {
        request.once("end", () => {
          claviger.nodeHandler(request, response, (error) => {
            mounted(error);
            response.writeHead(500).end();
          });
        });
        request.resume();
      }).listen(0, "127.0.0.1");
    let seen: unknown;
    const served = await servedBy(handler((error) => (seen = error)));
    const answer = await fetch(`${served.url}/v1/keys`, { method: "POST", body: "{}" });
    expect(answer.status).toBe(500);
    expect(seen).toMatchObject({ message: expect.stringContaining("mount it before body parsers") });
    served.stop();
  });
});

describe("at the end", () => {
  test("drained it says so and goes on; closed it refuses everything, and nobody waits for it", async () => {
    const claviger = await stage.embed();
    const { secret } = await issue();
    const readiness = async () => (await claviger.fetch(new Request(`http://localhost${BASE_PATH}/readyz`))).status;
    await waitFor(async () => (await readiness()) === 200, { what: "a node that is ready" });
    claviger.drain();
    expect(await readiness()).toBe(503);
    expect(await claviger.verify(secret)).toMatchObject({ valid: true });
    const underWay = claviger.fetch(new Request(`http://localhost${BASE_PATH}/v1/key-format`));
    const closed = claviger.close();
    expect(claviger.verify(secret)).toMatchObject({ valid: false, code: "UNAVAILABLE" });
    expect((await claviger.fetch(new Request(`http://localhost${BASE_PATH}/healthz`))).status).toBe(503);
    expect((await underWay).status).toBe(200);
    await Promise.all([closed, claviger.close()]);
    const { id } = await issue();
    const { everywhere, waitedMs, lapsed } = await revoke(id);
    expect({ everywhere, lapsed }).toEqual({ everywhere: true, lapsed: [] });
    expect(waitedMs).toBeLessThan(TERM_MS / 2);
  });
});

test("a close waits for a verification whose body is still under way, and answers it", async () => {
  const claviger = await stage.embed();
  const { secret: key } = await issue();
  const { secret: credential } = await issueManagementKey(stage.onOther, ["verify"]);
  // Known from memory from then on, so that it is taken ahead of the router.
  const body = JSON.stringify({ key, environment: "live" });
  const headers = {
    authorization: `Bearer ${credential}`,
    "content-type": "application/json",
    "content-length": body.length,
  };
  const nodes = async () => (await stage.onOther.get<{ data: unknown[] }>("/v1/nodes")).body.data.length;
  let taken = 0;
  const served = await servedBy(
    listening((request, response) => {
      claviger.nodeHandler(request, response);
      taken += 1;
    }),
  );
  const url = `${served.url}${BASE_PATH}/v1/verify`;
  expect(
    (await fetch(url, { method: "POST", headers: { ...headers, "content-length": String(body.length) }, body })).status,
  ).toBe(200);
  const answered = new Promise<number | undefined>((resolve, reject) => {
    const sent = httpRequest(url, { method: "POST", headers }, (answer) => resolve(answer.resume().statusCode));
    sent.on("error", reject).write(body.slice(0, 10));
    void (async () => {
      await waitFor(() => taken === 2);
      const before = await nodes();
      closing = claviger.close().then(() => order.push("closed"));
      // Long enough for all else that a close does; its lease is given back last.
      for (let asked = 0; asked < 100; asked += 1) stayed.add((await nodes()) === before);
      sent.end(body.slice(10));
    })();
  });
  const order: string[] = [];
  const stayed = new Set<boolean>();
  let closing: Promise<unknown> = Promise.resolve();
  expect(await answered.finally(() => order.push("answered"))).toBe(200);
  await closing;
  expect(order).toEqual(["answered", "closed"]);
  expect([...stayed]).toEqual([true]);
  served.stop();
});

/** What a request to become a WebSocket is answered. */
function upgradeStatus(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { connection: "Upgrade", upgrade: "websocket" };
    httpRequest(url, { headers }, (answer) => resolve(answer.resume().statusCode))
      .on("error", reject)
      .end();
  });
}
