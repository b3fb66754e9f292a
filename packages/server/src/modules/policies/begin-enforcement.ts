import { atLeastAsStrict, ClavigerError, type PolicyBody, RISKS } from "@claviger/core";
import type { Unit } from "../../kernel/act.ts";
import type { Ids } from "../../kernel/ids.ts";
import { type Enforcement, type PolicyChange, subjectOfChange } from "./policy.ts";
import { insertEnforcement } from "./queries/enforcements.ts";

/** How a stricter policy comes to the keys there are. */
export interface Tightening {
  /** Days, at least one: no key ends sooner by it. */
  readonly graceDays: number;
  /** How many keys end sooner by it, as whoever asks knows; needed for more than `MOST_UNASKED`. */
  readonly confirm?: number | undefined;
}

/** Counts the keys that end sooner by a change, with a grace until then. What keys there are is not known here; app.ts hands it in. */
export type CountEnding = (change: PolicyChange, graceUntil: Date) => Promise<number>;

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

/** Many keys end only where their number is given (E8). Throws CONFLICT, with the number. */
export function demandConfirmed(ending: number, { confirm }: Tightening): void {
  if (ending <= MOST_UNASKED || confirm === ending) return;
  throw new ClavigerError("CONFLICT", {
    publicDetail: `${ending} keys would end sooner. To go on, give their number as confirm.`,
    errors: [{ path: "confirm", message: `must be ${ending}, the number of keys that end sooner` }],
    extra: { ending },
  });
}

/** To be called with policies locked: whoever makes a key from then on is under the new ones, and all others are found. */
export async function beginEnforcement(
  unit: Unit,
  ids: Ids,
  change: PolicyChange,
  tightening: Tightening,
): Promise<Enforcement> {
  const begun = {
    ...{ id: ids.make("enf"), subject: subjectOfChange(change) },
    ...{ graceUntil: graceEnd(unit.now, tightening), startedAt: unit.now },
  };
  await insertEnforcement(unit.tx, begun);
  return { ...begun, looked: 0, shortened: 0, finishedAt: null };
}

/** What an audit event says of it. */
export function shownEnforcement(enforcement: Enforcement | null): object {
  if (enforcement === null) return {};
  return { enforcement: { id: enforcement.id, graceUntil: enforcement.graceUntil.toISOString() } };
}
