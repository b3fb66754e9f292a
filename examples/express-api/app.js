import { expressKeys } from "@claviger/sdk/express";
import express from "express";
import { contactsRouter } from "./contacts.js";

/** @param {import("@claviger/sdk").Verifier} verifier */
export function createApp(verifier) {
  const app = express();
  app.disable("x-powered-by");
  app.get("/healthz", (_request, response) => response.json({ status: "ok" }));
  // From here on nothing is reached without a key that may: the route map decides, by method and path.
  app.use(expressKeys(verifier, { realm: "contacts" }));
  app.use(contactsRouter());
  app.use((_request, response) => response.status(404).json({ error: "there is nothing here" }));
  app.use((error, _request, response, _next) => {
    response.status(error.status ?? 500).json({ error: error.expose === true ? error.message : "internal error" });
  });
  return app;
}
