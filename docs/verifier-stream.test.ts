/** The page about the verifier stream says what node and SDK read: its examples are parsed, its lists are those of the code. */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import {
  assessKey,
  CONDITIONS,
  DENY_REASONS,
  MAX_KEY_LENGTH,
  MIN_KEY_LENGTH,
  makeKey,
  type NodeMessage,
  type ParsedMessage,
  PROTOCOL_VERSIONS,
  parseNodeMessage,
  parseVerifierMessage,
  REFUSAL_CODES,
  type VerifierMessage,
  WIRE_LIMITS,
} from "@claviger/core";
import { describe, expect, test } from "vitest";

const text = readFileSync(new URL("reference/verifier-stream.md", import.meta.url), "utf8");
const section = (heading: string): string =>
  new RegExp(`^## ${heading}\\n(.*?)(?=^## |$(?![\\s\\S]))`, "ms").exec(text)?.[1] ?? "";
const examplesIn = (heading: string): unknown[] =>
  [...section(heading).matchAll(/^```json\n(.*?)^```$/gms)].map(([, json = ""]) => JSON.parse(json) as unknown);

/** Named one by one, so that a message that is added fails to compile here until the page has it. */
const FROM_VERIFIER = {
  ...{ hello: true, renew: true, ack: true, lookup: true, catalogue: true, settings: true, usage: true },
  ...{ spend: true, release: true },
} satisfies Record<VerifierMessage["kind"], true>;
const FROM_NODE = {
  ...{ welcome: true, grant: true, deny: true, invalidate: true, resync: true, record: true, catalogue: true },
  ...{ settings: true, "usage-ok": true, budget: true, unanswered: true, goodbye: true, fault: true },
} satisfies Record<NodeMessage["kind"], true>;

describe.each<[string, object, (value: unknown) => ParsedMessage<{ readonly kind: string }>]>([
  ["From the verifier", FROM_VERIFIER, parseVerifierMessage],
  ["From the node", FROM_NODE, parseNodeMessage],
])("messages: %s", (heading, kinds, parse) => {
  const examples = examplesIn(heading);

  test("each kind has an example, and no other", () => {
    const shown = new Set(examples.map((example) => (example as { kind: string }).kind));
    expect([...shown].sort()).toEqual(Object.keys(kinds).sort());
  });

  test("each example is read by the strict parser, which takes every field of it and lacks none", () => {
    for (const example of examples) {
      const parsed = parse(example);
      expect(parsed, JSON.stringify(example)).toMatchObject({ ok: true });
      if (parsed.ok) expect(parsed.message).toEqual(example);
    }
  });
});

test("examples of records show every outcome", () => {
  const outcomes = examplesIn("From the node").flatMap((example) => (example as { outcome?: string }).outcome ?? []);
  expect(outcomes.sort()).toEqual(["ask", "entry", "refused"]);
});

test("reasons, conditions, codes and versions are those of the code", () => {
  const reasons = [...section("From the node").matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, reason]) => reason);
  expect(reasons.sort()).toEqual([...DENY_REASONS].sort());
  const known = /Known today: (.*?)\. A node/s.exec(section("Conditions"))?.[1] ?? "";
  expect([...known.matchAll(/`([^`]+)`/g)].map(([, name]) => name).sort()).toEqual([...CONDITIONS].sort());
  const order = [...section("Deciding").matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = ""]) => [
    ...cell.matchAll(/`(\w+)`/g),
  ]);
  const decided = order.map(([, code]) => code);
  const elsewhere = ["MALFORMED", "NOT_FOUND", "RATE_LIMITED", "QUOTA_EXCEEDED", "UNAVAILABLE"];
  expect([...decided, ...elsewhere].sort()).toEqual([...REFUSAL_CODES].sort());
  expect(`This is version ${PROTOCOL_VERSIONS.join(", ")}.`).toBe(
    /This is version [^.]*\./.exec(section("Versions"))?.[0],
  );
});

test("bounds are those that are kept to", () => {
  const numbers = [...section("Bounds").matchAll(/^\| (?!What|---)[^|]* \| ([^|]*) \|/gm)].flatMap(([, cell = ""]) =>
    cell.split(";").map((number) => Number(number.replaceAll(" ", ""))),
  );
  expect(numbers.sort((a, b) => a - b)).toEqual(Object.values(WIRE_LIMITS).sort((a, b) => a - b));
});

describe("judging a string, as the page says it", () => {
  const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const base62 = (value: bigint): string =>
    Array.from({ length: 6 }, (_, place) => DIGITS[Number((value / 62n ** BigInt(5 - place)) % 62n)]).join("");

  /** Written from the page alone. */
  function judged(presented: string, tagKeys: readonly Buffer[]): "malformed" | "forged" | "genuine" {
    if (presented.length < 42 || presented.length > 55) return "malformed";
    if (!/^[a-z0-9]{2,12}_[a-z0-9]{2,4}_[0-9A-Za-z]{36}$/.test(presented)) return "malformed";
    const [body, tag, checksum] = [presented.slice(0, -12), presented.slice(-12, -6), presented.slice(-6)];
    if (base62(BigInt(crc32(body + tag))) !== checksum) return "malformed";
    const made = tagKeys.some((tagKey) => {
      const digest = createHash("sha256").update(tagKey).update(body).digest();
      return base62(digest.readBigUInt64BE() % 62n ** 6n) === tag;
    });
    return made ? "genuine" : "forged";
  }

  test("is what node and SDK do", () => {
    expect(section("Judging a string")).toContain(`Not ${MIN_KEY_LENGTH} to ${MAX_KEY_LENGTH} characters long`);
    const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();
    const [one, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const outcomes = new Set<string>();
    for (let made = 0; made < 200; made += 1) {
      const key = makeKey({ prefix: "acme", tag: "live", randomBytes, tagKey: one, sha256 });
      const broken = key.slice(0, -1) + (key.endsWith("0") ? "1" : "0");
      for (const [text, keys] of [
        [key, [other, one]],
        [key, [other]],
        [broken, [one]],
        [key.slice(1), [one]],
      ] as const) {
        const expected = assessKey(text, keys, sha256);
        expect(judged(text, keys), text).toBe(expected);
        outcomes.add(expected);
      }
    }
    expect([...outcomes].sort()).toEqual(["forged", "genuine", "malformed"]);
  });
});
