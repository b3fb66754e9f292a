import { COMPANIES, PLANS } from "./data/api.ts";
import { FIRST_NAMES, LAST_NAMES, SERVICES } from "./data/people.ts";
import type { Draw } from "./draw.ts";
import {
  DAY_MS,
  HISTORY_MS,
  HOUR_MS,
  type Offset,
  type PlannedAccount,
  type PlannedMember,
  type PlannedService,
} from "./plan.ts";

const REGIONS = ["north", "south", "overseas"] as const;
/** Accounts from the top of the list that have each plan; the rest have the smallest. */
const PLAN_UP_TO = { enterprise: 5, business: 14, growth: 27 } as const;
/** Which accounts, by their place, were suspended, from how many days ago until when. */
const SUSPENDED = new Map([
  [22, { from: 204, until: 198, reason: "Invoice overdue" }],
  [31, { from: 9, until: null, reason: "Invoice overdue" }],
  [36, { from: 17, until: null, reason: "Contract ended, export pending" }],
]);

/** How much of everything an account has, by its place in the list. */
export const shareOf = (place: number): number => 1 / (place + 4);

export function planAccounts(draw: Draw): PlannedAccount[] {
  return COMPANIES.map(([name, industry], place) => {
    const slug = name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
    const plan = planOf(place);
    const suspension = SUSPENDED.get(place);
    const at = place < 6 ? -HISTORY_MS + draw.between(1, 5) * DAY_MS : -draw.between(230, 715) * DAY_MS;
    return {
      ...{ ref: `ext:${slug}`, slug, name, plan, at: toSecond(at) },
      metadata: { industry, region: draw.pick(REGIONS), customerNumber: 10_000 + place * 37 + draw.whole(0, 36) },
      suspended:
        suspension === undefined
          ? null
          : {
              at: -suspension.from * DAY_MS,
              until: suspension.until === null ? null : -suspension.until * DAY_MS,
              reason: suspension.reason,
            },
      maxKeys: PLANS.find((known) => known.name === plan)?.maxActiveKeys ?? Number.POSITIVE_INFINITY,
    };
  });
}

function planOf(place: number): string {
  const found = Object.entries(PLAN_UP_TO).find(([, upTo]) => place < upTo);
  return found?.[0] ?? "starter";
}

export function planMembers(draw: Draw, accounts: readonly PlannedAccount[], count: number): PlannedMember[] {
  const weighted = accounts.map((account, place) => [account, shareOf(place)] as const);
  const seats = new Map(accounts.map((account) => [account, 2]));
  for (let placed = accounts.length * 2; placed < count; placed += 1) {
    const account = draw.weighted(weighted);
    seats.set(account, (seats.get(account) ?? 0) + 1);
  }
  return [...seats].flatMap(([account, seatCount]) => {
    const taken = new Set<string>();
    return Array.from({ length: seatCount }, (_, seat) => planMember(draw, account, seat, taken));
  });
}

function planMember(draw: Draw, account: PlannedAccount, seat: number, taken: Set<string>): PlannedMember {
  let name = "";
  do name = `${draw.pick(FIRST_NAMES)} ${draw.pick(LAST_NAMES)}`;
  while (taken.has(name));
  taken.add(name);
  const handle = name.toLowerCase().replace(" ", ".");
  // The two who sign up stay: somebody has always been there to grant anything.
  const founder = seat < 2;
  const at = founder ? account.at + (seat + 1) * HOUR_MS : draw.between(account.at + DAY_MS, -DAY_MS);
  const leavesAt = at + draw.between(25, 500) * DAY_MS;
  const leaves = !founder && draw.chance(0.24) && leavesAt < -HOUR_MS;
  return {
    ...{ ref: `ext:${handle}`, account: account.ref, name, email: `${handle}@${account.slug}.example` },
    role: founder
      ? seat === 0
        ? "owner"
        : "admin"
      : draw.weighted([["developer", 6] as const, ["viewer", 2] as const, ["admin", 1] as const]),
    at: toSecond(at),
    leftAt: leaves ? toSecond(leavesAt) : null,
  };
}

export function planServices(draw: Draw, accounts: readonly PlannedAccount[]): PlannedService[] {
  return accounts.flatMap((account, place) => {
    const most = place < 14 ? SERVICES.length : place < 27 ? 4 : 2;
    return SERVICES.filter(() => draw.chance(most / SERVICES.length)).map(([name, description], index) => ({
      ...{ ref: `ext:${name.toLowerCase().replaceAll(" ", "-")}`, account: account.ref, name, description },
      at: toSecond(account.at + (index + 3) * HOUR_MS),
    }));
  });
}

export function toSecond(at: Offset): Offset {
  return Math.round(at / 1000) * 1000;
}
