import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCidrs } from "../network/cidr.ts";
import { AddressSet } from "./addresses.ts";

const LISTS = [
  ["203.0.113.0/24"],
  ["0.0.0.0/0"],
  ["::/0"],
  ["255.255.255.255", "0.0.0.0/32", "128.0.0.0/1"],
  ["::ffff:203.0.113.0/120", "2001:db8::/32", "10.0.0.0/8"],
  ["x", "203.0.113.7/24"],
  [],
];

describe("addresses in ranges", () => {
  const same = (list: readonly string[], ip: string): void => {
    expect(new AddressSet(list).contains(ip), `${ip} in ${list.join()}`).toBe(compileCidrs(list).contains(ip));
  };

  test("every spelling is judged as the reference judges it", () => {
    const spellings = [
      ...[
        "203.0.113.7",
        "203.0.113.07",
        "203.0.113.00",
        "203.0.113.0",
        "203.0.113.256",
        "203.0.256.7",
        "259.0.113.7",
        "203.0.113.999",
        "203.0.113",
        "203.0.113.",
      ],
      ...["203.0.113.7.1", ".203.0.113.7", "203..113.7", " 203.0.113.7", "203.0.113.7 ", "0xcb.0.113.7", "3405803783"],
      ...["255.255.255.255", "0.0.0.0", "127.255.255.255", "128.0.0.0", "10.1.2.3", "010.1.2.3", "1.2.3.4294967299"],
      ...[
        "::ffff:203.0.113.7",
        "::ffff:cb00:7107",
        "2001:db8::1",
        "::1",
        "::",
        "[::1]",
        "fe80::1%eth0",
        "",
        "203.0.113.٧",
      ],
    ];
    for (const list of LISTS) for (const ip of spellings) same(list, ip);
  });

  test("so is whatever is made of the characters of addresses", () => {
    const octet = fc.oneof(fc.nat({ max: 260 }).map(String), fc.constantFrom("", "00", "01", "a", "-1", "1e1"));
    const text = fc.oneof(
      fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join(".")),
      fc.string({ unit: fc.constantFrom(..."0123456789.:afF "), maxLength: 17 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...LISTS), text, (list, ip) => same(list, ip)),
      { numRuns: 3000 },
    );
  });
});
