import { TEAMS } from "./data/people.ts";
import { USES, type Use } from "./data/uses.ts";
import type { Draw } from "./draw.ts";
import {
  DAY_MS,
  HOUR_MS,
  type PlannedAccount,
  type PlannedKey,
  type PlannedMember,
  type PlannedService,
} from "./plan.ts";
import { shareOf, toSecond } from "./plan-accounts.ts";
import { type Life, planLife, siblingOf } from "./plan-life.ts";
import { planTraffic } from "./plan-traffic.ts";

export interface Houses {
  readonly accounts: readonly PlannedAccount[];
  readonly members: readonly PlannedMember[];
  readonly services: readonly PlannedService[];
}

/** Scopes and tiers that only owners and admins grant. */
const STRONG = new Set(["users:write", "roles:manage", "settings:manage", "audit:read", "payments:refund"]);
const isStrong = (use: Use): boolean => use.tier === "admin" || (use.scopes ?? []).some((scope) => STRONG.has(scope));

/** How many keys a project takes into use at once. */
const PROJECTS = [
  [1, 34],
  [2, 24],
  [3, 20],
  [4, 13],
  [6, 9],
] as const;

/** Keys in the order in which they are made, some together with others. `reserved` are those that an account has already. */
export function planKeys(draw: Draw, houses: Houses, reserved: readonly PlannedKey[], count: number): PlannedKey[] {
  const keys: PlannedKey[] = [...reserved];
  const counts = new Map<string, number>();
  while (keys.length < count) {
    const added = planProject(draw, houses, counts).slice(0, count - keys.length);
    const [first] = added;
    if (first === undefined) continue;
    keys.push(...added);
    counts.set(first.account, (counts.get(first.account) ?? 0) + added.length);
  }
  return keys.toSorted((a, b) => a.at - b.at);
}

/** Keys that one account makes at one time, for one project; none where no account fits. */
function planProject(draw: Draw, houses: Houses, counts: ReadonlyMap<string, number>): PlannedKey[] {
  const use = draw.weighted(USES.map((known) => [known, known.weight] as const));
  const life = planLife(draw, { forgotten: use.forgotten === true, short: isStrong(use) });
  const size = use.forgotten === true ? 1 : draw.weighted(PROJECTS);
  const account = placeFor(draw, houses.accounts, use, life, size, counts);
  if (account === null) return [];
  const others = USES.filter(
    (other) => !isStrong(other) && other.forgotten !== true && (account.plan !== "starter" || other.starter === true),
  ).map((other) => [other, other.weight] as const);
  return Array.from({ length: size }, (_, place) => {
    const [own, ownLife] = place === 0 ? [use, life] : [draw.weighted(others), siblingOf(draw, life)];
    const key = planKey(draw, houses, account, own, ownLife, draw.weighted(own.environments));
    return key.environment === "live" && draw.chance(0.15) ? [key, sandboxOf(draw, key)] : [key];
  }).flat();
}

/** An account that existed, was in good standing and had room when the key was made. */
function placeFor(
  draw: Draw,
  accounts: readonly PlannedAccount[],
  use: Use,
  life: Life,
  size: number,
  counts: ReadonlyMap<string, number>,
): PlannedAccount | null {
  const fits = (account: PlannedAccount): boolean =>
    life.at > account.at + 2 * DAY_MS &&
    (account.plan !== "starter" || use.starter === true) &&
    !(
      account.suspended !== null &&
      life.at > account.suspended.at - HOUR_MS &&
      life.at < (account.suspended.until ?? 0) + HOUR_MS
    ) &&
    (counts.get(account.ref) ?? 0) + 2 * size <= account.maxKeys;
  const possible = accounts.flatMap((account, place) => (fits(account) ? [[account, shareOf(place)] as const] : []));
  return possible.length === 0 ? null : draw.weighted(possible);
}

function planKey(
  draw: Draw,
  { members, services }: Houses,
  account: PlannedAccount,
  use: Use,
  life: Life,
  environment: "live" | "test" | "dev",
): PlannedKey {
  const there = members.filter(
    ({ account: of, at, leftAt }) => of === account.ref && at < life.at && (leftAt === null || leftAt > life.at),
  );
  const able = there.filter(
    ({ role }) => role === "owner" || role === "admin" || (role === "developer" && !isStrong(use)),
  );
  const creator = able.length > 0 && draw.chance(0.88) ? draw.pick(able) : null;
  const service = services.find(({ account: of, name }) => of === account.ref && name === use.service);
  const label =
    use.purpose === null && use.forgotten !== true
      ? `${draw.pick(use.labels)}, ${(creator ?? draw.pick(there)).name}`
      : draw.pick(use.labels);
  const allowedIps = draw.chance(use.ips ?? 0) ? addresses(draw) : [];
  return {
    ...{ account: account.ref, environment, label, createdBy: creator?.ref, example: null, callers: null },
    ...{ at: life.at, lifetime: life.lifetime, revoked: life.revoked, suspended: life.suspended },
    description: {
      ...{ tier: use.tier, scopes: use.scopes, purpose: use.purpose, rationale: rationaleOf(use) },
      ...{
        owner: ownerOf(draw, use, creator, there),
        service: service !== undefined && draw.chance(0.85) ? service.ref : null,
      },
      ...{ criticality: environment === "live" ? (use.criticality ?? null) : "low", storedIn: use.storedIn ?? null },
      ...{ allowedIps, allowedReferrers: use.referrers === true ? [`https://www.${account.slug}.example`] : [] },
      runbookUrl: use.criticality === "critical" ? `https://runbooks.${account.slug}.example/api-keys` : null,
      dependants:
        use.criticality === "critical" ? [{ name: "On-call", contact: `oncall@${account.slug}.example` }] : [],
      tags: draw.chance(0.3) ? [draw.pick(["pci", "gdpr", "customer-facing", "batch"])] : [],
      metadata: draw.chance(0.2) ? { costCentre: `CC-${draw.whole(100, 999)}` } : {},
    },
    changed: changeOf(draw, life),
    traffic: planTraffic(draw, life, use, allowedIps.length > 0),
  };
}

