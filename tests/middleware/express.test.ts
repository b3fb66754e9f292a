import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type ExpressRequest, expressKeys } from "@claviger/sdk/express";
import { createTestVerifier } from "@claviger/sdk/testing";
import { beforeAll, expect, test } from "vitest";
import { installExample } from "../support/example.ts";
import { ask, type Served } from "./stage.ts";
import { keepsTheGate } from "./suite.ts";

type Response = ServerResponse & { json(body: unknown): Response; status(status: number): Response };
type Handler = (request: ExpressRequest, response: Response, next: (error?: unknown) => void) => unknown;
interface Express {
  use(...handlers: unknown[]): Express;
  get(path: string, ...handlers: Handler[]): Express;
  all(path: string, ...handlers: Handler[]): Express;
  listen(port: number, host: string, ready: () => void): Server;
}

/** Not in this workspace: the one of the example. */
let express: { (): Express; Router(): Express };
beforeAll(() => {
  express = createRequire(join(installExample("express-api"), "package.json"))("express") as typeof express;
}, 120_000);

async function listen(app: Express): Promise<Served> {
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, "127.0.0.1", () => resolve(listening));
  });
  const { port } = server.address() as AddressInfo;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

keepsTheGate("Express", true, (verifier, options) => {
  const app = express()
    .use((_: IncomingMessage, response: ServerResponse, next: () => void) => {
      response.setHeader("Access-Control-Expose-Headers", "X-Total");
      next();
    })
    .use(expressKeys(verifier, options))
    .all("/contacts", ({ claviger }, response) =>
      response.json({ account: claviger?.account ?? null, keyId: claviger?.keyId ?? null }),
    )
    .use((_: IncomingMessage, response: Response) => response.status(404).json({}));
  return listen(app);
});

const verifier = createTestVerifier({
  keys: { test_reader: { account: "acct_1", scopes: ["contacts:read"] } },
  scopes: { "contacts:read": { tier: "read", routes: [{ method: "GET", path: "/api/contacts" }] } },
});
const bearer = { authorization: "Bearer test_reader" };

test("below a mounted router the whole path is judged, as Express routes it", async () => {
  const router = express.Router().get("/contacts", (_, response) => response.json({}));
  const app = express()
    .use((request: IncomingMessage, _: ServerResponse, next: () => void) => {
      request.url = request.url?.replace(/^\/old\//, "/api/");
      next();
    })
    .use("/api", expressKeys(verifier), router);
  const served = await listen(app);
  expect((await ask(served, bearer, "/api/contacts")).status).toBe(200);
  expect((await ask(served, bearer, "/old/contacts")).status).toBe(200);
  expect((await ask(served, bearer, "/api/moon")).body).toMatchObject({ code: "ROUTE_NOT_MAPPED" });
  await served.stop();
});

test("what a function of the options throws is an error of the application", async () => {
  const fail = (): never => {
    throw new TypeError("mine");
  };
  const app = express()
    .get("/contacts", expressKeys(verifier, { scopes: fail }) as Handler, (_, response) => response.json({}))
    .use((error: Error, _: IncomingMessage, response: Response, __: unknown) =>
      response.status(500).json({ code: error.message }),
    );
  const served = await listen(app);
  expect(await ask(served, bearer)).toMatchObject({ status: 500, body: { code: "mine" } });
  await served.stop();
});
