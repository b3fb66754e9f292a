import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import { SYSTEM_SOURCE, type Unit } from "../../kernel/act.ts";
import { insertEvents } from "../../kernel/outbox.ts";
import { findIdle, holdIdle, type IdleKey, revokeHeld, suspendHeld } from "../keys/index.ts";
import { dormancyActs } from "../policies/index.ts";
import { isAhead, knownUntil, usesOfKeys, writtenOf } from "../traffic/index.ts";
import {
  type DormancyWalk,
  holdWalk,
  removeNotices,
  removeOpenNotices,
  saveWalk,
  selectNotices,
  writeNotices,
} from "./dormancy.store.ts";
import { type DormancyStep, stepDormancy } from "./dormancy.ts";
import type { DormancyPorts } from "./ports.ts";

const ACTING = { actor: { type: "system", id: "policies" }, source: SYSTEM_SOURCE } as const;
/** Keys of one transaction, and transactions before others have their turn. */
const PAGE = 500;
const PAGES_AT_ONCE = 20;
/** Notices that are taken back at once. */
const AT_ONCE = 5_000;
const GAP_MS = 6 * 3_600_000;
/** Walks over all keys begin so often. */
const WALK_MS = 3_600_000;

/**
 * Carries out what policies say of dormant keys: all keys are walked over, a page at a time by whichever node comes by. First their people are
 * told, and when the time of the notice has come, keys are suspended or revoked, in force everywhere, unless they were used meanwhile. A page,
 * its acts and how far the walk has come commit together, so that who goes on after a crash takes no key twice and leaves none out. pg errors
 * pass through.
 */
export async function watchDormancy(ports: DormancyPorts): Promise<void> {
  for (let page = 0; page < PAGES_AT_ONCE; page += 1) if (!(await watchPage(ports))) return;
}

interface Found extends IdleKey {
  readonly step: DormancyStep;
}

/** False where there is nothing more to do now. */
async function watchPage(ports: DormancyPorts): Promise<boolean> {
  const { act, database, clock, logger } = ports;
  const now = new Date(clock.wall());
  const due = await begin(database, now, () =>
    logger.warn({}, "this node's clock is ahead of the database's: nothing is done about dormant keys"),
  );
  if (due === null) return false;
  const page = await database.transaction(PLATFORM, async (tx) => {
    const walk = await holdPage(tx, due, now);
    if (walk === null) return null;
    const { keys, last } = await findIdle(tx, walk.afterId, PAGE, now);
    const found = await judge(tx, keys, now);
    const acts = found.flatMap(({ key, step }) => (step.do === "act" ? [key.id] : []));
    if (acts.length > 0) return { last, acts };
    await note({ tx, now }, ports, found);
    await saveWalk(tx, advanced(walk, last, now));
    return { last, acts };
  });
  if (page === null) return false;
  if (page.acts.length === 0) return page.last !== null;
  await act(ACTING, PLATFORM, async (unit) => {
    // Keys before the row, which no other act takes with a key in hand.
    const held = new Map((await holdIdle(unit.tx, page.acts, now)).map((each) => [each.key.id, each]));
    const walk = await holdPage(unit.tx, due, now);
    if (walk === null) return unit.foundDone();
    const { keys, last } = await findIdle(unit.tx, walk.afterId, PAGE, now);
    const found = await judge(
      unit.tx,
      keys.flatMap((each) => (page.acts.includes(each.key.id) ? (held.get(each.key.id) ?? []) : each)),
      now,
    );
    await note(unit, ports, found);
    const ended = await end(unit, found, held);
    await saveWalk(unit.tx, advanced(walk, last, now));
    if (ended === 0) unit.foundDone();
  });
  return page.last !== null;
}

/** The walk, held, where nobody else has gone on with it meanwhile, and this node's clock does not run ahead. */
async function holdPage(tx: Tx, { beganAt, afterId }: DormancyWalk, now: Date): Promise<DormancyWalk | null> {
  const held = await holdWalk(tx);
  if (held !== null && isAhead(now.getTime(), held.databaseNow)) return null;
  const same = held?.walk.beganAt.getTime() === beganAt.getTime() && held.walk.afterId === afterId;
  return held !== null && same && held.walk.endedAt === null ? held.walk : null;
}

