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
import {
  type Bounds,
  type FoundKeys,
  KEY_SORTS,
  type KeyFilter,
  type KeySort,
  type Range,
  selectKeys,
  sortValueOf,
} from "./inventory.store.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2025, 0, 1);
const NOW = START + 100 * DAY_MS;
/** So small that most searches pass them: what the real ones do at a million keys. */
const TINY: Bounds = { gathered: 8, lookedAt: { created_at: 7, expires_or_never: 5, label: 3, used_hour: 4 } };
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
  for (const [index, { id }] of (await pageAfter(null, { kind: "customer" }, "createdAt", 1_000)).keys.entries()) {
    const at = usedAt(index);
    if (at !== null) await useOf(id, ids.big, at);
  }
  const every = await pageAfter(null, { kind: "customer" }, "createdAt", 1_000);
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

const useOf = (key: string, account: string, at: number): Promise<void> =>
  writeUses(
    home.database,
    [
      {
        ...{ key, version: 1, account, accepted: 1, refused: 0, firstUsedAt: at, lastUsedAt: at },
        ...{ lastRefusedAt: null, lastRefusedCode: null },
      },
    ],
    new Date(at),
  );
const hourOfUse = (key: Key): string => new Date(Math.floor((lastUse(key) ?? 0) / 3_600_000) * 3_600_000).toISOString();
const lastUse = (key: Key): number | null => usedAt(keys.findIndex(({ id }) => id === key.id));

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
    ...(small || index % 3 > 0 ? { owner: index % 2 ? "team:data" : null } : { owner: "ext:a" }),
    ...(small || index % 7 > 0 ? {} : { service: "ext:crm" }),
    ...(index % 3 === 0 ? { storedIn: "vault", tags: ["blue", `t${index % 4}`] } : {}),
    ...(index % 4 === 0 ? { criticality: "high" as const } : {}),
    ...(index % 6 === 0 && !small ? { createdBy: "ext:a" } : {}),
  };
}

type Place = readonly (string | null)[] | null;

function pageAfter(place: Place, filter: KeyFilter, sort: KeySort, count: number, bounds?: Bounds): Promise<FoundKeys> {
  return home.database.transaction(PLATFORM, (tx) => selectKeys(tx, filter, sort, place, count, new Date(NOW), bounds));
}

/** All pages, one after the other; a page may be short as long as it says where to go on. */
async function walk(filter: KeyFilter, sort: KeySort, count: number, bounds?: Bounds): Promise<string[]> {
  const found: string[] = [];
  let place: Place = null;
  for (;;) {
    const page: FoundKeys = await pageAfter(place, filter, sort, count, bounds);
    expect(page.keys.length).toBeLessThanOrEqual(count);
    found.push(...page.keys.map(({ id }) => id));
    const last = page.keys.length === count ? page.keys.at(-1) : page.stoppedAt;
    if (last == null) return found;
    place = [sortValueOf(last, sort), last.id];
  }
}

/** The same, the slow way. */
function expected(filter: KeyFilter, sort: KeySort): string[] {
  const { column, descending } = KEY_SORTS[sort];
  const sortText = (key: Key): string =>
    ({
      created_at: () => key.createdAt.toISOString(),
      expires_or_never: () => key.expiresAt?.toISOString() ?? "~",
      label: () => key.label,
      used_hour: () => (lastUse(key) === null ? "" : hourOfUse(key)),
    })[column]();
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = keys
    .filter((key) => matches(key, filter))
    .toSorted((a, b) => order(sortText(a), sortText(b)) || order(a.id, b.id));
  return (descending ? sorted.toReversed() : sorted).map(({ id }) => id);
}

function matches(key: Key, filter: KeyFilter): boolean {
  const { account, environment, status, scope, ownerMember, ownerTeam, service, q, tier, tag, stored, used } = filter;
  const texts = [
    `${key.label} ${key.purpose ?? ""} ${key.ownerTeam === null ? "" : `team:${key.ownerTeam}`}`,
    key.account === ids.big ? "Big big" : "Small small",
    key.ownerMember === null ? "" : "A a@a.example a",
    key.service === null ? "" : "CRM crm",
  ];
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

const sorts = fc.constantFrom(...(Object.keys(KEY_SORTS) as KeySort[]));
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
    criticality: maybe("high"),
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
          expect(await walk(filter, sort, count, tiny ? TINY : undefined), asked).toEqual(expected(filter, sort));
        },
      ),
      { numRuns: 150 },
    );
  });

  test("what no index finds is looked for up to a bound, and the answer says where to go on", async () => {
    const first = await pageAfter(null, { kind: "customer", tag: "none" }, "createdAt", 50, TINY);
    expect(first.keys).toEqual([]);
    expect(first.stoppedAt?.id).toBe(keys[TINY.lookedAt.created_at - 1]?.id);
    expect(await walk({ kind: "customer", tag: "none" }, "createdAt", 50, TINY)).toEqual([]);
  });

  test("a search for words that few or no keys have is answered at once, whatever the order", async () => {
    for (const sort of Object.keys(KEY_SORTS) as KeySort[]) {
      const nothing = { kind: "customer", q: "nowhere to be found" } as const;
      expect(await pageAfter(null, nothing, sort, 50, TINY)).toEqual({ keys: [], stoppedAt: null });
      const few = await pageAfter(
        null,
        { kind: "customer", q: "CRM 5", also: { kind: "customer", q: "cr" } },
        sort,
        50,
        TINY,
      );
      expect(few).toEqual({ keys: [], stoppedAt: null });
    }
  });

  test("what people know of one key finds it at once: its id, the start of it, the end of its secret", async () => {
    const key = keys[77];
    if (key === undefined) throw new TypeError("there are 90 keys");
    for (const q of [key.id, key.id.toLowerCase(), key.id.slice(0, -3), key.preview, key.preview.slice(-5)]) {
      const { keys: found, stoppedAt } = await pageAfter(null, { kind: "customer", q }, "label", 50, TINY);
      expect(
        found.map(({ id }) => id),
        q,
      ).toContain(key.id);
      expect(stoppedAt).toBeNull();
    }
  });
});
