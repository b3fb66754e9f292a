/** Forward authentication for nginx, Traefik, Caddy and Envoy (C2, C3, C10). */
import { request } from "node:http";
import { issueKey, issueManagementKey, type MadeKey, startApp, succeeded, type TestApp } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { client, openStage, type Problem, type Stage } from "../support/client.ts";

let stage: Stage;
let credential = "";
let key: MadeKey;
beforeAll(async () => {
  stage = await openStage({ CLAVIGER_TRUSTED_PROXIES: "127.0.0.1, 10.9.0.0/16" });
  credential = (await issueManagementKey(stage.root, ["verify"])).secret;
  key = await issueKey(stage.root, stage.account.id, { scopes: ["contacts:read"] });
});
afterAll(() => stage.app.stop());

type Headers = Readonly<Record<string, string>>;
const NGINX = { "x-original-method": "GET", "x-original-uri": "/contacts/7?page=2" };
const TRAEFIK = {
  "x-forwarded-method": "GET",
  "x-forwarded-uri": "/contacts/7?page=2",
  "x-forwarded-host": "api.example",
};
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

function ask(headers: Headers, path = "/v1/authorize", method = "GET") {
  return client(stage.app.url, null).call<Problem>(method, path, {
    headers: { "claviger-credential": credential, ...headers },
  });
}

describe.each([
  ["nginx", NGINX],
  ["Traefik, Caddy, Envoy", TRAEFIK],
])("asked as %s asks", (_, request) => {
  test.each(["GET", "POST"])(
    "by %s, a good key is answered 204 and who it is, in either header, at first and from memory",
    async (method) => {
      for (const headers of [bearer(key.secret), { "x-api-key": key.secret }, bearer(key.secret)]) {
        const answer = await ask({ ...request, ...headers }, "/v1/authorize", method);
        expect(answer.status).toBe(204);
        expect(answer.text).toBe("");
        expect(Object.fromEntries(answer.headers)).toMatchObject({
          "x-key-id": key.id,
          "x-account-id": stage.account.id,
          "x-scopes": "contacts:read",
        });
      }
    },
  );

  test("no key, garbage and an unknown key are answered 401 with the challenge of RFC 6750", async () => {
    const none = await ask(request);
    expect(none.body).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
    expect(none.headers.get("www-authenticate")).toBe('Bearer realm="claviger"');
    const garbage = await ask({ ...request, ...bearer("hello") });
    expect(garbage.body).toMatchObject({ status: 401, code: "INVALID_TOKEN" });
    expect(garbage.headers.get("www-authenticate")).toMatch(/^Bearer realm="claviger", error="invalid_token"/);
  });

  test("a key without the scope is answered 403, and the scope is named", async () => {
    const names = Object.keys(request);
    const answer = await ask({
      ...request,
      [names[0] ?? ""]: "POST",
      [names[1] ?? ""]: "/contacts",
      ...bearer(key.secret),
    });
    expect(answer.body).toMatchObject({ status: 403, code: "INSUFFICIENT_SCOPE" });
    expect(answer.headers.get("www-authenticate")).toBe(
      'Bearer realm="claviger", error="insufficient_scope", scope="contacts:write"',
    );
  });

  test("an unmapped route is refused", async () => {
    const answer = await ask({ ...request, [Object.keys(request)[1] ?? ""]: "/moon", ...bearer(key.secret) });
    expect(answer.body).toMatchObject({ status: 403, code: "ROUTE_NOT_MAPPED" });
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="claviger"');
  });
});

test("the holder of a genuine key is told what became of it; nobody else is", async () => {
  const dead = await issueKey(stage.root, stage.account.id);
  succeeded(await stage.root.post(`/v1/keys/${dead.id}/suspend`, { reason: "x" }));
  expect((await ask({ ...NGINX, ...bearer(dead.secret) })).body).toMatchObject({ status: 401, code: "SUSPENDED" });
  succeeded(await stage.root.post(`/v1/keys/${dead.id}/revoke`, { reason: "unused" }));
  const answer = await ask({ ...NGINX, ...bearer(dead.secret) });
  expect(answer.body).toMatchObject({ status: 401, code: "REVOKED" });
  expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
  expect(answer.text).not.toContain(dead.id);
});

