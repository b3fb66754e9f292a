import { describe, expect, test } from "vitest";
import { behind, requestWithoutBase, withoutBase } from "./mount.ts";

describe("the path that Claviger is mounted below", () => {
  test.each([
    ["/claviger/v1/keys?limit=1", "/v1/keys?limit=1"],
    ["/claviger", "/"],
    ["/claviger?a=1", "/?a=1"],
    ["/claviger/", "/"],
    ["/clavigers/v1/keys", "/clavigers/v1/keys"],
    ["/v1/keys", "/v1/keys"],
    ["/", "/"],
  ])("is taken off where it is there, and nothing else is: %s", (target, expected) => {
    expect(withoutBase(target, "/claviger")).toBe(expected);
    expect(withoutBase(target, "")).toBe(target);
  });

  test("is taken off a request with all that it holds", async () => {
    const request = new Request("http://a.example/claviger/v1/keys?x=%2F", {
      ...{ method: "POST", headers: { "idempotency-key": "one" }, body: '{"a":1}' },
    });
    const own = requestWithoutBase(request, "/claviger");
    expect(own.url).toBe("http://a.example/v1/keys?x=%2F");
    expect([own.method, own.headers.get("idempotency-key"), await own.text()]).toEqual(["POST", "one", '{"a":1}']);
  });
});

describe("what is told of the connection", () => {
  const asked = (url: string) => ({ incoming: { url, socket: { remoteAddress: "192.0.2.1" } } });
  const nowhere = (): undefined => undefined;

  test("comes from the framework where it knows one, and only then is nobody else asked", () => {
    expect(behind(asked("/claviger/v1/keys"), () => "203.0.113.9").incoming).toEqual({
      ...{ url: undefined, socket: { remoteAddress: "192.0.2.1" } },
    });
    for (const env of [undefined, null, {}, { params: {} }, { incoming: "x" }]) {
      expect(behind(env, () => "203.0.113.9").incoming.socket.remoteAddress).toBe("203.0.113.9");
      expect(behind(env, nowhere).incoming.socket.remoteAddress).toBeUndefined();
    }
  });

  test("keeps what Envoy asks about as it stood in the request line, wherever Claviger is mounted", () => {
    expect(behind(asked("/a/b/v1/authorize/../../healthz?x"), nowhere).incoming.url).toBe(
      "/v1/authorize/../../healthz?x",
    );
  });
});
