// Run by http.ts: the least that node:http can do, and the least with the headers and bodies of verification. Prints its port.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SECURITY_HEADERS } from "../packages/server/src/http/security-headers.ts";

/** What an allowed request is answered with, of the same length as the service's. */
const ALIKE = Object.entries({
  ...SECURITY_HEADERS,
  "X-Request-Id": "req_01K0000000000000000000000A",
  "X-Key-Id": "key_01K0000000000000000000000A",
  "X-Account-Id": "acct_01K0000000000000000000000A",
  "X-Scopes": "contacts:read files:read invoices:read orders:read webhooks:read",
}).flat();

const server = createServer((request, response) => {
  if (request.headers["claviger-credential"] === undefined) response.end("hello");
  else response.writeHead(204, ALIKE).end();
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
