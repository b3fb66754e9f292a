import { nodeOperations, pick } from "@claviger/contract";
import { type Database, PLATFORM } from "../../db/index.ts";
import { type Route, route } from "../../kernel/route.ts";
import { type ListedNode, selectNodes } from "./coherence.store.ts";
import type { Coherence } from "./types.ts";

/** Who is in the cluster, as the database and this node's own watching tell. */
export function nodeRoutes(database: Database, coherence: Pick<Coherence, "state" | "renewedAgo">): Route[] {
  return [
    route(pick(nodeOperations, "nodes.list"), async () => {
      const nodes = await database.transaction(PLATFORM, selectNodes);
      const own = coherence.state().incarnation;
      const renewedAgo = coherence.renewedAgo();
      const data = nodes.map((node) => show(node, renewedAgo.get(node.incarnation), node.incarnation === own));
      return { status: 200, body: { data, nextCursor: null } };
    }),
  ];
}

/** A whole incarnation names the row that its owner renews, and is nobody else's business. */
const SHOWN = 8;

function show({ incarnation, startedAt, ...node }: ListedNode, renewedAgo: number | undefined, self: boolean) {
  return {
    ...node,
    incarnation: incarnation.slice(0, SHOWN),
    self,
    startedAt: startedAt.toISOString(),
    leaseAgeMs: renewedAgo === undefined ? null : Math.round(renewedAgo),
  };
}
