/** Connections that the server ends in the midst of work, as an administrator or a restart does. */
import {
  type Api,
  makeAccount,
  type Service,
  startService,
  type TestDatabase,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { client } from "../support/client.ts";

const ENDED = 150;
const END_ALL = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE usename = session_user AND datname = current_database() AND pid <> pg_backend_pid()`;

let database: TestDatabase;
let service: Service;
let root: Api;

beforeAll(async () => {
  database = await testDatabase();
  service = await startService({ database });
  root = client(service.url, service.managementKey);
});
afterAll(async () => {
  await service.stop();
  await database.drop();
});

test("cost answers, never the process: 503 and nothing else while it lasts, and all recovers by itself", async () => {
  const account = (await makeAccount(root)).id;
  const statuses: Record<string, number> = {};
  const killer = new pg.Client(database.node);
  await killer.connect();
  let over = false;
  const working = Array.from({ length: 8 }, async () => {
    while (!over) {
      const issued = root.post("/v1/keys", { account, environment: "live", label: "x", tier: "read" });
      const status = await issued.then((answer) => String(answer.status)).catch(() => "no answer");
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === "no answer") return;
    }
  });
  let ended = 0;
  await waitFor(
    async () => {
      ended += (await killer.query(END_ALL)).rowCount ?? 0;
      return ended > ENDED || "no answer" in statuses;
    },
    { timeoutMs: 20_000, everyMs: 150, what: "so many connections to be ended" },
  );
  over = true;
  await Promise.all(working);
  await killer.end();
  expect(Object.keys(statuses).toSorted(), service.output().slice(-3000)).toEqual(["201", "503"]);
  await waitFor(async () => (await root.get("/readyz")).status === 200, { timeoutMs: 15_000, what: "recovery" });
  expect((await root.get(`/v1/keys?account=${account}`)).status).toBe(200);
});
