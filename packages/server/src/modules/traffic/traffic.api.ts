import { pick, type QueryOf, usageOperations } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import { type CursorKind, readCursor, writeCursor } from "../../kernel/cursor.ts";
import { pageOf } from "../../kernel/page.ts";
import { type Route, route } from "../../kernel/route.ts";
import { findAccount } from "../accounts/index.ts";
import { keyIdsOf, requireKey } from "../keys/index.ts";
import { DAY_MS, HOUR_MS } from "./bounds.ts";
import { dayOf } from "./counted-cell.ts";
import type { EventQuery, EventStore, StoredEvent } from "./event-store.ts";
import { listEndpoints, listUncalled, type UncalledRoute } from "./list-endpoints.ts";
import { listEvents } from "./list-events.ts";
import { networkOf } from "./network-of.ts";
import { type EndpointPlace, selectCallers } from "./queries/endpoints.ts";
import { type StrangerRow, selectStrangers } from "./queries/strangers.ts";
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

const NEWEST_HOUR = {
  ...{ sort: "-hour", kinds: ["number", "string", "string"] as const },
  valuesOf: ({ at, network, code }: StrangerRow) => [at.getTime(), network, code],
};

const BY_PLACE = "endpoint";
const PLACE_KINDS: readonly CursorKind[] = ["string", "string", "string"];
const BY_ROUTE = {
  ...{ sort: "route", kinds: ["string", "string"] as const },
  valuesOf: ({ path, method }: UncalledRoute) => [path, method],
};
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
          const before = after === null ? null : { at: momentIn(after[0]), id: Number(after[1]) };
          return listEvents(ports.events, tx, { ...query, before, limit });
        });
        return { status: 200, body: { data: page.data.map(shownEvent), nextCursor: page.nextCursor } };
      }),
    ),
    route(pick(usageOperations, "keys.suggest"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const key = await requireKey(tx, call.params.id, call.principal);
        return { status: 200, body: await suggestGrant(tx, key, call.query.days, clock.wall()) };
      }),
    ),
    strangersRoute(ports),
    ...endpointRoutes(ports),
  ];
}

function strangersRoute({ database, clock }: UsageRoutePorts): Route {
  return route(pick(usageOperations, "usage.strangers"), (call) =>
    database.transaction(PLATFORM, async (tx) => {
      const { from, to, network, code = null } = call.query;
      const filter = {
        // The hour that it is in as well.
        from: new Date(from === undefined ? 0 : Math.floor(Date.parse(from) / HOUR_MS) * HOUR_MS),
        to: new Date(to === undefined ? clock.wall() + HOUR_MS : Date.parse(to)),
        network: network === undefined ? null : (networkOf(network)?.network ?? network),
        code,
      };
      const page = await pageOf<StrangerRow>(call.query, NEWEST_HOUR, (after, limit) => {
        const before =
          after === null ? null : { at: momentIn(after[0]), network: String(after[1]), code: String(after[2]) };
        return selectStrangers(tx, { ...filter, before, limit });
      });
      const data = page.data.map(({ at, ...row }) => ({ at: at.toISOString(), ...row }));
      return { status: 200, body: { data, nextCursor: page.nextCursor } };
    }),
  );
}

function endpointRoutes({ database, clock }: UsageRoutePorts): Route[] {
  const before = (days: number): Date => new Date(clock.wall() - days * DAY_MS);
  return [
    route(pick(usageOperations, "endpoints.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { limit, cursor, environment = null, mapped = null, scope = null, days } = call.query;
        const after = cursor === undefined ? null : placeOf(readCursor(cursor, BY_PLACE, PLACE_KINDS));
        const since = days === undefined ? null : before(days);
        const { data, next } = await listEndpoints(tx, { environment, mapped, scope, since, after, limit });
        const shown = data.map(({ firstSeen, lastSeen, method, scope: opens, ...row }) => ({
          ...{ ...row, method: method === "" ? null : method, mapped: opens !== null, scope: opens },
          ...{ firstSeen: firstSeen.toISOString(), lastSeen: lastSeen.toISOString() },
        }));
        const nextCursor = next === null ? null : writeCursor({ sort: BY_PLACE, values: next });
        return { status: 200, body: { data: shown, nextCursor } };
      }),
    ),
    route(pick(usageOperations, "endpoints.uncalled"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { environment = null, scope = null, days } = call.query;
        const found = await listUncalled(tx, { environment, scope, since: before(days) });
        const page = await pageOf<UncalledRoute>(call.query, BY_ROUTE, async (after, count) =>
          found.filter((each) => after === null || isAfter(each, after)).slice(0, count),
        );
        const data = page.data.map(({ path, lastSeen, ...row }) => ({
          ...{ ...row, template: path, lastSeen: lastSeen?.toISOString() ?? null },
        }));
        return { status: 200, body: { data, nextCursor: page.nextCursor } };
      }),
    ),
    route(pick(usageOperations, "endpoints.inspect"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { environment, template, method = null, days } = call.query;
        const since = new Date(dayOf(clock.wall()) - (days - 1) * DAY_MS);
        const found = await selectCallers(tx, { environment, template, method, since, limit: MOST_CALLERS });
        const shown = <T extends { readonly lastDay: Date }>(rows: readonly T[]) =>
          rows.map((row) => ({ ...row, lastDay: row.lastDay.toISOString() }));
        const { keys, accounts, callers, callingAccounts } = found;
        const body = { keys, accounts, callers: shown(callers), callingAccounts: shown(callingAccounts) };
        return { status: 200, body };
      }),
    ),
  ];
}

/** The last moment of the year 9999, in milliseconds since the epoch. */
const LATEST = 253_402_300_799_999;

/** The time in a cursor, which anybody may have written: within what is a time here and in the database. */
function momentIn(value: string | number | null | undefined): Date {
  return new Date(Math.min(Math.max(Number(value), 0), LATEST));
}

function placeOf([environment, template, method]: ReturnType<typeof readCursor>): EndpointPlace {
  return [String(environment), String(template), String(method)];
}

function isAfter({ path, method }: UncalledRoute, [afterPath, afterMethod]: ReturnType<typeof readCursor>): boolean {
  return path === afterPath ? method > String(afterMethod) : path > String(afterPath);
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
    ...(await ownersOf(tx, account, key)),
    codes: code === undefined ? null : [code],
    from: new Date(Math.max(from === undefined ? oldest : Date.parse(from), oldest)),
    to: to === undefined ? new Date(now + 1) : new Date(Math.min(Date.parse(to), now + 1)),
  };
}

/** Keys of an account that are looked up each by itself. */
const FEW_KEYS_OF_ACCOUNT = 200;

/** A filter that names nobody gives an empty page, as in other lists. */
async function ownersOf(
  tx: Tx,
  account: string | undefined,
  key: string | undefined,
): Promise<Pick<EventQuery, "keys" | "account">> {
  if (account === undefined) return { account: null, keys: key === undefined ? null : [key] };
  const found = await findAccount(tx, account);
  if (found === null) return { account: null, keys: [] };
  if (key !== undefined) return { account: found.id, keys: [key] };
  const keys = await keyIdsOf(tx, found.id, FEW_KEYS_OF_ACCOUNT + 1);
  return { account: found.id, keys: keys.length > FEW_KEYS_OF_ACCOUNT ? null : keys };
}

function shownEvent({ id: _, standsFor, at, ...event }: StoredEvent) {
  const network = event.ip === null ? null : (networkOf(event.ip)?.network ?? null);
  return { ...event, at: at.toISOString(), network, rate: 1 / standsFor };
}
