import { createRequire } from "node:module";
import { join } from "node:path";
import type { VerifiedKey } from "@claviger/sdk";
import { fastifyKeys } from "@claviger/sdk/fastify";
import { createTestVerifier } from "@claviger/sdk/testing";
import { beforeAll, expect, test } from "vitest";
import { installExample } from "../support/example.ts";
import { ask, type Served } from "./stage.ts";
import { keepsTheGate } from "./suite.ts";

interface Reply {
  header(name: string, value: string): Reply;
  code(status: number): Reply;
  send(body: unknown): Reply;
}
interface Request {
  readonly claviger: VerifiedKey | null;
  readonly routeOptions: { readonly config: { readonly scopes?: string[] } };
}
type Handler = (request: Request, reply: Reply) => unknown;
interface Fastify {
  register(plugin: unknown): Fastify;
  addHook(name: string, hook: (...given: never[]) => unknown): Fastify;
  route(options: { method: string[]; url: string; config?: object; handler: Handler }): Fastify;
  setNotFoundHandler(handler: Handler): Fastify;
  listen(options: { host: string; port: number }): Promise<string>;
  close(): Promise<void>;
}

/** Not in this workspace: the one of the example. */
let fastify: () => Fastify;
beforeAll(() => {
  fastify = createRequire(join(installExample("fastify-api"), "package.json"))("fastify") as typeof fastify;
}, 120_000);

async function listen(app: Fastify): Promise<Served> {
  return { url: await app.listen({ host: "127.0.0.1", port: 0 }), stop: () => app.close() };
}

const tell: Handler = ({ claviger }) => ({ account: claviger?.account ?? null, keyId: claviger?.keyId ?? null });

keepsTheGate("Fastify", true, (verifier, options) => {
  const app = fastify()
    .addHook("onRequest", (_: unknown, reply: Reply, next: () => void) => {
      reply.header("Access-Control-Expose-Headers", "X-Total");
      next();
    })
    .register(fastifyKeys(verifier, options))
    .route({ method: ["GET", "POST"], url: "/contacts", handler: tell })
    .setNotFoundHandler((_, reply) => reply.code(404).send({}));
  return listen(app);
});

const verifier = createTestVerifier({
  keys: {
    test_reader: { account: "acct_1", scopes: ["contacts:read"] },
    test_writer: { account: "acct_2", tier: "write" },
  },
  scopes: { "contacts:read": { tier: "read" }, "contacts:write": { tier: "write" } },
});
const reader = { "x-api-key": "test_reader" };

test("it holds in the scope where it is registered, and each route may say what it needs", async () => {
  const app = fastify()
    .register(async (scope: Fastify) => {
      await scope.register(
        fastifyKeys(verifier, { scopes: ({ routeOptions }: Request & { raw: never }) => routeOptions.config.scopes }),
      );
      scope.route({ method: ["GET"], url: "/contacts", config: { scopes: ["contacts:read"] }, handler: tell });
      scope.route({ method: ["POST"], url: "/contacts", config: { scopes: ["contacts:write"] }, handler: tell });
      scope.route({ method: ["GET"], url: "/forgotten", handler: tell });
    })
    .route({ method: ["GET"], url: "/open", handler: () => ({}) });
  const served = await listen(app);
  expect(await ask(served, {}, "/open")).toMatchObject({ status: 200 });
  expect(await ask(served, reader)).toMatchObject({ status: 200, body: { account: "acct_1" } });
  expect(await ask(served, reader, "/contacts", "POST")).toMatchObject({
    status: 403,
    body: { code: "INSUFFICIENT_SCOPE" },
  });
  expect(await ask(served, { "x-api-key": "test_writer" }, "/contacts", "POST")).toMatchObject({ status: 200 });
  expect(await ask(served, reader, "/forgotten")).toMatchObject({ status: 403, body: { code: "ROUTE_NOT_MAPPED" } });
  await served.stop();
});

test("two of them in one application, and hooks of others on what it refuses", async () => {
  const statuses: number[] = [];
  const app = fastify().addHook("onResponse", (_: unknown, reply: { statusCode: number }, done: () => void) => {
    statuses.push(reply.statusCode);
    done();
  });
  for (const name of ["a", "b"]) {
    app.register(async (scope: Fastify) => {
      await scope.register(fastifyKeys(verifier, { scopes: [name === "a" ? "contacts:read" : "contacts:write"] }));
      scope.route({ method: ["GET"], url: `/${name}`, handler: tell });
    });
  }
  const served = await listen(app);
  expect((await ask(served, reader, "/a")).status).toBe(200);
  expect((await ask(served, reader, "/b")).status).toBe(403);
  expect(statuses).toEqual([200, 403]);
  await served.stop();
});
