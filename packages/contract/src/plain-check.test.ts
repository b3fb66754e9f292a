import fc from "fast-check";
import { expect, test } from "vitest";
import { plainVerifyBatchBody, plainVerifyBody } from "./plain-check.ts";
import { verifyBatchBody, verifyBody } from "./verify-body.ts";

const read = (text: string) => plainVerifyBody(Buffer.from(text, "latin1"), text);
const readBatch = (text: string) => plainVerifyBatchBody(Buffer.from(text, "latin1"), text);
/** Without what is undefined, which says the same. */
const said = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const KEY = `clv_live_${"a".repeat(36)}`;
const ascii = (maxLength: number) => fc.string({ unit: "binary-ascii", maxLength });
const either = <T>(good: T, bad: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant<unknown>(good) }, { weight: 1, arbitrary: bad });
const SCOPES = [
  "contacts:read",
  "contacts:*",
  "*",
  "read",
  "a b",
  "",
  "x".repeat(101),
  "Ünicode",
  "contacts:read:more",
];
/** Each field mostly as it should be, and often not. */
const fields = fc.record(
  {
    key: either(KEY, fc.oneof(ascii(20), fc.integer(), fc.constant("k".repeat(4097)), fc.constant(null))),
    environment: either("live", fc.oneof(ascii(10), fc.constant("LIVE"), fc.constant("e".repeat(64)))),
    scopes: fc.oneof(
      { weight: 20, arbitrary: fc.array(fc.constantFrom(...SCOPES), { maxLength: 3 }) },
      { weight: 1, arbitrary: fc.constant({ all: ["contacts:read"] }) },
      { weight: 1, arbitrary: fc.constant(Array.from({ length: 65 }, () => "contacts:read")) },
    ),
    method: either("GET", fc.oneof(ascii(8), fc.constant("G".repeat(21)))),
    path: either("/contacts/7", fc.oneof(ascii(20), fc.constant("/".repeat(4097)))),
    account: either("acct_01ARZ3NDEKTSV4RRFFQ69G5FAV", fc.oneof(ascii(10), fc.constant("ext:their id"))),
    audience: either("crm", fc.oneof(ascii(10), fc.constant("a".repeat(201)), fc.constant(" crm "))),
    ip: either("192.0.2.7", fc.oneof(ascii(10), fc.constant("::1"), fc.constant("010.0.0.1"))),
    referrer: either("https://app.example/", fc.oneof(ascii(10), fc.constant("r".repeat(2049)))),
    origin: either("https://app.example", fc.oneof(ascii(10), fc.constant("o".repeat(301)))),
    userAgent: either("curl/8", fc.oneof(ascii(10), fc.constant("u".repeat(1001)))),
    requestId: either("req-1", fc.oneof(ascii(10), fc.constant("i".repeat(201)))),
  },
  { requiredKeys: ["key"] },
);
const bodies = fc
  .tuple(fields, either({}, fc.record({ cost: fc.constantFrom(1, 2, 0, "1") })), either({}, fc.constant({ other: "" })))
  .map(([body, cost, other]) => ({ ...body, ...(cost as object), ...(other as object) }));
const spacing = fc.constantFrom(
  (value: unknown) => JSON.stringify(value),
  (value: unknown) => JSON.stringify(value).replaceAll('":', '": ').replaceAll(',"', ', "'),
  (value: unknown) => JSON.stringify(value, null, 2),
);

let taken = 0;
test("what is read plainly is what the schema makes of it, and nothing that the schema refuses is read", () => {
  fc.assert(
    fc.property(bodies, spacing, (body, write) => {
      const text = write(body);
      const plain = read(text);
      if (plain === undefined) return;
      taken += 1;
      const parsed = verifyBody.safeParse(JSON.parse(text));
      expect(parsed.error?.issues ?? []).toEqual([]);
      expect(said(plain)).toEqual(said(parsed.data));
    }),
    { numRuns: 20_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

test("any text is read as the schema reads it, or not at all", () => {
  const whole = JSON.stringify({ key: KEY, environment: "live", scopes: ["contacts:read"], method: "GET", path: "/c" });
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(6), ascii(3), (at, cut, put) => {
      const text = whole.slice(0, at) + put + whole.slice(at + cut);
      const plain = read(text);
      if (plain !== undefined) expect(said(plain)).toEqual(said(verifyBody.parse(JSON.parse(text))));
    }),
    { numRuns: 20_000 },
  );
});

test("what callers mostly send is read plainly", () => {
  for (const body of [
    { key: KEY, environment: "live" },
    { key: KEY, environment: "live", method: "GET", path: "/contacts/7?page=2" },
    { key: KEY, environment: "live", scopes: ["contacts:read"], ip: "192.0.2.7" },
  ]) {
    expect(said(read(JSON.stringify(body)))).toEqual(said(verifyBody.parse(body)));
  }
  const twice = `{"key":"${KEY}","key":"other"}`;
  expect(read(twice)).toBeUndefined();
});

test("a batch is its checks, up to as many as the schema takes, and one that is not plain leaves all to the schema", () => {
  const check = { key: KEY, environment: "live" };
  const batch = (count: number) => JSON.stringify({ checks: Array.from({ length: count }, () => check) });
  for (const count of [1, 1000]) {
    expect(said(readBatch(batch(count)))).toEqual(said(verifyBatchBody.parse(JSON.parse(batch(count)))));
  }
  for (const text of [batch(0), batch(1001), `${batch(1)} `, JSON.stringify({ checks: [check, { key: 1 }] })]) {
    expect(readBatch(text)).toBeUndefined();
  }
});
