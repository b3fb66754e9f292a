/** The SQL of the operator's commands. Reads only. */
import { sql } from "kysely";
import pg from "pg";
import { type ConnectionConfig, clientConfig, type Database, PLATFORM, type RoleNames, type Tx } from "../db/index.ts";

/** One connection for `work`, closed afterwards. pg errors pass through. */
export async function withClient<T>(connection: ConnectionConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(clientConfig(connection));
  // A connection that breaks while idle has nobody to tell.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What the owner of the tables can tell; null where no Claviger was ever started on the database. */
export async function readRecords(
  client: pg.Client,
): Promise<{ readonly roles: RoleNames; readonly migrations: readonly string[] } | null> {
  const known = await client.query<{ known: boolean }>(
    "SELECT to_regclass('claviger.role_name') IS NOT NULL AND to_regclass('claviger.migration') IS NOT NULL AS known",
  );
  if (known.rows[0]?.known !== true) return null;
  const named = await client.query<{ purpose: keyof RoleNames; name: string }>(
    "SELECT purpose, name FROM claviger.role_name",
  );
  const { app, platform, lookup } = Object.fromEntries(named.rows.map(({ purpose, name }) => [purpose, name]));
  if (app === undefined || platform === undefined || lookup === undefined) return null;
  const done = await client.query<{ name: string }>("SELECT name FROM claviger.migration ORDER BY name");
  return { roles: { app, platform, lookup }, migrations: done.rows.map(({ name }) => name) };
}

export interface RoleFacts {
  readonly name: string;
  readonly superuser: boolean;
  readonly bypassesRls: boolean;
  /** Whether the login role may take it on. */
  readonly usable: boolean;
}

/** The login role of `client` first, then those of `roles` that exist. */
export async function readRoles(client: pg.Client, roles: RoleNames): Promise<readonly RoleFacts[]> {
  const { rows } = await client.query<RoleFacts>(
    `SELECT r.rolname AS name, r.rolsuper AS superuser, r.rolbypassrls AS "bypassesRls",
       pg_has_role(session_user, r.oid, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) AS usable
     FROM pg_roles r WHERE r.rolname = session_user OR r.rolname = ANY ($1) ORDER BY r.rolname = session_user DESC, r.rolname`,
    [Object.values(roles)],
  );
  return rows;
}

/** Version of the server as it writes it, such as `17.5`. */
export async function readVersion(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  return rows[0]?.version ?? "";
}

/** The database's wall clock, milliseconds since the epoch. */
export async function readClock(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ ms: string }>("SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms");
  return Number(rows[0]?.ms);
}

/** Tables whose rows belong to accounts, and whether row-level security holds on them for their owner as well. */
export async function readRowSecurity(
  client: pg.Client,
): Promise<readonly { readonly table: string; readonly forced: boolean }[]> {
  const { rows } = await client.query<{ table: string; forced: boolean }>(
    `SELECT c.relname AS table, c.relrowsecurity AND c.relforcerowsecurity
       AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS forced
     FROM pg_class c
     WHERE c.relnamespace = to_regnamespace('claviger') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND (c.relname = 'account' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'account_id' AND NOT a.attisdropped))
     ORDER BY c.relname`,
  );
  return rows;
}

/** Our triggers that are switched off, as `trigger on table`. */
export async function readDisabledTriggers(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT t.tgname || ' on ' || c.relname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = to_regnamespace('claviger') AND t.tgenabled NOT IN ('O', 'A') ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** How many keys the keyring holds. */
export async function countKeyring(database: Database): Promise<number> {
  return database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM keyring`.execute(tx);
    return rows[0]?.count ?? 0;
  });
}

/** The committed number of the newest audit event, and the hash of the event `seq`, null where there is none. */
export async function readAuditHead(
  database: Database,
  seq: number,
): Promise<{ readonly headSeq: number; readonly hashAt: Uint8Array | null }> {
  return database.transaction(PLATFORM, async (tx: Tx) => {
    const { rows } = await sql<{ headSeq: number; hashAt: Uint8Array | null }>`
      SELECT h.seq AS "headSeq", e.hash AS "hashAt" FROM audit_head h LEFT JOIN audit_event e ON e.seq = ${seq}`.execute(
      tx,
    );
    return rows[0] ?? { headSeq: 0, hashAt: null };
  });
}
