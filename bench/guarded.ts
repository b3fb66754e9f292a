// Run by middleware.ts: one route of a framework, behind our middleware, one that does nothing, or none. Prints the port that it listens on.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createVerifier, type Verifier } from "@claviger/sdk";
import { expressKeys } from "@claviger/sdk/express";
import { fastifyKeys } from "@claviger/sdk/fastify";
import { honoKeys } from "@claviger/sdk/hono";
import { nodeKeys } from "@claviger/sdk/node";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";

type Listener = RequestListener;

/** In the folder of the benchmarks alone, so that nothing else can be made to depend on them. */
const INSTALLED: Readonly<Record<"express" | "fastify", string>> = { express: "express", fastify: "fastify" };

type ExpressApp = RequestListener & {
  use(middleware: unknown): void;
  get(path: string, handler: (request: unknown, response: { json(body: unknown): void }) => void): ExpressApp;
};

interface FastifyApp {
  register(plugin: unknown): Promise<void>;
  addHook(name: "onRequest", hook: (request: unknown, reply: unknown, next: () => void) => void): void;
  get(path: string, handler: () => Promise<unknown>): void;
  ready(): Promise<void>;
  readonly routing: RequestListener;
}

type Guarded = Verifier | "empty" | null;

const FRAMEWORKS: Readonly<Record<string, (verifier: Guarded) => Promise<Listener> | Listener>> = {
  express: async (verifier) => {
    const { default: express } = (await import(INSTALLED.express)) as { default: () => ExpressApp };
    const app = express();
    if (verifier === "empty") app.use((_: unknown, __: unknown, next: () => void) => next());
    else if (verifier !== null) app.use(expressKeys(verifier));
    return app.get("/contacts", (_, response) => void response.json(ANSWER));
  },
  fastify: async (verifier) => {
    const { default: Fastify } = (await import(INSTALLED.fastify)) as { default: () => FastifyApp };
    const app = Fastify();
    if (verifier === "empty") app.addHook("onRequest", (_, __, next) => next());
    else if (verifier !== null) await app.register(fastifyKeys(verifier));
    app.get("/contacts", async () => ANSWER);
    await app.ready();
    return (request, response) => app.routing(request, response);
  },
  hono: (verifier) => {
    const app = new Hono();
    if (verifier === "empty") app.use((_, next) => next());
    else if (verifier !== null) app.use(honoKeys(verifier));
    app.get("/contacts", (context) => context.json(ANSWER));
    return getRequestListener(app.fetch) as Listener;
  },
  node: (verifier) => {
    const answer: Listener = (_, response) => {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(ANSWER));
    };
    if (verifier === "empty") return (request, response) => answer(request, response);
    return verifier === null ? answer : nodeKeys(verifier)(answer);
  },
};
const ANSWER = { data: [{ id: 1, name: "Ada" }] };

const { framework, options } = JSON.parse(process.argv[2] ?? "") as {
  readonly framework: string;
  readonly options: Parameters<typeof createVerifier>[0] | "empty" | null;
};
const verifier = options === null || options === "empty" ? options : await createVerifier(options);
const listener = await FRAMEWORKS[framework]?.(verifier);
const server = createServer(listener);
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
