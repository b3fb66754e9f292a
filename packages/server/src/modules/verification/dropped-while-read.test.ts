/** What is read while everything is dropped, because the database may be another one, is read anew before it is kept. */
import { hash } from "node:crypto";
import { issueKey, MASTER_KEY, openPlatform, type Platform, type TestDatabase, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, LOOKUP } from "../../db/index.ts";
import { type TestVerifier, testVerifier } from "./testing.ts";

let platform: Platform;
let node: TestVerifier;
let db: TestDatabase;
/** Called when a read has its answer, before anybody is told. */
let answered: () => void = () => undefined;

beforeAll(async () => {
  platform = await openPlatform({});
  db = platform.app.database;
  const transaction: Database["transaction"] = async (...given) => {
    const answer = await db.database.transaction(...given);
    if (given[0] === LOOKUP) answered();
    return answer;
  };
  const database = new Proxy(db.database, {
    get: (target, name) => (name === "transaction" ? transaction : Reflect.get(target, name, target)),
  });
  const masterKey = Buffer.from(MASTER_KEY, "base64");
  node = await testVerifier({ database, connection: db.node, masterKey, capacity: 100 });
});
afterAll(async () => {
  await node.stop();
  await platform.app.stop();
});

/** How many reads it takes where everything is dropped during the first. */
async function readsOf(read: () => Promise<unknown>): Promise<number> {
  await waitFor(() => node.coherence.state().lagSeq === 0 && node.coherence.leaseValid());
  let own = 0;
  answered = () => {
    own += 1;
    if (own === 1) node.source.dropEverything();
  };
  expect(await read()).not.toBeNull();
  answered = () => undefined;
  return own;
}

test("a key", async () => {
  const { secret } = await issueKey(platform.root, platform.account.id);
  expect(await readsOf(() => node.source.readHash(hash("sha256", secret, "buffer")))).toBe(2);
  expect(node.memory.get(node.source.hashOf(secret))).toBeDefined();
});

test("the catalogue", async () => {
  expect(await readsOf(() => node.source.catalogue())).toBe(2);
  expect(node.source.peekCatalogue()).toBeDefined();
});
