/** The service whose callers present keys: Express, the middleware, and a verifier in this process, with three nodes to turn to. */
import { createVerifier } from "@claviger/sdk";
import { expressKeys } from "@claviger/sdk/express";
import express from "express";
import { remembering } from "./remembering.js";

const { CLAVIGER_URL = "http://127.0.0.1:4700", CLAVIGER_CREDENTIAL = "", REMEMBER, PORT = "3000" } = process.env;

const verifier = await createVerifier({
  url: CLAVIGER_URL.split(","),
  credential: CLAVIGER_CREDENTIAL,
  environment: "live",
  mode: "local",
  onUnavailable: () => undefined,
});

const app = express();
app.use(expressKeys(REMEMBER === "true" ? remembering(verifier) : verifier, { scopes: ["contacts:read"] }));
app.get("/contacts", (request, response) => response.json({ account: request.claviger.account, contacts: [] }));

const server = app.listen(Number(PORT), "127.0.0.1", () =>
  console.log(`ready http://127.0.0.1:${server.address().port}`),
);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close();
    server.closeIdleConnections();
    verifier.close();
  });
}
