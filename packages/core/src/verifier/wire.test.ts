import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BudgetBody,
  CONDITIONS,
  conditionsOf,
  type NodeMessage,
  notUnderstood,
  parseNodeMessage,
  parseVerifierMessage,
  type SpendBody,
  type VerifierEntry,
  type VerifierMessage,
  WIRE_LIMITS,
} from "./index.ts";

const HASH = `${"A".repeat(42)}E`;
const HOLDER = "h".repeat(22);
const EPOCH = "6b8c1f3e-0000-4000-8000-000000000000:00000001";

const ENTRY: VerifierEntry = {
  record: {
    keyId: "key_1",
    account: "acct_1",
    environment: "live",
    state: "active",
    accountState: "active",
    expiresAt: null,
    tier: "read",
    scopes: ["orders:read"],
    versions: [{ version: 2, state: "active", expiresAt: 1_800_000_000_000 }],
    allowedIps: ["10.0.0.0/8"],
    allowedReferrers: ["https://example.com"],
    audiences: ["orders"],
    metadata: { team: "a", nested: { list: [1, null, true] } },
    subjects: ["key:key_1", "account:acct_1"],
  },
  version: 2,
  accountExternalId: "their-id",
  limits: [
    {
      name: "per second",
      key: "key_1",
      amount: 10,
      per: "second",
      refill: null,
      counter: "second key key_1 per second",
      perSource: null,
    },
    {
      name: "credits",
      key: "key_1",
      amount: 1e12,
      per: "lifetime",
      refill: { amount: 5, every: "month" },
      counter: "lifetime account acct_1 credits",
      perSource: "acct_1",
    },
    {
      ...{ name: "throttle", key: "key_1", amount: 2, per: "minute", refill: null, perSource: null },
      ...{ counter: "minute throttle key_1 throttle", until: 1_800_000_000_000 },
    },
  ],
  conditions: ["allowed-ips", "limits", "throttle"],
};

const SETTINGS = { tagKeys: ["c2l4dGVlbiBieXRlcyBhcmUhIQ=="], keyPrefix: "acme", environment: "live" };

const FROM_VERIFIER: { readonly [K in VerifierMessage["kind"]]: VerifierMessage & { readonly kind: K } } = {
  hello: {
    kind: "hello",
    versions: [1],
    session: "s".repeat(22),
    epoch: EPOCH,
    appliedSeq: 7,
    understands: [...CONDITIONS],
    termMs: 5_000,
    staleIfUnreachableMs: 0,
    name: "api-1",
    software: "@claviger/sdk 0.1.0",
  },
  renew: { kind: "renew", nonce: 3, epoch: EPOCH, appliedSeq: 7 },
  ack: { kind: "ack", epoch: EPOCH, seq: 7 },
  lookup: { kind: "lookup", id: 1, hash: HASH },
  catalogue: { kind: "catalogue", id: 2 },
  settings: { kind: "settings", id: 3 },
  usage: {
    kind: "usage",
    batch: "b".repeat(22),
    rows: [
      {
        key: "key_1",
        version: 1,
        account: "acct_1",
        accepted: 3,
        refused: 1,
        firstUsedAt: 1,
        lastUsedAt: 2,
        lastRefusedAt: 3,
        lastRefusedCode: "EXPIRED",
      },
      {
        key: "key_2",
        version: 1,
        account: "acct_1",
        accepted: 0,
        refused: 0,
        firstUsedAt: null,
        lastUsedAt: null,
        lastRefusedAt: null,
        lastRefusedCode: null,
      },
    ],
  },
  spend: { kind: "spend", id: 4, body: { act: "join", holder: HOLDER, termMs: 5_000, now: 12.5 } },
  release: { kind: "release" },
};

