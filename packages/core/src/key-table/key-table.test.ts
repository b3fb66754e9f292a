import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCatalogue, expandedScopes } from "../scopes/index.ts";
import {
  decide,
  type KeyRecord,
  retirementOf,
  type ValidVerdict,
  type Verdict,
  type VerifyRequest,
} from "../verdict/index.ts";
import {
  codeOf,
  createKeyTable,
  createToldMemo,
  isValid,
  type KeyFacts,
  type KeyTable,
  type KeyTableEntry,
  refusedWith,
  UNKNOWN,
} from "./index.ts";

const NOW = Date.UTC(2030, 0, 15, 12);
const DAY = 86_400_000;

const definition = {
  scopes: [
    { name: "contacts:read", tier: "read", sensitive: false },
    { name: "contacts:write", tier: "write", sensitive: false },
    { name: "contacts:export", tier: "read", sensitive: true },
    { name: "read", tier: "admin", sensitive: false },
  ],
  routes: [
    { method: "GET", path: "/contacts/{id}", scope: "contacts:read" },
    { method: "POST", path: "/contacts", scope: "contacts:write" },
    { method: "POST", path: "/contacts/search", scope: "contacts:read" },
    { method: "GET", path: "/export", scope: "contacts:export" },
    { method: "GET", path: "/admin", scope: "gone:read" },
  ],
} as const;
const catalogues = [
  compileCatalogue(definition),
  compileCatalogue({ ...definition, unmapped: "allow" }),
  compileCatalogue({
    scopes: definition.scopes.map(({ name, tier, sensitive }) => ({
      name,
      tier: tier === "read" ? "write" : "read",
      sensitive: !sensitive,
    })),
  }),
] as const;
const [catalogue] = catalogues;

