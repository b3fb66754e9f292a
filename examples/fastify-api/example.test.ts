import { type Service, startService } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Contacts,
  call,
  installExample,
  keepsOthersOut,
  type Running,
  setUpContacts,
  startProgram,
} from "../../tests/support/example.ts";

let service: Service;
let contacts: Contacts;
let api: Running;

beforeAll(async () => {
  installExample("fastify-api");
  service = await startService({ database: "shared" });
  contacts = setUpContacts(service);
  const env = { CLAVIGER_URL: service.url, CLAVIGER_CREDENTIAL: contacts.credential };
  api = await startProgram("fastify-api", ["server.js"], env);
}, 180_000);
afterAll(async () => {
  api?.stop();
  await service?.stop();
});

test("the example for Fastify lets in who may, and refuses a revoked key from the next request on", async () => {
  await keepsOthersOut(api, service, contacts);
});

test("what is outside the scope of the middleware is open", async () => {
  expect(await call(api, "GET", "/healthz", {})).toMatchObject({ status: 200 });
  expect(await call(api, "GET", "/moon", {})).toMatchObject({ status: 404 });
});