const FROM_NODE: { readonly [K in NodeMessage["kind"]]: NodeMessage & { readonly kind: K } } = {
  welcome: {
    kind: "welcome",
    version: 1,
    epoch: EPOCH,
    seq: 9,
    serverTime: 1_800_000_000_000,
    node: "node-1",
    settings: SETTINGS,
    limits: { frameBytes: 1_000, usageRows: 10, openLookups: 5 },
  },
  grant: { kind: "grant", nonce: 3, epoch: EPOCH, seq: 9, termMs: 4_500, staleMs: 0, serverTime: 1_800_000_000_000 },
  deny: { kind: "deny", nonce: null, reason: "remote-mode", retryAfterMs: 60_000, versions: [] },
  invalidate: { kind: "invalidate", after: 8, seq: 9, subjects: ["key:key_1"] },
  resync: { kind: "resync", epoch: EPOCH, seq: 9 },
  record: { kind: "record", id: 1, asOfSeq: 9, outcome: "entry", entry: ENTRY },
  catalogue: {
    kind: "catalogue",
    id: 2,
    asOfSeq: 9,
    source: {
      scopes: [{ name: "orders:read", tier: "read", sensitive: false }],
      routes: [{ method: "GET", path: "/orders", scope: "orders:read" }],
      unmapped: "refuse",
    },
  },
  settings: { kind: "settings", id: 3, asOfSeq: 9, settings: SETTINGS },
  "usage-ok": { kind: "usage-ok", batch: "b".repeat(22) },
  budget: { kind: "budget", id: 4, body: { act: "join" } },
  unanswered: { kind: "unanswered", id: 1 },
  goodbye: { kind: "goodbye" },
  fault: { kind: "fault", code: "WRONG_FIELD", of: "lookup", field: "hash" },
};

const PART_ACT = { holder: HOLDER, part: 0, epoch: "postgresql:1", order: 7, now: 12.5 };
const COUNTER = { counter: "second key key_1 burst", key: "A".repeat(43) };
const REFILLED = { every: "day", period: 20_000 } as const;
const SPENDS: readonly SpendBody[] = [
  { act: "renew", holder: HOLDER, termMs: 5_000, now: 0 },
  { act: "leave", holder: HOLDER, termMs: 5_000, now: 12.5 },
  { act: "claim", ...PART_ACT, last: true, claims: [{ ...COUNTER, windowMs: 1_000, units: 3, ceiling: 10 }] },
  {
    ...{ act: "divide", ...PART_ACT },
    requests: [
      {
        ...{ ...COUNTER, windowMs: 60_000, amount: 10, have: 3, recorded: 4, used: 2, demand: 1, headroom: 16 },
        ...{ mayGrow: true, journal: [[12.5, 2]] },
      },
      {
        ...{ ...COUNTER, windowMs: 1_000, amount: 10, have: 0, recorded: 0, used: 0, demand: 0, headroom: 0 },
        ...{ mayGrow: false, journal: null },
      },
    ],
  },
  {
    act: "take",
    requests: [
      { ...COUNTER, period: 20_000, amount: 10, demand: 1, headroom: 8, refill: null, giveBack: null },
      {
        ...{ ...COUNTER, period: 0, amount: 10, demand: 1, headroom: 8, refill: { amount: 5, ...REFILLED } },
        giveBack: { period: 0, refilled: REFILLED, units: 3 },
      },
    ],
  },
];
const BUDGETS: readonly BudgetBody[] = [
  { act: "leave" },
  {
    ...{ act: "renew", alive: true },
    parts: [
      { epoch: "postgresql:1", settledMs: 3_600_000, wanted: [{ counter: COUNTER.counter, askers: 1 }] },
      { epoch: null, settledMs: 0, wanted: [] },
    ],
  },
  { act: "claim", holds: [true, false] },
  { act: "divide", answers: [{ share: 3, recorded: 4, others: 5, unmet: 0, surplus: 1 }] },
  {
    act: "take",
    answers: [
      { granted: 9, taken: 9, refilled: REFILLED },
      { granted: 0, taken: 10, refilled: null },
    ],
  },
  { act: "gone", why: "moved" },
];

