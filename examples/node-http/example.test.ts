import { type Service, startService } from "@claviger/testkit";
import { afterAll, beforeAll, test } from "vitest";
import {
  type Contacts,
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
  installExample("node-http");
  service = await startService({ database: "shared" });
  contacts = setUpContacts(service);
  const env = { CLAVIGER_URL: service.url, CLAVIGER_CREDENTIAL: contacts.credential };
  api = await startProgram("node-http", ["server.js"], env);
}, 180_000);
afterAll(async () => {
  api?.stop();
  await service?.stop();
});

test("the example for node:http lets in who may, and refuses a revoked key from the next request on", async () => {
  await keepsOthersOut(api, service, contacts);
});
