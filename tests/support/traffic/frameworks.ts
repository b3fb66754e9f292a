/** An API of one customer of Claviger behind each middleware, as small as can be: whoever passes is answered 200. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { GuardOptions, Verifier } from "@claviger/sdk";
import { expressKeys } from "@claviger/sdk/express";
import { fastifyKeys } from "@claviger/sdk/fastify";
import { honoKeys } from "@claviger/sdk/hono";
import { nodeKeys } from "@claviger/sdk/node";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { installExample } from "../example.ts";

export interface Served {
  readonly url: string;
  /** Returns once every answer is sent and told of. */
  stop(): Promise<void>;
}

type Serve = (verifier: Verifier) => Promise<Served>;

/** The caller's address is what the proxy in front says. */
const OPTIONS: GuardOptions<unknown> = { trustedProxies: ["127.0.0.0/8"] };

type Listener = (request: IncomingMessage, response: ServerResponse) => void;
type Express = Listener & { use(...handlers: unknown[]): Express };
interface Fastify {
  register(plugin: unknown): Fastify;
  all(path: string, handler: () => unknown): Fastify;
  listen(options: { host: string; port: number }): Promise<string>;
  close(): Promise<void>;
}

const packages = new Map<string, unknown>();

/** Loads what is not in this workspace, but in that of the examples. It holds up this process for long, so it comes before verifiers. */
export function loadFrameworks(): void {
  for (const name of ["express", "fastify"]) {
    packages.set(name, createRequire(join(installExample(`${name}-api`), "package.json"))(name));
  }
}

export const FRAMEWORKS: Readonly<Record<"express" | "fastify" | "hono" | "node", Serve>> = {
  express: (verifier) => {
    const app = (packages.get("express") as () => Express)()
      .use(expressKeys(verifier, OPTIONS))
      .use((_: IncomingMessage, response: ServerResponse) => response.end("{}"));
    return listening(createServer(app));
  },
  fastify: async (verifier) => {
    const app = (packages.get("fastify") as () => Fastify)()
      .register(fastifyKeys(verifier, OPTIONS))
      .all("/*", () => ({}));
    return { url: await app.listen({ host: "127.0.0.1", port: 0 }), stop: () => app.close() };
  },
  hono: async (verifier) => {
    const app = new Hono().use(honoKeys(verifier, OPTIONS)).all("*", (c) => c.json({}));
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }) as Server;
    return listening(server);
  },
  node: (verifier) => listening(createServer(nodeKeys(verifier, OPTIONS)((_, response) => response.end("{}")))),
};

async function listening(server: Server): Promise<Served> {
  if (!server.listening) {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).once("listening", resolve);
      if (server.address() === null) server.listen(0, "127.0.0.1");
    });
  }
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => stopped(server) };
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
