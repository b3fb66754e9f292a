import { type RawBuilder, sql } from "kysely";
import { copyRows } from "../../../db/index.ts";
import { type CountedCell, dayOf, type UsageEvent } from "../counted-cell.ts";
import type { EventQuery, EventStore, StoredEvent } from "../event-store.ts";
import { dropPartition } from "./partitions.ts";

const COLUMNS = [
  ...["at", "cost", "stands_for", "version", "duration_ms", "status", "browser", "key_id", "account_id", "environment"],
  ...["code", "method", "route", "mapped", "ip", "country", "agent", "service", "request_id"],
].join(", ");
/** Characters in one write. */
const CHUNK = 65_536;

/** Raw events in PostgreSQL. Written by COPY, straight into the partition of their day; see the migration. */
export const postgresEvents: EventStore = {
  append: async (tx, cells) => {
    const days = Map.groupBy(
      cells.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.lastAt - b.lastAt)),
      ({ lastAt }) => dayOf(lastAt),
    );
    for (const [day, those] of [...days].sort(([a], [b]) => a - b)) {
      const part = `usage_event_${new Date(day).toISOString().slice(0, 10).replaceAll("-", "")}`;
      await copyRows(tx, `COPY ${part} (${COLUMNS}) FROM STDIN`, chunksOf(those));
    }
  },
  read: async (tx, query) => {
    const { rows } = await (query.keys === null ? everyKey(query) : someKeys(query.keys, query)).execute(tx);
    return rows as StoredEvent[];
  },
  drop: (database, before) => dropPartition(database, { eventsBefore: before, countsBefore: 0 }),
};

function* chunksOf(cells: readonly CountedCell[]): Generator<string> {
  let chunk = "";
  for (const cell of cells) {
    const [head, tail] = sharedBy(cell);
    for (const event of cell.events) chunk += lineOf(event, cell.version, head, tail);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

function sharedBy(cell: CountedCell): [head: string, tail: string] {
  const { key, account, environment, code, method, route, mapped, ip, country, agent, service, browser } = cell;
  const place = [nullable(method), nullable(route), mapped ? "t" : "f", ip ?? NULL, country ?? NULL];
  const head = [browser ? "t" : "f", key, account, environment, code, ...place].join("\t");
  return [head, [agent ?? NULL, service === null ? NULL : escaped(service)].join("\t")];
}

const NULL = "\\N";

function lineOf(event: UsageEvent, version: number, head: string, tail: string): string {
  const { at, cost, standsFor, durationMs, status, requestId } = event;
  const own = `${momentOf(at)}\t${cost}\t${standsFor}\t${version}\t${durationMs ?? NULL}\t${status ?? NULL}`;
  return `${own}\t${head}\t${tail}\t${requestId === null ? NULL : escaped(requestId)}\n`;
}

let [lastMoment, lastText] = [Number.NaN, ""];
/** Many events of a batch have the same millisecond as the one before. */
function momentOf(at: number): string {
  if (at !== lastMoment) [lastMoment, lastText] = [at, new Date(at).toISOString()];
  return lastText;
}

function nullable(text: string): string {
  return text === "" ? NULL : escaped(text);
}

/** As COPY reads its text format; control characters were taken out before. */
function escaped(text: string): string {
  return text.includes("\\") ? text.replaceAll("\\", "\\\\") : text;
}

const SHOWN = sql`e.id, e.at, e.key_id AS key, e.version, e.account_id AS account, e.environment, e.code, e.method, e.route,
  e.mapped, e.status, e.duration_ms AS "durationMs", host(e.ip) AS ip, e.country, e.agent, e.browser, e.service,
  e.request_id AS "requestId", e.cost, e.stands_for AS "standsFor"`;

function matching({ account, codes, from, to, before }: EventQuery): RawBuilder<unknown> {
  const parts = [sql`e.at >= ${from}`, sql`e.at < ${to}`];
  if (account !== null) parts.push(sql`e.account_id = ${account}`);
  if (codes !== null) parts.push(sql`e.code = ANY (${[...codes]}::text[])`);
  if (before !== null) {
    parts.push(sql`e.at <= ${before.at}`, sql`(e.at, e.id) < (${before.at}, ${before.id})`);
  }
  return sql.join(parts, sql` AND `);
}

function everyKey(query: EventQuery): RawBuilder<unknown> {
  return sql`SELECT ${SHOWN} FROM usage_event e WHERE ${matching(query)} ORDER BY e.at DESC, e.id DESC LIMIT ${query.limit}`;
}

/** By the index of each key; an index over accounts would cost as much again for every event. */
function someKeys(keys: readonly string[], query: EventQuery): RawBuilder<unknown> {
  return sql`SELECT e.* FROM unnest(${[...keys]}::text[]) AS k (id) CROSS JOIN LATERAL (
      SELECT ${SHOWN} FROM usage_event e WHERE e.key_id = k.id AND ${matching(query)}
      ORDER BY e.at DESC, e.id DESC LIMIT ${query.limit}) e
    ORDER BY e.at DESC, e.id DESC LIMIT ${query.limit}`;
}