const KEYS = [
  "key_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "key_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
  "key_00000000000000000000000000",
  "key_1",
  "",
];
const ACCOUNTS = ["acct_01ARZ3NDEKTSV4RRFFQ69G5FAV", "acct_7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "acct_1", "key_1"];
/** The last two differ in one bit, and in nothing else. */
const HASHES = ["a", "b", "c", "d"]
  .map((letter) => letter.repeat(16))
  .concat(`${"\uffff".repeat(15)}\ufffe`, "\uffff".repeat(16));

interface Shared {
  readonly limits: number;
}
const SHARED: readonly (Shared | null)[] = [null, { limits: 1 }, { limits: 1 }];

function key(change: Partial<KeyRecord> = {}): KeyRecord {
  const { keyId = KEYS[0] ?? "", account = ACCOUNTS[0] ?? "", environment = "live" } = change;
  return {
    ...{ keyId, account, environment },
    state: "active",
    accountState: "active",
    expiresAt: NOW + DAY,
    tier: "read",
    scopes: [],
    versions: [{ version: 3, state: "active", expiresAt: null }],
    allowedIps: [],
    allowedReferrers: [],
    audiences: [],
    metadata: {},
    subjects: [`key:${keyId}`, `account:${account}`, `environment:${environment}`],
    ...change,
  };
}

const entry = (change: Partial<KeyRecord> = {}, version = 3): KeyTableEntry<Shared> => ({
  ...{ record: key(change), version, accountNote: null, shared: null, handle: 0 },
});
const ask = (change: Partial<VerifyRequest> = {}): VerifyRequest => ({ environment: "live", ...change });
const hashOf = (n: number): string => String.fromCharCode(n & 255, (n >> 8) & 255, (n >> 16) & 255).padEnd(16, "x");

/** What the table gives back of an entry: only the presented version, unless the record is held as it came. */
function narrowed({ record, version }: KeyTableEntry<Shared>): KeyRecord {
  const presented = record.versions.findLast((candidate) => candidate.version === version);
  return { ...record, versions: presented === undefined ? [] : [presented] };
}

/** Plain data of a verdict, so that an accepted one that makes its record late compares with one that has it. */
function told(verdict: Verdict | null): unknown {
  if (verdict === null) return null;
  if (!verdict.valid) {
    const { valid, code, missing, route, record } = verdict;
    return { valid, code, missing, route, record };
  }
  const { valid, code, checked, route, version, expiresAt, record } = verdict;
  return { valid, code, checked, route, version, expiresAt, record };
}

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 8 }, { arbitrary: fc.constantFrom(...others), weight: 2 });
const odd = <T>(value: unknown): T => value as T;
const names = fc.constantFrom("contacts:read", "contacts:write", "contacts:export", "contacts:*", "gone:read", "read");
const expiry = mostly<number | null>(null, NOW + DAY, NOW + 2 * DAY, NOW - 1, NOW, NOW + 1, Number.NaN, Infinity);
const versionRecords = fc.record({
  version: fc.integer({ min: 1, max: 3 }),
  state: mostly<"active" | "ended">("active", "ended", odd("pending")),
  expiresAt: expiry,
});
const records: fc.Arbitrary<KeyRecord> = fc
  .record({
    keyId: fc.constantFrom(...KEYS),
    account: fc.constantFrom(...ACCOUNTS),
    environment: mostly("live", "test"),
    state: mostly<KeyRecord["state"]>("active", "suspended", "revoked", odd("new")),
    accountState: mostly<KeyRecord["accountState"]>("active", "suspended", odd("closed")),
    expiresAt: expiry,
    tier: fc.oneof(
      fc.constantFrom(null, "read" as const, "write" as const, "admin" as const),
      fc.constant(odd<null>("root")),
    ),
    scopes: fc.uniqueArray(names),
    versions: fc.array(versionRecords, { maxLength: 4 }),
    allowedIps: mostly<string[]>([], ["203.0.113.0/24"], ["x"], ["0.0.0.0/0", "2001:db8::/32"], odd([7])),
    allowedReferrers: mostly<string[]>([], ["https://a.test"]),
    audiences: mostly<string[]>([], ["billing"]),
    metadata: mostly<Record<string, unknown>>({}, { tenant: 7 }),
    plan: fc.constantFrom<string[]>([], ["plan:pro"], ["plan:pro", "key:key_1"], ["pro"]),
  })
  .map(({ plan, ...change }) => {
    const record = key(change);
    return { ...record, subjects: [...record.subjects, ...plan] };
  });
const entries: fc.Arbitrary<KeyTableEntry<Shared>> = fc.record({
  record: records,
  version: mostly(3, 1, 2, 9, Number.NaN, 1.5, -1),
  accountNote: mostly<string | null>(null, "customer-7"),
  shared: fc.constantFrom(...SHARED),
  handle: mostly(0, -5),
});
const maybe = <T>(value: T, ...others: T[]) => mostly<T | undefined>(value, undefined, ...others);
const requests: fc.Arbitrary<VerifyRequest> = fc.record({
  environment: mostly("live", "test", odd<string>(7)),
  scopes: fc.oneof(
    fc.constantFrom(undefined, [], { any: ["contacts:read", "write"] }, odd<string[]>([7]), odd<string[]>("read")),
    fc.uniqueArray(names, { minLength: 1, maxLength: 2 }),
  ),
  method: maybe("GET", "POST", "PURGE", "get"),
  path: fc.oneof(
    fc.constant(undefined),
    maybe("/contacts/1", "/contacts", "/contacts/search", "/export", "/unmapped", "//x", "/admin"),
  ),
  account: mostly<string | undefined>(undefined, ...ACCOUNTS, odd(7)),
  audience: maybe("billing", "other"),
  ip: maybe("203.0.113.7", "203.0.114.7", "::ffff:203.0.113.7", "2001:db8::1", "203.0.113.07", "203.0.113", odd(7)),
  origin: maybe("https://a.test", "https://b.test"),
  referrer: maybe("https://a.test/x"),
});
const times = mostly(NOW, NOW - 2, NOW + DAY, Number.NaN, Infinity);

