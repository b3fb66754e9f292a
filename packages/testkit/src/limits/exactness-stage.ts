/** What the tests of exactness under faults stand on. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type TestDatabase, testDatabase } from "../database.ts";
import { type RedisServer, redisServer } from "../redis.ts";

interface ExactnessStage {
  /** New for each test. */
  readonly db: TestDatabase;
  /** Two servers, the same for all tests of the file. */
  readonly servers: RedisServer[];
}

/** Opens it around the tests of the file, and returns where it is found. */
export function useExactnessStage(): () => ExactnessStage {
  let servers: RedisServer[] = [];
  let db: TestDatabase | undefined;
  beforeAll(async () => {
    servers = await Promise.all([redisServer(), redisServer()]);
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));
  beforeEach(async () => {
    db = await testDatabase();
  });
  afterEach(() => db?.drop());
  return () => {
    if (db === undefined) throw new TypeError("the stage is open during tests alone");
    return { db, servers };
  };
}
