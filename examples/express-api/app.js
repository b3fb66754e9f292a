import express from "express";
import { contactsRouter } from "./contacts.js";
import { requireKey } from "./require-key.js";

/** @param {Parameters<typeof requireKey>[0]} claviger */
export function createApp(claviger) {
  const app = express();
  app.disable("x-powered-by");
  app.get("/healthz", (_request, response) => response.json({ status: "ok" }));
  // From here on nothing is reached without a key.
  app.use(requireKey(claviger));
  app.use(contactsRouter());
  app.use((_request, response) => response.status(404).json({ error: "there is nothing here" }));
  app.use((error, _request, response, _next) => {
    response.status(error.status ?? 500).json({ error: error.expose === true ? error.message : "internal error" });
  });
  return app;
}
