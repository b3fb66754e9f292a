/**
 * Notices: what acts announce is told to webhooks, and to people by mail and Slack.
 *
 * Nouns: an event is what an act announced (`unit.emits`); a webhook wants events of some types; a delivery is one event on its way to
 * one receiver; a mail tells one member all that came for them. States: webhook.ts, delivery.ts, mail.ts. Kinds: notice-kind.ts.
 * Invariants: an event is dispatched once, in one transaction with its deliveries; a delivery is tried until it is accepted or two days
 * went by, and never again once that is recorded; an account's webhook is told of that account alone; no receiver holds up another;
 * of the end of a key's version each person is told once for each day of warning.
 * Events out: webhook.disabled, keys.expiring. Events in: all.
 */
export { createNotices, type Notices } from "./create-notices.ts";
export { eraseMails } from "./queries/mails.ts";