describe("whatever is held and asked", () => {
  const steps = fc.oneof(
    { weight: 6, arbitrary: fc.record({ put: fc.constantFrom(...HASHES), entry: entries }) },
    { weight: 1, arbitrary: fc.record({ remove: fc.constantFrom(...HASHES) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        drop: fc.subarray([
          ...KEYS.map((id) => `key:${id}`),
          ...ACCOUNTS.map((id) => `account:${id}`),
          ...["environment:live", "environment:test", "plan:pro", "pro", "key:", "key_1", "nothing"],
        ]),
      }),
    },
    { weight: 1, arbitrary: fc.record({ sweep: fc.nat({ max: 6 }) }) },
    { weight: 12, arbitrary: fc.record({ ask: requests, catalogue: fc.constantFrom(...catalogues), now: times }) },
  );

  test("the table answers as decide() does over a plain map, through every put, removal and drop", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(steps, { minLength: 5, maxLength: 40 }), fc.integer(), (run, seed) => {
        const table = createKeyTable<Shared>({ capacity: 100, seed });
        const model = new Map<string, KeyTableEntry<Shared>>();
        for (const step of run) {
          if ("put" in step) {
            table.put(step.put, step.entry);
            model.set(step.put, step.entry);
          } else if ("remove" in step) expect(table.remove(step.remove)).toBe(model.delete(step.remove));
          else if ("sweep" in step) table.sweep(step.sweep);
          else if ("drop" in step) {
            table.dropSubjects(step.drop);
            for (const [hash, { record }] of model) {
              if (record.subjects.some((subject) => step.drop.includes(subject))) model.delete(hash);
            }
          } else for (const hash of HASHES) compare(table, model.get(hash), hash, step, seen);
        }
        expect(table.sweep(1000)).toBe(true);
        expect(table.size).toBe(model.size);
      }),
      { numRuns: 2000 },
    );
    for (const code of ["VALID", "REVOKED", "EXPIRED", "SUSPENDED", "ACCOUNT_SUSPENDED", "INSUFFICIENT_SCOPE"]) {
      expect(seen.get(code), code).toBeGreaterThan(100);
    }
  });

  /** All that may be remembered of an accepted key. */
  const factsOf = (key: KeyFacts & ValidVerdict, beside: object | undefined): unknown => {
    const { keyId, account, environment, tier, scopes, metadata, retiresAt, version, expiresAt } = key;
    return { keyId, account, environment, tier, scopes, metadata, retiresAt, version, expiresAt, beside };
  };
  // One for all tables: they hold the same few ids, told in ever other ways.
  const remember = createToldMemo(factsOf);

  function compare(
    table: KeyTable<Shared>,
    held: KeyTableEntry<Shared> | undefined,
    hash: string,
    asked: { ask: VerifyRequest; catalogue: (typeof catalogues)[number]; now: number },
    seen: Map<string, number>,
  ): void {
    const outcome = table.check(hash, asked.ask, asked.catalogue, asked.now);
    if (held === undefined) {
      expect(outcome).toBe(UNKNOWN);
      expect(table.verify(hash, asked.ask, asked.catalogue, asked.now)).toBe(null);
      expect(table.get(hash)).toBe(undefined);
      return;
    }
    const expected = decide(held.record, held.version, asked.ask, asked.catalogue, asked.now);
    expect(outcome).not.toBe(UNKNOWN);
    expect(codeOf(outcome)).toBe(expected.code);
    expect(isValid(outcome)).toBe(expected.valid);
    const back = table.entryOf(outcome);
    const record = back.record === held.record ? held.record : narrowed(held);
    expect(back).toEqual({ ...held, record });
    expect(back.shared).toBe(held.shared);
    expect(table.keyIdOf(outcome)).toBe(record.keyId);
    const verdict = table.verify(hash, asked.ask, asked.catalogue, asked.now);
    expect(told(verdict)).toEqual(told({ ...expected, record }));
    for (const fact of ["keyId", "account", "environment", "tier", "scopes", "metadata"] as const) {
      expect(verdict?.[fact], fact).toEqual(record[fact]);
    }
    expect(verdict?.retiresAt).toBe(retirementOf(record, held.version));
    if (verdict?.valid === true) expect(remember(verdict, asked.catalogue)).toEqual(factsOf(verdict, asked.catalogue));
    seen.set(expected.code, (seen.get(expected.code) ?? 0) + 1);
  }

  test("what was made of who a key is holds no longer than all that it was made of", () => {
    const table = createKeyTable<Shared>({ capacity: 10 });
    const [hash = "", keyId = "", account = ""] = [HASHES[0], KEYS[1], ACCOUNTS[1]];
    const made = createToldMemo(factsOf);
    // Shares what can be shared, and so keeps it.
    table.put(HASHES[1] ?? "", entry({ keyId: KEYS[2] ?? "" }));
    const ofVersion = { expiresAt: null, versions: [{ version: 3, state: "active", expiresAt: NOW + 5 }] } as const;
    const changes: Partial<KeyRecord>[] = [
      ...[{}, { tier: "write" as const }, { scopes: ["contacts:export"] }],
      ...[{}, { expiresAt: NOW + 5 }, ofVersion, { expiresAt: NOW + 6 }, { expiresAt: null }],
      ...[{ metadata: { a: 1 } }, { metadata: { a: 2 } }, { keyId }, { account }, { account: "acct_1" }],
    ];
    for (const besides of [[catalogue], catalogues]) {
      for (const change of changes) {
        table.put(hash, entry(change));
        for (const each of besides) {
          const verdict = table.verify(hash, ask(), each, NOW);
          if (verdict?.valid !== true) throw new TypeError("it must be accepted");
          const first = made(verdict, each);
          expect(first).toEqual(factsOf(verdict, each));
          expect(made(verdict, each)).toBe(first);
        }
      }
    }
    table.put(hash, entry({ versions: [{ version: 4, state: "active", expiresAt: null }] }, 4));
    const verdict = table.verify(hash, ask(), catalogue, NOW);
    expect(verdict?.valid === true && made(verdict, catalogue)).toMatchObject({ version: 4 });
  });

  test("requests of any form are answered as decide() answers them", () => {
    const fields = ["scopes", "method", "path", "account", "audience", "ip", "referrer", "origin"] as const;
    const anyRequest = fc.record(Object.fromEntries(fields.map((field) => [field, fc.anything()])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(entries, anyRequest, fc.double(), (held, request, now) => {
        const table = createKeyTable<Shared>({ capacity: 1 });
        table.put(HASHES[0] ?? "", held);
        const asked = ask(odd<Partial<VerifyRequest>>(request));
        const outcome = table.check(HASHES[0] ?? "", asked, catalogue, now);
        expect(codeOf(outcome)).toBe(decide(held.record, held.version, asked, catalogue, now).code);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("many entries", () => {
  const keyId = (n: number): string => `key_${n.toString().padStart(26, "0")}`;
  const fill = (table: KeyTable<Shared>, from: number, to: number): void => {
    for (let n = from; n < to; n++) table.put(hashOf(n), entry({ keyId: keyId(n) }));
  };
  const holds = (table: KeyTable<Shared>, n: number): boolean => {
    const outcome = table.check(hashOf(n), ask(), catalogue, NOW);
    return outcome !== UNKNOWN && table.keyIdOf(outcome) === keyId(n);
  };

  test("growth and removal lose nobody, and give nobody another's record", () => {
    const table = createKeyTable<Shared>({ capacity: 100_000 });
    const count = 30_000;
    fill(table, 0, count);
    for (let n = 0; n < count; n += 3) expect(table.remove(hashOf(n))).toBe(true);
    fill(table, count, count + 5_000);
    for (let n = 0; n < count + 5_000; n++) expect(holds(table, n)).toBe(n >= count || n % 3 !== 0);
    expect(table.size).toBe(25_000);
  });

  test("growth keeps what lies beside the records, and what was counted of them", () => {
    const table = createKeyTable<Shared>({ capacity: 20_000, seed: 3 });
    const count = 9000;
    const shapes: Partial<KeyRecord>[] = [
      {},
      { metadata: { tenant: 7 } },
      { versions: [{ version: 3, state: "active", expiresAt: NOW + 2 * DAY }] },
      { state: odd("new"), metadata: { tenant: 8 } },
      { account: "acct_1" },
    ];
    const heldAs = (n: number): KeyTableEntry<Shared> =>
      entry({ keyId: n % 7 === 0 ? `imported-${n}` : keyId(n), ...shapes[n % shapes.length] });
    for (let n = 0; n < count; n++) {
      table.put(hashOf(n), heldAs(n));
      if (n % 3 === 0) table.countUse(table.check(hashOf(n), ask(), catalogue, NOW), NOW);
    }
    for (let n = 0; n < count; n++) expect(table.get(hashOf(n))).toEqual(heldAs(n));
    const used = table.takeUses(count).map(({ key }) => key);
    expect(used.length).toBe(count / 3);
    expect(new Set(used)).toEqual(new Set(Array.from({ length: count / 3 }, (_, i) => heldAs(i * 3).record.keyId)));
    for (let n = 0; n < count; n += 2) table.dropSubjects([`key:${heldAs(n).record.keyId}`]);
    for (let n = 0; n < count; n++) expect(table.get(hashOf(n)) === undefined).toBe(n % 2 === 0);
  });

  test("a full table makes room for whoever comes, and holds as many as it may", () => {
    const table = createKeyTable<Shared>({ capacity: 1000 });
    fill(table, 0, 1000);
    for (let n = 1000; n < 5000; n++) {
      fill(table, n, n + 1);
      expect(table.size).toBe(1000);
      expect(holds(table, n)).toBe(true);
    }
    const held = Array.from({ length: 5000 }, (_, n) => holds(table, n)).filter((is) => is).length;
    expect(held).toBe(1000);
  });

  test("a hash that shares all bits but the last with a held one is unknown", () => {
    const table = createKeyTable<Shared>({ capacity: 10 });
    const hash = "k".repeat(16);
    table.put(hash, entry());
    for (let at = 0; at < 16; at++) {
      for (let bit = 0; bit < 16; bit++) {
        const other = hash.slice(0, at) + String.fromCharCode(hash.charCodeAt(at) ^ (1 << bit)) + hash.slice(at + 1);
        expect(table.check(other, ask(), catalogue, NOW)).toBe(UNKNOWN);
      }
    }
    for (const short of ["", hash.slice(1), `${hash}k`])
      expect(table.check(short, ask(), catalogue, NOW)).toBe(UNKNOWN);
  });

  test("dropping the account, a shared subject or the key makes all its versions unknown at once", () => {
    const table = createKeyTable<Shared>({ capacity: 5000 });
    for (const subject of [`account:${ACCOUNTS[0]}`, "environment:live"]) {
      fill(table, 0, 3000);
      table.dropSubjects([subject]);
      for (let n = 0; n < 3000; n++) expect(holds(table, n)).toBe(false);
      fill(table, 0, 10);
      for (let n = 0; n < 10; n++) expect(holds(table, n)).toBe(true);
    }
    table.put("1".repeat(16), entry({ keyId: keyId(7) }));
    table.dropSubjects([`key:${keyId(7)}`]);
    expect(holds(table, 7)).toBe(false);
    expect(table.get("1".repeat(16))).toBe(undefined);
    expect(holds(table, 8)).toBe(true);
  });

  test("dropped entries give their rooms back as others come in", () => {
    const table = createKeyTable<Shared>({ capacity: 4000 });
    for (let round = 0; round < 20; round++) {
      fill(table, round * 1000, (round + 1) * 1000);
      table.dropSubjects(["environment:live"]);
    }
    expect(table.size).toBeLessThanOrEqual(2000);
    expect(table.sweep(10_000)).toBe(true);
    expect(table.size).toBe(0);
  });
});

describe("what is put", () => {
  test("must be under a whole hash", () => {
    const table = createKeyTable<Shared>({ capacity: 10 });
    for (const wrong of ["", "k".repeat(15), "k".repeat(17)]) {
      expect(() => table.put(wrong, entry())).toThrow(TypeError);
    }
    expect(table.size).toBe(0);
  });

  test("is bounded by a capacity in order", () => {
    for (const capacity of [0, -1, 1.5, Number.NaN, 2 ** 24 + 1]) {
      expect(() => createKeyTable({ capacity })).toThrow(TypeError);
    }
  });

  test("an accepted verdict may be kept when its entry is gone and its room is another's", () => {
    const table = createKeyTable<Shared>({ capacity: 1 });
    for (const account of ACCOUNTS) {
      const held = entry({ account });
      table.put("1".repeat(16), held);
      const verdict = table.verify("1".repeat(16), ask(), catalogue, NOW);
      table.put("2".repeat(16), entry({ keyId: KEYS[1] ?? "", account: ACCOUNTS[1] ?? "", environment: "test" }));
      expect(verdict?.record).toEqual(held.record);
    }
  });

  test("what refuses after the table is told of the same key, and never as accepted", () => {
    const table = createKeyTable<Shared>({ capacity: 2 });
    // A time with a fraction fits no word, so that the second is held as it came.
    for (const expiresAt of [NOW + DAY, NOW + DAY + 0.5]) {
      table.put("1".repeat(16), entry({ expiresAt }));
      const outcome = table.check("1".repeat(16), ask(), catalogue, NOW);
      expect(isValid(outcome)).toBe(true);
      for (const code of ["QUOTA_EXCEEDED", "INSUFFICIENT_SCOPE", "ROUTE_NOT_MAPPED"] as const) {
        const verdict = table.verdictOf(refusedWith(outcome, code), ask(), catalogue, NOW);
        expect(verdict).toMatchObject({ valid: false, code, keyId: KEYS[0], account: ACCOUNTS[0] });
      }
    }
  });

  test("what is told of a key cannot be changed by who is told, for that key or any other", () => {
    const table = createKeyTable<Shared>({ capacity: 4 });
    const metadata = { team: { name: "sync" } };
    for (const [hash, state] of [
      [HASHES[0] ?? "", "active"],
      [HASHES[1] ?? "", "odd" as "active"],
    ] as const) {
      table.put(hash, entry(key({ state, scopes: ["contacts:read"], metadata })));
      const told = table.verify(hash, { environment: "live" }, catalogue, NOW);
      expect(told).not.toBeNull();
      if (told === null) return;
      expect(() => (told.scopes as string[]).push("contacts:export")).toThrow(TypeError);
      expect(() => Object.assign(told.metadata.team as object, { name: "other" })).toThrow(TypeError);
    }
    const names = expandedScopes(["contacts:*"], catalogue) as string[];
    expect(() => names.push("contacts:export")).toThrow(TypeError);
  });

  test("what is shared may be changed in place by its owner, for all keys that share it", () => {
    const table = createKeyTable<{ limits: number }>({ capacity: 10 });
    const plan = { limits: 10 };
    for (const hash of HASHES) table.put(hash, { ...entry(), shared: plan });
    plan.limits = 20;
    for (const hash of HASHES) expect(table.get(hash)?.shared?.limits).toBe(20);
  });
});

describe("what was used", () => {
  test("is counted for each version, handed over once, and outlives its entry", () => {
    const table = createKeyTable<Shared>({ capacity: 10 });
    const use = (hash: string, request: VerifyRequest, now: number): void =>
      table.countUse(table.check(hash, request, catalogue, now), now);
    table.put("1".repeat(16), entry());
    table.put("2".repeat(16), entry({ keyId: "key_1", account: "acct_1" }));
    table.put("3".repeat(16), entry());
    use("1".repeat(16), ask(), NOW);
    use("1".repeat(16), ask(), NOW + 5);
    use("1".repeat(16), ask({ environment: "test" }), NOW + 7);
    use("2".repeat(16), ask({ environment: "test" }), NOW + 9);
    table.remove("2".repeat(16));
    table.put("4".repeat(16), entry({ keyId: KEYS[1] ?? "" }));
    const refused = { refused: 1, lastRefusedCode: "WRONG_ENVIRONMENT" };
    const taken = [...table.takeUses(1), ...table.takeUses(10)];
    expect(taken.toSorted((a, b) => b.accepted - a.accepted)).toEqual([
      {
        ...{ key: KEYS[0], version: 3, account: ACCOUNTS[0], accepted: 2, ...refused },
        ...{ firstUsedAt: NOW, lastUsedAt: NOW + 5, lastRefusedAt: NOW + 7 },
      },
      {
        ...{ key: "key_1", version: 3, account: "acct_1", accepted: 0, ...refused },
        ...{ firstUsedAt: null, lastUsedAt: null, lastRefusedAt: NOW + 9 },
      },
    ]);
    expect(table.takeUses(10)).toEqual([]);
    use("1".repeat(16), ask(), NOW + 11);
    table.clear();
    expect(table.check("1".repeat(16), ask(), catalogue, NOW)).toBe(UNKNOWN);
    expect(table.size).toBe(0);
    expect(table.takeUses(10)).toMatchObject([{ key: KEYS[0], accepted: 1, refused: 0, firstUsedAt: NOW + 11 }]);
  });

  test("no count is lost or told twice, whatever grows, goes, is cleared or taken meanwhile", () => {
    const steps = fc.oneof(
      { weight: 8, arbitrary: fc.record({ use: fc.nat({ max: 63 }), refused: fc.boolean() }) },
      { weight: 3, arbitrary: fc.record({ put: fc.nat({ max: 63 }) }) },
      { weight: 2, arbitrary: fc.record({ remove: fc.nat({ max: 63 }) }) },
      { weight: 1, arbitrary: fc.record({ take: fc.nat({ max: 5 }) }) },
      { weight: 1, arbitrary: fc.constant({ clear: true }) },
    );
    fc.assert(
      fc.property(fc.array(steps, { minLength: 50, maxLength: 300 }), (run) => {
        const table = createKeyTable<Shared>({ capacity: 40 });
        const sums = new Map<string, [number, number]>();
        const add = (key: string, accepted: number, refused: number): void => {
          const [a, r] = sums.get(key) ?? [0, 0];
          sums.set(key, [a + accepted, r + refused]);
        };
        const take = (limit: number): void => {
          const uses = table.takeUses(limit);
          expect(uses.length).toBeLessThanOrEqual(limit);
          for (const { key, accepted, refused } of uses) {
            expect(accepted + refused).toBeGreaterThan(0);
            add(key, -accepted, -refused);
          }
        };
        for (let n = 0; n < 20; n++) table.put(hashOf(n), entry({ keyId: `k-${n}` }));
        for (const step of run) {
          if ("put" in step) table.put(hashOf(step.put), entry({ keyId: `k-${step.put}` }));
          else if ("remove" in step) table.remove(hashOf(step.remove));
          else if ("take" in step) take(step.take);
          else if ("clear" in step) table.clear();
          else {
            const request = ask(step.refused ? { environment: "test" } : {});
            const outcome = table.check(hashOf(step.use), request, catalogue, NOW);
            if (outcome === UNKNOWN) continue;
            table.countUse(outcome, NOW);
            add(`k-${step.use}`, step.refused ? 0 : 1, step.refused ? 1 : 0);
          }
        }
        take(1000);
        expect([...sums.values()].every(([accepted, refused]) => accepted === 0 && refused === 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