const advanced = (walk: DormancyWalk, last: string | null, now: Date): DormancyWalk =>
  last === null ? { ...walk, endedAt: now } : { ...walk, afterId: last };

/** The walk to go on with, begun where it is time. Null: not now, or no policy wants more than a flag. */
function begin(database: Database, now: Date, warn: () => void): Promise<DormancyWalk | null> {
  return database.transaction(PLATFORM, async (tx) => {
    const held = await holdWalk(tx);
    if (held === null) return null;
    const { walk, walkedAt, databaseNow } = held;
    const since = now.getTime() - walk.beganAt.getTime();
    if (walk.endedAt !== null && since < WALK_MS) return null;
    if (isAhead(now.getTime(), databaseNow)) {
      warn();
      return null;
    }
    // Nobody has looked for long: there was no service, or it is a restored one. Who was told then may have used the key since.
    const blind = databaseNow.getTime() - walkedAt.getTime() > GAP_MS;
    const wanted = await dormancyActs(tx);
    if ((blind || !wanted) && (await removeOpenNotices(tx, AT_ONCE))) return null;
    const begun = blind || walk.endedAt !== null ? { beganAt: now, afterId: "", endedAt: null } : walk;
    await saveWalk(tx, wanted ? begun : { ...begun, endedAt: now });
    return wanted ? begun : null;
  });
}

/** What is to be done with each of these keys. */
async function judge(tx: Tx, keys: readonly IdleKey[], now: Date): Promise<readonly Found[]> {
  const names = keys.map(({ key }) => key.id);
  const uses = new Map((await usesOfKeys(tx, names)).map((use) => [use.key, use.lastUsedAt]));
  const notices = await selectNotices(tx, names);
  // What nobody has written yet may be a use; where no node tells, nobody knows.
  const until = knownUntil(await writtenOf(tx), now.getTime());
  if (until === null) return [];
  return keys.map((each) => {
    const { key, dormancy, usable } = each;
    const known = { lastUsedAt: uses.get(key.id) ?? null, notice: notices.get(key.id) ?? null };
    return { ...each, step: stepDormancy({ ...dormancy, ...known, usable, resumedAt: key.stateAt }, until) };
  });
}

/** Takes back notices of what was used, and gives new ones. */
async function note(
  { tx, now }: Pick<Unit, "tx" | "now">,
  { ids }: DormancyPorts,
  found: readonly Found[],
): Promise<void> {
  const used = found.filter(({ step }) => step.do === "forget");
  await removeNotices(
    tx,
    used.map(({ key }) => key.id),
  );
  const told = found.flatMap(({ step, ...each }) => (step.do === "notify" ? [{ ...each, step }] : []));
  await writeNotices(
    tx,
    told.map(({ key: { id, account }, step: { action, actsAt } }) => ({
      ...{ key: id, account, action, noticedAt: now, actsAt, actedAt: null },
    })),
  );
  const events = told.map(({ key: { id, account }, dormancy: { days }, step: { action, actsAt } }) => ({
    ...{ id: ids.make("out"), type: "key.dormant", account, createdAt: now },
    payload: { key: id, days, action, actsAt: actsAt.toISOString() },
  }));
  if (events.length > 0) await insertEvents(tx, events);
}

/** Suspends or revokes those whose time has come. Returns how many. */
async function end(unit: Unit, found: readonly Found[], held: ReadonlyMap<string, IdleKey>): Promise<number> {
  // By account, as everybody does who changes keys of many.
  const placeOf = ({ key }: IdleKey): string => `${key.account} ${key.id}`;
  const over = found
    .flatMap(({ step, ...each }) => (step.do === "act" && held.has(each.key.id) ? [{ ...each, step }] : []))
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  for (const { key, dormancy, step } of over) {
    const words = `Not used for ${dormancy.days} days, nor for ${dormancy.noticeDays} days after notice: as its policy says.`;
    if (step.action === "revoke") await revokeHeld(unit, key, { reason: "unused", comment: words });
    else await suspendHeld(unit, key, words);
  }
  const acted = { noticedAt: unit.now, actsAt: unit.now, actedAt: unit.now };
  await writeNotices(
    unit.tx,
    over.map(({ key: { id, account }, step: { action } }) => ({ key: id, account, action, ...acted })),
  );
  return over.length;
}
