import { pick, type QueryOf, usageOperations } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import { type CursorKind, readCursor, writeCursor } from "../../kernel/cursor.ts";
import { pageOf } from "../../kernel/page.ts";
import { type Route, route } from "../../kernel/route.ts";
import { findAccount } from "../accounts/index.ts";
import { keyIdsOf, requireKey } from "../keys/index.ts";
import { DAY_MS } from "./bounds.ts";
import { dayOf } from "./counted-cell.ts";
import type { EventQuery, EventStore, StoredEvent } from "./event-store.ts";
import { inspectKey } from "./inspect-key.ts";
import { listEvents } from "./list-events.ts";
import { networkOf } from "./network-of.ts";
import { type EndpointPlace, selectCallers, selectEndpoints } from "./queries/endpoints.ts";
import { selectSummary } from "./queries/summaries.ts";
import { suggestGrant } from "./suggest-grant.ts";
import { periodOf, pointOf } from "./summarize-usage.ts";

export interface UsageRoutePorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly events: EventStore;
  /** Days for which single verifications are kept. */
  readonly eventDays: number;
}

const NEWEST_FIRST = {
  ...{ sort: "-at", kinds: ["number", "number"] as const },
  valuesOf: ({ at, id }: StoredEvent) => [at.getTime(), id],
};
const BY_PLACE = "place";
const PLACE_KINDS: readonly CursorKind[] = ["string", "string", "number", "string"];
const CALLER_DAYS = 30;
const MOST_CALLERS = 100;

export function usageRoutes(ports: UsageRoutePorts): Route[] {
  const { database, clock } = ports;
  return [
    route(pick(usageOperations, "usage.summarize"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { step, by = null, top, key = null, environment = null, route: path = null, code = null } = call.query;
        const period = periodOf(step, call.query.from, call.query.to, clock.wall());
        const account = await accountOf(tx, call.query.account);
        const filter = { account, key, environment, route: path, code };
        const rows = await selectSummary(tx, { ...period, step, by, top, ...filter });
        const { from, to } = period;
        const body = { from: from.toISOString(), to: to.toISOString(), step, by, data: rows.map(pointOf) };
        return { status: 200, body };
      }),
    ),
    route(pick(usageOperations, "usage.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const query = await eventQuery(tx, call.query, clock.wall(), ports.eventDays);
        const page = await pageOf<StoredEvent>(call.query, NEWEST_FIRST, (after, limit) => {
          const before = after === null ? null : { at: new Date(Number(after[0])), id: Number(after[1]) };
          return listEvents(ports.events, tx, { ...query, before, limit });
        });
        return { status: 200, body: { data: page.data.map(shownEvent), nextCursor: page.nextCursor } };
      }),
    ),
    route(pick(usageOperations, "keys.inspect"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { id } = await requireKey(tx, call.params.id, call.principal);
        return { status: 200, body: await inspectKey(tx, id, clock.wall()) };
      }),
    ),
    route(pick(usageOperations, "keys.suggest"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const key = await requireKey(tx, call.params.id, call.principal);
        return { status: 200, body: await suggestGrant(tx, key, call.query.days, clock.wall()) };
      }),
    ),
    ...endpointRoutes(ports),
  ];
}

function endpointRoutes({ database, clock }: UsageRoutePorts): Route[] {
  return [
    route(pick(usageOperations, "endpoints.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { limit, cursor, environment = null, mapped = null } = call.query;
        const after = cursor === undefined ? null : placeOf(readCursor(cursor, BY_PLACE, PLACE_KINDS));
        const rows = await selectEndpoints(tx, { environment, mapped, after, limit: limit + 1 });
        const data = rows.slice(0, limit);
        const last = data.at(-1);
        const values = last === undefined ? [] : [last.environment, last.template, last.mapped ? 1 : 0, last.method];
        const nextCursor = rows.length > limit ? writeCursor({ sort: BY_PLACE, values }) : null;
        const shown = data.map(({ firstSeen, lastSeen, method, ...row }) => ({
          ...{ ...row, method: method === "" ? null : method },
          ...{ firstSeen: firstSeen.toISOString(), lastSeen: lastSeen.toISOString() },
        }));
        return { status: 200, body: { data: shown, nextCursor } };
      }),
    ),
    route(pick(usageOperations, "endpoints.inspect"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { environment, template, method = null } = call.query;
        const since = new Date(dayOf(clock.wall()) - (CALLER_DAYS - 1) * DAY_MS);
        const found = await selectCallers(tx, { environment, template, method, since, limit: MOST_CALLERS });
        const callers = found.callers.map((row) => ({ ...row, lastDay: row.lastDay.toISOString() }));
        return { status: 200, body: { ...found, callers } };
      }),
    ),
  ];
}

function placeOf([environment, template, mapped, method]: ReturnType<typeof readCursor>): EndpointPlace {
  return [String(environment), String(template), mapped === 1, String(method)];
}

/** Our id of the account; null where none is named. Throws NOT_FOUND. */
async function accountOf(tx: Tx, reference: string | undefined): Promise<string | null> {
  if (reference === undefined) return null;
  const account = await findAccount(tx, reference);
  if (account === null) throw new ClavigerError("NOT_FOUND");
  return account.id;
}

type EventFilter = QueryOf<Extract<(typeof usageOperations)[number], { readonly id: "usage.list" }>>;

async function eventQuery(
  tx: Tx,
  filter: EventFilter,
  now: number,
  days: number,
): Promise<Omit<EventQuery, "before" | "limit">> {
  const { account, key, code, from, to } = filter;
  const oldest = now - days * DAY_MS;
  return {
    keys: await keysOf(tx, account, key),
    codes: code === undefined ? null : [code],
    from: new Date(Math.max(from === undefined ? oldest : Date.parse(from), oldest)),
    to: to === undefined ? new Date(now + 1) : new Date(Math.min(Date.parse(to), now + 1)),
  };
}

/** A filter that names nobody gives an empty page, as in other lists. */
async function keysOf(tx: Tx, account: string | undefined, key: string | undefined): Promise<readonly string[] | null> {
  if (account === undefined) return key === undefined ? null : [key];
  const found = await findAccount(tx, account);
  const keys = found === null ? [] : await keyIdsOf(tx, found.id);
  return key === undefined ? keys : keys.filter((id) => id === key);
}

function shownEvent({ id: _, standsFor, at, ...event }: StoredEvent) {
  const network = event.ip === null ? null : (networkOf(event.ip)?.network ?? null);
  return { ...event, at: at.toISOString(), network, rate: 1 / standsFor };
}
