import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Logger } from "../../kernel/log.ts";
import { insertEvents } from "../../kernel/outbox.ts";
import { type ExpiringKey, findExpiring } from "../keys/index.ts";
import { dueWarning } from "./due-warning.ts";
import type { MailPorts } from "./ports.ts";
import {
  EVENTS,
  type ExpiryWalk,
  holdWalk,
  insertWarnings,
  saveWalk,
  selectWarned,
  type WarningRow,
  warnedName,
} from "./queries/expiry-walk.ts";
import { gatherMails } from "./queries/mails.ts";
import { type Person, selectPeople } from "./queries/people.ts";

export interface WarnPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly mail: Pick<MailPorts, "gatherMs"> | null;
}

/** Keys of one transaction, and transactions before others have their turn. */
const PAGE = 1_000;
const PAGES_AT_ONCE = 20;
/** Of one event. */
const KEYS_AT_ONCE = 100;
const DAY_MS = 86_400_000;
/** The earliest warning is a year before; see the contract. */
const HORIZON_MS = 366 * DAY_MS;
/** Walks begin so often, and at each beginning of a day of UTC. */
const WALK_MS = 3_600_000;
/** A node whose clock runs ahead of the database's by more warns of nothing. */
const AHEAD_MS = 10_000;

/**
 * Warns of keys that will end. All keys that may be due are walked over, by their end, a page at a time by whichever node comes by. A
 * page's warnings, its mails, its events and how far the walk is commit together, so that who goes on after a crash warns nobody twice
 * and leaves nobody out. Returns how many keys somebody was warned of. pg errors pass through.
 */
export async function warnExpiry(ports: WarnPorts): Promise<number> {
  let warned = 0;
  for (let page = 0; page < PAGES_AT_ONCE; page += 1) {
    const count = await ports.database.transaction(PLATFORM, (tx) => warnPage(ports, tx));
    if (count === null) return warned;
    warned += count;
  }
  return warned;
}

/** Null where there is nothing to do now. */
async function warnPage(ports: WarnPorts, tx: Tx): Promise<number | null> {
  const now = new Date(ports.clock.wall());
  const held = await holdWalk(tx);
  if (held === null) return null;
  if (now.getTime() > held.databaseNow.getTime() + AHEAD_MS) {
    ports.logger.warn({}, "this node's clock is ahead of the database's: nobody is warned of an expiry");
    return null;
  }
  const walk = underWay(held.walk, now);
  if (walk === null) return null;
  const place = { at: walk.afterAt ?? now, id: walk.afterId ?? "" };
  const found = await findExpiring(tx, place, new Date(now.getTime() + HORIZON_MS), PAGE, now);
  const warned = await warnOf(ports, tx, found, now);
  const last = found.at(-1);
  await saveWalk(tx, {
    ...walk,
    ...{ afterAt: last?.expiresAt ?? walk.afterAt, afterId: last?.key.id ?? walk.afterId },
    endedAt: found.length < PAGE ? now : null,
  });
  return warned;
}

/** The walk to go on with, or a new one where it is time. Null: not yet. */
function underWay(walk: ExpiryWalk, now: Date): ExpiryWalk | null {
  if (walk.endedAt === null) return walk;
  const since = now.getTime() - walk.beganAt.getTime();
  const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS);
  if (since >= 0 && since < WALK_MS && dayOf(now) === dayOf(walk.beganAt)) return null;
  return { beganAt: now, afterAt: null, afterId: null, endedAt: null };
}

interface Due extends ExpiringKey {
  readonly day: number;
}

async function warnOf(ports: WarnPorts, tx: Tx, found: readonly ExpiringKey[], now: Date): Promise<number> {
  const due = found.flatMap((each): Due[] => {
    const { expiresAt, issuedAt, warningDays } = each;
    const times = { expiresAt: expiresAt.getTime(), issuedAt: issuedAt.getTime(), now: now.getTime() };
    const day = dueWarning({ ...times, warningDays });
    return day === null ? [] : [{ ...each, day }];
  });
  if (due.length === 0) return 0;
  const warned = await selectWarned(
    tx,
    due.map(({ key }) => key.id),
  );
  const people = ports.mail === null ? [] : await peopleOf(tx, due);
  const byAccount = Map.groupBy(people, ({ account }) => account);
  const rows = due.flatMap((each) =>
    [EVENTS, ...recipientsOf(each, byAccount.get(each.key.account) ?? [])].flatMap((recipient): WarningRow[] => {
      const row = { ...rowOf(each), recipient };
      // A nearer day was told, by a node whose clock is right or after a time without nodes: this one is not told any more.
      return (warned.get(warnedName(row)) ?? Number.POSITIVE_INFINITY) <= each.day ? [] : [row];
    }),
  );
  if (rows.length === 0) return 0;
  const told = new Set(rows.map(({ recipient }) => recipient));
  const dueAt = new Date(now.getTime() + (ports.mail?.gatherMs ?? 0));
  const mails = await gatherMails(
    tx,
    people.filter(({ id }) => told.has(id)),
    { now, dueAt, makeId: () => ports.ids.make("mail") },
  );
  await insertWarnings(
    tx,
    rows.map((row) => ({ ...row, mail: mails.get(row.recipient) ?? null })),
    now,
  );
  await announce(
    ports,
    tx,
    rows.filter(({ recipient }) => recipient === EVENTS),
    now,
  );
  return new Set(rows.map(({ key }) => key)).size;
}

const rowOf = ({ key, expiresAt, day }: Due) => ({
  ...{ key: key.id, version: key.version, expiresAt, day, account: key.account, mail: null },
});

async function peopleOf(tx: Tx, due: readonly Due[]): Promise<Person[]> {
  const accounts = [...new Set(due.map(({ key }) => key.account))];
  const named = new Set(
    due.flatMap(({ key }) => [key.createdBy, ...(key.ownerMember === null ? [] : [key.ownerMember])]),
  );
  return (await selectPeople(tx, "expiry", accounts, [...named])).filter(({ wants }) => wants);
}

/** `people`: of the key's account. */
function recipientsOf({ key }: Due, people: readonly Person[]): string[] {
  return people.filter(({ id, admin }) => admin || id === key.createdBy || id === key.ownerMember).map(({ id }) => id);
}

/** One event for many keys of an account. */
async function announce({ ids }: WarnPorts, tx: Tx, rows: readonly WarningRow[], now: Date): Promise<void> {
  const events = [...Map.groupBy(rows, ({ account }) => account)].flatMap(([account, theirs]) =>
    chunksOf(theirs, KEYS_AT_ONCE).map((chunk) => ({
      ...{ id: ids.make("out"), type: "keys.expiring", account, createdAt: now },
      payload: {
        account,
        keys: chunk.map(({ key, version, expiresAt, day }) => ({
          ...{ key, version, expiresAt: expiresAt.toISOString(), day },
        })),
      },
    })),
  );
  if (events.length > 0) await insertEvents(tx, events);
}

function chunksOf<T>(rows: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, n) => rows.slice(n * size, (n + 1) * size));
}
