import { sql } from "kysely";
import { PLATFORM } from "../../../server/src/db/index.ts";
import type { TestDatabase } from "../database.ts";

export interface Fill {
  readonly accounts: number;
  readonly keysPerAccount: number;
  /** When the first of an account's keys ends, and so long after it the last, in milliseconds. */
  readonly from: number;
  readonly spreadMs: number;
  /** When all of them were issued. */
  readonly issuedAt: number;
  /** So many accounts are there already. Default 0. */
  readonly skip?: number;
}

const name = (kind: string, account: number): string => `${kind}_fill${String(account).padStart(6, "0")}`;

/** Who has to do with the keys of a filled account, from 1. */
export const filledPeople = (account: number) => ({
  account: name("acct", account),
  admin: `${name("mem", account)}a`,
  maker: `${name("mem", account)}m`,
  owner: `${name("mem", account)}o`,
  /** Neither made nor owns a key. */
  viewer: `${name("mem", account)}v`,
});

/** Accounts with an admin, somebody who made all the keys, somebody who owns them, and a viewer; their keys are not to be verified. */
export async function fillExpiring(home: TestDatabase, fill: Fill): Promise<void> {
  const { accounts, keysPerAccount, from, spreadMs, issuedAt, skip = 0 } = fill;
  const at = new Date(issuedAt);
  await home.database.transaction(
    PLATFORM,
    async (tx) => {
      await sql`SELECT set_config('claviger.change_seq', '0', true)`.execute(tx);
      await sql`INSERT INTO account (id, name, status, created_at, updated_at)
        SELECT 'acct_fill' || lpad(n::text, 6, '0'), 'Account ' || n, 'active', ${at}, ${at}
        FROM generate_series(${skip + 1}::int, ${skip + accounts}::int) n`.execute(tx);
      await sql`INSERT INTO member (id, account_id, email, name, role, status, created_at, updated_at)
        SELECT 'mem_fill' || lpad(n::text, 6, '0') || r.letter, 'acct_fill' || lpad(n::text, 6, '0'),
          r.letter || n || '@example.com', r.role || ' ' || n, r.role, 'active', ${at}, ${at}
        FROM generate_series(${skip + 1}::int, ${skip + accounts}::int) n
        CROSS JOIN (VALUES ('a', 'admin'), ('m', 'developer'), ('o', 'developer'), ('v', 'viewer')) r (letter, role)`.execute(
        tx,
      );
      await sql`INSERT INTO api_key (id, account_id, kind, environment, label, scopes, owner_member, created_by, created_at, updated_at,
          expires_at, state, allowed_ips, allowed_referrers, audiences, limits, dependants, tags, metadata, version, preview)
        SELECT 'key_fill' || lpad(n::text, 6, '0') || 'n' || lpad(k::text, 6, '0'), 'acct_fill' || lpad(n::text, 6, '0'), 'customer',
          'live', 'filled ' || n || ' ' || k, '{}', 'mem_fill' || lpad(n::text, 6, '0') || 'o', 'mem_fill' || lpad(n::text, 6, '0') || 'm',
          ${at}, ${at}, date_trunc('milliseconds', ${new Date(from)}::timestamptz + k * (${spreadMs}::float8 / ${keysPerAccount}) * interval '1 millisecond'),
          'active', '{}', '{}', '{}', '[]', '[]', '{}', '{}', 1, 'clv_live_…0000'
        FROM generate_series(${skip + 1}::int, ${skip + accounts}::int) n CROSS JOIN generate_series(0, ${keysPerAccount - 1}::int) k`.execute(
        tx,
      );
      await sql`INSERT INTO key_version (key_id, version, account_id, digest, pepper_version, preview, state, created_at)
        SELECT id, 1, account_id, sha256(id::bytea), 1, preview, 'active', created_at FROM api_key k
        WHERE id LIKE 'key_fill%' AND NOT EXISTS (SELECT FROM key_version v WHERE v.key_id = k.id)`.execute(tx);
    },
    { statementTimeoutMs: 300_000 },
  );
}
