import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkCidr,
  checkReferrerPattern,
  cidrContains,
  compileCidrs,
  matchesReferrer,
  parseCidr,
  parseIp,
} from "./index.ts";

describe("addresses (B6)", () => {
  test("one address has one value, however it is written", () => {
    expect(parseIp("192.0.2.1")).toEqual({ family: 4, words: [0xc0000201] });
    expect(parseIp("::ffff:192.0.2.1")).toEqual(parseIp("192.0.2.1"));
    expect(parseIp("::FFFF:c000:201")).toEqual(parseIp("192.0.2.1"));
    expect(parseIp("0:0:0:0:0:ffff:c000:0201")).toEqual(parseIp("192.0.2.1"));
    expect(parseIp("2001:db8::1")).toEqual(parseIp("2001:0DB8:0:0:0:0:0:1"));
    expect(parseIp("::")).toEqual({ family: 6, words: [0, 0, 0, 0] });
    expect(parseIp("64:ff9b::192.0.2.1")).toEqual({ family: 6, words: [0x64ff9b, 0, 0, 0xc0000201] });
    expect(parseIp("1:2:3:4:5:6:7::")).toEqual(parseIp("1:2:3:4:5:6:7:0"));
  });

  const wrong = [
    "",
    " ",
    "1.2.3",
    "1.2.3.4.5",
    "01.2.3.4",
    "1.2.3.08",
    "0x1.2.3.4",
    "256.1.1.1",
    "1.2.3.4 ",
    "1.2.3.4:80",
    "3232235777",
    "1..2.3",
    "１.2.3.4",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "12345::",
    "g::",
    "[::1]",
    "fe80::1%eth0",
    "::1.2.3",
    "1.2.3.4::",
    "::1.2.3.4:5",
    ":1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:",
  ];
  test.each(wrong)("%j is no address", (text) => {
    expect(parseIp(text)).toBeNull();
  });

  test("it agrees with node:net on what is an address, zone ids apart", () => {
    const digits = fc.stringMatching(/^[0-9a-f:.]{1,20}$/);
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), digits), (text) => (parseIp(text) !== null) === (isIP(text) !== 0)),
      { numRuns: 3000 },
    );
  });
});

describe("ranges (B6)", () => {
  test("a range contains exactly the addresses that share its prefix, as node:net has it", () => {
    const v4 = fc.tuple(fc.ipV4(), fc.ipV4(), fc.integer({ min: 1, max: 32 }), fc.constant("ipv4" as const));
    const v6 = fc.tuple(fc.ipV6(), fc.ipV6(), fc.integer({ min: 1, max: 128 }), fc.constant("ipv6" as const));
    fc.assert(
      fc.property(fc.oneof(v4, v6), fc.boolean(), ([net, other, length, family], near) => {
        const cidr = parseCidr(net);
        fc.pre(cidr !== null && cidr.address.family === (family === "ipv4" ? 4 : 6));
        const ip = near ? net : other;
        fc.pre(parseIp(ip)?.family === cidr.address.family);
        const list = new BlockList();
        list.addSubnet(net, length, family);
        expect(cidrContains({ ...cidr, prefixLength: length }, ip)).toBe(list.check(ip, family));
      }),
      { numRuns: 2000 },
    );
  });

  test("the edges of a range are where they should be", () => {
    const set = compileCidrs(["203.0.113.128/25", "2001:db8:8000::/33", "192.0.2.7"]);
    for (const ip of [
      "203.0.113.128",
      "203.0.113.255",
      "2001:db8:8000::",
      "2001:db8:ffff:ffff::1",
      "192.0.2.7",
      "::ffff:192.0.2.7",
    ]) {
      expect(set.contains(ip)).toBe(true);
    }
    for (const ip of ["203.0.113.127", "203.0.114.0", "2001:db8:7fff::1", "2001:db9::", "192.0.2.8", "", "x", "::1"]) {
      expect(set.contains(ip)).toBe(false);
    }
  });

  test("a mapped range is the IPv4 range; the families do not mix", () => {
    expect(parseCidr("::ffff:203.0.113.0/120")).toEqual(parseCidr("203.0.113.0/24"));
    expect(cidrContains(parseCidr("0.0.0.0/0") ?? fail(), "255.255.255.255")).toBe(true);
    expect(cidrContains(parseCidr("::/0") ?? fail(), "203.0.113.9")).toBe(false);
    expect(cidrContains(parseCidr("0.0.0.0/0") ?? fail(), "2001:db8::1")).toBe(false);
  });

  test("a range that may be mistyped is refused, and admits nobody if it gets in all the same", () => {
    for (const text of [
      "",
      "x",
      "203.0.113.7/24",
      "1.2.3.4/0",
      "2001:db8::/0",
      "2001:db8:0:0:1::/32",
      "2001:db8::1/127",
      "1.2.3.4/33",
      "::/129",
      "1.2.3.4/",
      "1.2.3.4/ 8",
      "1.2.3.4/08",
      "1.2.3.4/-1",
      "1.2.3.4/1e1",
      "::ffff:1.2.3.4/95",
      "1.2.3.0/255.255.255.0",
    ]) {
      expect(parseCidr(text)).toBeNull();
      expect(checkCidr(text)).toMatch(/./);
      expect(compileCidrs([text]).contains("1.2.3.4")).toBe(false);
    }
    expect(checkCidr("10.0.0.0/8")).toBeNull();
  });
});

