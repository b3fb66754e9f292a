import type { TestDatabase } from "@claviger/testkit";
import pg from "pg";

/** Runs `work` on a connection that sees the rows of all accounts. */
export async function asPlatform<T>(database: TestDatabase, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...database.node });
  await client.connect();
  try {
    await client.query("SET search_path = claviger");
    await client.query(`SELECT set_config('role', $1, false), set_config('claviger.reach', 'platform', false)`, [
      database.roles.platform,
    ]);
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Keys that nobody holds, to make what walks over all of them take its time. */
export async function addFiller(database: TestDatabase, account: string, count: number): Promise<void> {
  await asPlatform(database, async (client) => {
    await client.query("BEGIN");
    await client.query("SELECT set_config('claviger.change_seq', '0', true)");
    await client.query(
      `INSERT INTO api_key (id, account_id, kind, environment, label, scopes, created_by, created_at, updated_at, state,
         allowed_ips, allowed_referrers, audiences, limits, dependants, tags, metadata, version, preview)
       SELECT 'key_filler' || lpad(n::text, 16, '0'), $1, 'customer', 'live', 'filler ' || n, '{contacts:read}', 'test', now(),
         now(), 'active', '{}', '{}', '{}', '[]', '[]', '{}', '{}', 1, 'clv_live_…0000'
       FROM generate_series(1, $2::int) n`,
      [account, count],
    );
    await client.query(
      `INSERT INTO key_version (key_id, version, account_id, digest, pepper_version, preview, state, created_at)
       SELECT id, 1, account_id, sha256(id::bytea), 1, preview, 'active', now() FROM api_key WHERE label LIKE 'filler %'`,
    );
    await client.query("COMMIT");
  });
}
