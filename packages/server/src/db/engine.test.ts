import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createDatabaseFrom, type EmbeddedPostgres, startEmbedded } from "./embedded/index.ts";
import { expectRefusal, isAlive, query, recorder, scratch, scratchBase } from "./embedded/testing.ts";
import { type EngineConfig, EngineError, openEngine, refusalOf, type ServerFacts } from "./engine.ts";

const { logger } = recorder();
let dir = "";
let server: EmbeddedPostgres;

/** The embedded server stands for the operator's own: what is checked is the same. */
beforeAll(async () => {
  dir = await mkdtemp(join(scratchBase(), "claviger-engine-"));
  await chmod(dir, 0o755);
  server = await startEmbedded({ dataDir: join(dir, "data"), logger });
  await query(server.ownerUrl, "CREATE ROLE app; GRANT app TO claviger_node");
});
afterAll(async () => {
  await server?.stop();
  await rm(dir, { recursive: true, force: true });
});

interface UrlParts {
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

function url(parts: UrlParts = {}): string {
  const { user, password, database, host } = { ...server.nodeUrl, ...parts };
  return `postgresql://${user}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(host)}`;
}

function external(config: Omit<EngineConfig, "dataDir" | "logger">): ReturnType<typeof openEngine> {
  return openEngine({ dataDir: join(dir, "never"), logger, ...config });
}

async function asSuperuser(text: string): Promise<UrlParts> {
  const secrets: { superuser: string } = JSON.parse(await readFile(join(dir, "data/postgres/passwords.json"), "utf8"));
  await query({ ...server.ownerUrl, user: "postgres", password: secrets.superuser }, text);
  return { user: "postgres", password: secrets.superuser };
}

async function works(config: pg.ClientConfig): Promise<string> {
  const client = new pg.Client(config);
  await client.connect();
  const { rows } = await client.query<{ role: string }>("SELECT current_user AS role");
  await client.end();
  return rows[0]?.role ?? "";
}

test("without DATABASE_URL the embedded server is started, and stop ends it", async () => {
  const dataDir = join(await scratch(), "data");
  const engine = await openEngine({ dataDir, logger });
  expect(engine.kind).toBe("embedded");
  expect(await Promise.all([engine.node, engine.direct, engine.owner].map(works))).toEqual([
    ...["claviger_node", "claviger_node", "claviger_owner"],
  ]);
  const pid = Number.parseInt(await readFile(join(dataDir, "postgres/data/postmaster.pid"), "utf8"), 10);
  await engine.stop();
  expect(await isAlive(pid)).toBe(false);
});

describe("with DATABASE_URL", () => {
  test("the named server is used, for everything that has no address of its own", async () => {
    const engine = await external({ databaseUrl: url() });
    expect(engine.kind).toBe("external");
    expect(await Promise.all([engine.node, engine.direct, engine.owner].map(works))).toEqual(
      Array(3).fill("claviger_node"),
    );
    await engine.stop();
    expect(await works(engine.node)).toBe("claviger_node");
  });

  test("migrations go to DATABASE_MIGRATION_URL, else to DATABASE_DIRECT_URL", async () => {
    const { user, password } = server.ownerUrl;
    const migrationUrl = url({ user, password });
    const both = await external({ databaseUrl: url(), directUrl: url({}), migrationUrl });
    expect(await works(both.owner)).toBe("claviger_owner");
    expect(await works(both.direct)).toBe("claviger_node");
    const direct = await external({ databaseUrl: url(), directUrl: `${url()}&application_name=direct` });
    expect(direct.owner).toEqual(direct.direct);
  });

  test("a superuser is refused for requests, and may migrate", async () => {
    const su = await asSuperuser("SELECT 1");
    await expectRefusal(
      external({ databaseUrl: url(su) }),
      "ROLE_TOO_POWERFUL",
      "DATABASE_URL",
      "postgres",
      "superuser",
    );
    await expectRefusal(
      external({ databaseUrl: url(), directUrl: url(su) }),
      "ROLE_TOO_POWERFUL",
      ...["DATABASE_DIRECT_URL", "superuser"],
    );
    await external({ databaseUrl: url(), migrationUrl: url(su) });
  });

  test("a role with BYPASSRLS is refused", async () => {
    await asSuperuser("CREATE ROLE seer LOGIN BYPASSRLS PASSWORD 'pw'; GRANT CONNECT ON DATABASE claviger TO seer");
    const seer = url({ user: "seer", password: "pw" });
    await expectRefusal(external({ databaseUrl: seer }), "ROLE_TOO_POWERFUL", "DATABASE_URL", "seer", "BYPASSRLS");
  });

  test("a database that takes no writes is refused", async () => {
    await asSuperuser("CREATE ROLE reader LOGIN PASSWORD 'pw'; GRANT CONNECT ON DATABASE claviger TO reader");
    await asSuperuser("ALTER ROLE reader SET default_transaction_read_only = on");
    const reader = url({ user: "reader", password: "pw" });
    await expectRefusal(external({ databaseUrl: reader }), "SERVER_READ_ONLY", "DATABASE_URL", "read-only");
  });

  test("addresses of two databases are refused", async () => {
    const other = await createDatabaseFrom(server, "other");
    const directUrl = url({ database: other.node.database });
    await expectRefusal(external({ databaseUrl: url(), directUrl }), "DATABASES_DIFFER", "DATABASE_DIRECT_URL");
    await expectRefusal(
      external({ databaseUrl: url(), migrationUrl: directUrl }),
      ...(["DATABASES_DIFFER", "DATABASE_MIGRATION_URL"] as const),
    );
  });

  test("a pooler is refused unless DATABASE_DIRECT_URL leads past it", async () => {
    const { user, password } = server.nodeUrl;
    const pooled = `postgresql://${user}:${password}@127.0.0.1:${await poolerPort()}/claviger`;
    await expectRefusal(external({ databaseUrl: pooled }), "POOLER_IN_FRONT", "DATABASE_URL", "DATABASE_DIRECT_URL");
    expect((await external({ databaseUrl: pooled, directUrl: url() })).node).toEqual({ connectionString: pooled });
  });

  test("a wrong address or password is refused with one line that never holds the password", async () => {
    const wrong: [string, "URL_INVALID" | "SERVER_UNREACHABLE", string][] = [
      ["mysql://u:s3cret@h/d", "URL_INVALID", "not a URL of PostgreSQL"],
      ["s3cret", "URL_INVALID", "DATABASE_URL"],
      ["", "URL_INVALID", "postgresql://user:password@host:5432/database"],
      ["postgres://u:s3cret@127.0.0.1:99999/d", "URL_INVALID", "postgres://u:***@127.0.0.1:99999/d"],
      ["postgres://u:s3@cret@127.0.0.1:1/d?password=s3cret", "SERVER_UNREACHABLE", "u:***@127.0.0.1:1/d"],
      ["postgres://u:s3cret@localhost:1/d", "SERVER_UNREACHABLE", "ECONNREFUSED"],
      ["postgres://u:s3cret@nowhere.invalid/d", "SERVER_UNREACHABLE", "nowhere.invalid"],
      [url({ password: "s3cret" }), "SERVER_UNREACHABLE", "password authentication failed"],
      [url({ database: "absent" }), "SERVER_UNREACHABLE", 'database "absent" does not exist'],
    ];
    for (const [databaseUrl, code, words] of wrong) {
      const attempt = external({ databaseUrl });
      await expectRefusal(attempt, code, "DATABASE_URL", words);
      const error: unknown = await attempt.catch((e: unknown) => e);
      const told = `${error instanceof EngineError ? error.message + String(error.cause) : error}`;
      expect(told).not.toMatch(/s3|cret|s3cret/);
      expect(told).not.toContain(server.nodeUrl.password);
    }
  });
});

describe("of what a server tells about itself", () => {
  const good: ServerFacts = {
    version: 150_000,
    role: "app",
    superuser: false,
    bypassesRls: false,
    inRecovery: false,
    readOnly: false,
    identity: "one",
    direct: true,
  };

  test("version 15 and later are taken, 14 is refused", () => {
    for (const version of [150_000, 150_012, 180_004]) {
      expect(refusalOf("DATABASE_URL", { ...good, version })).toBeUndefined();
    }
    const refusal = refusalOf("DATABASE_DIRECT_URL", { ...good, version: 140_022 });
    expect(refusal).toMatchObject({
      code: "SERVER_TOO_OLD",
      message: "DATABASE_DIRECT_URL leads to PostgreSQL 14; it must be 15 or later.",
    });
  });

  test("a standby is refused for every use", () => {
    for (const variable of ["DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_MIGRATION_URL"] as const) {
      expect(refusalOf(variable, { ...good, inRecovery: true })).toMatchObject({
        code: "SERVER_READ_ONLY",
        message: `${variable} leads to a standby; it must be the primary, and writable.`,
      });
    }
  });
});

/** Passes bytes on, but announces a process id of its own, as poolers do. Gives its port. */
async function poolerPort(): Promise<number> {
  const announced = Buffer.from([0x4b, 0, 0, 0, 12]);
  const pooler = createServer((client) => {
    const upstream = createConnection(join(server.nodeUrl.host, `.s.PGSQL.${server.nodeUrl.port}`));
    client.pipe(upstream);
    upstream.on("data", (bytes) => {
      const at = bytes.indexOf(announced);
      if (at >= 0) bytes.writeInt32BE(7, at + announced.length);
      client.write(bytes);
    });
    upstream.on("close", () => client.destroy()).on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => pooler.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    pooler.close();
  });
  const address = pooler.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
