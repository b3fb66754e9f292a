import { linkOperations, pick } from "@claviger/contract";
import { PLATFORM } from "../../db/index.ts";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import { type Link, shapeLink } from "./link.ts";
import { openLink } from "./open-link.ts";
import type { DeliveryPorts } from "./ports.ts";
import { listLinks, requireLink } from "./queries.ts";
import { revokeLink } from "./revoke-link.ts";

export function deliveryRoutes(ports: DeliveryPorts): Route[] {
  const { act, database, clock } = ports;
  const now = () => new Date(clock.wall());
  return [
    route(pick(linkOperations, "links.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { data, nextCursor } = await listLinks(tx, call.principal, call.query, now());
        return { status: 200, body: { data: data.map((link) => shapeLink(link, now())), nextCursor } };
      }),
    ),
    route(pick(linkOperations, "links.get"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const link = await requireLink(tx, call.principal, call.params.id);
        return { status: 200, body: shapeLink(link, now()) };
      }),
    ),
    route(pick(linkOperations, "links.revoke"), async (call) => {
      const acting = actingOf<Link>(call, async (link) => shapeLink(link, now()));
      return { status: 200, body: (await revokeLink(act, acting, call.principal, call.params.id)).body };
    }),
    route(pick(linkOperations, "links.open"), async (call) => {
      const acting = actingOf(call, async () => null);
      const { link, key, secret } = await openLink(ports, acting, call.body);
      const { id, label, environment, expiresAt } = key;
      return {
        status: 200,
        body: {
          ...{ secret: secret.reveal(), key: id, version: link.version, label, environment },
          expiresAt: expiresAt?.toISOString() ?? null,
        },
      };
    }),
  ];
}
