import { type TestDatabase, testDatabase } from "@claviger/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openKeyring, PLATFORM } from "../../db/index.ts";
import { openUnserved } from "../../demo/unserved.ts";
import { systemRandom } from "../../kernel/random.ts";
import { putAccount, putMember, putService } from "../accounts/index.ts";
import { putScope } from "../catalogue/index.ts";
import {
  type CreateKeyInput,
  createKeys,
  type Key,
  type KeysPorts,
  keySubject,
  requireKey,
  revokeKey,
  saveKey,
  statusOf,
  suspendKey,
} from "../keys/index.ts";
import { writeUses } from "../traffic/index.ts";
import { type Bounds, type FoundKeys, selectKeys } from "./inventory.store.ts";
import type { KeyFilter, Range } from "./queries/key-conditions.ts";
import { KEY_SORTS, type KeySort, type Place } from "./queries/key-sorts.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2025, 0, 1);
const NOW = START + 100 * DAY_MS;
/** So small that most searches pass them: what the real ones do at a million keys. */
const TINY: Bounds = {
  gathered: 8,
  lookedAt: {
    ...{ id: 9, created_at: 7, expires_or_never: 5, label: 3, used_hour: 4, refused_hour: 3, account_id: 4 },
    ...{ environment: 6, service_id: 3, owner_member: 4, owner_team: 5, created_by: 4, criticality: 3 },
  },
};
const AUTHORITY = { keyId: "key_maker", scopes: new Set<string>(), expiresAt: null };
const ACTING = {
  actor: { type: "system", id: "test" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;

let home: TestDatabase;
let keys: Key[] = [];
const ids = { big: "", small: "", member: "", service: "" };

beforeAll(async () => {
  home = await testDatabase();
  const time = { now: START };
  const clock = { wall: () => time.now, mono: () => time.now };
  const keyring = await openKeyring(home.database, new Uint8Array(32).fill(5), clock, systemRandom);
  const ports = openUnserved({
    ...{ database: home.database, keyring, keyPrefix: "clv", clock },
    ...{ random: systemRandom, idRandom: systemRandom },
  });
  const scope = { description: "for a test", sensitive: false, routes: [], tier: "read" } as const;
  for (const name of ["contacts:read", "invoices:read"]) await putScope(ports.act, ACTING, name, scope);
  ids.big = (await putAccount(ports, ACTING, "ext:big", { name: "Big" })).value?.account.id ?? "";
  ids.small = (await putAccount(ports, ACTING, "ext:small", { name: "Small" })).value?.account.id ?? "";
  const person = { email: "a@a.example", name: "A", role: "owner", status: "active" } as const;
  ids.member = (await putMember(ports, ACTING, "ext:big", "ext:a", person)).value?.member.id ?? "";
  ids.service = (await putService(ports, ACTING, "ext:big", "ext:crm", { name: "CRM" })).value?.service.id ?? "";
  for (let index = 0; index < 90; index += 1) {
    time.now = START + Math.floor(index / 3) * 3 * DAY_MS;
    const made = (await createKeys(ports, ACTING, AUTHORITY, [inputOf(index)])).value?.[0];
    if (made === undefined) throw new TypeError("no key was made");
    if (index % 11 === 3) await revokeKey(ports, ACTING, AUTHORITY, made.key.id, { reason: "unused" });
    if (index % 7 === 5) await rotateUntil(ports, made.key.id, new Date(NOW + ((index % 3) - 1) * DAY_MS));
    if (index % 13 === 4 && index % 11 !== 3) await suspendKey(ports, ACTING, AUTHORITY, made.key.id, "a question");
  }
  for (const [index, { id }] of (await pageOf({ kind: "customer" }, "createdAt", 1_000)).keys.entries()) {
    const [used, refused] = [usedAt(index), refusedAt(index)];
    if (used !== null) await useOf(id, used, usesOfKey(index), null);
    if (refused !== null) await useOf(id, refused, 0, refused);
  }
  const every = await pageOf({ kind: "customer" }, "createdAt", 1_000);
  keys = [...every.keys];
});
afterAll(() => home.drop());

/** As a rotation leaves it. */
async function rotateUntil({ act }: Pick<KeysPorts, "act">, id: string, rotatingUntil: Date): Promise<void> {
  await act(ACTING, PLATFORM, async (unit) => {
    const key = await requireKey(unit.tx, id, AUTHORITY, true);
    await saveKey(unit.tx, { ...key, rotatingUntil });
    unit.audits({ action: "key.rotated", account: key.account, target: { type: "key", id } });
    unit.widens(keySubject(id));
  });
}

/** Some keys were used, several within one hour; by their place among the keys as they were made. */
const usedAt = (index: number): number | null =>
  index % 4 === 1 ? null : START + Math.floor(index / 6) * 5 * DAY_MS + (index % 7) * 600_000;

/** A fifth was refused, some within one hour, before they were used or after. */
const refusedAt = (index: number): number | null =>
  index % 5 === 2 ? START + (30 + Math.floor(index / 20) * 12) * DAY_MS + (index % 3) * 600_000 : null;
const usesOfKey = (index: number): number => 1 + (index % 3) * 4;

const useOf = (key: string, at: number, accepted: number, refusedAt: number | null): Promise<void> =>
  writeUses(
    home.database,
    [
      {
        ...{ key, version: 1, account: ids.big, accepted, refused: refusedAt === null ? 0 : 1 },
        ...{ firstUsedAt: accepted > 0 ? at : null, lastUsedAt: accepted > 0 ? at : null },
        ...{ lastRefusedAt: refusedAt, lastRefusedCode: refusedAt === null ? null : "REVOKED" },
      },
    ],
    new Date(at),
  );
/** Counted by UTC days, of which the last thirty count. */
function requestsOf(key: Key): number {
  const index = keys.findIndex(({ id }) => id === key.id);
  const recent = (at: number | null): boolean => at !== null && Math.floor(at / DAY_MS) > NOW / DAY_MS - 30;
  return (recent(usedAt(index)) ? usesOfKey(index) : 0) + (recent(refusedAt(index)) ? 1 : 0);
}
const hourOf = (at: number | null): number => (at === null ? Number.NEGATIVE_INFINITY : Math.floor(at / 3_600_000));
const placeOf = (key: Key): number => keys.findIndex(({ id }) => id === key.id);
const lastUse = (key: Key): number | null => usedAt(placeOf(key));

function inputOf(index: number): CreateKeyInput {
  const small = index % 9 === 0;
  return {
    ...{ account: small ? "ext:small" : "ext:big", environment: index % 5 === 0 ? "test" : "live" },
    ...{
      label: `${["Sync", "report", "100%_", "sync"][index % 4]} ${index % 7}`,
      purpose: index % 6 ? null : "Nightly EXPORT",
    },
    ...(index % 10 === 1
      ? { tier: "read" as const }
      : { scopes: [index % 17 === 0 ? "invoices:read" : "contacts:read"] }),
    ...(index % 8 === 2 ? { expiresAt: null } : { expiresInDays: 1 + ((index * 37) % 150) }),
    ...(small || index % 3 > 0
      ? { owner: index % 2 ? `team:${index % 4 === 1 ? "data" : "api"}` : null }
      : { owner: "ext:a" }),
    ...(small || index % 7 > 0 ? {} : { service: "ext:crm" }),
    ...(index % 3 === 0 ? { storedIn: ["vault", "ci"][index % 2], tags: ["blue", `t${index % 4}`] } : {}),
    ...(index % 4 === 0 ? { criticality: (["high", "low", "critical", "medium"] as const)[(index / 4) % 4] } : {}),
    ...(index % 5 === 0 ? { runbookUrl: `https://runbooks.example/${index % 10}` } : {}),
    ...(index % 6 === 0 && !small ? { createdBy: "ext:a" } : {}),
  };
}

function pageAfter(
  place: Place | null,
  filter: KeyFilter,
  sort: KeySort,
  count: number,
  bounds?: Bounds,
): Promise<FoundKeys | null> {
  return home.database.transaction(PLATFORM, (tx) => selectKeys(tx, filter, sort, place, count, new Date(NOW), bounds));
}

async function pageOf(filter: KeyFilter, sort: KeySort, count: number, bounds?: Bounds): Promise<FoundKeys> {
  const page = await pageAfter(null, filter, sort, count, bounds);
  if (page === null) throw new TypeError("there is an index for it");
  return page;
}

/** All pages, one after the other; a page may be short as long as it says where to go on. Null: only fewer keys can be sorted so. */
async function walk(filter: KeyFilter, sort: KeySort, count: number, bounds?: Bounds): Promise<string[] | null> {
  const found: string[] = [];
  let place: Place | null = null;
  for (;;) {
    const page: FoundKeys | null = await pageAfter(place, filter, sort, count, bounds);
    if (page === null) return null;
    expect(page.keys.length).toBeLessThanOrEqual(count);
    found.push(...page.keys.map(({ id }) => id));
    const next: Place | null = page.keys.length === count ? (page.keys.at(-1)?.place ?? null) : page.stoppedAt;
    if (next === null) return found;
    place = next;
  }
}

const LAST = "~";
const STATUSES = ["active", "expiring", "rotating", "suspended", "expired", "revoked"];
const CRITICALITIES = [null, "low", "medium", "high", "critical"];
/** What a key is sorted by, told without the database. */
const VALUES: Readonly<Record<string, (key: Key) => string | number>> = {
  id: ({ id }) => id,
  createdAt: ({ createdAt }) => createdAt.getTime(),
  label: ({ label }) => label,
  expiresAt: ({ expiresAt }) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
  lastUsedAt: (key) => hourOf(lastUse(key)),
  lastRefusedAt: (key) => hourOf(refusedAt(placeOf(key))),
  account: ({ account }) => account,
  environment: ({ environment }) => environment ?? LAST,
  service: ({ service }) => service ?? LAST,
  owner: ({ ownerMember, ownerTeam }) => ownerMember ?? (ownerTeam === null ? LAST : `team:${ownerTeam}`),
  createdBy: ({ createdBy }) => createdBy,
  criticality: ({ criticality }) => CRITICALITIES.indexOf(criticality),
  status: (key) => STATUSES.indexOf(statusOf(key, NOW)),
  requests30d: requestsOf,
  purpose: ({ purpose }) => purpose ?? LAST,
  storedIn: ({ storedIn }) => storedIn ?? LAST,
  runbookUrl: ({ runbookUrl }) => runbookUrl ?? LAST,
};
const BY_HAND: ReadonlySet<string> = new Set(["requests30d", "purpose", "storedIn", "runbookUrl"]);
const fieldOf = (sort: KeySort): string => sort.replace("-", "");

/** The same, the slow way. */
function expected(filter: KeyFilter, sort: KeySort): string[] {
  const value = VALUES[fieldOf(sort)];
  if (value === undefined) throw new TypeError(`${sort} has no value here`);
  const order = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = keys
    .filter((key) => matches(key, filter))
    .toSorted((a, b) => order(value(a), value(b)) || order(a.id, b.id));
  return (sort.startsWith("-") ? sorted.toReversed() : sorted).map(({ id }) => id);
}

function matches(key: Key, filter: KeyFilter): boolean {
  const { account, environment, status, scope, ownerMember, ownerTeam, service, q, tier, tag, stored, used } = filter;
  const texts = [
    `${key.label} ${key.purpose ?? ""} ${key.ownerTeam === null ? "" : `team:${key.ownerTeam}`}`,
    key.account === ids.big ? "Big big" : "Small small",
    key.ownerMember === null ? "" : "A a@a.example a",
    key.service === null ? "" : "CRM crm",
  ];
  const lacks = {
    owner: key.ownerMember === null && key.ownerTeam === null,
    ...{ service: key.service === null, criticality: key.criticality === null },
    refusal: refusedAt(placeOf(key)) === null,
  };
  const within = (range: Range | undefined, time: number | null): boolean =>
    (range?.from === undefined && range?.to === undefined) ||
    (time !== null && time >= Number(range.from ?? 0) && time < Number(range.to ?? Number.POSITIVE_INFINITY));
  return (
    (account === undefined || key.account === account) &&
    (environment === undefined || key.environment === environment) &&
    (status === undefined || statusOf(key, NOW) === status) &&
    (scope === undefined || key.tier === scope || key.scopes.includes(scope)) &&
    (ownerMember === undefined || key.ownerMember === ownerMember) &&
    (ownerTeam === undefined || key.ownerTeam === ownerTeam) &&
    (service === undefined || key.service === service) &&
    (tier === undefined || key.tier === tier) &&
    (tag === undefined || key.tags.includes(tag)) &&
    (filter.criticality === undefined || key.criticality === filter.criticality) &&
    (filter.createdBy === undefined || key.createdBy === filter.createdBy) &&
    (stored === undefined || (key.storedIn !== null) === (stored === "yes")) &&
    (used === undefined || (lastUse(key) !== null) === (used === "ever")) &&
    (filter.lacks === undefined || lacks[filter.lacks]) &&
    within(filter.lastUsed, lastUse(key)) &&
    within(filter.created, key.createdAt.getTime()) &&
    within(filter.expires, key.expiresAt?.getTime() ?? null) &&
    (filter.also === undefined || matches(key, filter.also)) &&
    (q === undefined || texts.some((text) => hasWords(text, q)))
  );
}

/** All words of it, of which the last may go on. */
function hasWords(text: string, q: string): boolean {
  const wordsOf = (of: string): string[] =>
    of
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word !== "");
  const [words, sought] = [wordsOf(text), wordsOf(q)];
  const last = sought.pop();
  return (
    last !== undefined && words.some((word) => word.startsWith(last)) && sought.every((word) => words.includes(word))
  );
}

const sorts = fc.constantFrom(...KEY_SORTS);
const maybe = <const T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 1 });
/** Days after the start, each bound there or not. */
const range = () => {
  const time = () => fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined, freq: 2 });
  const moment = (days: number | undefined): Date | undefined =>
    days === undefined ? undefined : new Date(START + days * DAY_MS);
  return fc.option(
    fc.record({ from: time(), to: time() }).map(({ from, to }): Range => ({ from: moment(from), to: moment(to) })),
    { nil: undefined, freq: 2 },
  );
};
const filters = fc
  .record({
    account: maybe("big", "small"),
    environment: maybe("live", "test", "dev"),
    status: maybe("active", "expiring", "suspended", "expired", "revoked", "requested", "rotating"),
    scope: maybe("contacts:read", "invoices:read", "read", "none:such"),
    owner: maybe("member", "team"),
    service: maybe("service"),
    q: maybe("sync", "EXPO", "%", "3 syn", "syn 3", "nowhere to be found", "smal", "a@a.ex", "crm", "team:da"),
    viewQ: maybe("nightly ex", "big", "100%_ 2"),
    tier: maybe("read"),
    tag: maybe("blue", "t3", "none"),
    criticality: maybe("high", "low"),
    lacks: maybe("owner", "service", "criticality", "refusal"),
    createdBy: maybe("member"),
    stored: maybe("yes", "no"),
    used: maybe("ever", "never"),
    ranges: fc.option(fc.record({ lastUsed: range(), created: range(), expires: range() }), { nil: {}, freq: 2 }),
  })
  .map(({ account, owner, service, createdBy, ranges, viewQ, ...rest }): (() => KeyFilter) => () => ({
    ...{ kind: "customer", ...rest, ...ranges, account: account === undefined ? undefined : ids[account] },
    createdBy: createdBy === undefined ? undefined : ids.member,
    ...{ ownerMember: owner === "member" ? ids.member : undefined, ownerTeam: owner === "team" ? "data" : undefined },
    service: service === undefined ? undefined : ids.service,
    also: viewQ === undefined ? undefined : { kind: "customer", q: viewQ },
  }));

