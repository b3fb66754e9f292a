import type { Config } from "../../config.ts";
import { type Database, openDatabase, type RoleNames } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { readAnchor } from "../../modules/audit/index.ts";
import { openExistingKeyring } from "../installation.ts";
import { compareMigrations } from "../migrations.ts";
import type { OperatedServer } from "../open-database.ts";
import {
  readAuditHead,
  readClock,
  readDisabledTriggers,
  readRecords,
  readRoles,
  readRowSecurity,
  readVersion,
  withClient,
} from "../queries.ts";
import { type Check, fail, messageOf, ok, warn } from "./check.ts";

const MOST_CLOCK_MS = 1_000;
const RESTORE = "find out who changed it; if nobody can say, restore from a backup";

/** Everything that only the database can tell. Yields as it goes; pg errors pass through. */
export async function* checkDatabase(config: Config, server: OperatedServer): AsyncGenerator<Check> {
  yield await withClient(server.node, async (client) => {
    const kind =
      server.kind === "external"
        ? "external"
        : server.wasRunning
          ? "embedded, running"
          : "embedded, started for this check";
    return ok("database", `PostgreSQL ${await readVersion(client)}, ${kind}`);
  });
  yield await withClient(server.node, async (client) => judgeClock(await readClock(client), systemClock.wall()));
  const records = await withClient(server.owner, readRecords);
  if (records === null) {
    yield warn(
      "migrations",
      "no Claviger was ever started on this database",
      "nothing, if that is so: the first start makes the tables",
    );
    return;
  }
  yield await judgeMigrations(records.migrations);
  yield await withClient(server.node, async (client) =>
    judgeRoles(await readRoles(client, records.roles), records.roles),
  );
  yield await withClient(server.owner, async (client) => judgeRowSecurity(await readRowSecurity(client)));
  yield await withClient(server.owner, async (client) => judgeTriggers(await readDisabledTriggers(client)));
  yield* checkContents(config, server, records.roles);
}

async function* checkContents(config: Config, server: OperatedServer, roles: RoleNames): AsyncGenerator<Check> {
  const database = openDatabase({ connection: server.node, roles, poolSize: 1, onIdleError: () => undefined });
  try {
    yield await checkMasterKey(config, database);
    yield await checkAnchor(config.dataDir, database);
  } finally {
    await database.close();
  }
}

/** Both in milliseconds since the epoch. */
export function judgeClock(database: number, here: number): Check {
  const apart = Math.round(Math.abs(database - here));
  return apart > MOST_CLOCK_MS
    ? warn(
        "clock",
        `this machine and the database are ${apart} ms apart`,
        "synchronise both with a time server: expiry and limits follow the clock",
      )
    : ok("clock", `this machine and the database are ${apart} ms apart`);
}

async function judgeMigrations(applied: readonly string[]): Promise<Check> {
  const { pending, unknown } = await compareMigrations(applied);
  if (unknown.length > 0)
    return fail(
      "migrations",
      `the database is newer than this Claviger: ${unknown.join(", ")}`,
      "use the newer version",
    );
  return pending.length > 0
    ? warn(
        "migrations",
        `not yet applied: ${pending.join(", ")}`,
        "start this version of the service, which applies them",
      )
    : ok("migrations", `all ${applied.length} are applied`);
}

type RoleFacts = Awaited<ReturnType<typeof readRoles>>;

export function judgeRoles(found: RoleFacts, roles: RoleNames): Check {
  const powerful = found.find(({ superuser, bypassesRls }) => superuser || bypassesRls);
  if (powerful !== undefined) {
    return fail(
      "roles",
      `${powerful.name} ${powerful.superuser ? "is a superuser" : "has BYPASSRLS"}, so row-level security does not hold`,
      `ALTER ROLE ${powerful.name} NOSUPERUSER NOBYPASSRLS`,
    );
  }
  const missing = Object.values(roles).find((name) => !found.some((role) => role.name === name));
  if (missing !== undefined)
    return fail(
      "roles",
      `the role ${missing} does not exist`,
      "restore the roles with the database: pg_dumpall --roles-only",
    );
  const login = found[0]?.name ?? "";
  const closed = found.find(({ usable }) => !usable);
  if (closed !== undefined)
    return fail("roles", `${login} is no member of ${closed.name}`, `GRANT ${closed.name} TO ${login}`);
  return Object.values(roles).includes(login)
    ? warn(
        "roles",
        `${login} does everything itself, so isolation rests on settings alone`,
        "let the role of DATABASE_MIGRATION_URL create roles (CREATEROLE) before the first start",
      )
    : ok(
        "roles",
        `${login} is neither superuser nor BYPASSRLS, and takes on ${Object.values(roles).length} roles of its own`,
      );
}

export function judgeRowSecurity(tables: Awaited<ReturnType<typeof readRowSecurity>>): Check {
  const open = tables.filter(({ forced }) => !forced).map(({ table }) => table);
  if (tables.length === 0) return fail("row-security", "there are no tables of accounts", RESTORE);
  return open.length > 0
    ? fail(
        "row-security",
        `not forced, or without policy, on ${open.join(", ")}`,
        `ALTER TABLE claviger.${open[0]} FORCE ROW LEVEL SECURITY, and ${RESTORE}`,
      )
    : ok("row-security", `forced on all ${tables.length} tables of accounts`);
}

export function judgeTriggers(disabled: readonly string[]): Check {
  return disabled.length > 0
    ? fail(
        "triggers",
        `switched off: ${disabled.join(", ")}`,
        `switch them on again, run claviger audit verify, and ${RESTORE}`,
      )
    : ok("triggers", "the audit trail is append-only, and no change escapes the change log");
}

async function checkMasterKey(config: Config, database: Database): Promise<Check> {
  try {
    await openExistingKeyring(config, database);
    return ok("master-key", "opens the keyring");
  } catch (error) {
    return fail("master-key", messageOf(error), "give the service the master key it was first started with");
  }
}

/** Only the end of the chain; `claviger audit verify` checks all of it. */
async function checkAnchor(dataDir: string, database: Database): Promise<Check> {
  try {
    const anchor = await readAnchor(dataDir);
    const { headSeq, hashAt } = await readAuditHead(database, anchor?.seq ?? 0);
    if (anchor === null) {
      return headSeq === 0
        ? ok("audit-anchor", "no events yet")
        : warn(
            "audit-anchor",
            `none in ${dataDir}, and there are ${headSeq} events`,
            "nothing, if another machine runs the service; else its next act writes one",
          );
    }
    if (hashAt === null || !Buffer.from(hashAt).equals(anchor.hash) || anchor.seq > headSeq) {
      return fail(
        "audit-anchor",
        `the trail no longer holds event ${anchor.seq} as the anchor names it`,
        "run claviger audit verify; events were cut off or changed, or an old backup was restored",
      );
    }
    return ok("audit-anchor", `event ${anchor.seq} of ${headSeq} is in the trail as the anchor names it`);
  } catch (error) {
    return fail("audit-anchor", messageOf(error), "run claviger audit verify");
  }
}
