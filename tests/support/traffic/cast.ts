/** The customers of a platform: ordinary ones, and one for each thing that can be wrong with a key or with how it is used. */
import { type Caller, type Habit, PLACES, type Place, type Way } from "./caller.ts";
import { always, between, businessHours, daily, onDays, weekendBatch } from "./season.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

interface Calls extends Partial<Omit<Habit, "agent" | "product" | "way">> {
  readonly agent?: string | null;
  readonly product?: string | null;
}

/** Reads contacts, now the list and now one of them. */
function reads(way: Way, calls: Calls = {}): Habit {
  const { agent = "acme-sync/2.1 (linux)", product = "acme-sync", ...rest } = calls;
  return {
    ...{ way, method: "GET", scope: "contacts:read", from: PLACES.amsterdam, page: null, cost: 1 },
    path: (n) => (n % 3 === 0 ? "/contacts?page=2" : `/contacts/${4_000 + n}`),
    template: (n) => (n % 3 === 0 ? "/contacts" : "/contacts/{id}"),
    agent: () => agent,
    product: () => product,
    ...rest,
  };
}

const fixed = (path: string, template = path) => ({ path: () => path, template: () => template });
const writes = (way: Way, calls: Calls = {}): Habit =>
  reads(way, { method: "POST", scope: "contacts:write", ...fixed("/contacts"), ...calls });

/** A key that nothing is wrong with, used a little in the hours of offices. */
const ORDINARY: Omit<Caller, "name" | "account"> = {
  ...{ environment: "live", tier: null, scopes: ["contacts:read"], madeDaysAgo: 20, expiresDaysAgo: -60 },
  ...{ revokedDaysAgo: null, owner: "team:data", maker: null, allowedIps: [], lifetime: null },
  season: businessHours(4),
  habits: () => [reads("express")],
};

const caller = (account: string, name: string, change: Partial<Caller> = {}): Caller => ({
  ...ORDINARY,
  ...{ account: `ext:${account}`, name },
  ...change,
});
const never = always(0);

/** Customers with seasons, each behind another of the ways to verify a key. */
const SEASONAL: readonly Caller[] = [
  caller("harbour", "office sync", {
    scopes: ["contacts:read", "contacts:write"],
    season: businessHours(12),
    ...{ madeDaysAgo: 60, expiresDaysAgo: -120 },
  }),
  caller("harbour", "night export", {
    season: weekendBatch(150),
    habits: () => [
      reads("fastify", { from: PLACES.zurich, agent: "python-requests/2.32", product: "python-requests" }),
    ],
  }),
  caller("lighthouse", "partner portal", { habits: () => [reads("hono", { from: PLACES.tokyo })] }),
  caller("lighthouse", "web hooks", { tier: "write", scopes: [], habits: () => [writes("node"), reads("node")] }),
  caller("lighthouse", "legacy billing", { season: between(2, 2, daily(10, 6)), habits: () => [reads("sidecar")] }),
  caller("anchor", "behind a proxy", { season: daily(10, 3), habits: () => [reads("authorize")] }),
  caller("anchor", "behind a lambda", { season: daily(10, 4), habits: () => [reads("remote")] }),
  caller("anchor", "bulk import", {
    ...{ season: daily(10, 5), scopes: ["contacts:write"] },
    habits: () => [writes("verify", { cost: 7, from: PLACES.nowhere, agent: null, product: null })],
  }),
];

const inOffice = { allowedIps: ["193.0.6.0/24"], madeDaysAgo: 150 };

/** Customers who misbehave, or whose key no longer fits. */
const MISBEHAVING: readonly Caller[] = [
  caller("loop", "runaway loop", { season: between(0, 0, always(3_500)), habits: () => [reads("node")] }),
  caller("loop", "almost runaway", {
    season: between(0, 0, daily(7, 10_000)),
    habits: () => [reads("batch", fixed("/contacts"))],
  }),
  caller("loop", "ran away yesterday", {
    season: between(1, 1, daily(3, 11_000)),
    habits: () => [reads("batch", fixed("/contacts"))],
  }),
  caller("gone", "revoked", { revokedDaysAgo: 3, season: daily(10, 5) }),
  caller("gone", "revoked and quiet", { revokedDaysAgo: 3, season: between(99, 4, daily(10, 2)) }),
  caller("gone", "expired", { expiresDaysAgo: 2, season: daily(15, 4), habits: () => [reads("hono")] }),
  caller("shop", "in a web page", {
    season: businessHours(6),
    habits: () => [reads("hono", { agent: FIREFOX, product: "Firefox", page: "https://shop.example" })],
  }),
  caller("shop", "shared by services", {
    season: daily(15, 8),
    habits: () => [reads("express"), reads("fastify"), reads("hono"), reads("node", { from: PLACES.california })],
  }),
  caller("shop", "wrong scope", {
    season: daily(10, 4),
    habits: ({ daysAgo }) => (daysAgo > 5 ? [reads("express")] : [writes("express")]),
  }),
  caller("shop", "moved office", {
    ...inOffice,
    season: daily(10, 4),
    habits: ({ daysAgo }) => [
      reads("fastify", { from: daysAgo <= 4 || daysAgo === 100 ? PLACES.california : PLACES.amsterdam }),
    ],
  }),
  caller("limits", "over its limit", { lifetime: 25, season: daily(10, 6), habits: () => [reads("verify")] }),
  caller("limits", "out of credit", { lifetime: 25, season: daily(15, 6), habits: () => [reads("fastify")] }),
  caller("limits", "nobody mapped it", {
    season: daily(15, 3),
    habits: () => [
      reads("node", { scope: null, path: (n) => `/invoices/${n}/lines`, template: () => "/invoices/{id}/lines" }),
    ],
  }),
  caller("prober", "never the same", { season: between(1, 0, always(240)), habits: () => [probes("express")] }),
];

