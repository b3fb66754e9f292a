import { expressKeys } from "@claviger/sdk/express";
import express from "express";
import { claviger } from "./claviger.js";

const app = express();
app.get("/healthz", (_request, response) => response.json({ status: "ok" }));
// The API, for those who manage keys. It reads bodies itself, so it comes before body parsers.
app.use("/claviger", claviger.nodeHandler);
// From here on nothing is reached without a key that may, verified in this process: the route map decides, by method and path.
app.use(expressKeys(claviger, { realm: "contacts" }));
app.get("/contacts", (request, response) => response.json({ account: request.claviger.account, contacts: [] }));

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () =>
  console.log(`ready http://127.0.0.1:${server.address().port}`),
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
