/** A platform so large that reading all of a table is seen: rows as the writers of uses would have left them, without the acts. */
import pg from "pg";
import type { TestDatabase } from "../database.ts";

export interface FilledPlatform {
  /** One with a tenth of all keys, and one with a hundred. */
  readonly big: string;
  readonly small: string;
  /** Keys: one with more events in the hour that runs than are read, one that is used as usual, both of `small`. */
  readonly busy: string;
  readonly usual: string;
}

export interface Filling {
  /** Keys; a tenth of them is of one account, and the others of so many more. */
  readonly keys: number;
  readonly accounts: number;
  /** Events of the busy key in this hour, or the one before. */
  readonly events: number;
}

const FULL: Filling = { keys: 20_000, accounts: 180, events: 21_000 };

const key = "'key_f' || lpad(n::text, 21, '0')";
const accountOf = ({ keys, accounts }: Filling): string =>
  `'acct_f' || lpad((CASE WHEN n <= ${keys / 10} THEN 0 ELSE 1 + n % ${accounts} END)::text, 4, '0')`;
const nth = (n: number): string => `key_f${String(n).padStart(21, "0")}`;

/** In one transaction; some seconds. Counts are around now. */
function statementsOf(filling: Filling): readonly string[] {
  const { keys, events } = filling;
  const account = accountOf(filling);
  const counts = (step: "hour" | "day", of: string, times: string, apart: string): string =>
    `INSERT INTO usage_${step} (key_id, starts_at, route, mapped, method, code, account_id, environment, requests, cost,
      status_2xx, status_3xx, status_4xx, status_5xx, durations, duration_ms, duration_max_ms)
    SELECT ${key}, date_trunc('${step}', now(), 'UTC') - t * interval '${apart}', '/contacts', true, 'GET',
      CASE WHEN n % 3 = 0 THEN 'REVOKED' ELSE 'VALID' END, ${account}, 'live', 10, 10, 10, 0, 0, 0, 0, 0, 0
    FROM ${times} t, generate_series(1, ${keys}) n WHERE ${of}`;
  return [
    `INSERT INTO account (id, name, status, created_at, updated_at)
    SELECT 'acct_f' || lpad(n::text, 4, '0'), 'Account ' || n, 'active', now(), now() FROM generate_series(0, 6000) n`,
    `INSERT INTO api_key (id, account_id, kind, environment, label, scopes, owner_team, created_by, created_at, updated_at, expires_at, state, state_at,
      allowed_ips, allowed_referrers, audiences, limits, dependants, tags, metadata, version, preview)
    SELECT ${key}, ${account}, 'customer', 'live', 'key ' || n, '{contacts:read}',
      CASE WHEN n % 40 > 0 THEN 'team' END, 'test', now() - interval '200 days', now(),
      now() + (n % 400) * interval '1 day' - interval '30 days',
      CASE WHEN n % 10 = 3 THEN 'revoked' WHEN n % 50 = 7 THEN 'suspended' ELSE 'active' END, now() - interval '3 days',
      '{}', '{}', '{}', '[]', '[]', '{}', '{}', 1, 'clv_live_…0000' FROM generate_series(1, ${keys}) n`,
    `INSERT INTO key_use (key_id, version, account_id, first_used_at, last_used_at, last_refused_at, last_refused_code, accepted, refused)
    SELECT ${key}, 1, ${account}, now() - interval '190 days', now() - (n * 7919 % 90000) * interval '1 minute',
      CASE WHEN n % 3 = 0 THEN now() - (n * 104729 % 9000) * interval '1 minute' END, CASE WHEN n % 3 = 0 THEN 'REVOKED' END, 100, 10
    FROM generate_series(1, ${keys}) n WHERE n % 20 <> 9`,
    `INSERT INTO key_outcome (key_id, version, code, account_id, first_at, last_at, requests, cost)
    SELECT ${key}, 1, code, ${account}, now() - interval '190 days', now() - (n * 7919 % 90000) * interval '1 minute', 100, 100
    FROM generate_series(1, ${keys}) n, unnest('{VALID,REVOKED}'::text[]) code WHERE code = 'VALID' OR n % 3 = 0`,
    `INSERT INTO key_source (key_id, kind, value, account_id, first_seen, last_seen, accepted, refused)
    SELECT ${key}, kind, 'value ' || n % 7, ${account}, now() - interval '90 days', now() - (n % 90) * interval '1 day', 10, 1
    FROM generate_series(1, ${keys}) n, unnest('{network,country,agent}'::text[]) kind`,
    `INSERT INTO key_use_day (key_id, day, account_id, requests)
    SELECT ${key}, current_date - d, ${account}, CASE WHEN n % 100 = 0 THEN 5000 ELSE 20 END
    FROM generate_series(1, ${keys}) n, generate_series(0, 3) d WHERE n % 2 = 0`,
    `SELECT make_usage_partitions(current_date - d * 28) FROM generate_series(0, 13) d`,
    `SELECT make_usage_partitions(current_date - d) FROM generate_series(0, 3) d`,
    "SELECT set_config('claviger.metered', 'yes', true)",
    // Older hours first, as they come.
    counts("hour", "n % 8 = 5", "generate_series(24, 400, 16)", "1 hour"),
    counts("hour", "n % 8 = 3", "generate_series(0, 24)", "1 hour"),
    counts("day", "n % 8 IN (3, 7)", "generate_series(0, 30)", "12 days"),
    ...[0, 1, 2].map(
      (
        day,
      ) => `INSERT INTO usage_event_${"{" + day + "}"} (at, cost, stands_for, version, browser, key_id, account_id, environment, code, method, route, mapped)
      SELECT at, 1, 1, 1, false, ${key}, ${account}, 'live', 'VALID', 'GET', '/contacts', true
      FROM (SELECT ${keys} - n % 500 AS n, now() - n * interval '7 seconds' AS at FROM generate_series(1, 30000) n
        UNION ALL SELECT ${keys - 1}, now() - n * interval '150 milliseconds' FROM generate_series(1, ${events}) n) e
      WHERE at >= date_trunc('day', now(), 'UTC') - interval '${day} days' AND at < date_trunc('day', now(), 'UTC') - interval '${day - 1} days'`,
    ),
    `INSERT INTO usage_total (starts_at, environment, code, requests, cost)
    SELECT date_trunc('hour', now(), 'UTC') - h * interval '1 hour', 'live', code, 100, 100
    FROM generate_series(0, 8000) h, unnest('{VALID,REVOKED}'::text[]) code`,
    `INSERT INTO stranger_hour (starts_at, network, code, requests)
    SELECT date_trunc('hour', now(), 'UTC') - h * interval '1 hour', '10.0.' || n || '.0/24', CASE WHEN n = 7 AND h % 100 = 50 THEN 'EXPIRED' ELSE 'NOT_FOUND' END, 5
    FROM generate_series(0, 700) h, generate_series(1, 60) n`,
    `INSERT INTO audit_event (seq, id, at, action, account_id, actor_id, target_type, target_id, payload, key_version, hash)
    SELECT 1000000 + n, 'evt_f' || n, now(), CASE WHEN n % 40 = 0 THEN 'account.suspended' ELSE 'key.updated' END, ${account}, 'test',
      CASE WHEN n % 40 = 0 THEN 'account' ELSE 'key' END, CASE WHEN n % 40 = 0 THEN ${account} ELSE ${key} END,
      json_build_object('id', 'evt_f' || n, 'at', '2026-01-01T00:00:00.000Z', 'action', CASE WHEN n % 40 = 0 THEN 'account.suspended' ELSE 'key.updated' END,
        'actor', json_build_object('type', 'system', 'id', 'test'), 'target', json_build_object('type', 'key', 'id', 'x'))::text,
      1, sha256(n::text::bytea) FROM generate_series(1, ${keys}) n`,
  ];
}

