import type { KeptEvent } from "../../kernel/outbox.ts";

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "?");
const because = (reason: unknown): string => (typeof reason === "string" && reason !== "" ? `: ${reason}` : "");

const until = (time: unknown): string => (typeof time === "string" ? ` until ${time}` : " no more");

/** What became possible, or was done, by an approval of this kind. */
const APPROVED: Readonly<Record<string, string>> = {
  create: "who asked for it may claim",
  rotate: "who asked for it may claim the new version of",
  update: "changed is",
};
const ASKED: Readonly<Record<string, string>> = {
  create: "A new key",
  rotate: "A rotation that ends the old version of a key at once",
  update: "A change of a key",
};

type Data = Readonly<Record<string, unknown>>;

const SENTENCES: Readonly<Record<string, (data: Data) => string>> = {
  "account.closed": ({ account, eraseAt }) =>
    `The account ${text(account)} was closed for good; what is known of its people is kept${until(eraseAt)}.`,
  "account.created": ({ account }) => `The account ${text(account)} was created.`,
  "account.erased": ({ account }) => `What was known of the people of the account ${text(account)} was erased.`,
  "account.resumed": ({ account }) => `The keys of the account ${text(account)} work again.`,
  "account.suspended": ({ account, reason }) =>
    `Every key of the account ${text(account)} is refused until it is resumed${because(reason)}.`,
  "approval.approved": ({ approval, key, kind }) =>
    `The request ${text(approval)} was approved: ${APPROVED[text(kind)] ?? "?"} the key ${text(key)}.`,
  "approval.denied": ({ approval, key }) => `The request ${text(approval)} about the key ${text(key)} was denied.`,
  "approval.expired": ({ approval, key }) =>
    `The time of the request ${text(approval)} about the key ${text(key)} is over.`,
  "approval.requested": ({ approval, key, kind, approver }) =>
    `${ASKED[text(kind)] ?? "?"}, ${text(key)}, waits for ${approver === "staff" ? "the platform" : "an owner or admin of the account"}: ${text(approval)}.`,
  "budget.crossed": ({ account, key, measure, percent, spent, amount, period }) =>
    `${text(percent)} % of the budget of ${text(key ?? account)} for ${text(period)} is spent: ${text(spent)} of ${text(amount)} ${text(measure)}.`,
  "drill.finished": ({ drill, passed, failedAt }) =>
    passed === true ? `The drill ${text(drill)} passed.` : `The drill ${text(drill)} failed at ${text(failedAt)}.`,
  "hand-over.offered": ({ handOver, key, version }) =>
    `The secret of version ${text(version)} of the key ${text(key)} waits to be claimed: ${text(handOver)}.`,
  "key.created": ({ key }) => `The key ${text(key)} was created.`,
  "key.resumed": ({ key }) => `The key ${text(key)} works again.`,
  "key.revoked": ({ key, reason }) => `The key ${text(key)} was revoked for good${because(reason)}.`,
  "key.dormant": ({ key, days, action, actsAt }) =>
    `The key ${text(key)} was not used for ${text(days)} days: ${action === "revoke" ? "it is revoked" : "it is suspended"} at ${text(actsAt)}, unless it is used again.`,
  "key.revealed": ({ key, version, reason }) =>
    `The secret of version ${text(version)} of the key ${text(key)} was revealed${because(reason)}.`,
  "key.suspended": ({ key, reason }) => `The key ${text(key)} is refused until it is resumed${because(reason)}.`,
  "key.throttled": ({ key, amount, per, until: end, reason }) =>
    `The key ${text(key)} is held to ${text(amount)} requests per ${text(per)}${until(end)}${because(reason)}.`,
  "key.unthrottled": ({ key }) => `The key ${text(key)} is throttled no more.`,
  "key.updated": ({ key, fields }) =>
    `The key ${text(key)} was changed${Array.isArray(fields) && fields.length > 0 ? `: ${fields.map(text).join(", ")}` : ""}.`,
  "bulk-act.finished": ({ bulkAct }) => `The act ${text(bulkAct)} on many keys is done.`,
  "member.offboarded": ({ member, owned }) => `The member ${text(member)} has left; they owned ${text(owned)} keys.`,
  "keys.imported": ({ import: name }) => `The import ${text(name)} is done.`,
  "keys.created": ({ keys }) => `${Array.isArray(keys) ? keys.length : "Several"} keys were created.`,
  "keys.expiring": ({ account, keys }) => {
    const listed: readonly unknown[] = Array.isArray(keys) ? keys : [];
    const named = listed.slice(0, 10).map((one) => {
      const { key, expiresAt } = (one ?? {}) as Data;
      return `${text(key)} at ${text(expiresAt)}`;
    });
    const more = listed.length > named.length ? ` and ${listed.length - named.length} more` : "";
    return `Keys of the account ${text(account)} will end: ${named.join(", ")}${more}.`;
  },
  "link.locked": ({ link, key }) =>
    `The link ${text(link)} to the key ${text(key)} ended after attempts that failed: somebody may have it who should not.`,
  "link.opened": ({ link, key }) => `The link ${text(link)} to the key ${text(key)} was opened.`,
  "metering.closed": ({ period }) => `Metering of ${text(period)} is closed.`,
  "rotation.acknowledged": ({ key, to, waiting }) =>
    `Somebody who depends on the key ${text(key)} uses version ${text(to)}; ${text(waiting)} are still waited for.`,
  "rotation.cancelled": ({ key }) => `The rotation of the key ${text(key)} was cancelled.`,
  "rotation.confirmed": ({ key, to }) => `Version ${text(to)} of the key ${text(key)} is in use, somebody says.`,
  "rotation.extended": ({ key, from, oldEndsAt }) =>
    `Version ${text(from)} of the key ${text(key)} works${until(oldEndsAt)}.`,
  "rotation.finished": ({ key, from }) => `Version ${text(from)} of the key ${text(key)} has ended.`,
  "rotation.seen_in_use": ({ key, to }) => `Version ${text(to)} of the key ${text(key)} was used for the first time.`,
  "rotation.started": ({ key, from, to, oldEndsAt }) =>
    `The key ${text(key)} has a new version, ${text(to)}; version ${text(from)} works${until(oldEndsAt)}.`,
  "schedule.held": ({ key, because, detail }) =>
    `The key ${text(key)} is not rotated by its schedule for now: ${text(detail ?? because)}.`,
  "split.caller_found": ({ key, caller }) =>
    `The key ${text(key)}, which is being split, is used by ${text(caller)} too.`,
  "split.cancelled": ({ key }) => `The key ${text(key)} is no longer being split.`,
  "split.finished": ({ key }) => `The key ${text(key)} is revoked: each of its callers has one of its own.`,
  "split.started": ({ key, callers }) => `The key ${text(key)} is being split among ${text(callers)} callers.`,
  "store.delivered": ({ store, key, version }) =>
    `The store ${text(store)} has version ${text(version)} of the key ${text(key)}.`,
  "store.failed": ({ store, key, version }) =>
    `The store ${text(store)} did not take version ${text(version)} of the key ${text(key)}.`,
  "view.gained": ({ view, gained, total }) =>
    `The view ${text(view)} has ${text(gained)} more of its ${text(total)} keys.`,
  "webhook.disabled": ({ webhook, reason }) =>
    reason === "gone"
      ? `The webhook ${text(webhook)} is disabled: its address says that it is gone.`
      : `The webhook ${text(webhook)} is disabled: nothing was accepted for two days.`,
  "webhook.test": ({ webhook }) => `This is a test of the webhook ${text(webhook)}.`,
};

/** An event as one sentence for people, by its payload alone. */
export function sentenceOf({ type, payload }: Pick<KeptEvent, "type" | "payload">): string {
  const data = typeof payload === "object" && payload !== null ? (payload as Data) : {};
  return SENTENCES[type]?.(data) ?? `${type}${typeof data.key === "string" ? ` of the key ${data.key}` : ""}.`;
}
