/** What a search for a text means for keys `k`: by words that tables beside the keys keep, see docs/decisions/0035-search-by-words.md. */
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** Accounts, members and services that a search may name; where more have the words, names are looked up key by key. */
const NAMES = 500;
const ID_PREFIX = "key_";
const ID_BODY = 26;

export interface SoughtText {
  /** Holds for the keys that have the text. */
  readonly condition: RawBuilder<unknown>;
  /** The same, with an index; null where more keys have it than can be gathered. */
  readonly narrow: RawBuilder<unknown> | null;
  /** How many keys are in `narrow`, where that is known. */
  readonly count: number | null;
}

/**
 * Finds who has each of these texts. The conditions hold in this transaction, until it looks for something else.
 * `account`: who else has it does not matter. `most`: so many keys, and no more, are gathered for a text; 0 for none: names and words are
 * then looked up key by key, which costs nothing before the first key.
 */
export async function seekTexts(
  tx: Tx,
  texts: readonly string[],
  account: string | undefined,
  most: number,
): Promise<readonly SoughtText[]> {
  const found: SoughtText[] = [];
  const lookedUp: string[] = [];
  for (const text of texts) {
    const known = byPreview(text);
    const query = known === null ? await seek(tx, sql`words_sought(${text})`) : null;
    const words = query === null ? null : await seekWords(tx, text, query, account, most);
    found.push(known ?? words ?? NOTHING);
    if (query !== null && words?.narrow === null) lookedUp.push(query);
  }
  const either = lookedUp.map((query) => sql`${query}::tsquery`);
  if (either.length > 0 && texts.length > 1) await seek(tx, sql.join(either, sql` || `));
  return found;
}

const NOTHING: SoughtText = { condition: sql`false`, narrow: sql`false`, count: 0 };

/** From here on the transaction sees the words of who has these. Null where there are no words in it. */
async function seek(tx: Tx, query: RawBuilder<unknown>): Promise<string | null> {
  const { rows } = await sql<{ query: string }>`
    SELECT set_config('claviger.sought', coalesce((${query})::text, ''), true) AS query`.execute(tx);
  const sought = rows[0]?.query ?? "";
  return sought === "" ? null : sought;
}

/** What has the form of an id, or of the start of one, and what ends as a preview does, is nothing else. */
function byPreview(text: string): SoughtText | null {
  const id = text.toUpperCase();
  if (/^KEY_[0-9A-HJKMNP-TV-Z]{1,26}$/.test(id)) {
    const body = id.slice(ID_PREFIX.length);
    const [low, high] = [body.padEnd(ID_BODY, "0"), body.padEnd(ID_BODY, "Z")];
    const between = sql`k.id BETWEEN ${ID_PREFIX + low} AND ${ID_PREFIX + high}`;
    return { condition: between, narrow: between, count: null };
  }
  const end = /…([^…]{4})$/.exec(text)?.[1];
  if (end === undefined) return null;
  const ends = sql`k.preview_end = ${end}`;
  return { condition: sql`${ends} AND strpos(lower(k.preview), lower(${text})) > 0`, narrow: ends, count: null };
}

async function seekWords(
  tx: Tx,
  text: string,
  query: string,
  account: string | undefined,
  most: number,
): Promise<SoughtText> {
  const within = account === undefined ? sql`true` : sql`w.account_id = ${account}`;
  const names = most === 0 ? null : await namesWithin(tx, within);
  const end = /^[^\s]{4}$/.test(text) ? sql`k.preview_end = ${text}` : null;
  const ids = names === null ? null : await gather(tx, within, names, end, most);
  if (ids !== null) {
    const gathered = ids.length === 0 ? sql`false` : sql`k.id = ANY(${ids}::text[])`;
    return { condition: gathered, narrow: gathered, count: ids.length };
  }
  const own = sql`coalesce((SELECT w.words @@ ${query}::tsquery FROM key_words w WHERE w.key_id = k.id), false)`;
  const named = (column: string): RawBuilder<unknown> =>
    names === null
      ? sql`coalesce((SELECT n.words @@ ${query}::tsquery FROM name_words n WHERE n.id = k.${sql.ref(column)}), false)`
      : sql`coalesce(k.${sql.ref(column)} = ANY(${names}::text[]), false)`;
  const any = [...(end === null ? [] : [end]), ...["account_id", "owner_member", "service_id"].map(named), own];
  return { condition: sql`(${sql.join(any, sql` OR `)})`, narrow: null, count: null };
}

/** Who has what is sought; null where they are too many. */
async function namesWithin(tx: Tx, within: RawBuilder<unknown>): Promise<readonly string[] | null> {
  const { rows } = await sql<{ id: string }>`
    SELECT w.id FROM name_words w WHERE ${within} LIMIT ${NAMES + 1}`.execute(tx);
  return rows.length > NAMES ? null : rows.map(({ id }) => id);
}

/** The ids of all keys that have it themselves or belong to one of the names; null where there are more than `most`. */
async function gather(
  tx: Tx,
  within: RawBuilder<unknown>,
  names: readonly string[],
  end: RawBuilder<unknown> | null,
  most: number,
): Promise<readonly string[] | null> {
  const keysWhere = (condition: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`(SELECT k.id FROM api_key k WHERE ${condition} LIMIT ${most + 1})`;
  const found = [sql`(SELECT w.key_id AS id FROM key_words w WHERE ${within} LIMIT ${most + 1})`];
  if (end !== null) found.push(keysWhere(end));
  for (const column of names.length === 0 ? [] : ["account_id", "owner_member", "service_id"]) {
    found.push(keysWhere(sql`k.${sql.ref(column)} = ANY(${names}::text[])`));
  }
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM (${sql.join(found, sql` UNION ALL `)}) found LIMIT ${found.length * most + 1}`.execute(tx);
  const ids = [...new Set(rows.map(({ id }) => id))];
  return ids.length > most ? null : ids;
}