/** Paths and user agents of which no two are alike, all of ordinary words. */
function probes(way: Way): Habit {
  const [consonants, vowels] = ["bdfgklmnprst", "aeiou"];
  const syllable = (n: number): string =>
    `${consonants[n % consonants.length]}${vowels[Math.floor(n / consonants.length) % vowels.length]}`;
  const word = (n: number): string => `${syllable(n % 60)}${syllable(Math.floor(n / 60))}`;
  return {
    ...reads(way, { scope: null }),
    path: (n) => `/probe/${word(n)}`,
    template: (n) => `/probe/${word(n)}`,
    agent: (n) => `${word(n)}-bot/1.0`,
    product: (n) => `${word(n)}-bot`,
  };
}

/** Keys that something is to be said about, however they are used. */
const KEPT_BADLY: readonly Caller[] = [
  caller("attic", "last used 200 days ago", { ...old(390), season: onDays([200], 3) }),
  caller("attic", "last used 100 days ago", { ...old(390), season: onDays([200, 100], 2) }),
  caller("attic", "last used 40 days ago", { ...old(390), season: onDays([100, 40], 2) }),
  caller("attic", "refused 40 days ago", { ...old(390), season: onDays([40], 2), habits: () => [writes("express")] }),
  caller("attic", "never used", { madeDaysAgo: 45, season: never }),
  caller("attic", "made yesterday", { madeDaysAgo: 1, season: never }),
  caller("attic", "without owner", { owner: null }),
  caller("attic", "made by one who left", { maker: "gone" }),
  caller("attic", "made by one who stays", { maker: "here" }),
  caller("attic", "expires soon", { expiresDaysAgo: -10 }),
  caller("attic", "expires in time", { expiresDaysAgo: -31 }),
  caller("cellar", "same secret for long", { madeDaysAgo: 120 }),
  caller("cellar", "same secret for a while", { madeDaysAgo: 89 }),
  caller("cellar", "never expires", { expiresDaysAgo: null }),
  caller("cellar", "administrator", { tier: "admin", scopes: [] }),
  caller("cellar", "manages users", {
    ...{ scopes: ["users:write", "contacts:read"], season: daily(10, 3) },
    habits: () => [reads("hono", { method: "POST", scope: "users:write", ...fixed("/users") })],
  }),
  caller("cellar", "tier alone", { tier: "read", scopes: [] }),
];

function old(madeDaysAgo: number): Partial<Caller> {
  return { madeDaysAgo, expiresDaysAgo: -400 };
}

/** Keys for tests, of which one has traffic like production. */
const SANDBOX: readonly Caller[] = [
  caller("sandbox", "test like production", sandboxed([6, 5, 3, 2, 1])),
  caller("sandbox", "test on four days", sandboxed([5, 3, 2, 1])),
  caller("sandbox", "test now and then", {
    environment: "test",
    season: daily(10, 2),
    habits: () => [reads("verify")],
  }),
];

function sandboxed(days: readonly number[]): Partial<Caller> {
  const season = daily(10, 1_001);
  return {
    environment: "test",
    season: (moment, random) => (days.includes(moment.daysAgo) ? season(moment, random) : 0),
    habits: () => [reads("batch")],
  };
}

/** One account with eleven keys that work beside one that was revoked, and one with ten. */
const COLLECTORS: readonly Caller[] = [
  ...Array.from({ length: 12 }, (_, index) =>
    caller("collector", `one of eleven, ${index}`, { season: never, revokedDaysAgo: index === 0 ? 1 : null }),
  ),
  ...Array.from({ length: 10 }, (_, index) => caller("ten", `one of ten, ${index}`, { season: never })),
];

export const CAST: readonly Caller[] = [...SEASONAL, ...MISBEHAVING, ...KEPT_BADLY, ...SANDBOX, ...COLLECTORS];

/** Presents keys that nobody issued, daily. */
export const FORGER: { readonly from: Place; readonly daily: number } = { from: PLACES.california, daily: 9 };
