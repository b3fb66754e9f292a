/** How often a customer calls, through days and weeks. */
import type { SeededRandom } from "@claviger/testkit";

/** A moment of the simulated time, at which everybody calls who calls then. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** UTC dates before the last one. */
  readonly daysAgo: number;
  /** Of the UTC day. */
  readonly hour: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

/** How many requests at a moment. */
export type Season = (moment: Moment, random: SeededRandom) => number;

const isWeekend = ({ weekday }: Moment): boolean => weekday === 0 || weekday === 6;

/** About so many while people work, a few in the evening, none at night; little at weekends. */
export function businessHours(most: number): Season {
  return (moment, random) => {
    const { hour } = moment;
    if (hour < 7 || hour > 20) return 0;
    const day = isWeekend(moment) ? 0.2 : 1;
    const share = hour >= 9 && hour <= 17 ? 1 : 0.3;
    return Math.round(most * day * share * (0.7 + random.int(600) / 1_000));
  };
}

/** A job of the night from Friday to Saturday. */
export function weekendBatch(requests: number): Season {
  return ({ weekday, hour }) => (weekday === 6 && hour < 6 ? requests : 0);
}

export function always(requests: number): Season {
  return () => requests;
}

/** Once a day, at the first moment from that hour on that every day has. */
export function daily(hour: number, requests: number): Season {
  return (moment) => (moment.hour === hour ? requests : 0);
}

export function onDays(days: readonly number[], requests: number): Season {
  return ({ daysAgo }) => (days.includes(daysAgo) ? requests : 0);
}

/** That season for dates from so many to so many days ago. */
export function between(from: number, to: number, season: Season): Season {
  return (moment, random) => (moment.daysAgo <= from && moment.daysAgo >= to ? season(moment, random) : 0);
}
