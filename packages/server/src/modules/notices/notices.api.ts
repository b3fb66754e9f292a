import {
  type BodyOf,
  EVENT_TYPES,
  eventSchema,
  eventTypeOperations,
  noticeOperations,
  pick,
  webhookOperations,
} from "@claviger/contract";
import { PLATFORM } from "../../db/index.ts";
import { pageOf } from "../../kernel/page.ts";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import { findAccount } from "../accounts/index.ts";
import { deleteWebhook } from "./delete-webhook.ts";
import type { Delivery } from "./delivery.ts";
import type { Mail } from "./mail.ts";
import type { NoticesPorts } from "./ports.ts";
import { type MemberNotices, putNotices, readNotices } from "./put-notices.ts";
import { type PutWebhook, putWebhook } from "./put-webhook.ts";
import { selectDeliveries } from "./queries/deliveries.ts";
import { selectMails } from "./queries/mails.ts";
import { requireWebhook, selectWebhooks } from "./queries/webhooks.ts";
import { type Replay, type ReplayInput, replayDeliveries } from "./replay-deliveries.ts";
import { rotateSecret } from "./rotate-secret.ts";
import { testWebhook } from "./test-webhook.ts";
import type { Webhook } from "./webhook.ts";

export function noticesRoutes(ports: NoticesPorts): Route[] {
  return [...webhookRoutes(ports), ...deliveryRoutes(ports), eventTypesRoute(), ...peopleRoutes(ports)];
}

function webhookRoutes(ports: NoticesPorts): Route[] {
  const { act, database } = ports;
  const render = async ({ webhook }: PutWebhook) => shownWebhook(webhook);
  return [
    route(pick(webhookOperations, "webhooks.put"), async (call) => {
      const done = await putWebhook(ports, actingOf<PutWebhook>(call, render), call.params.id, call.body);
      const secret = done.value?.secret ?? null;
      return {
        status: secret === null ? 200 : 201,
        body: { ...(done.body as object), secret: secret?.reveal() ?? null },
      };
    }),
    route(pick(webhookOperations, "webhooks.rotate-secret"), async (call) => {
      const acting = actingOf<PutWebhook>(call, render);
      const done = await rotateSecret(ports, acting, call.params.id, call.body.overlapHours);
      return { status: 200, body: { ...(done.body as object), secret: done.value?.secret?.reveal() ?? null } };
    }),
    route(pick(webhookOperations, "webhooks.get"), async (call) => ({
      status: 200,
      body: shownWebhook(await database.transaction(PLATFORM, (tx) => requireWebhook(tx, call.params.id))),
    })),
    route(pick(webhookOperations, "webhooks.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { account: reference, status } = call.query;
        const account = reference === undefined ? null : await findAccount(tx, reference);
        const nobody = reference !== undefined && account === null;
        const order = { sort: "id", kinds: ["string"], valuesOf: (row: Webhook) => [row.id] } as const;
        const page = await pageOf<Webhook>(call.query, order, async (after, count) =>
          nobody
            ? []
            : selectWebhooks(
                tx,
                { account: account?.id ?? null, status },
                after === null ? null : String(after[0]),
                count,
              ),
        );
        return { status: 200, body: { ...page, data: page.data.map(shownWebhook) } };
      }),
    ),
    route(pick(webhookOperations, "webhooks.delete"), async (call) => {
      const acting = actingOf<Webhook>(call, async (webhook) => shownWebhook(webhook));
      return { status: 200, body: (await deleteWebhook(act, acting, call.params.id)).body };
    }),
  ];
}

