import { atLeastAsStrict, ClavigerError, type PolicyBody, RISKS } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Unit } from "../../kernel/act.ts";
import { type Enforcement, type PolicyChange, subjectOfChange } from "./policy.ts";
import type { PoliciesPorts } from "./ports.ts";
import { countEnforcements, insertEnforcement } from "./queries/enforcements.ts";

/** How a stricter policy comes to the keys there are. */
export interface Tightening {
  /** Days, at least one: no key ends sooner by it. */
  readonly graceDays: number;
  /** How many keys end sooner by it, as whoever asks knows; needed for more than `MOST_UNASKED`. */
  readonly confirm?: number | undefined;
}

const DAY_MS = 86_400_000;
const MOST_UNASKED = 20;

export function graceEnd(now: Date, { graceDays }: Pick<Tightening, "graceDays">): Date {
  return new Date(now.getTime() + graceDays * DAY_MS);
}

/** Whether keys may live less long by what a body says in place of another one; where one says nothing, others may say anything. */
export function mayTighten(before: PolicyBody, after: PolicyBody): boolean {
  return [undefined, ...RISKS].some((risk) => {
    const [was, is] = [before, after].map((body) => (risk === undefined ? body : body.risks?.[risk])?.maxLifetimeDays);
    if (was === is) return false;
    return was === undefined || is === undefined || !atLeastAsStrict("maxLifetimeDays", was, is);
  });
}

/** That a change ends no more keys than is known to whoever asks for it, as policies were then. */
export interface Confirmed {
  readonly change: PolicyChange;
  readonly tightening: Tightening;
  /** Changes that were carried to keys until the keys were counted; null where they were not. */
  readonly begun: number | null;
}

/**
 * To be called before the act: many keys end only where their number is given (E8). `tightens`: whether keys may end by it, as policies are
 * now. Throws CONFIRMATION_REQUIRED, with the number.
 */
export async function confirmTightening(
  { database, clock, countEnding }: Pick<PoliciesPorts, "database" | "clock" | "countEnding">,
  change: PolicyChange,
  tightening: Tightening,
  tightens: boolean,
): Promise<Confirmed> {
  if (!tightens) return { change, tightening, begun: null };
  const begun = await database.transaction(PLATFORM, countEnforcements);
  const ending = await countEnding(change, graceEnd(new Date(clock.wall()), tightening));
  if (ending <= MOST_UNASKED || tightening.confirm === ending) return { change, tightening, begun };
  throw new ClavigerError("CONFIRMATION_REQUIRED", {
    publicDetail: `${ending.toLocaleString("en-US")} keys would end sooner: type the number back as \`confirm\`.`,
    extra: { confirm: ending },
  });
}

/**
 * To be called with policies locked: whoever makes a key from then on is under the new ones, and all others are found. Throws CONFLICT where
 * another change has begun since the keys were counted: together they may end keys that neither ends alone.
 */
export async function beginEnforcement(
  unit: Unit,
  ids: PoliciesPorts["ids"],
  { change, tightening, begun }: Confirmed,
): Promise<Enforcement> {
  if (begun !== (await countEnforcements(unit.tx)))
    throw new ClavigerError("CONFLICT", {
      publicDetail: "Another policy has just been changed. Look at what this change does, and decide again.",
    });
  const started = {
    ...{ id: ids.make("enf"), subject: subjectOfChange(change) },
    ...{ graceUntil: graceEnd(unit.now, tightening), startedAt: unit.now },
  };
  await insertEnforcement(unit.tx, started);
  return { ...started, looked: 0, shortened: 0, superseded: false, finishedAt: null };
}

/** What an audit event says of it. */
export function shownEnforcement(enforcement: Enforcement | null): object {
  if (enforcement === null) return {};
  return { enforcement: { id: enforcement.id, graceUntil: enforcement.graceUntil.toISOString() } };
}
