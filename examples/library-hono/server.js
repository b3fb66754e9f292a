import { honoKeys } from "@claviger/sdk/hono";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { claviger } from "./claviger.js";

const app = new Hono()
  .get("/healthz", (c) => c.json({ status: "ok" }))
  // The API, for those who manage keys.
  .mount("/claviger", claviger.fetch)
  // From here on nothing is reached without a key that may, verified in this process: the route map decides, by method and path.
  .use(honoKeys(claviger, { realm: "contacts" }))
  .get("/contacts", (c) => c.json({ account: c.get("claviger").account, contacts: [] }));

const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env.PORT ?? 3000) }, ({ port }) =>
  console.log(`ready http://127.0.0.1:${port}`),
);
// Verifiers in other processes may connect here as well.
server.on("upgrade", (request, socket, head) => {
  if (!claviger.upgrade(request, socket, head)) socket.destroy();
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close();
    server.closeIdleConnections();
    claviger.close();
  });
}