const overTheWire = (message: unknown): unknown => JSON.parse(JSON.stringify(message));
const SIDES = [
  ...Object.values(FROM_VERIFIER).map((message) => ({ message, parse: parseVerifierMessage })),
  ...Object.values(FROM_NODE).map((message) => ({ message, parse: parseNodeMessage })),
  ...SPENDS.map((body) => ({ message: { ...FROM_VERIFIER.spend, body }, parse: parseVerifierMessage })),
  ...BUDGETS.map((body) => ({ message: { ...FROM_NODE.budget, body }, parse: parseNodeMessage })),
];

describe("every message", () => {
  test.each(SIDES)("$message.kind comes out as it went in", ({ message, parse }) => {
    expect(parse(overTheWire(message))).toEqual({ ok: true, message });
  });

  test.each(SIDES)("$message.kind may have fields that are not known yet, anywhere", ({ message, parse }) => {
    const widened = JSON.parse(JSON.stringify(message), (key, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value) && !["metadata", "nested"].includes(key)
        ? { ...value, notKnownYet: 1 }
        : value,
    );
    expect(parse(widened)).toEqual({ ok: true, message });
  });

  test.each(SIDES)("$message.kind with a field that is missing or of another type is named, with the path", (side) => {
    const paths: string[] = [];
    const wrong = (value: unknown): unknown => (value === null || typeof value === "symbol" ? undefined : Symbol("no"));
    const visit = (value: unknown, path: readonly string[]): void => {
      if (typeof value !== "object" || value === null || path.at(-1) === "metadata") return;
      for (const key of Object.keys(value)) {
        if (path.length === 0 && (key === "kind" || key === "outcome")) continue;
        const copy = structuredClone(side.message) as unknown as Record<string, unknown>;
        let place = copy;
        for (const step of path) place = place[step] as Record<string, unknown>;
        place[key] = wrong(place[key]);
        const parsed = side.parse(copy);
        expect(parsed, [...path, key].join(".")).toMatchObject({
          ok: false,
          error: { code: "WRONG_FIELD", kind: side.message.kind },
        });
        if (!parsed.ok) paths.push(parsed.error.field ?? "");
        visit((value as Record<string, unknown>)[key], [...path, key]);
      }
    };
    visit(side.message, []);
    for (const path of paths) expect(path).toMatch(/^[A-Za-z]+((\.[A-Za-z]+)|(\[\d+\]))*$/);
  });
});

