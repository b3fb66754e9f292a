import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { KeptEvent } from "../../../kernel/outbox.ts";

/** A key that a mail names. */
export interface NamedKey {
  readonly id: string;
  readonly label: string;
  readonly preview: string;
  readonly environment: string | null;
}

/** What a mail is to tell, as it is now. */
export interface Letter {
  readonly email: string;
  readonly name: string;
  readonly accountName: string;
  /** Keys that will end, first the next to do so. What was revoked, renewed or has ended meanwhile is not among them. */
  readonly expiring: readonly (NamedKey & { readonly expiresAt: Date })[];
  /** How many there are with those that are beyond `MOST_LINES`. */
  readonly expiringCount: number;
  readonly events: readonly (KeptEvent & { readonly key: NamedKey | null })[];
  readonly eventCount: number;
}

/** A mail names so many of a kind; of what is beyond it tells the number. */
const MOST_LINES = 100;

/** Null where the member is active no more. */
export async function readLetter(tx: Tx, mail: string, member: string, now: Date): Promise<Letter | null> {
  const person = await tx
    .selectFrom("member")
    .innerJoin("account", "account.id", "member.account_id")
    .select(["member.email", "member.name", "account.name as accountName"])
    .where("member.id", "=", member)
    .where("member.status", "=", "active")
    .executeTakeFirst();
  if (person === undefined) return null;
  type Expiring = Letter["expiring"][number] & { readonly total: number };
  const { rows: expiring } = await sql<Expiring>`
    SELECT k.id, k.label, k.preview, k.environment, k.expires_at AS "expiresAt", count(*) OVER ()::int AS total
    FROM (SELECT DISTINCT key_id, version, expires_at FROM expiry_warning WHERE mail_id = ${mail}) w
    JOIN api_key k ON k.id = w.key_id AND k.version = w.version AND date_trunc('milliseconds', k.expires_at) = w.expires_at
    WHERE k.state <> 'revoked' AND k.expires_at > ${now}
    ORDER BY k.expires_at, k.id LIMIT ${MOST_LINES}`.execute(tx);
  type Told = KeptEvent & Omit<NamedKey, "id"> & { readonly key: string | null; readonly total: number };
  const { rows: events } = await sql<Told>`
    SELECT o.id, o.type, o.account_id AS account, o.payload, o.created_at AS "createdAt", k.id AS key, k.label, k.preview,
      k.environment, count(*) OVER ()::int AS total
    FROM mail_event e JOIN outbox_event o ON o.id = e.event_id LEFT JOIN api_key k ON k.id = o.payload ->> 'key'
    WHERE e.mail_id = ${mail} ORDER BY o.created_at, o.id LIMIT ${MOST_LINES}`.execute(tx);
  return {
    ...person,
    ...{ expiring, expiringCount: expiring[0]?.total ?? 0, eventCount: events[0]?.total ?? 0 },
    events: events.map(({ key, label, preview, environment, ...event }) => ({
      ...event,
      key: key === null ? null : { id: key, label, preview, environment },
    })),
  };
}
