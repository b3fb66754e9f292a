import { HOUR_MS, type Period, periodOf } from "./period.ts";

/** What one key was used for, as it is told. */
export interface ToldUse {
  readonly key: string;
  readonly account: string;
  readonly environment: string;
  /** When it happened by its own clock, milliseconds since the epoch, no later than now. Of several at once, the last. */
  readonly happenedAt: number;
  readonly code: string;
  readonly requests: number;
  readonly cost: number;
}

/** Sums of one key in one month, as they are added to what was metered. */
export interface MeteredUse {
  readonly key: string;
  readonly account: string;
  readonly environment: string;
  readonly happened: Period;
  readonly counted: Period;
  accepted: number;
  refused: number;
  /** Of what was accepted: what is refused spends nothing. */
  cost: number;
}

/** Adds up what keys were used for, by key and months. */
export class MeterFold {
  readonly #happened = new Months();
  readonly #counted = new Months();
  readonly #rows = new Map<string, MeteredUse>();

  /** `countedAt`: the time under which counts by hour and day have it, milliseconds since the epoch. */
  add({ key, account, environment, happenedAt, code, requests, cost }: ToldUse, countedAt: number): void {
    const [happened, counted] = [this.#happened.of(happenedAt), this.#counted.of(countedAt)];
    const name = `${key} ${happened} ${counted}`;
    let row = this.#rows.get(name);
    if (row === undefined) {
      row = { key, account, environment, happened, counted, accepted: 0, refused: 0, cost: 0 };
      this.#rows.set(name, row);
    }
    if (code === "VALID") {
      row.accepted += requests;
      row.cost += cost;
    } else row.refused += requests;
  }

  /** In one order everywhere, so that two nodes never wait for each other in a circle. */
  sorted(): MeteredUse[] {
    return [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }
}

/** Months of times, most of which are of the same hour. */
class Months {
  #hour = Number.NaN;
  #month: Period = "";

  of(at: number): Period {
    const hour = Math.floor(at / HOUR_MS);
    if (hour !== this.#hour) [this.#hour, this.#month] = [hour, periodOf(at)];
    return this.#month;
  }
}