/** Fills an empty database and has the planner know of it. */
export async function fillPlatform(home: TestDatabase, filling = FULL): Promise<FilledPlatform> {
  const { keys, accounts } = filling;
  const client = new pg.Client({ ...home.node });
  await client.connect();
  await client.query("SET search_path = claviger; SET TimeZone = 'UTC'");
  await client.query("SELECT set_config('role', $1, false), set_config('claviger.reach', 'platform', false)", [
    home.roles.platform,
  ]);
  await client.query("BEGIN");
  await client.query("SELECT set_config('claviger.change_seq', '0', true)");
  for (const statement of statementsOf(filling)) await client.query(await named(client, statement));
  await client.query("COMMIT");
  await client.end();
  await asOwnerOf(home, ["VACUUM ANALYZE"]);
  return {
    ...{ big: "acct_f0000", small: `acct_f${String(1 + ((keys - 1) % accounts)).padStart(4, "0")}` },
    ...{ busy: nth(keys - 1), usual: nth(keys - 1 - accounts) },
  };
}

/** Statements as the owner of the tables, one after the other. */
export async function asOwnerOf(home: TestDatabase, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ ...home.owner });
  await client.connect();
  await client.query("SET search_path = claviger");
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** Raw events are written straight into the partition of their day. */
async function named(client: pg.Client, statement: string): Promise<string> {
  const day = /usage_event_\{(\d+)\}/.exec(statement)?.[1];
  if (day === undefined) return statement;
  const { rows } = await client.query<{ text: string }>(
    "SELECT to_char(now() - $1 * interval '1 day', 'YYYYMMDD') AS text",
    [day],
  );
  return statement.replace(/\{\d+\}/, rows[0]?.text ?? "");
}
