import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import { type Act, SYSTEM_SOURCE, type Unit } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import { loadCatalogue } from "../catalogue/index.ts";
import {
  advanceEnforcement,
  findOpenEnforcement,
  type OpenEnforcement,
  readBook,
  selectGraces,
} from "../policies/index.ts";
import { createJudge } from "./judge-key.ts";
import { type Key, keySubject } from "./key.ts";
import { saveExpiries } from "./keys.store.ts";
import { holdLivingKeys, type LivingKey, selectLivingKeys } from "./queries/living-keys.ts";

export interface EnforcePorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
}

/** Keys that one transaction looks at. */
const PAGE = 500;
/** Then others have their turn, and a node that stops is not kept. */
const PAGES_AT_ONCE = 20;
const ACTING = { actor: { type: "system", id: "policies" }, source: SYSTEM_SOURCE } as const;

/**
 * Carries policies that became stricter to the keys there are: keys that live longer than they may end at their latest, but not before
 * the grace does. To be called by every node every so often. A page of keys, its audit events, its change and how far it has come
 * commit together, so that whoever goes on after a crash, here or on another node, takes no key twice and leaves none out.
 */
export async function enforcePolicies(ports: EnforcePorts): Promise<void> {
  for (let page = 0; page < PAGES_AT_ONCE; page += 1) {
    const open = await ports.database.transaction(PLATFORM, findOpenEnforcement);
    if (open === null) return;
    await enforcePage(ports, open);
  }
}

async function enforcePage({ act, database, clock }: EnforcePorts, open: OpenEnforcement): Promise<void> {
  const now = new Date(clock.wall());
  const [kind = "", name = ""] = splitOnce(open.subject);
  const filter = {
    account: kind === "account" ? name : null,
    environment: kind === "environment" ? name : null,
    // A key that ends before its grace does is none of those that end sooner.
    endingAfter: open.graceUntil > now ? open.graceUntil : now,
  };
  const { living, due } = await database.transaction(PLATFORM, async (tx) => {
    const found = await selectLivingKeys(tx, filter, open.afterKey, PAGE);
    return { living: found, due: [...(await endsOf(tx, found, open, now)).keys()] };
  });
  const page = { lastKey: living.length < PAGE ? null : (living.at(-1)?.key.id ?? null), looked: living.length };
  if (due.length === 0) {
    await database.transaction(PLATFORM, (tx) => advanceEnforcement(tx, open, { ...page, shortened: 0 }, now));
    return;
  }
  await act(ACTING, PLATFORM, async (unit) => {
    // Keys before the row, which no other act takes with a key in hand.
    const held = await holdLivingKeys(
      unit.tx,
      due.map(({ key }) => key.id),
      filter.endingAfter,
    );
    const ends = await endsOf(unit.tx, held, open, unit.now);
    if (!(await advanceEnforcement(unit.tx, open, { ...page, shortened: ends.size }, unit.now)))
      return unit.foundDone();
    if (ends.size === 0) return unit.foundDone();
    await shorten(unit, ends, open);
  });
}

async function shorten(
  unit: Unit,
  ends: ReadonlyMap<LivingKey, Date>,
  { id, subject }: OpenEnforcement,
): Promise<void> {
  await saveExpiries(
    unit.tx,
    [...ends].map(([{ key }, expiresAt]) => ({ id: key.id, expiresAt })),
    unit.now,
  );
  for (const [{ key }, expiresAt] of ends) {
    unit.audits({
      ...{ action: "key.updated", account: key.account, target: { type: "key", id: key.id } },
      before: { expiresAt: shownTime(key) },
      after: { expiresAt: expiresAt.toISOString(), enforcement: { id, subject } },
    });
    unit.narrows(keySubject(key.id));
    unit.emits({ type: "key.updated", account: key.account, payload: { key: key.id, fields: ["expiresAt"] } });
  }
}

const shownTime = ({ expiresAt }: Key): string | null => expiresAt?.toISOString() ?? null;

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(":");
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Of these keys, those that live longer than they may by the policies in force, with their ends, after every grace that may be theirs. */
async function endsOf(
  tx: Tx,
  living: readonly LivingKey[],
  { graceUntil }: OpenEnforcement,
  now: Date,
): Promise<ReadonlyMap<LivingKey, Date>> {
  const accounts = [...new Set(living.map(({ key }) => key.account))];
  const book = await readBook(
    tx,
    accounts,
    living.map(({ key }) => key.id),
  );
  const judge = createJudge(book, await loadCatalogue(tx, "refuse"), await selectGraces(tx, now));
  // Never the past: a key that is to end now is ended by an act, and not by a time.
  const grace = new Date(Math.max(now.getTime() + LEAST_GRACE_MS, graceUntil.getTime()));
  return new Map(
    living.flatMap((each): [LivingKey, Date][] => {
      const end = judge.endOf(each, grace);
      return end === null ? [] : [[each, end]];
    }),
  );
}

/** Where a node comes to a key only after the grace is over, as after a long outage. */
const LEAST_GRACE_MS = 86_400_000;
