import { endingOperations, keyOperations, pageOperations, pick, viewOperations } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { accountReach, type Database, PLATFORM } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import { type Route, route } from "../../kernel/route.ts";
import { findAccount } from "../accounts/index.ts";
import { findKey, requireAnyKey, requireKey, tagOfKey } from "../keys/index.ts";
import { showAccountPage } from "./pages/account-page.ts";
import { showImpact } from "./pages/impact.ts";
import { showKeyPage } from "./pages/key-page.ts";
import { showOverview } from "./pages/overview.ts";
import { listKeys } from "./queries.ts";
import { listViews, showView } from "./show-views.ts";
import { showKey, showKeys, showOwn } from "./shown-key.ts";

export function inventoryRoutes(database: Database, clock: Clock): Route[] {
  return [
    route(pick(keyOperations, "keys.list"), async (call) => {
      const now = clock.wall();
      return database.transaction(PLATFORM, async (tx) => {
        const page = await listKeys(tx, call.principal, call.query, new Date(now));
        return { status: 200, body: { data: await showKeys(tx, page.data, now), nextCursor: page.nextCursor } };
      });
    }),
    route(pick(viewOperations, "views.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const data = await listViews(tx, call.principal, new Date(clock.wall()));
        return { status: 200, body: { data, nextCursor: null } };
      }),
    ),
    route(pick(viewOperations, "views.show"), (call) =>
      database.transaction(PLATFORM, async (tx) => ({
        status: 200,
        body: await showView(tx, call.principal, call.params.name, call.query, new Date(clock.wall())),
      })),
    ),
    route(pick(keyOperations, "keys.get"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const key = await requireAnyKey(tx, call.params.id, call.principal);
        return { status: 200, body: await showKey(tx, key, clock.wall()), headers: { etag: tagOfKey(key) } };
      }),
    ),
    route(pick(keyOperations, "keys.self"), (call) =>
      database.transaction(accountReach(call.principal.account), async (tx) => {
        const key = await findKey(tx, call.principal.keyId);
        if (key === null) throw new ClavigerError("INVALID_TOKEN");
        return { status: 200, body: await showOwn(tx, key, call.principal.version, clock.wall()) };
      }),
    ),
    ...pageRoutes(database, clock),
  ];
}

/** Pages about one key, one account and the platform. */
function pageRoutes(database: Database, clock: Clock): Route[] {
  return [
    route(pick(pageOperations, "keys.inspect"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const key = await requireKey(tx, call.params.id, call.principal);
        return { status: 200, body: await showKeyPage(tx, key, call.query.period, clock.wall()) };
      }),
    ),
    route(pick(endingOperations, "keys.impact"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const key = await requireKey(tx, call.params.id, call.principal);
        return { status: 200, body: await showImpact(tx, key, call.query.window, clock.wall()) };
      }),
    ),
    route(pick(pageOperations, "accounts.inspect"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const account = await findAccount(tx, call.params.id);
        if (account === null || account.reserved) throw new ClavigerError("NOT_FOUND");
        return { status: 200, body: await showAccountPage(tx, account, call.query.period, clock.wall()) };
      }),
    ),
    route(pick(pageOperations, "overview.show"), (call) =>
      database.transaction(PLATFORM, async (tx) => ({
        status: 200,
        body: await showOverview(tx, call.query.period, clock.wall()),
      })),
    ),
  ];
}
