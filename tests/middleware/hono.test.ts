import type { AddressInfo } from "node:net";
import { honoKeys } from "@claviger/sdk/hono";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { keepsTheGate } from "./suite.ts";

keepsTheGate("Hono", true, async (verifier, options) => {
  const app = new Hono()
    .use(async (c, next) => {
      c.header("Access-Control-Expose-Headers", "X-Total");
      await next();
    })
    .use(honoKeys(verifier, options))
    .on(["GET", "POST"], "/contacts", (c) => {
      const key = c.get("claviger");
      return c.json({ account: key?.account ?? null, keyId: key?.keyId ?? null });
    })
    .notFound((c) => c.json({}, 404));
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => void server.close() };
});
