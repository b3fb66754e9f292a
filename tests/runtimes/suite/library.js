/** The built server package under the Node.js that runs this file: a node inside this process, beside the service that it shares a database with. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Claviger } from "@claviger/sdk";
import { nodeKeys } from "@claviger/sdk/node";
import { createClaviger } from "@claviger/server";

const { CLAVIGER_URL, CLAVIGER_MANAGEMENT_KEY: managementKey, DATA_DIR: dataDir } = process.env;
const {
  DATABASE_URL: databaseUrl,
  DATABASE_MIGRATION_URL: databaseMigrationUrl,
  CLAVIGER_MASTER_KEY: masterKey,
} = process.env;

let claviger;
before(async () => {
  claviger = await createClaviger({ databaseUrl, databaseMigrationUrl, masterKey, dataDir, basePath: "/claviger" });
});
after(() => claviger.close());

test("manages and verifies in one process, and refuses what the service beside it has revoked", async () => {
  const here = new Claviger({
    ...{ url: "http://localhost/claviger", managementKey },
    fetch: (request) => claviger.fetch(request),
  });
  const account = `ext:library-${process.versions.node}`;
  await here.accounts.put(account, { name: "Acme" });
  const { key, secret } = await here.keys.create({
    account,
    environment: "live",
    label: "key",
    scopes: ["contacts:read"],
  });
  assert.equal((await claviger.verify(secret, { method: "GET", path: "/contacts" })).valid, true);
  assert.equal(claviger.verify(secret, { method: "GET", path: "/contacts" }).keyId, key.id);
  assert.equal(typeof nodeKeys(claviger), "function");
  const there = new Claviger({ url: CLAVIGER_URL, managementKey });
  const { effective } = await there.keys.revoke(key.id, { reason: "leaked" });
  assert.equal(effective.everywhere, true);
  assert.ok(effective.nodes >= 2);
  assert.equal((await claviger.verify(secret)).code, "REVOKED");
});