const rationaleOf = (use: Use): string | null =>
  use.rationale ?? (isStrong(use) ? "Agreed with the account's owner" : null);

function ownerOf(draw: Draw, use: Use, creator: PlannedMember | null, there: readonly PlannedMember[]): string | null {
  if (use.forgotten === true) return null;
  const kind = draw.weighted([
    ["creator", 50] as const,
    ["member", 12] as const,
    ["team", 26] as const,
    ["nobody", 12] as const,
  ]);
  if (kind === "nobody") return null;
  if (kind === "team" || there.length === 0) return `team:${draw.pick(TEAMS)}`;
  return kind === "creator" && creator !== null ? creator.ref : draw.pick(there).ref;
}

/** From the ranges that are kept for documentation. */
function addresses(draw: Draw): string[] {
  const one = (): string =>
    draw.weighted([
      [`192.0.2.${draw.whole(1, 254)}/32`, 4],
      [`198.51.100.${draw.whole(0, 15) * 16}/28`, 3],
      ["203.0.113.0/24", 1],
      [`2001:db8:${draw.whole(1, 4000).toString(16)}::/48`, 1],
    ]);
  return [...new Set(Array.from({ length: draw.whole(1, 3) }, one))];
}

/** The same integration beside it, for trying things out. */
function sandboxOf(draw: Draw, key: PlannedKey): PlannedKey {
  const { traffic } = key;
  return {
    ...key,
    environment: "test",
    label: `${key.label} (sandbox)`,
    description: {
      ...key.description,
      criticality: "low",
      allowedIps: [],
      storedIn: null,
      runbookUrl: null,
      dependants: [],
    },
    traffic:
      traffic === null || draw.chance(0.3)
        ? null
        : { ...traffic, perDay: Math.max(1, traffic.perDay / 50), weekend: 0.1 },
  };
}

/** Somebody looks after some of the keys. */
function changeOf(draw: Draw, life: Life): PlannedKey["changed"] {
  const until = Math.min(life.endsAt, 0) - HOUR_MS;
  if (!draw.chance(0.1) || until - life.at < 3 * DAY_MS) return null;
  const fields = draw.pick([
    { tags: ["reviewed"] },
    { owner: `team:${draw.pick(TEAMS)}` },
    { criticality: "high" as const },
    { metadata: { reviewed: "quarterly review" } },
  ]);
  return { at: toSecond(draw.between(life.at + DAY_MS, until)), fields };
}

/** From making to now in days, and the whole life in days. */
const EXAMPLE_LIVES = {
  active: [60, 90],
  expiring: [86, 90],
  suspended: [50, 90],
  expired: [101, 90],
  revoked: [70, 90],
} as const;
type ExampleState = keyof typeof EXAMPLE_LIVES;
export const EXAMPLES = Object.keys(EXAMPLE_LIVES) as ExampleState[];

/** Five keys in five states whose secrets are printed, all of one account and with one scope. */
export function planExamples(account: PlannedAccount): PlannedKey[] {
  return EXAMPLES.map((state) => {
    const [age, days] = EXAMPLE_LIVES[state];
    const [at, lifetime] = [-age * DAY_MS, days * DAY_MS];
    const revoked = { at: -5 * DAY_MS, reason: "superseded", comment: "Replaced by the web shop's own key" } as const;
    const suspended = { at: -2 * DAY_MS, reason: "Unusual traffic, under review" };
    const to = { ...NOTHING_ENDS, revoked: revoked.at, suspended: suspended.at, expired: at + lifetime }[state];
    return {
      ...{
        account: account.ref,
        environment: "live",
        createdBy: undefined,
        changed: null,
        example: state,
        callers: null,
      },
      ...{ label: `Example: ${state}`, at, lifetime },
      description: { scopes: ["contacts:read"], purpose: "To try with curl", owner: "team:platform" },
      revoked: state === "revoked" ? revoked : null,
      suspended: state === "suspended" ? suspended : null,
      traffic: {
        ...{ perDay: 40, weekend: 0.4, from: at + HOUR_MS, to, after: null },
        refused: { share: 0.002, code: "INSUFFICIENT_SCOPE" },
      },
    };
  });
}

const NOTHING_ENDS = { active: 0, expiring: 0 };
