import { randomUUID } from "node:crypto";
import express from "express";

/** Contacts in memory. Each account has its own, so that a key of one never reaches those of another. */
export function contactsRouter() {
  const accounts = new Map();
  const contactsOf = ({ account }) => {
    if (!accounts.has(account)) accounts.set(account, new Map());
    return accounts.get(account);
  };
  // Read as strictly as the route map: /Contacts and /contacts/ are other paths here too.
  const router = express.Router({ caseSensitive: true, strict: true });

  router.get("/contacts", (request, response) => {
    response.json([...contactsOf(request.claviger).values()]);
  });

  router.get("/contacts/:id", (request, response) => {
    const contact = contactsOf(request.claviger).get(request.params.id);
    if (contact === undefined) return response.status(404).json({ error: "there is no such contact" });
    response.json(contact);
  });

  // The body is read only after the key was accepted.
  router.post("/contacts", express.json({ limit: "10kb" }), (request, response) => {
    const name = request.body?.name;
    if (typeof name !== "string" || name === "") return response.status(400).json({ error: "name is required" });
    const contact = { id: randomUUID(), name };
    contactsOf(request.claviger).set(contact.id, contact);
    response.status(201).json(contact);
  });

  router.delete("/contacts/:id", (request, response) => {
    const existed = contactsOf(request.claviger).delete(request.params.id);
    response.status(existed ? 204 : 404).end();
  });

  return router;
}
