import { describe, expect, test } from "vitest";
import { parseRedisAddress } from "./redis-address.ts";

const at = (host: string, port = 6379) => ({ host, port });
const plain = { cluster: false, tls: false, username: null, password: null, db: 0 };

describe("the address of Redis", () => {
  test("names one server, with or without port and database", () => {
    expect(parseRedisAddress("redis://cache")).toEqual({ ...plain, nodes: [at("cache")] });
    expect(parseRedisAddress("valkey://10.0.0.1:7000/2")).toEqual({ ...plain, nodes: [at("10.0.0.1", 7000)], db: 2 });
    expect(parseRedisAddress("rediss://[::1]:7000")).toEqual({ ...plain, tls: true, nodes: [at("::1", 7000)] });
  });

  test("of several nodes is that of a cluster, as is one that says so", () => {
    const nodes = [at("a", 7000), at("b", 7001), at("c")];
    expect(parseRedisAddress("redis://a:7000,b:7001,c")).toEqual({ ...plain, cluster: true, nodes });
    expect(parseRedisAddress("rediss://one.example/?cluster=true")).toMatchObject({ cluster: true, tls: true });
    expect(parseRedisAddress("redis://one.example?cluster=false")).toMatchObject({ cluster: false });
  });

  test("keeps the password so that it is not printed", () => {
    const address = parseRedisAddress("redis://me:p%40ss%2F@cache");
    expect(address).toMatchObject({ username: "me" });
    expect(address?.password?.reveal()).toBe("p@ss/");
    expect(JSON.stringify(address)).not.toContain("p@ss");
    expect(parseRedisAddress("redis://:secret@cache")).toMatchObject({ username: null });
    expect(parseRedisAddress("redis://me@cache")).toMatchObject({ username: "me", password: null });
  });

  test.each([
    "",
    "cache:6379",
    "http://cache",
    "redis://",
    "redis://a b",
    "redis://a:0",
    "redis://a:65536",
    "redis://a:x",
    "redis://a,,b",
    "redis://a/x",
    "redis://a/1234",
    "redis://a,b/1",
    "redis://a?cluster=yes",
    "redis://a,b?cluster=false",
    "redis://a?db=1",
    "redis://%zz@a",
    "redis://a#x",
  ])("is not %j", (text) => {
    expect(parseRedisAddress(text)).toBeNull();
  });
});
