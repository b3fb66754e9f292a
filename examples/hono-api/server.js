import { createVerifier } from "@claviger/sdk";
import { honoKeys } from "@claviger/sdk/hono";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const { CLAVIGER_URL = "http://127.0.0.1:4700", CLAVIGER_CREDENTIAL = "", PORT = "3000" } = process.env;

const verifier = await createVerifier({
  url: CLAVIGER_URL,
  credential: CLAVIGER_CREDENTIAL,
  environment: "live",
  mode: "remote",
});

const app = new Hono()
  .get("/healthz", (c) => c.json({ status: "ok" }))
  // From here on nothing is reached without a key that may: the route map decides, by method and path.
  .use(honoKeys(verifier, { realm: "contacts" }))
  .get("/contacts", (c) => c.json({ account: c.get("claviger").account, contacts: [] }))
  .post("/contacts", async (c) => {
    const { name } = await c.req.json();
    return c.json({ account: c.get("claviger").account, name }, 201);
  });

const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(PORT) }, ({ port }) =>
  console.log(`ready http://127.0.0.1:${port}`),
);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close(() => verifier.close()));