test("a key of another environment is refused with its own reason", async () => {
  const test = await issueKey(stage.root, stage.account.id, { environment: "test" });
  expect((await ask({ ...NGINX, ...bearer(test.secret) })).body).toMatchObject({
    status: 403,
    code: "WRONG_ENVIRONMENT",
  });
});

describe("which key is meant", () => {
  test("two platform keys at once are refused, even if they are the same", async () => {
    const other = await issueKey(stage.root, stage.account.id);
    for (const second of [other.secret, key.secret]) {
      const answer = await ask({ ...NGINX, ...bearer(key.secret), "x-api-key": second });
      expect(answer.body).toMatchObject({ status: 400, code: "TWO_CREDENTIALS" });
    }
  });

  test("a foreign token in the other header is none of our business", async () => {
    expect((await ask({ ...NGINX, ...bearer("eyJhbGciOi.JWT.x"), "x-api-key": key.secret })).status).toBe(204);
    expect((await ask({ ...NGINX, ...bearer(key.secret), "x-api-key": "pk_live_theirs" })).status).toBe(204);
    expect((await ask({ ...NGINX, authorization: "Basic dTpw", "x-api-key": key.secret })).status).toBe(204);
  });

  test("a key in the query string of the request is refused, whatever it is called, and also beside a header", async () => {
    for (const name of ["api_key", "token", "x"]) {
      const uri = { "x-original-uri": `/contacts?a=1&${name}=${key.secret}` };
      for (const headers of [{}, bearer(key.secret)]) {
        expect((await ask({ ...NGINX, ...uri, ...headers })).body).toMatchObject({ status: 400, code: "KEY_IN_QUERY" });
      }
    }
  });

  test("the scheme is read in any case, and blanks around the key are cut", async () => {
    for (const authorization of [`bearer ${key.secret}`, `BEARER   ${key.secret}  `]) {
      expect((await ask({ ...NGINX, authorization })).status).toBe(204);
    }
  });
});

describe("the proxy itself", () => {
  test.each([
    ["no credential", { "claviger-credential": "" }, 401, "UNAUTHENTICATED"],
    ["a wrong credential", { "claviger-credential": "hello" }, 401, "INVALID_TOKEN"],
  ])("with %s is answered %s", async (_, headers, status, code) => {
    expect((await ask({ ...NGINX, ...bearer(key.secret), ...headers })).body).toMatchObject({ status, code });
  });

  test("cannot use the caller's key as its own credential, nor a credential that may not verify", async () => {
    expect((await ask({ ...NGINX, "claviger-credential": key.secret })).body).toMatchObject({ status: 401 });
    const clerk = await issueManagementKey(stage.root, ["claviger:keys:read"]);
    const answer = await ask({ ...NGINX, ...bearer(key.secret), "claviger-credential": clerk.secret });
    expect(answer.body).toMatchObject({ status: 403, code: "INSUFFICIENT_SCOPE" });
  });

  test("that does not say what was asked gets no answer", async () => {
    for (const headers of [
      {},
      { "x-original-method": "GET" },
      { "x-original-uri": "/contacts" },
      { ...NGINX, "x-original-method": "G T" },
    ]) {
      expect((await ask({ ...headers, ...bearer(key.secret) })).body).toMatchObject({
        status: 400,
        code: "VALIDATION_FAILED",
      });
    }
  });

  test("with an unbound credential must say the environment, and with a bound one cannot ask for another", async () => {
    const unbound = { "claviger-credential": stage.app.managementKey, ...NGINX, ...bearer(key.secret) };
    expect((await ask(unbound)).body).toMatchObject({ status: 400 });
    expect((await ask(unbound, "/v1/authorize?environment=live")).status).toBe(204);
    expect((await ask({ ...NGINX, ...bearer(key.secret) }, "/v1/authorize?environment=test")).body).toMatchObject({
      status: 403,
      code: "FORBIDDEN",
    });
  });
});