function deliveryRoutes(ports: NoticesPorts): Route[] {
  const { database } = ports;
  return [
    route(pick(webhookOperations, "webhooks.test"), async (call) => {
      const acting = actingOf<Delivery>(call, async (delivery) => shownDelivery(delivery));
      return { status: 202, body: (await testWebhook(ports, acting, call.params.id)).body };
    }),
    route(pick(webhookOperations, "webhooks.deliveries"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { id } = await requireWebhook(tx, call.params.id);
        const filter = { webhook: id, state: call.query.state, event: call.query.event };
        const order = { sort: "-id", kinds: ["string"], valuesOf: (row: Delivery) => [row.id] } as const;
        const page = await pageOf<Delivery>(call.query, order, (after, count) =>
          selectDeliveries(tx, filter, after === null ? null : String(after[0]), count),
        );
        return { status: 200, body: { ...page, data: page.data.map(shownDelivery) } };
      }),
    ),
    route(pick(webhookOperations, "webhooks.replay"), async (call) => {
      const acting = actingOf<Replay>(call, async (replay) => replay);
      return { status: 202, body: (await replayDeliveries(ports, acting, call.params.id, replayOf(call.body))).body };
    }),
  ];
}

function peopleRoutes({ act, database }: NoticesPorts): Route[] {
  return [
    route(pick(noticeOperations, "notices.get"), async (call) => {
      const { account, member } = call.params;
      return {
        status: 200,
        body: shownNotices(await database.transaction(PLATFORM, (tx) => readNotices(tx, account, member))),
      };
    }),
    route(pick(noticeOperations, "notices.put"), async (call) => {
      const acting = actingOf<MemberNotices>(call, async (notices) => shownNotices(notices));
      return {
        status: 200,
        body: (await putNotices(act, acting, call.params.account, call.params.member, call.body)).body,
      };
    }),
    route(pick(noticeOperations, "notices.list-mails"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { account: reference, state } = call.query;
        const account = reference === undefined ? null : await findAccount(tx, reference);
        const nobody = reference !== undefined && account === null;
        const order = { sort: "-id", kinds: ["string"], valuesOf: (row: Mail) => [row.id] } as const;
        const page = await pageOf<Mail>(call.query, order, async (after, count) =>
          nobody
            ? []
            : selectMails(tx, { account: account?.id ?? null, state }, after === null ? null : String(after[0]), count),
        );
        return { status: 200, body: { ...page, data: page.data.map(shownMail) } };
      }),
    ),
  ];
}

const shownNotices = ({ member, told }: MemberNotices) => ({ member, ...told });

function shownMail({ id, account, member, state, attempts, dueAt, createdAt, endedAt }: Mail) {
  return {
    ...{ id, account, member, state, attempts },
    dueAt: state === "waiting" ? dueAt.toISOString() : null,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

function eventTypesRoute(): Route {
  const data = EVENT_TYPES.map(({ data: schema, ...type }) => ({ ...type, schema: eventSchema(schema) }));
  return route(pick(eventTypeOperations, "event-types.list"), () => ({
    status: 200,
    body: { data, nextCursor: null },
  }));
}

type ReplayBody = BodyOf<Extract<(typeof webhookOperations)[number], { readonly id: "webhooks.replay" }>>;

function replayOf({ delivery, from, to, cursor }: ReplayBody): ReplayInput {
  if (delivery !== undefined) return { delivery };
  return { from: new Date(from ?? 0), to: new Date(to ?? 0), cursor };
}

function shownWebhook(webhook: Webhook) {
  const { id, account, url, format, description, events, status, disabledReason } = webhook;
  const time = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    ...{ id, account, url, format, description, events, status, disabledReason },
    ...{ disabledAt: time(webhook.disabledAt), failingSince: time(webhook.failingSince) },
    formerSecretUntil: time(webhook.formerUntil),
    ...{ createdAt: time(webhook.createdAt), updatedAt: time(webhook.updatedAt) },
  };
}

function shownDelivery({ id, webhook, event, type, repeat, state, attempts, dueAt, createdAt, endedAt }: Delivery) {
  return {
    ...{ id, webhook, event, type, repeat, state, attempts },
    dueAt: state === "waiting" ? dueAt.toISOString() : null,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}
