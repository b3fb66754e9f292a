/**
 * Tells Claviger about this API: its scopes with their routes, an account, a credential to verify with, and a key for a
 * caller. Run twice, it makes a second credential and a second key; the rest stays as it is.
 *
 * Prints two lines for a shell on stdout, everything else on stderr.
 */
import { Claviger } from "@claviger/sdk";

const { CLAVIGER_URL = "http://127.0.0.1:4700", CLAVIGER_MANAGEMENT_KEY = "" } = process.env;

const SCOPES = {
  "contacts:read": {
    description: "Read contacts",
    tier: "read",
    routes: [
      { method: "GET", path: "/contacts" },
      { method: "GET", path: "/contacts/{id}" },
    ],
  },
  "contacts:write": {
    description: "Create and delete contacts",
    tier: "write",
    routes: [
      { method: "POST", path: "/contacts" },
      { method: "DELETE", path: "/contacts/{id}" },
    ],
  },
};

try {
  const claviger = new Claviger({ url: CLAVIGER_URL, managementKey: CLAVIGER_MANAGEMENT_KEY });
  for (const [name, scope] of Object.entries(SCOPES)) await claviger.scopes.put(name, scope);
  await claviger.accounts.put("ext:acme", { name: "Acme" });
  const credential = await claviger.keys.create({
    account: "platform",
    environment: "live",
    label: "Contacts API",
    scopes: ["verify"],
  });
  const caller = await claviger.keys.create({
    account: "ext:acme",
    environment: "live",
    label: "Nightly sync",
    scopes: ["contacts:read"],
    expiresInDays: 90,
  });
  console.error(`the caller's key is ${caller.key.id}; it may read contacts until ${caller.key.expiresAt}`);
  console.log(`export CLAVIGER_CREDENTIAL=${credential.secret}`);
  console.log(`export CALLER_KEY=${caller.secret} CALLER_KEY_ID=${caller.key.id}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
