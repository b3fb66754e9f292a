/** Which rows each built-in view must have, told from the cast and the ledger alone. */
import type { BuiltInView } from "@claviger/contract";
import { actTime, DAY_MS, dayOf, HOUR_MS, hourOf, THE_END } from "./calendar.ts";
import type { Caller } from "./caller.ts";
import { CAST } from "./cast.ts";
import type { Ledger, Matching } from "./ledger.ts";

/** A row: the key's label or the account, and figures that say why it is there. Times are moments. */
export interface ExpectedRow {
  readonly name: string;
  readonly figures: Readonly<Record<string, unknown>>;
}

const of =
  (caller: Caller): Matching =>
  (entry) =>
    entry.caller === caller;
const accepted =
  (caller: Caller): Matching =>
  (entry) =>
    entry.caller === caller && entry.code === "VALID";

/** Since when it is dead; null: it works. */
function deadSince({ revokedDaysAgo, expiresDaysAgo }: Caller): number | null {
  const ends = [revokedDaysAgo, expiresDaysAgo].map((days) => (days === null ? THE_END + 1 : actTime(days)));
  const end = Math.min(...ends);
  return end <= THE_END ? end : null;
}

const works = (caller: Caller): boolean => deadSince(caller) === null;
const olderThan = (caller: Caller, days: number): boolean => actTime(caller.madeDaysAgo) < THE_END - days * DAY_MS;

/** As policies are shipped: 30 at high risk, 60 at elevated, else 90. */
function rotationDays({ tier, scopes }: Caller): number {
  if (tier === "admin" || scopes.includes("users:write")) return 30;
  return tier === "write" || scopes.includes("contacts:write") ? 60 : 90;
}

export class ExpectedViews {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  rowsOf(view: BuiltInView): ExpectedRow[] {
    if (view === "accounts-over-10-keys") return crowded();
    return CAST.filter((caller) => this.#belongs(view, caller)).map((caller) => ({
      name: caller.name,
      figures: { requests30d: this.requestsInDays(caller, 30), ...this.#figuresOf(view, caller) },
    }));
  }

  lastUsedAt(caller: Caller): number | null {
    return this.#ledger.lastAt(accepted(caller));
  }

  /** Of that many UTC dates, the last one included. */
  requestsInDays(caller: Caller, days: number): number {
    const since = dayOf(THE_END) - days * DAY_MS;
    return this.#ledger.requests((entry) => entry.caller === caller && dayOf(entry.at) > since);
  }

  #belongs(view: Exclude<BuiltInView, "accounts-over-10-keys">, caller: Caller): boolean {
    switch (view) {
      case "unused-30d":
        return this.#isIdle(caller, 30);
      case "unused-90d":
        return this.#isIdle(caller, 90);
      case "unused-180d":
        return this.#isIdle(caller, 180);
      case "never-used":
        return works(caller) && this.lastUsedAt(caller) === null;
      case "dormant":
        return this.#isIdle(caller, 90) && this.lastUsedAt(caller) !== null;
      case "over-10k-24h":
        return this.#requests24h(caller) > 10_000;
      case "creator-inactive":
        return works(caller) && caller.maker === "gone";
      case "owner-inactive":
        return works(caller) && caller.owner === "ext:gone";
      case "no-owner":
        return works(caller) && caller.owner === null;
      case "expiring-30d":
        return works(caller) && caller.expiresDaysAgo !== null && caller.expiresDaysAgo >= -30;
      case "rotation-overdue":
        return works(caller) && olderThan(caller, rotationDays(caller));
      case "never-expires":
        return works(caller) && caller.expiresDaysAgo === null;
      case "dead-but-called":
        return this.#callsWhenDead(caller) > 0;
      case "used-from-browser":
        return works(caller) && this.#ledger.requests((entry) => of(caller)(entry) && entry.browser) > 0;
      case "shared-across-services":
        return works(caller) && this.#services(caller).length > 1;
      case "admin-scope":
        return works(caller) && (caller.tier === "admin" || caller.scopes.includes("users:write"));
      case "no-scope":
        return works(caller) && caller.scopes.length === 0;
      case "test-like-production":
        return works(caller) && caller.environment === "test" && this.#busyDays(caller) >= 5;
      default:
        return view satisfies never;
    }
  }

  #figuresOf(view: BuiltInView, caller: Caller): Record<string, unknown> {
    const ledger = this.#ledger;
    if (/^unused|^never-used|^dormant/.test(view))
      return { requests30d: undefined, lastUsedAt: this.lastUsedAt(caller) };
    if (view === "over-10k-24h") return { requests24h: this.#requests24h(caller) };
    if (view === "test-like-production") {
      return { busyDays: this.#busyDays(caller), requests7d: this.requestsInDays(caller, 7) };
    }
    if (view === "dead-but-called") {
      const refused: Matching = (entry) => entry.caller === caller && entry.code !== "VALID";
      return {
        refusals: ledger.requests(refused),
        lastRefusedAt: ledger.lastAt(refused),
        lastRefusedCode: ledger.entries.findLast(refused)?.code,
      };
    }
    if (view === "used-from-browser") {
      const sent: Matching = (entry) => entry.caller === caller && entry.browser;
      return { requests: ledger.requests(sent), firstSeen: ledger.firstAt(sent), lastSeen: ledger.lastAt(sent) };
    }
    if (view === "shared-across-services") {
      return {
        services: this.#services(caller),
        requests: ledger.requests((entry) => entry.caller === caller && entry.service !== null),
      };
    }
    return {};
  }

  #isIdle(caller: Caller, days: number): boolean {
    const since = THE_END - days * DAY_MS;
    return works(caller) && olderThan(caller, days) && (this.lastUsedAt(caller) ?? 0) < since;
  }

  /** Of the hour that runs and the 23 before it. */
  #requests24h(caller: Caller): number {
    const since = hourOf(THE_END) - 23 * HOUR_MS;
    return this.#ledger.requests((entry) => entry.caller === caller && entry.at >= since);
  }

  #busyDays(caller: Caller): number {
    const since = dayOf(THE_END) - 7 * DAY_MS;
    const days = new Map<number, number>();
    for (const entry of this.#ledger.entries) {
      if (entry.caller !== caller || dayOf(entry.at) <= since) continue;
      days.set(dayOf(entry.at), (days.get(dayOf(entry.at)) ?? 0) + entry.requests);
    }
    return [...days.values()].filter((requests) => requests > 1_000).length;
  }

  #callsWhenDead(caller: Caller): number {
    const end = deadSince(caller);
    if (end === null) return 0;
    const since = Math.max(end, THE_END - 30 * DAY_MS);
    return this.#ledger.requests((entry) => entry.caller === caller && entry.at >= since);
  }

  #services(caller: Caller): string[] {
    return this.#ledger.values(accepted(caller), ({ service }) => service);
  }
}

function crowded(): ExpectedRow[] {
  return [...Map.groupBy(CAST.filter(works), ({ account }) => account)]
    .filter(([, callers]) => callers.length > 10)
    .map(([name, callers]) => ({ name, figures: { activeKeys: callers.length } }));
}