describe("origins and referrers (B6)", () => {
  const matches = (pattern: string, origin?: string, referrer?: string) =>
    matchesReferrer([pattern], { origin, referrer });

  test("scheme, host and port must be the same; case and the scheme's own port make no difference", () => {
    for (const origin of ["https://app.example.com", "https://APP.example.com", "HTTPS://app.example.com:443"]) {
      expect(matches("https://app.example.com", origin)).toBe(true);
    }
    for (const origin of [
      "http://app.example.com",
      "https://app.example.com:8443",
      "https://example.com",
      "https://app.example.com.evil.test",
      "https://evilapp.example.com",
    ]) {
      expect(matches("https://app.example.com", origin)).toBe(false);
    }
    expect(matches("http://localhost:3000", "http://localhost:3000")).toBe(true);
    expect(matches("https://bücher.example", "https://xn--bcher-kva.example")).toBe(false);
    expect(matches("https://xn--bcher-kva.example", "https://xn--bcher-kva.example")).toBe(true);
  });

  test("a wildcard spans subdomains of any depth, not the domain itself and nothing that only ends alike", () => {
    for (const origin of ["https://a.example.com", "https://a.b.example.com"])
      expect(matches("https://*.example.com", origin)).toBe(true);
    for (const origin of [
      "https://example.com",
      "https://evilexample.com",
      "https://example.com.evil.test",
      "http://a.example.com",
      "https://a.example.com.",
    ]) {
      expect(matches("https://*.example.com", origin)).toBe(false);
    }
  });

  const tricks = [
    "https://app.example.com@evil.test",
    "https://app.example.com:x@evil.test/",
    "https://evil.test\\@app.example.com",
    "https://evil.test#@app.example.com",
    "https://evil.test/https://app.example.com",
    "https:app.example.com",
    "https:///app.example.com",
    "https://app.exa\tmple.com",
    " https://app.example.com",
    "https://app.example.com ",
    "https://app.example.com\n",
    "https://app%2eexample.com",
    "https://app。example.com",
    "null",
    "",
    "javascript:https://app.example.com",
    "//app.example.com",
    "app.example.com",
    "https://app.example.com, https://x",
    "https://app.example.com:",
    "https://app.example.com:99999",
  ];
  test.each(tricks)("the header %j is not taken for https://app.example.com", (text) => {
    expect(matches("https://app.example.com", text)).toBe(false);
    expect(matches("https://app.example.com", undefined, text)).toBe(false);
    expect(matches("https://app.example.com", "https://app.example.com", text)).toBe(false);
  });

  test("every header that is present must agree, and without any nothing matches", () => {
    expect(matches("https://a.test")).toBe(false);
    expect(matches("https://a.test", undefined, "https://a.test/page?x=1")).toBe(true);
    expect(matches("https://a.test", "https://a.test", "https://a.test/page")).toBe(true);
    expect(matches("https://a.test", "https://evil.test", "https://a.test/page")).toBe(false);
    expect(matches("https://a.test", "https://a.test", "https://evil.test/")).toBe(false);
    expect(
      matchesReferrer(["https://a.test", "https://b.test"], { origin: "https://a.test", referrer: "https://b.test/" }),
    ).toBe(false);
    expect(matchesReferrer([], { origin: "https://a.test" })).toBe(false);
  });

  test("a path is matched at a segment boundary after dots are resolved, and needs a referrer", () => {
    const pattern = "https://a.test/app";
    for (const referrer of [
      "https://a.test/app",
      "https://a.test/app/",
      "https://a.test/app/x",
      "https://a.test/app?q",
      "https://a.test/x/../app",
    ]) {
      expect(matches(pattern, undefined, referrer)).toBe(true);
    }
    for (const referrer of [
      "https://a.test/application",
      "https://a.test/",
      "https://a.test/app/../evil",
      "https://a.test/app/%2e%2e/evil",
      "https://a.test/x?/app",
    ]) {
      expect(matches(pattern, undefined, referrer)).toBe(false);
    }
    expect(matches(pattern, "https://a.test")).toBe(false);
  });

  test("patterns that mean too much or nothing are refused, and match nothing", () => {
    for (const pattern of [
      "https://app.example.com",
      "http://localhost:3000",
      "https://*.example.com:8443",
      "https://a.test/app/",
      "http://[::1]:80",
    ]) {
      expect(checkReferrerPattern(pattern)).toBeNull();
    }
    for (const pattern of [
      "*",
      "https://*",
      "https://*.com",
      "https://*.1.2.3.4",
      "https://a.*.com",
      "example.com",
      "ftp://a.test",
      "https://u@a.test",
      "https://a.test?x",
      "https://a.test/#y",
      "https://a.test/?",
      `https://${"a".repeat(600)}.test`,
    ]) {
      expect(checkReferrerPattern(pattern)).toMatch(/./);
      expect(matches(pattern, "https://a.com")).toBe(false);
    }
  });

  test("it answers for any input and throws for none", () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.anything(),
        (origin, referrer) =>
          matchesReferrer(["https://a.test"], { origin, referrer } as { origin: string; referrer: string }) === false,
      ),
    );
  });
});

function fail(): never {
  throw new TypeError("the test's own range cannot be read");
}
