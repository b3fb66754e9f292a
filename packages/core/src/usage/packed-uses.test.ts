import { seededRandom } from "@claviger/testkit";
import { expect, test } from "vitest";
import {
  foldPath,
  packUses,
  parseVerifierMessage,
  type UseBatch,
  UseLog,
  unknownKey,
  unpackUses,
  usesIn,
} from "../index.ts";
import { NOW, toldKeys } from "./testing.ts";

const FRAME_BYTES = 50_000;

test("packed, over the wire and unpacked it is the same batch, in parts that fit into a frame", (context) => {
  const random = seededRandom(context);
  const keys = toldKeys(300);
  const log = new UseLog({ service: "shop", seed: 1 });
  for (let n = 0; n < 8_000; n += 1) {
    const key = random.pick(keys);
    const found =
      random.int(5) === 0 ? key.refused("EXPIRED") : key.accepted(random.int(2) === 0 ? undefined : "/contacts/{id}");
    const requestId = random.pick(["", `r-${n}`, '"'.repeat(200)]);
    const agent = random.pick(["", "acme/1", "\\".repeat(300)]);
    const asked = random.pick([["contacts:read"], { any: ["deals:read", { all: ["a:b", "contacts:*"] }] }, []]);
    const scopes = random.int(2) === 0 ? undefined : asked;
    const use = log.note(
      found,
      { method: "GET", path: "/a/9", scopes, ip: `10.0.0.${random.int(9)}`, userAgent: agent, requestId },
      NOW + n,
    );
    if (use !== null && random.int(2) === 0) log.answered(use, 200 + random.int(400), random.pick([null, n / 4]));
    if (n % 10 === 0) log.note(unknownKey("MALFORMED"), { ip: `10.1.0.${n & 255}` }, NOW);
  }
  const batch = log.take() as UseBatch;
  const parts = packUses(batch, FRAME_BYTES);
  expect(parts.length).toBeGreaterThan(2);
  const read = parts.map((uses) => {
    const frame = JSON.stringify({ kind: "usage", batch: "batch-0001", rows: [], uses });
    expect(frame.length).toBeLessThan(FRAME_BYTES + 100);
    const parsed = parseVerifierMessage(JSON.parse(frame));
    if (!parsed.ok || parsed.message.kind !== "usage" || parsed.message.uses === undefined)
      throw new TypeError("unread");
    return unpackUses(parsed.message.uses);
  });
  const own = (each: UseBatch) => each.details.map(({ cell, ...detail }) => ({ ...detail, of: each.cells[cell] }));
  expect(read.flatMap(({ cells }) => cells)).toEqual(batch.cells);
  const byTime = (list: ReturnType<typeof own>) => list.toSorted((a, b) => a.at - b.at);
  expect(byTime(read.flatMap(own))).toEqual(byTime(own(batch)));
  expect(read.flatMap(({ strangers }) => strangers)).toEqual(batch.strangers);
  expect(read.reduce((sum, { sampledOut }) => sum + sampledOut, 0)).toBe(batch.sampledOut);
  expect(parts.reduce((sum, part) => sum + usesIn(part), 0)).toBe(
    batch.cells.reduce((sum, { requests }) => sum + requests, 0),
  );
});

const CELL = [1, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 5, 5, NOW, 10];
const TEXTS = ["key_1", "acct_1", "live", "VALID"];
const whole = { texts: TEXTS, cells: [CELL], details: [[0, 5, 1, 0, 200, 1.5]], sampledOut: 4, strangers: [[0, 4, 3]] };
const parsed = (uses: unknown) => parseVerifierMessage({ kind: "usage", batch: "batch-0001", rows: [], uses });

test("scopes are told beside a path or without, and who knows nothing of them takes them for no path", () => {
  const [key] = toldKeys(1);
  const log = new UseLog({ service: null, seed: 1 });
  for (const path of ["/users/9", undefined]) {
    if (key !== undefined)
      log.note(key.accepted(), { method: "GET", path, scopes: ["contacts:write", "contacts:read"] }, NOW);
  }
  const [packed] = packUses(log.take() as UseBatch, FRAME_BYTES);
  const told = packed === undefined ? [] : unpackUses(packed).cells.map(({ scopes, path }) => ({ scopes, path }));
  const scopes = "contacts:read contacts:write";
  expect(told).toEqual([
    { scopes, path: "/users/{id}" },
    { scopes, path: null },
  ]);
  for (const text of packed?.texts ?? []) if (text.includes(scopes)) expect(foldPath(text)).toBeNull();
  const sent = ["key_1", "acct_1", "live", "VALID", "DROP TABLE /users/7"];
  expect(unpackUses({ ...whole, texts: sent, cells: [CELL.with(7, 5)] }).cells).toMatchObject([
    { scopes: "?", path: "/users/{id}" },
  ]);
});

test("what is whole is read, and a sender's paths, agents and codes are cleaned once more", () => {
  expect(parsed(whole)).toMatchObject({ ok: true, message: { uses: whole } });
  expect(parsed(undefined)).toMatchObject({ ok: true, message: { kind: "usage" } });
  const texts = ["key_1", "acct_1", "live", "NEWER", "/users/7", `\u0000${"x".repeat(400)}`];
  const row = CELL.with(7, 5).with(9, 6);
  expect(unpackUses({ ...whole, texts, cells: [row] }).cells).toMatchObject([
    { code: "UNAVAILABLE", path: "/users/{id}", agent: `?${"x".repeat(199)}` },
  ]);
});

test.each([
  ["uses", null],
  ["uses", 7],
  ["uses.texts", { ...whole, texts: "none" }],
  ["uses.texts[0]", { ...whole, texts: ["x".repeat(513), ...TEXTS] }],
  ["uses.cells", { ...whole, cells: Array.from({ length: 5_001 }, () => CELL) }],
  ["uses.cells[1]", { ...whole, cells: [CELL, CELL.slice(1)] }],
  ["uses.cells[0]", { ...whole, cells: [CELL.with(0, 0)] }],
  ["uses.cells[0]", { ...whole, cells: [CELL.with(0, 5)] }],
  ["uses.cells[0]", { ...whole, cells: [CELL.with(12, -1)] }],
  ["uses.cells[0]", { ...whole, cells: [CELL.with(12, 1.5)] }],
  ["uses.cells[0]", { ...whole, cells: [[...CELL, 1, 0, 0, 0, 1, -5, 5]] }],
  ["uses.cells[0]", { ...whole, cells: [Object.assign([...CELL], { 14: "now" })] }],
  ["uses.cells[0]", { ...whole, cells: ["cell"] }],
  ["uses.details[0]", { ...whole, details: [[1, 5, 1, 0, 200, 1.5]] }],
  ["uses.details[0]", { ...whole, details: [[0, 5, 1, 0, 700, 1.5]] }],
  ["uses.sampledOut", { ...whole, sampledOut: -1 }],
  ["uses.strangers[0]", { ...whole, strangers: [[0, 0, 1]] }],
  ["uses.strangers[0]", { ...whole, strangers: [[0, 4, 1, 1]] }],
])("%s that is wrong is refused by name", (field, uses) => {
  expect(parsed(uses)).toEqual({ ok: false, error: { code: "WRONG_FIELD", kind: "usage", field } });
});
