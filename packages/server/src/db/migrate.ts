import { readdir, readFile } from "node:fs/promises";
import pg from "pg";
import { clientConfig } from "./database.ts";
import { DatabaseError } from "./errors.ts";
import type { RoleNames } from "./roles.ts";

const FOLDER = new URL("./migrations/", import.meta.url);
const FILE_NAME = /^(\d{4})_[a-z0-9-]+\.sql$/;
/** One lock for all nodes of an installation: whoever comes second waits and finds the work done. */
const ADVISORY_LOCK = 7_164_001;
const LOCK_TIMEOUT_MS = 5_000;

export interface MigrationOptions {
  /** Direct connection of a role that owns, or may create, the schema; never through a transaction pooler. */
  readonly owner: pg.ClientConfig;
  /** The login role the nodes use; it is given the roles of the installation. May be the owner itself. */
  readonly loginRole: string;
  /** Eight lower-case hex characters that make the role names of a new installation unique on its server. */
  readonly newSuffix: string;
  /** Name of the last migration to apply, for the restoring of a backup that was made at that one. Default: all there are. */
  readonly upTo?: string | undefined;
}

export interface MigrationResult {
  readonly roles: RoleNames;
  readonly applied: readonly string[];
  /** False where the login role may not create roles: row-level security then rests on settings alone. */
  readonly ownRoles: boolean;
}

/**
 * Brings the schema to this version of the software: plain numbered SQL, forward only, one transaction each, under one lock.
 * Throws `DatabaseError` when the database is newer than the software or a migration fails (that one is rolled back).
 */
export async function migrate(options: MigrationOptions): Promise<MigrationResult> {
  const client = new pg.Client(clientConfig(options.owner));
  await client.connect();
  try {
    await client.query(
      "SELECT set_config('lock_timeout', $1, false), set_config('client_min_messages', 'warning', false)",
      [String(LOCK_TIMEOUT_MS)],
    );
    await client.query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCK]);
    await prepareSchema(client);
    const { roles, ownRoles } = await installRoles(client, options);
    const applied = await applyPending(client, roles, options.upTo);
    return { roles, applied, ownRoles };
  } finally {
    await client.end();
  }
}

async function prepareSchema(client: pg.Client): Promise<void> {
  await client.query("CREATE SCHEMA IF NOT EXISTS claviger");
  await client.query("SET search_path = claviger");
  await client.query(
    `CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  await client.query(
    "CREATE TABLE IF NOT EXISTS role_name (purpose text PRIMARY KEY CHECK (purpose IN ('app','platform','lookup')), name text NOT NULL)",
  );
}

const PURPOSES = ["app", "platform", "lookup"] as const;

async function installRoles(
  client: pg.Client,
  options: MigrationOptions,
): Promise<{ roles: RoleNames; ownRoles: boolean }> {
  const known = await client.query<{ purpose: keyof RoleNames; name: string }>("SELECT purpose, name FROM role_name");
  if (known.rows.length === 0) await createRoles(client, options);
  const rows = await client.query<{ purpose: keyof RoleNames; name: string }>("SELECT purpose, name FROM role_name");
  const named = new Map(rows.rows.map((row) => [row.purpose, row.name]));
  const nameOf = (purpose: keyof RoleNames): string => named.get(purpose) ?? options.loginRole;
  const roles: RoleNames = { app: nameOf("app"), platform: nameOf("platform"), lookup: nameOf("lookup") };
  const ownRoles = roles.app !== options.loginRole;
  if (ownRoles) await grantMembership(client, roles, options.loginRole);
  return { roles, ownRoles };
}

async function createRoles(client: pg.Client, options: MigrationOptions): Promise<void> {
  const may = await client.query<{ may: boolean }>(
    "SELECT rolcreaterole AS may FROM pg_roles WHERE rolname = current_user",
  );
  const createsRoles = may.rows[0]?.may === true;
  await client.query("BEGIN");
  for (const purpose of PURPOSES) {
    const name = createsRoles ? `claviger_${purpose}_${options.newSuffix}` : options.loginRole;
    if (createsRoles) {
      await client.query(
        `CREATE ROLE ${pg.escapeIdentifier(name)} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE`,
      );
    }
    await client.query("INSERT INTO role_name (purpose, name) VALUES ($1, $2)", [purpose, name]);
    await client.query(`GRANT USAGE ON SCHEMA claviger TO ${pg.escapeIdentifier(name)}`);
  }
  await client.query("COMMIT");
}

async function grantMembership(client: pg.Client, roles: RoleNames, loginRole: string): Promise<void> {
  for (const purpose of PURPOSES) {
    // From PostgreSQL 16 on, being a member no longer means that one may take on the role.
    const member = await client.query<{ member: boolean }>(
      `SELECT pg_has_role($1, $2, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) AS member`,
      [loginRole, roles[purpose]],
    );
    if (member.rows[0]?.member === true) continue;
    try {
      await client.query(await grantStatement(client, roles[purpose], loginRole));
    } catch (cause) {
      throw new DatabaseError(
        "ROLE_NOT_GRANTED",
        `DATABASE_URL: the role ${loginRole} must be a member of ${roles[purpose]}; run GRANT ${roles[purpose]} TO ${loginRole} as an administrator`,
        cause,
      );
    }
  }
}

/** Membership without inheritance where the server knows it: what a role may do is then had only by taking it on. */
async function grantStatement(client: pg.Client, role: string, loginRole: string): Promise<string> {
  const { rows } = await client.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::int AS version",
  );
  const options = (rows[0]?.version ?? 0) >= 160_000 ? " WITH INHERIT FALSE, SET TRUE" : "";
  return `GRANT ${pg.escapeIdentifier(role)} TO ${pg.escapeIdentifier(loginRole)}${options}`;
}

async function applyPending(client: pg.Client, roles: RoleNames, upTo: string | undefined): Promise<string[]> {
  const files = (await readdir(FOLDER)).filter((name) => FILE_NAME.test(name)).sort();
  const done = await client.query<{ name: string }>("SELECT name FROM migration ORDER BY name");
  const before = new Set(done.rows.map((row) => row.name));
  const unknown = done.rows.find((row) => !files.includes(row.name));
  if (unknown !== undefined) {
    throw new DatabaseError(
      "DATABASE_NEWER",
      `the database has migration ${unknown.name}, which this version of Claviger does not know; start the newer version`,
    );
  }
  const applied: string[] = [];
  for (const name of files) {
    if (before.has(name) || (upTo !== undefined && name > upTo)) continue;
    await applyOne(client, name, fillIn(await readFile(new URL(name, FOLDER), "utf8"), roles));
    applied.push(name);
  }
  return applied;
}

function fillIn(text: string, roles: RoleNames): string {
  return text.replace(/\{\{(app|platform|lookup)\}\}/g, (_, purpose: keyof RoleNames) =>
    pg.escapeIdentifier(roles[purpose]),
  );
}

async function applyOne(client: pg.Client, name: string, text: string): Promise<void> {
  try {
    await client.query("BEGIN");
    await client.query(text);
    await client.query("INSERT INTO migration (name) VALUES ($1)", [name]);
    await client.query("COMMIT");
  } catch (cause) {
    await client.query("ROLLBACK").catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : "unknown error";
    throw new DatabaseError("MIGRATION_FAILED", `migration ${name} failed and was rolled back: ${reason}`, cause);
  }
}
