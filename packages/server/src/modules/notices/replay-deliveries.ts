import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import type { KeptEvent } from "../../kernel/outbox.ts";
import { type Page, pageOf } from "../../kernel/page.ts";
import type { NoticesPorts } from "./ports.ts";
import { insertDeliveries, nextRepeats, requireDelivery } from "./queries/deliveries.ts";
import { selectSpan } from "./queries/outbox.ts";
import { requireWebhook } from "./queries/webhooks.ts";
import { disabled } from "./test-webhook.ts";
import type { Webhook } from "./webhook.ts";

export type ReplayInput =
  | { readonly delivery: string }
  | { readonly from: Date; readonly to: Date; readonly cursor: string | undefined };

export interface Replay {
  readonly replayed: number;
  /** Where the next call goes on; null where all of the span is on its way. */
  readonly nextCursor: string | null;
}

/** Events of one call. */
const AT_ONCE = 1_000;

/**
 * Sends one delivery again, or every event of a span of time that the webhook would be told now, whether it was delivered before or
 * not. What was sent before keeps its webhook-id, so that a receiver that has it can tell. Throws NOT_FOUND, STATE_CONFLICT where the
 * webhook is disabled, INVALID_CURSOR.
 */
export function replayDeliveries(
  { act, ids }: Pick<NoticesPorts, "act" | "ids">,
  acting: Acting<Replay>,
  id: string,
  input: ReplayInput,
): Promise<Done<Replay>> {
  return act(acting, PLATFORM, async (unit) => {
    const webhook = await requireWebhook(unit.tx, id, true);
    if (webhook.status === "disabled") throw disabled();
    const page = await eventsOf(unit.tx, webhook, input);
    const events = page.data.map((event) => event.id);
    const repeats = await nextRepeats(unit.tx, id, events);
    const made = page.data.map((event) => ({
      ...{ id: ids.make("dlv"), webhook: id, account: webhook.account, event: event.id, type: event.type },
      repeat: repeats.get(event.id) ?? 0,
    }));
    await insertDeliveries(unit.tx, made, unit.now);
    const asked = "delivery" in input ? input : { from: input.from, to: input.to };
    unit.audits({
      action: "webhook.replayed",
      account: webhook.account,
      target: { type: "webhook", id },
      after: { ...asked, replayed: made.length },
    });
    return { replayed: made.length, nextCursor: page.nextCursor };
  });
}

type Event = Pick<KeptEvent, "id" | "type" | "account" | "createdAt">;

async function eventsOf(tx: Tx, webhook: Webhook, input: ReplayInput): Promise<Page<Event>> {
  if ("delivery" in input) {
    const { event, type, createdAt } = await requireDelivery(tx, webhook.id, input.delivery);
    return { data: [{ id: event, type, account: webhook.account, createdAt }], nextCursor: null };
  }
  const order = {
    sort: `replay ${input.from.toISOString()} ${input.to.toISOString()}`,
    kinds: ["time?", "string"],
    valuesOf: (row: Event) => [row.createdAt.toISOString(), row.id],
  } as const;
  return pageOf<Event>({ limit: AT_ONCE, cursor: input.cursor }, order, (after, count) =>
    selectSpan(tx, webhook, input, placeOf(after), count),
  );
}

function placeOf(values: readonly unknown[] | null): { readonly at: Date; readonly id: string } | null {
  if (values === null) return null;
  const [at, id] = values;
  if (typeof at !== "string" || typeof id !== "string") throw new ClavigerError("INVALID_CURSOR");
  return { at: new Date(at), id };
}
