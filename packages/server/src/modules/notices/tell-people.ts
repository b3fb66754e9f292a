import type { Tx } from "../../db/index.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { KeptEvent } from "../../kernel/outbox.ts";
import { KIND_OF_EVENT, NOTICE_KINDS, type NoticeKind } from "./notice-kind.ts";
import { gatherMails, insertMailEvents } from "./queries/mails.ts";
import { type KeyPeople, type Person, selectKeyPeople, selectPeople } from "./queries/people.ts";

interface TellPorts {
  readonly ids: Ids;
  /** Mails wait so long for more that is to be told, in milliseconds. */
  readonly gatherMs: number;
}

interface Told {
  readonly person: Person;
  readonly event: string;
}

/** Puts events into the mails of those whom they concern. */
export async function tellPeople(
  { ids, gatherMs }: TellPorts,
  tx: Tx,
  events: readonly KeptEvent[],
  now: Date,
): Promise<void> {
  const byKind = Map.groupBy(events, ({ type }) => KIND_OF_EVENT[type]);
  const told: Told[] = [];
  for (const kind of NOTICE_KINDS) told.push(...(await concerned(tx, kind, byKind.get(kind) ?? [])));
  const people = new Map(told.map(({ person }) => [person.id, person]));
  const gathering = { now, dueAt: new Date(now.getTime() + gatherMs), makeId: () => ids.make("mail") };
  const mails = await gatherMails(tx, [...people.values()], gathering);
  await insertMailEvents(
    tx,
    told.map(({ person, event }) => ({ mail: mails.get(person.id) ?? "", account: person.account, event })),
  );
}

async function concerned(tx: Tx, kind: NoticeKind, events: readonly KeptEvent[]): Promise<Told[]> {
  if (events.length === 0) return [];
  const keys = await selectKeyPeople(tx, [...new Set(events.flatMap((event) => keyOf(event) ?? []))]);
  const named = [
    ...[...keys.values()].flatMap(({ createdBy, owner }) => [createdBy, ...(owner === null ? [] : [owner])]),
    ...events.flatMap(membersOf),
  ];
  const accounts = [...new Set(events.flatMap(({ account }) => account ?? []))];
  const people = await selectPeople(tx, kind, accounts, [...new Set(named)]);
  const ofAccount = Map.groupBy(people, ({ account }) => account);
  return events.flatMap((event) => {
    const theirs = ofAccount.get(event.account ?? "") ?? [];
    const whose = whom(event, kind, theirs, keys.get(keyOf(event) ?? ""));
    return whose.filter(({ wants }) => wants).map((person) => ({ person, event: event.id }));
  });
}

function whom(
  event: KeptEvent,
  kind: NoticeKind,
  people: readonly Person[],
  key: KeyPeople | undefined,
): readonly Person[] {
  const admins = people.filter(({ admin }) => admin);
  if (kind === "budget") return admins;
  // What waits for the platform is told to those who work there by webhook.
  if (event.type === "approval.requested") return fieldOf(event, "approver") === "account" ? admins : [];
  if (key === undefined) return [];
  // Whoever could abuse it may be the one who made the key, and whoever made it may be gone: others are told as well.
  if (kind === "reveal" || kind === "expiry") {
    return people.filter(({ id, admin }) => admin || id === key.createdBy || id === key.owner);
  }
  const own = people.filter(({ id }) => id === key.createdBy || id === key.owner);
  const dependants = new Set(membersOf(event));
  return [...new Set([...(own.length > 0 ? own : admins), ...people.filter(({ id }) => dependants.has(id))])];
}

const keyOf = (event: KeptEvent): string | null => fieldOf(event, "key");

/** Dependants whom an event names by their ids. */
function membersOf({ payload }: KeptEvent): string[] {
  const value: unknown = typeof payload === "object" && payload !== null ? Reflect.get(payload, "members") : null;
  return Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
}

function fieldOf({ payload }: KeptEvent, name: string): string | null {
  const value: unknown = typeof payload === "object" && payload !== null ? Reflect.get(payload, name) : null;
  return typeof value === "string" ? value : null;
}
