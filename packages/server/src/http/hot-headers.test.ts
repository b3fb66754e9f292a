import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { readHotHeaders } from "./hot-headers.ts";

/** What the verification paths read. */
const READ = ["authorization", "claviger-credential", "content-type", "x-api-key", "x-forwarded-for", "x-original-uri"];

/** A request as node:http reads it off a connection. */
async function received(headers: readonly string[]): Promise<IncomingMessage> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await new Promise((resolve, reject) => {
      server.once("request", (request, response) => {
        response.end();
        resolve(request);
      });
      const { port } = server.address() as AddressInfo;
      send({ port, host: "127.0.0.1", headers: ["Host", "localhost", ...headers] })
        .once("error", reject)
        .end();
    });
  } finally {
    server.close();
  }
}

test("they read as node:http's own do, in whatever case they came", async () => {
  const given = [
    "AUTHORIZATION",
    "Bearer a",
    "x-ApI-key",
    "b, c",
    "X-Original-Uri",
    "/a?b",
    "X-Forwarded-For",
    "::1",
    "Accept",
    "*/*",
  ];
  const { rawHeaders, headers } = await received(given);
  const hot = readHotHeaders(rawHeaders);
  expect(READ.map((name) => hot?.get(name))).toEqual(READ.map((name) => headers[name] ?? null));
  expect(hot?.get("authorization")).toBe("Bearer a");
});

test.each(READ)("%s that comes twice is left to the router, also in another case", async (name) => {
  const { rawHeaders } = await received(["Accept", "*/*", name, "one", "Accept", "a/b", name.toUpperCase(), "two"]);
  expect(readHotHeaders(rawHeaders)).toBeNull();
  const { rawHeaders: once } = await received(["Accept", "*/*", name, "one", "Accept", "a/b"]);
  expect(readHotHeaders(once)?.get(name)).toBe("one");
});