describe("lists of keys, whatever they cost (F1)", () => {
  test("the stage holds keys of every state that is stored or derived", () => {
    const statuses = new Set(keys.map((key) => statusOf(key, NOW)));
    expect(statuses).toEqual(new Set(["active", "expiring", "rotating", "suspended", "expired", "revoked"]));
  });

  test("following the pages finds each match once and in order, for every filter and sort, bounded or not", async () => {
    await fc.assert(
      fc.asyncProperty(
        filters,
        sorts,
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (make, sort, count, tiny) => {
          const filter = make();
          const asked = `${JSON.stringify(filter)} by ${sort}`;
          const found = await walk(filter, sort, count, tiny ? TINY : undefined);
          if (found === null) expect(BY_HAND, asked).toContain(fieldOf(sort));
          else expect(found, asked).toEqual(expected(filter, sort));
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each(KEY_SORTS)("all keys by %s are found in their order, stretch by stretch, each one once", async (sort) => {
    const filter = { kind: "customer" } as const;
    const found = await walk(filter, sort, 4, TINY);
    if (BY_HAND.has(fieldOf(sort))) expect(found).toBeNull();
    else expect(found).toEqual(expected(filter, sort));
    // Of a team there are few enough to be sorted by hand.
    const few = { ...filter, ownerTeam: "data" };
    expect(await walk(few, sort, 3, { ...TINY, gathered: 50 })).toEqual(expected(few, sort));
  });

  test("what no index finds is looked for up to a bound, and the answer says where to go on", async () => {
    const first = await pageOf({ kind: "customer", tag: "none" }, "createdAt", 50, TINY);
    expect(first.keys).toEqual([]);
    expect(first.stoppedAt?.[1]).toBe(keys[TINY.lookedAt.created_at - 1]?.id);
    expect(await walk({ kind: "customer", tag: "none" }, "createdAt", 50, TINY)).toEqual([]);
  });

  test("a search for words that few or no keys have is answered at once, whatever the order", async () => {
    for (const sort of KEY_SORTS) {
      const nothing = { kind: "customer", q: "nowhere to be found" } as const;
      expect(await pageOf(nothing, sort, 50, TINY)).toEqual({ keys: [], stoppedAt: null });
      const few = await pageOf({ kind: "customer", q: "CRM 5", also: { kind: "customer", q: "cr" } }, sort, 50, TINY);
      expect(few).toEqual({ keys: [], stoppedAt: null });
    }
  });

  test("what people know of one key finds it at once: its id, the start of it, the end of its secret", async () => {
    const key = keys[77];
    if (key === undefined) throw new TypeError("there are 90 keys");
    for (const q of [key.id, key.id.toLowerCase(), key.id.slice(0, -3), key.preview, key.preview.slice(-5)]) {
      const { keys: found, stoppedAt } = await pageOf({ kind: "customer", q }, "label", 50, TINY);
      expect(
        found.map(({ id }) => id),
        q,
      ).toContain(key.id);
      expect(stoppedAt).toBeNull();
    }
  });
});