describe("what is no message", () => {
  test.each([null, undefined, 1, "hello", [], [{ kind: "ack" }], true])("%j is not an object", (value) => {
    expect(parseVerifierMessage(value)).toMatchObject({ ok: false, error: { code: "NOT_AN_OBJECT" } });
  });

  test.each([
    { sent: { kind: "frobnicate" }, kind: "frobnicate" },
    { sent: { kind: "constructor" }, kind: "constructor" },
    { sent: { kind: "__proto__" }, kind: null },
    { sent: { kind: "x".repeat(100) }, kind: null },
    { sent: { kind: 7 }, kind: null },
    { sent: {}, kind: null },
  ])("the kind of $sent is reported as unknown, and quoted only where it is short", ({ sent, kind }) => {
    expect(parseVerifierMessage(sent)).toEqual({ ok: false, error: { code: "UNKNOWN_KIND", kind, field: null } });
    expect(parseNodeMessage(sent)).toEqual({ ok: false, error: { code: "UNKNOWN_KIND", kind, field: null } });
  });

  test("a node's message is none of a verifier's, and the other way about", () => {
    expect(parseVerifierMessage(FROM_NODE.grant)).toMatchObject({ ok: false, error: { code: "UNKNOWN_KIND" } });
    expect(parseNodeMessage(FROM_VERIFIER.renew)).toMatchObject({ ok: false, error: { code: "UNKNOWN_KIND" } });
  });

  test("anything at all gets an answer and never an exception", () => {
    const kind = fc.constantFrom(...SIDES.map(({ message }) => message.kind), "nothing");
    const fields = [...new Set(SIDES.flatMap(({ message }) => Object.keys(message)))];
    const value = fc.oneof(
      fc.anything(),
      fc
        .dictionary(fc.constantFrom(...fields), fc.anything())
        .chain((rest) => kind.map((each) => ({ ...rest, kind: each }))),
    );
    fc.assert(
      fc.property(value, (each) => {
        expect(parseVerifierMessage(each)).toHaveProperty("ok");
        expect(parseNodeMessage(each)).toHaveProperty("ok");
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("bounds", () => {
  const { hello, usage, lookup, spend, ack } = FROM_VERIFIER;
  test.each([
    { field: "session", sent: { ...hello, session: "short" } },
    { field: "session", sent: { ...hello, session: "s".repeat(65) } },
    { field: "session", sent: { ...hello, session: `${"s".repeat(20)}\n` } },
    { field: "appliedSeq", sent: { ...hello, appliedSeq: -1 } },
    { field: "appliedSeq", sent: { ...hello, appliedSeq: 0.5 } },
    { field: "appliedSeq", sent: { ...hello, appliedSeq: 2 ** 53 } },
    { field: "termMs", sent: { ...hello, termMs: 0 } },
    { field: "termMs", sent: { ...hello, termMs: 3_600_001 } },
    { field: "name", sent: { ...hello, name: "tab\t" } },
    { field: "understands", sent: { ...hello, understands: new Array(201).fill("x") } },
    { field: "epoch", sent: { ...hello, epoch: "e".repeat(101) } },
    { field: "seq", sent: { ...ack, seq: Number.NaN } },
    { field: "hash", sent: { ...lookup, hash: "A".repeat(42) } },
    { field: "hash", sent: { ...lookup, hash: `${"A".repeat(42)}B` } },
    { field: "hash", sent: { ...lookup, hash: "=".repeat(43) } },
    { field: "rows", sent: { ...usage, rows: new Array(WIRE_LIMITS.usageRows + 1).fill(usage.rows[0]) } },
    { field: "rows[1].accepted", sent: { ...usage, rows: [usage.rows[0], { ...usage.rows[0], accepted: -1 }] } },
    { field: "body", sent: { ...spend, body: [] } },
    { field: "body.act", sent: { ...spend, body: { ...spend.body, act: "end" } } },
    { field: "body.holder", sent: { ...spend, body: { ...spend.body, holder: "short" } } },
    { field: "body.termMs", sent: { ...spend, body: { ...spend.body, termMs: WIRE_LIMITS.budgetTermMs + 1 } } },
    { field: "body.now", sent: { ...spend, body: { ...spend.body, now: Number.POSITIVE_INFINITY } } },
    { field: "body.requests", sent: divide(new Array(WIRE_LIMITS.budgetRequests + 1).fill({})) },
    { field: "body.requests[0].key", sent: divide([{ ...ASKED, key: "key_1" }]) },
    { field: "body.requests[0].used", sent: divide([{ ...ASKED, used: 1e15 + 1 }]) },
    { field: "body.requests[0].journal[0]", sent: divide([{ ...ASKED, journal: [[-1, 2]] }]) },
    { field: "body.requests[0].journal", sent: divide([{ ...ASKED, journal: new Array(65).fill([1, 2]) }]) },
  ])("a verifier's $field beyond its bound is refused", ({ field, sent }) => {
    expect(parseVerifierMessage(sent)).toMatchObject({ ok: false, error: { code: "WRONG_FIELD", field } });
  });

  test("what is just within its bound is taken", () => {
    for (const sent of [
      { ...hello, session: "s".repeat(64), termMs: 3_600_000, appliedSeq: Number.MAX_SAFE_INTEGER },
      divide(new Array(WIRE_LIMITS.budgetRequests).fill(ASKED)),
    ])
      expect(parseVerifierMessage(sent).ok).toBe(true);
  });

  test("metadata is only so large, and only so deep", () => {
    const holding = (metadata: object): unknown => ({
      ...FROM_NODE.record,
      entry: { ...ENTRY, record: { ...ENTRY.record, metadata } },
    });
    expect(parseNodeMessage(holding({ a: new Array(WIRE_LIMITS.bodyValues - 2).fill(0) })).ok).toBe(true);
    expect(parseNodeMessage(holding({ a: deep(WIRE_LIMITS.bodyDepth - 1) })).ok).toBe(true);
    for (const metadata of [{ a: new Array(WIRE_LIMITS.bodyValues).fill(0) }, { a: deep(WIRE_LIMITS.bodyDepth) }]) {
      expect(parseNodeMessage(holding(metadata))).toMatchObject({ error: { field: "entry.record.metadata" } });
    }
  });

  test("a node's INVALIDATE names only so many subjects, each only so long", () => {
    const { invalidate } = FROM_NODE;
    const most = {
      ...invalidate,
      subjects: new Array(WIRE_LIMITS.subjects).fill("k".repeat(WIRE_LIMITS.subjectLength)),
    };
    expect(parseNodeMessage(most).ok).toBe(true);
    expect(parseNodeMessage({ ...most, subjects: [...most.subjects, "k"] }).ok).toBe(false);
    expect(parseNodeMessage({ ...invalidate, subjects: ["k".repeat(WIRE_LIMITS.subjectLength + 1)] })).toMatchObject({
      error: { field: "subjects[0]" },
    });
  });
});

describe("what a newer peer may say", () => {
  test("a reason or a code that is not known is read as one that lets nobody in", () => {
    expect(parseNodeMessage({ ...FROM_NODE.deny, reason: "full-moon" })).toMatchObject({
      message: { reason: "other" },
    });
    const refused = { kind: "record", id: 1, asOfSeq: 1, outcome: "refused", code: "NEW_CODE" };
    expect(parseNodeMessage(refused)).toMatchObject({ message: { code: "UNAVAILABLE" } });
  });

  test("a state that is not known is no record: it cannot be taken for active", () => {
    const strange = { ...FROM_NODE.record, entry: { ...ENTRY, record: { ...ENTRY.record, state: "quarantined" } } };
    expect(parseNodeMessage(strange)).toMatchObject({ ok: false, error: { field: "entry.record.state" } });
  });
});

describe("conditions", () => {
  test("a record lists those that it has, and no others", () => {
    expect(conditionsOf(ENTRY)).toEqual(["allowed-ips", "allowed-referrers", "audiences", "limits", "throttle"]);
    const plain = { ...ENTRY.record, allowedIps: [], allowedReferrers: [], audiences: [] };
    expect(conditionsOf({ record: plain, limits: [] })).toEqual([]);
    expect(conditionsOf({ record: { ...plain, audiences: ["a"] }, limits: [] })).toEqual(["audiences"]);
  });

  test("what one side does not understand is named", () => {
    expect(notUnderstood(["limits", "time-of-day"], CONDITIONS)).toEqual(["time-of-day"]);
    expect(notUnderstood(["limits"], CONDITIONS)).toEqual([]);
  });
});

function deep(levels: number): unknown {
  return levels === 0 ? 1 : [deep(levels - 1)];
}

const ASKED = {
  ...{ ...COUNTER, windowMs: 1_000, amount: 10, have: 0, recorded: 0, used: 0, demand: 1, headroom: 0 },
  ...{ mayGrow: true, journal: [] },
};

function divide(requests: readonly unknown[]): unknown {
  return { ...FROM_VERIFIER.spend, body: { act: "divide", ...PART_ACT, requests } };
}
