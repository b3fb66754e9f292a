import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import { holdUndispatched, type KeptEvent, markDispatched } from "../../kernel/outbox.ts";
import type { MailPorts } from "./ports.ts";
import { insertDeliveries } from "./queries/deliveries.ts";
import { selectListeners } from "./queries/webhooks.ts";
import { tellPeople } from "./tell-people.ts";
import { wants } from "./webhook.ts";

interface DispatchPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly mail: Pick<MailPorts, "gatherMs"> | null;
}

const AT_ONCE = 200;

/**
 * Makes deliveries of every event that acts have left, for everybody who is to be told. Each event is dispatched once, whichever nodes
 * look: its row is held while deliveries are made, and marked in the same transaction. pg errors pass through.
 */
export async function dispatchEvents(ports: DispatchPorts): Promise<number> {
  let dispatched = 0;
  for (;;) {
    const count = await ports.database.transaction(PLATFORM, (tx) => dispatchSome(ports, tx));
    dispatched += count;
    if (count < AT_ONCE) return dispatched;
  }
}

async function dispatchSome({ clock, ids, mail }: DispatchPorts, tx: Tx): Promise<number> {
  const events = await holdUndispatched(tx, AT_ONCE);
  if (events.length === 0) return 0;
  const now = new Date(clock.wall());
  await tellWebhooks(tx, events, ids, now);
  if (mail !== null) await tellPeople({ ids, gatherMs: mail.gatherMs }, tx, events, now);
  await markDispatched(
    tx,
    events.map(({ id }) => id),
    now,
  );
  return events.length;
}

async function tellWebhooks(tx: Tx, events: readonly KeptEvent[], ids: Ids, now: Date): Promise<void> {
  const accounts = [...new Set(events.flatMap(({ account }) => (account === null ? [] : [account])))];
  const listeners = await selectListeners(tx, accounts);
  const made = events.flatMap((event) =>
    listeners
      .filter((webhook) => wants(webhook, event))
      .map(({ id, account }) => ({
        ...{ id: ids.make("dlv"), webhook: id, account, event: event.id, type: event.type, repeat: 0 },
      })),
  );
  await insertDeliveries(tx, made, now);
}
