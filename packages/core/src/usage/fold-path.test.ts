import { createHash, randomInt } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { containsKey, foldPath, makeKey, USE_LIMITS } from "../index.ts";

const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();
const keys = fc
  .record({ tag: fc.stringMatching(/^[a-z0-9]{2,4}$/), random: fc.uint8Array({ minLength: 400, maxLength: 400 }) })
  .map(({ tag, random }) =>
    makeKey({ prefix: "acme", tag, tagKey: new Uint8Array(32), randomBytes: (n) => random.slice(0, n), sha256 }),
  );
const sha512 = (text: string): Buffer => createHash("sha512").update(text).digest();
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const segments = fc.oneof(
  fc.string({ maxLength: 50 }),
  fc.webSegment(),
  fc.uuid(),
  fc.ulid(),
  fc.nat().map(String),
  keys,
  keys.map(encodeURIComponent),
  keys.map((key) => key.replaceAll("_", "%5F")),
  fc.constantFrom("users", "v1", "{id}", "{rest*}", "", "..", "contacts:batch", "a".repeat(300)),
);
const targets = fc.array(segments, { maxLength: 40 }).map((parts) => `/${parts.join("/")}`);

describe("what names nobody in particular is kept, and the rest is folded", () => {
  test.each([
    ["/", "/"],
    ["/contacts", "/contacts"],
    ["/contacts/", "/contacts"],
    ["/contacts?email=a@b.c", "/contacts"],
    ["/contacts/42", "/contacts/{id}"],
    ["/v1/oauth2/token", "/v1/oauth2/token"],
    ["/v1.2/i18n/report.pdf", "/v1.2/i18n/report.pdf"],
    ["/contacts:batch", "/contacts:batch"],
    ["/.well-known/openid-configuration", "/.well-known/openid-configuration"],
    ["/../admin", "/{id}/admin"],
    ["/strengths/postgresql/BACKUPS", "/strengths/postgresql/BACKUPS"],
    ["/getUserAccountSettings", "/getUserAccountSettings"],
    ["/users/6f9619ff-8b86-d011-b42d-00cf4fc964ff/notes", "/users/{id}/notes"],
    ["/keys/key_01ARZ3NDEKTSV4RRFFQ69G5FAV", "/keys/{id}"],
    ["/commits/deadbeef01", "/commits/{id}"],
    ["/reports/2024-01-02", "/reports/{id}"],
    ["/charges/ch_3LmzHe2eZvKYlo2C", "/charges/{id}"],
    ["/blog/how-we-made-it-fast", "/blog/{id}"],
    ["/users/J%C3%B6rg", "/users/{id}"],
    ["/users/joe@example.com", "/users/{id}"],
    ["/x/dGhpc0lzQVRva2VuT2ZTb21lYm9keQ", "/x/{id}"],
    ["/invites/hTqLmKxWbRzNcVpd", "/invites/{id}"],
    ["/invites/Kd7fGh2jLqWe", "/invites/{id}"],
    ["//contacts//7", "/contacts/{id}"],
    ["/a/b/c/d/e/f/g/h/i/j/k/l/m/n", "/a/b/c/d/e/f/g/h/i/j/k/{rest*}"],
  ])("%s", (target, template) => {
    expect(foldPath(target)).toBe(template);
  });

  test.each(["", "contacts", "*", "http://host/contacts"])("%j is no path", (target) => {
    expect(foldPath(target)).toBeNull();
  });
});

describe("whatever is sent", () => {
  test("a template is bounded, has plain segments only, and gives itself again", () => {
    fc.assert(
      fc.property(fc.oneof(targets, fc.string({ unit: "binary" })), (target) => {
        const template = foldPath(target);
        expect(template === null).toBe(!target.startsWith("/"));
        if (template === null) return;
        expect(template.length).toBeLessThanOrEqual(USE_LIMITS.pathLength);
        expect(template).toMatch(/^\/$|^(\/([A-Za-z0-9_.:-]{1,40}|\{id\}|\{rest\*\}))+$/);
        expect(foldPath(template)).toBe(template);
      }),
      { numRuns: 2_000 },
    );
  });

  test("no key is in it", () => {
    fc.assert(
      fc.property(targets, keys, targets, (before, key, after) => {
        for (const target of [`${before}/${key}${after}`, `${before}${key}?q=${after}`]) {
          const template = foldPath(target) ?? "";
          expect(containsKey(template)).toBe(false);
          expect(template).not.toContain(key.slice(-36));
        }
      }),
    );
  });
});

describe("of random tokens of letters and digits, those that read like words are few, and fewer the longer they are", () => {
  const SAMPLES = 20_000;
  const seed = randomInt(2 ** 31);

  test.each([
    [12, 0.08],
    [16, 0.01],
    [20, 0.003],
    [24, 0.001],
    [25, 0],
  ])(`%i characters: at most %f of ${SAMPLES} (seed ${seed})`, (length, most) => {
    // every character is as likely as another, as in a real token; the property's own generators favour the ends of their ranges
    const tokens = Array.from({ length: SAMPLES }, (_, at) =>
      Array.from(sha512(`${seed} ${at}`).subarray(0, length), (byte) => BASE62[byte % 62]).join(""),
    );
    const kept = tokens.filter((token) => foldPath(`/${token}`) !== "/{id}");
    expect(kept.length).toBeLessThanOrEqual(SAMPLES * most);
  });
});
