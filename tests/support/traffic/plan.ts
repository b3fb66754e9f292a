import type { SeededRandom } from "@claviger/testkit";
import { actTime, momentsOn } from "./calendar.ts";
import type { Caller, Habit, Place } from "./caller.ts";
import { CAST, FORGER } from "./cast.ts";
import type { Moment } from "./season.ts";

export interface PlannedRequest {
  readonly caller: Caller;
  readonly habit: Habit;
  /** Which request of its key it is, from 0. */
  readonly n: number;
}

/** What is done to keys at a time. */
export interface PlannedActs {
  readonly at: number;
  readonly made: readonly Caller[];
  readonly revoked: readonly Caller[];
  /** Whether those who made keys and are to leave leave now. */
  readonly leaving: boolean;
}

export interface PlannedCalls {
  readonly moment: Moment;
  /** Those of one key in their order. */
  readonly requests: readonly PlannedRequest[];
  /** Keys that nobody issued are presented so often, from there. */
  readonly forged: { readonly count: number; readonly from: Place };
}

/** First to last. */
export interface Plan {
  readonly acts: readonly PlannedActs[];
  readonly calls: readonly PlannedCalls[];
}

export interface PlanSize {
  /** Dates before the last one with traffic at each of `hours`. */
  readonly days: number;
  /** 3, 10 and 15 are among them: at these hours customers call who call once a day. */
  readonly hours: readonly number[];
}

/** Dates with a little traffic long ago. */
const LONG_AGO = [200, 100, 60, 40];
const NOON = 10;
/** The last date ends in its hour 10. */
const LAST_HOURS = [1, 7, 10];
const LEAVING_DAYS_AGO = 5;

/** Who calls what at which moment: the same for the same seed. */
export function planTraffic(random: SeededRandom, { days, hours }: PlanSize): Plan {
  const past = LONG_AGO.filter((daysAgo) => daysAgo > days);
  const dates = Array.from({ length: days }, (_, index) => days - index);
  const moments = [...momentsOn(past, [NOON]), ...momentsOn(dates, hours), ...momentsOn([0], LAST_HOURS)];
  const counted = new Map<Caller, number>();
  const calls = moments.map((moment): PlannedCalls => {
    const requests = CAST.flatMap((caller) => requestsOf(caller, moment, random, counted));
    const isDaily = moment.hour === NOON && moment.daysAgo <= days;
    return { moment, requests, forged: { count: isDaily ? FORGER.daily : 0, from: FORGER.from } };
  });
  return { acts: plannedActs(), calls };
}

function requestsOf(
  caller: Caller,
  moment: Moment,
  random: SeededRandom,
  counted: Map<Caller, number>,
): PlannedRequest[] {
  if (moment.at < actTime(caller.madeDaysAgo)) return [];
  const habits = caller.habits(moment);
  const before = counted.get(caller) ?? 0;
  const count = caller.season(moment, random);
  counted.set(caller, before + count);
  return Array.from({ length: count }, (_, index) => {
    const n = before + index;
    const habit = habits[n % habits.length];
    if (habit === undefined) throw new TypeError(`${caller.name} has no habits`);
    return { caller, habit, n };
  });
}

function plannedActs(): PlannedActs[] {
  const days = new Set([LEAVING_DAYS_AGO]);
  for (const { madeDaysAgo, revokedDaysAgo } of CAST) {
    days.add(madeDaysAgo);
    if (revokedDaysAgo !== null) days.add(revokedDaysAgo);
  }
  return [...days]
    .toSorted((a, b) => b - a)
    .map((daysAgo) => ({
      at: actTime(daysAgo),
      made: CAST.filter(({ madeDaysAgo }) => madeDaysAgo === daysAgo),
      revoked: CAST.filter(({ revokedDaysAgo }) => revokedDaysAgo === daysAgo),
      leaving: daysAgo === LEAVING_DAYS_AGO,
    }));
}
