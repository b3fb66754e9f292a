import { describe, expect, test } from "vitest";
import { createSourceAddress } from "./source-address.ts";

describe("where a request came from (C10)", () => {
  const none = createSourceAddress([]);
  const behind = createSourceAddress(["10.0.0.0/8", "::1/128"]);

  test("without configured proxies a forwarding header changes nothing", () => {
    expect(none("203.0.113.9", "198.51.100.1")).toBe("203.0.113.9");
  });

  test("a peer that is no proxy cannot say who it is", () => {
    expect(behind("203.0.113.9", "198.51.100.1")).toBe("203.0.113.9");
  });

  test("from a proxy, the last address that no proxy vouches for counts", () => {
    expect(behind("10.0.0.1", "198.51.100.1")).toBe("198.51.100.1");
    expect(behind("10.0.0.1", "198.51.100.1, 10.0.0.2")).toBe("198.51.100.1");
    expect(behind("::1", "2001:db8::7")).toBe("2001:db8::7");
  });

  test("what a caller put in front of the chain is never believed", () => {
    expect(behind("10.0.0.1", "1.2.3.4, 198.51.100.1")).toBe("198.51.100.1");
    expect(behind("10.0.0.1", "10.9.9.9, 198.51.100.1")).toBe("198.51.100.1");
  });

  test("what is no address ends the reading at the last that was", () => {
    expect(behind("10.0.0.1", "198.51.100.1, unknown")).toBe("10.0.0.1");
    expect(behind("10.0.0.1", "")).toBe("10.0.0.1");
    expect(none(undefined, null)).toBeNull();
  });

  test("mapped addresses of dual-stack sockets are the v4 addresses they are", () => {
    expect(none("::ffff:192.0.2.1", null)).toBe("192.0.2.1");
    expect(behind("::ffff:10.0.0.1", "198.51.100.1")).toBe("198.51.100.1");
  });
});
