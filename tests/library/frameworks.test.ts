/** Claviger inside programs of real frameworks, over a real PostgreSQL that another node uses as well. */
import type { RequestListener, Server } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type ExpressRequest, expressKeys } from "@claviger/sdk/express";
import { honoKeys } from "@claviger/sdk/hono";
import { nextKeys } from "@claviger/sdk/next";
import { nodeKeys } from "@claviger/sdk/node";
import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { beforeAll } from "vitest";
import { installExample } from "../support/example.ts";
import { BASE_PATH, listening, servedBy } from "./stage.ts";
import { livesIn } from "./suite.ts";

/** Not in this workspace: the one of the example. */
type Express = () => RequestListener & {
  use(...handlers: unknown[]): void;
  get(path: string, ...handlers: unknown[]): void;
};
let express: Express;
beforeAll(() => {
  express = createRequire(join(installExample("express-api"), "package.json"))("express") as Express;
}, 120_000);

const fetchServer = (fetch: (request: Request) => Response | Promise<Response>) =>
  servedBy(serve({ fetch, hostname: "127.0.0.1", port: 0 }) as ServerType & Server);

livesIn("node:http", (claviger) => {
  const contacts = nodeKeys(claviger)((_, response, { account }) => {
    response.setHeader("Content-Type", "application/json").end(JSON.stringify({ account }));
  });
  return servedBy(
    listening((request, response) => {
      if (request.url?.startsWith(BASE_PATH)) claviger.nodeHandler(request, response);
      else contacts(request, response);
    }),
  );
});

livesIn("Express", (claviger) => {
  const app = express();
  app.use(BASE_PATH, claviger.nodeHandler);
  app.get(
    "/contacts",
    expressKeys(claviger),
    ({ claviger: key }: ExpressRequest, response: { json(body: unknown): void }) =>
      response.json({ account: key?.account }),
  );
  return servedBy(listening(app));
});

livesIn("Hono", (claviger) => {
  const app = new Hono()
    .mount(BASE_PATH, claviger.fetch)
    .get("/contacts", honoKeys(claviger), (c) => c.json({ account: c.get("claviger").account }));
  return fetchServer(app.fetch);
});

// As Next.js calls route handlers: with a request of the whole path, and no connection. Next.js itself runs in examples/library-next.
livesIn(
  "route handlers",
  (claviger) => {
    const contacts = nextKeys(claviger)((_: Request, { account }) => Response.json({ account }));
    return fetchServer((request) =>
      new URL(request.url).pathname.startsWith(BASE_PATH) ? claviger.fetch(request) : contacts(request),
    );
  },
  false,
);
