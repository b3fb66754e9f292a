import { auditOperations, pick } from "@claviger/contract";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import { pageOf } from "../../kernel/page.ts";
import { type Route, route } from "../../kernel/route.ts";
import type { AuditEvent } from "./audit-event.ts";
import { listAuditEvents } from "./queries.ts";

const NEWEST_FIRST = { sort: "-seq", kinds: ["number"], valuesOf: (row: AuditEvent) => [row.seq] } as const;

/** `accountId` turns a reference to an account into our id, or null; accounts are above this module, so app.ts hands it in. */
export function auditRoutes(
  database: Database,
  accountId: (tx: Tx, reference: string) => Promise<string | null>,
): Route[] {
  return [
    route(pick(auditOperations, "audit.list"), async (call) => {
      const { account: reference, action, actor, target, from, to } = call.query;
      return database.transaction(PLATFORM, async (tx) => {
        const account = reference === undefined ? undefined : await accountId(tx, reference);
        if (account === null) return { status: 200, body: { data: [], nextCursor: null } };
        const page = await pageOf<AuditEvent>(call.query, NEWEST_FIRST, (after, limit) =>
          listAuditEvents(tx, {
            ...(account === undefined ? {} : { account }),
            ...(action === undefined ? {} : { action }),
            ...(actor === undefined ? {} : { actor }),
            ...(target === undefined ? {} : { target }),
            ...(from === undefined ? {} : { from: new Date(from) }),
            ...(to === undefined ? {} : { to: new Date(to) }),
            ...(after === null ? {} : { after: Number(after[0]) }),
            limit,
          }),
        );
        return { status: 200, body: page };
      });
    }),
  ];
}
