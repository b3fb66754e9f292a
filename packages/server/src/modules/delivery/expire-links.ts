import { PLATFORM } from "../../db/index.ts";
import { SYSTEM_SOURCE } from "../../kernel/act.ts";
import { deleteEndedLinks, endDueLinks, hasDueLinks } from "./delivery.store.ts";
import { aboutLink } from "./link.ts";
import type { DeliveryPorts } from "./ports.ts";

const AT_ONCE = 500;
/** For so long it can be asked what became of a link. */
const KEPT_MS = 90 * 86_400_000;
const ACTING = { actor: { type: "system", id: "links" }, source: SYSTEM_SOURCE } as const;

/**
 * Writes down which links time has ended, and with that what they open is gone; forgets those that ended 90 days ago. Nobody waits for
 * this: a link that is over opens nothing, also before. pg errors pass through.
 */
export async function expireLinks({ act, database, clock }: Pick<DeliveryPorts, "act" | "database" | "clock">) {
  const due = () => database.transaction(PLATFORM, (tx) => hasDueLinks(tx, new Date(clock.wall())));
  for (let more = await due(); more; ) {
    const { value: ended } = await act<number>(ACTING, PLATFORM, async (unit) => {
      const links = await endDueLinks(unit.tx, unit.now, AT_ONCE);
      if (links.length === 0) unit.foundDone();
      for (const link of links) {
        const after = { state: "expired", key: link.key, version: link.version };
        unit.audits({ action: "link.expired", ...aboutLink(link), before: { state: "open" }, after });
      }
      return links.length;
    });
    more = ended === AT_ONCE;
  }
  const before = new Date(clock.wall() - KEPT_MS);
  for (let more = true; more; ) {
    more = (await database.transaction(PLATFORM, (tx) => deleteEndedLinks(tx, before, AT_ONCE))) === AT_ONCE;
  }
}