describe("?proxy=nginx, since nginx knows only 2xx, 401 and 403", () => {
  const path = "/v1/authorize?proxy=nginx";
  test("leaves 204, 401 and 403 as they are", async () => {
    const good = await ask({ ...NGINX, ...bearer(key.secret) }, path);
    expect([good.status, good.headers.get("x-authorize-status")]).toEqual([204, "204"]);
    const none = await ask(NGINX, path);
    expect([none.status, none.headers.get("x-authorize-status")]).toEqual([401, "401"]);
    const refused = await ask({ ...NGINX, "x-original-uri": "/moon", ...bearer(key.secret) }, path);
    expect([refused.status, refused.headers.get("x-authorize-status")]).toEqual([403, "403"]);
  });

  test("answers 403 for everything else, with the true status beside it and in the problem", async () => {
    const raw = (headers: Headers) =>
      fetch(`${stage.app.url}${path}`, { headers: { "claviger-credential": credential, ...headers } });
    for (const headers of [
      { ...NGINX, ...bearer(key.secret), "x-api-key": key.secret },
      { ...NGINX, "x-original-uri": `/contacts?k=${key.secret}` },
      { ...bearer(key.secret) },
    ]) {
      const answer = await raw(headers);
      expect([answer.status, answer.headers.get("x-authorize-status")]).toEqual([403, "400"]);
      expect(await answer.json()).toMatchObject({ status: 400 });
    }
  });
});

describe("where a request came from (C10)", () => {
  const uri = NGINX;
  const from = async (app: TestApp, peer: string, forwarded: string | null, secret: string, proxy: string) => {
    const headers = { ...uri, ...bearer(secret), "claviger-credential": proxy };
    const request = { headers: forwarded === null ? headers : { ...headers, "x-forwarded-for": forwarded } };
    return (await client(app.fetch, null, peer).call("GET", "/v1/authorize", request)).status;
  };

  test.each([
    ["the peer itself", "198.51.100.7", null, 204],
    ["a peer that is no trusted proxy and claims to speak for another", "203.0.113.1", "198.51.100.7", 403],
    ["a trusted proxy for the caller", "127.0.0.1", "198.51.100.7", 204],
    ["a trusted proxy for somebody else", "127.0.0.1", "203.0.113.1", 403],
    ["a mapped address of a trusted proxy", "::ffff:127.0.0.1", "198.51.100.7", 204],
    ["two trusted proxies", "10.9.0.1", "198.51.100.7, 10.9.3.3", 204],
    ["what the caller itself wrote in front is not believed", "127.0.0.1", "198.51.100.7, 203.0.113.1", 403],
    ["an untrusted hop hides what is before it", "127.0.0.1", "198.51.100.7, 203.0.113.1, 10.9.3.3", 403],
    ["what cannot be read ends the reading", "127.0.0.1", "198.51.100.7, unknown", 403],
  ])("%s", async (_, peer, forwarded, status) => {
    const bound = await issueKey(stage.root, stage.account.id, { allowedIps: ["198.51.100.7"] });
    expect(await from(stage.app, peer, forwarded, bound.secret, credential)).toBe(status);
  });

  test("no proxy is trusted unless it is named", async () => {
    const other = await startApp();
    try {
      const root = client(other.fetch, other.managementKey);
      const { makeAccount, makeScopes } = await import("@claviger/testkit");
      await makeScopes(root);
      const bound = await issueKey(root, (await makeAccount(root)).id, { allowedIps: ["198.51.100.7"] });
      const verifier = await issueManagementKey(root, ["verify"]);
      expect(await from(other, "127.0.0.1", "198.51.100.7", bound.secret, verifier.secret)).toBe(403);
      expect(await from(other, "198.51.100.7", null, bound.secret, verifier.secret)).toBe(204);
    } finally {
      await other.stop();
    }
  });

  test("the source of an act is on record, as the trusted proxy told it", async () => {
    const root = client(stage.app.fetch, stage.app.managementKey, "10.9.0.1");
    const answer = await root.post<{ key: { id: string } }>(
      "/v1/keys",
      { account: stage.account.id, environment: "live", label: "a key", tier: "read" },
      { "x-forwarded-for": "198.51.100.9", "user-agent": "curl/8" },
    );
    const events = await root.get<{ data: object[] }>(`/v1/audit-events?target=${answer.body.key.id}`);
    expect(events.body.data).toMatchObject([{ source: { via: "api", ip: "198.51.100.9", userAgent: "curl/8" } }]);
  });
});

