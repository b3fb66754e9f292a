/** What was sent and what it must have come to, counted without the service. */
import { ANSWERS, type Caller, type Place, SERVICES } from "./caller.ts";
import type { Plan, PlannedRequest } from "./plan.ts";
import { type Outcome, outcomeOf, STATUS } from "./rules.ts";

/** Requests that have everything in common. */
export interface Entry {
  readonly caller: Caller;
  /** The moment, in milliseconds since the epoch. */
  readonly at: number;
  readonly code: Outcome;
  readonly method: string;
  readonly route: string;
  /** Whether a scope names the endpoint, and which. */
  readonly mapped: boolean;
  readonly scope: string | null;
  readonly from: Place;
  readonly product: string | null;
  readonly browser: boolean;
  readonly service: string | null;
  /** Null where nobody tells it. */
  readonly status: number | null;
  requests: number;
  /** Of what was accepted; what is refused spends nothing. */
  cost: number;
}

export type Matching = (entry: Entry) => boolean;

export class Ledger {
  readonly entries: readonly Entry[];
  /** What presented no genuine key, in all. */
  readonly forged: number;
  /** What each request must get, in the order of the plan. */
  readonly outcomes: ReadonlyMap<PlannedRequest, Outcome>;

  constructor({ calls }: Plan) {
    const entries = new Map<string, Entry>();
    const outcomes = new Map<PlannedRequest, Outcome>();
    const spent = new Map<Caller, number>();
    for (const { moment, requests } of calls) {
      for (const request of requests) {
        const { caller, habit } = request;
        const before = spent.get(caller) ?? 0;
        const code = outcomeOf(request, moment.at, before);
        const cost = code === "VALID" ? habit.cost : 0;
        spent.set(caller, before + cost);
        outcomes.set(request, code);
        count(entries, entryOf(request, moment.at, code), cost);
      }
    }
    this.entries = [...entries.values()];
    this.outcomes = outcomes;
    this.forged = calls.reduce((sum, { forged }) => sum + forged.count, 0);
  }

  requests(matching: Matching = () => true): number {
    return this.entries.reduce((sum, entry) => (matching(entry) ? sum + entry.requests : sum), 0);
  }

  cost(matching: Matching = () => true): number {
    return this.entries.reduce((sum, entry) => (matching(entry) ? sum + entry.cost : sum), 0);
  }

  /** Null where there is none. */
  firstAt(matching: Matching): number | null {
    return this.entries.find(matching)?.at ?? null;
  }

  lastAt(matching: Matching): number | null {
    return this.entries.findLast(matching)?.at ?? null;
  }

  /** Different values among the entries, sorted; without null. */
  values(matching: Matching, read: (entry: Entry) => string | null): string[] {
    const found = new Set(this.entries.filter(matching).map(read));
    found.delete(null);
    return [...found].filter((value) => value !== null).toSorted();
  }
}

function entryOf({ habit, caller, n }: PlannedRequest, at: number, code: Outcome): Omit<Entry, "requests" | "cost"> {
  const { way, method, scope, from, page } = habit;
  return {
    ...{ caller, at, code, method, route: habit.template(n), mapped: scope !== null, scope, from },
    ...{ product: habit.product(n), browser: page !== null, service: SERVICES[way] },
    status: ANSWERS[way] ? STATUS[code] : null,
  };
}

function count(entries: Map<string, Entry>, entry: Omit<Entry, "requests" | "cost">, cost: number): void {
  const { caller, from, ...plain } = entry;
  const name = JSON.stringify([caller.name, from.ip, plain]);
  const found = entries.get(name);
  if (found === undefined) entries.set(name, { ...entry, requests: 1, cost });
  else {
    found.requests += 1;
    found.cost += cost;
  }
}