describe("what a caller adds to a proxy's headers decides nothing", () => {
  const harmless = { "x-original-method": "GET", "x-original-uri": "/contacts" };
  const real = { "x-forwarded-method": "DELETE", "x-forwarded-uri": "/contacts/7" };

  test("two pairs that name different requests are refused", async () => {
    const answer = await ask({ ...real, ...harmless, ...bearer(key.secret) });
    expect(answer.body).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
  });

  test("half a pair changes nothing: the whole one is judged", async () => {
    const answer = await ask({ ...real, "x-original-method": "GET", ...bearer(key.secret) });
    expect(answer.body).toMatchObject({ status: 403, code: "INSUFFICIENT_SCOPE" });
  });

  test("for nginx, which always sends the first pair, the second is not read", async () => {
    const answer = await ask({ ...real, ...harmless, ...bearer(key.secret) }, "/v1/authorize?proxy=nginx");
    expect(answer.status).toBe(204);
  });
});

describe("asked as Envoy asks, with the request itself behind a prefix", () => {
  test("the method and path of the request line are judged, with its query left out", async () => {
    // Nothing but 200 lets a request pass there.
    const good = await ask(bearer(key.secret), "/v1/authorize/contacts/7?page=2");
    expect([good.status, good.text, good.headers.get("x-key-id")]).toEqual([200, "", key.id]);
    const refused = await ask(bearer(key.secret), "/v1/authorize/contacts/7", "DELETE");
    expect(refused.body).toMatchObject({ status: 403, code: "INSUFFICIENT_SCOPE" });
    const unmapped = await ask(bearer(key.secret), "/v1/authorize/admin");
    expect(unmapped.body).toMatchObject({ status: 403, code: "ROUTE_NOT_MAPPED" });
  });

  test("the path is judged as it was sent, and never becomes one of our own", async () => {
    const { hostname, port } = new URL(stage.app.url);
    const send = (path: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { "claviger-credential": credential, ...bearer(key.secret) };
        const sent = request({ hostname, port, path, headers, agent: false }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        sent.on("error", reject).end();
      });
    expect(await send("/v1/authorize/contacts")).toBe(200);
    for (const path of [
      "/../../healthz",
      "/%2e%2e/%2e%2e/healthz",
      "/x/../../../v1/key-format",
      "/admin/../contacts",
      "/./contacts",
      "/%2e/contacts",
      "//contacts",
      "/?proxy=nginx",
    ]) {
      expect(await send(`/v1/authorize${path}`), path).toBe(403);
    }
  });

  test("headers that name another request come from the caller and are not read", async () => {
    const headers = {
      "x-forwarded-method": "GET",
      "x-forwarded-uri": "/contacts",
      "x-original-method": "GET",
      "x-original-uri": "/contacts",
    };
    const refused = await ask({ ...headers, ...bearer(key.secret) }, "/v1/authorize/contacts/7", "DELETE");
    expect(refused.body).toMatchObject({ status: 403, code: "INSUFFICIENT_SCOPE" });
  });
});
