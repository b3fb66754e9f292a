/** Nobody can make the service call what is inside: each attempt resolves once, checks, and connects to what was checked. */
import { createServer } from "node:net";
import { type WebhookReceiver, webhookReceiver } from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { createPostOutside, type OutsideOptions } from "./index.ts";

async function receiverOf(): Promise<WebhookReceiver> {
  const receiver = await webhookReceiver();
  onTestFinished(() => receiver.close());
  return receiver;
}

const post = (options: OutsideOptions, url: string) =>
  createPostOutside({ timeoutMs: 5_000, ...options })({ url, headers: { "x-test": "1" }, body: "{}" });
const resolvesTo =
  (...addresses: readonly string[]): NonNullable<OutsideOptions["resolve"]> =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

test.each([
  ["http://example.com/", "must begin with https://"],
  ["ftp://example.com/", "must begin with https://"],
  ["file:///etc/passwd", "must begin with https://"],
  ["https://user:password@example.com/", "must not hold a user name or password"],
  ["https://127.0.0.1/", "the address is not public"],
  ["https://2130706433/", "the address is not public"],
  ["https://0x7f.1/", "the address is not public"],
  ["https://[::1]/", "the address is not public"],
  ["https://[::ffff:127.0.0.1]/", "the address is not public"],
  ["https://169.254.169.254/latest/meta-data", "the address is not public"],
  ["https:// /", "is no URL"],
])("%s is refused before anything is resolved", async (url, reason) => {
  const resolve = () => Promise.reject(new Error("was resolved"));
  expect(await post({ allowPrivate: false, resolve }, url)).toEqual({ kind: "refused", reason });
});

test.each([
  [["127.0.0.1"]],
  [["1.1.1.1", "10.0.0.1"]],
  [["::ffff:10.0.0.1"]],
  [["64:ff9b::a00:1"]],
  [["fe80::1%eth0"]],
])("a name with the addresses %j is refused, also where others of them are public", async (addresses) => {
  const refused = { kind: "refused", reason: "the address is not public" };
  const resolve = resolvesTo(...addresses);
  expect(await post({ allowPrivate: false, resolve }, "https://hooks.example.com/")).toEqual(refused);
  expect(await post({ allowPrivate: false }, "https://localhost/")).toEqual(refused);
});

test("rebinding: one attempt asks once, and goes where the answer said, whatever the name resolves to afterwards", async () => {
  const receiver = await receiverOf();
  const answers = ["127.0.0.1", "127.0.0.2"];
  let asked = 0;
  const resolve: OutsideOptions["resolve"] = async () => [{ address: answers[asked++] ?? "", family: 4 }];
  const url = `http://hooks.example.test:${receiver.port}/x`;
  const options = { allowPrivate: true, resolve };
  expect(await post(options, url)).toEqual({ kind: "answered", status: 204 });
  expect(asked).toBe(1);
  expect(receiver.received[0]?.headers).toMatchObject({ host: `hooks.example.test:${receiver.port}`, "x-test": "1" });
  // Nothing listens on the second address: were the name resolved anew by the connection, the first post had gone there.
  expect(await post(options, url)).toMatchObject({ kind: "failed", reason: "the connection broke: ECONNREFUSED" });
  expect(asked).toBe(2);
});

test("a redirect is an answer and is not followed", async () => {
  const [receiver, inside] = [await receiverOf(), await receiverOf()];
  receiver.react(() => ({ status: 307, headers: { location: inside.url } }));
  expect(await post({ allowPrivate: true }, receiver.url)).toEqual({ kind: "answered", status: 307 });
  expect(inside.received).toEqual([]);
});

test("who does not answer in time has failed; who answers and then never ends has answered", async () => {
  const receiver = await receiverOf();
  receiver.react(() => "hang");
  const late = { kind: "failed", reason: "no answer in 0.2 s" };
  expect(await post({ allowPrivate: true, timeoutMs: 200 }, receiver.url)).toEqual(late);
  const never = () => new Promise<never>(() => undefined);
  expect(await post({ allowPrivate: true, timeoutMs: 200, resolve: never }, "http://x.test/")).toEqual(late);
  const endless = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
  });
  await new Promise<void>((resolve) => endless.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void endless.close());
  const { port } = endless.address() as { port: number };
  const answered = await post({ allowPrivate: true, timeoutMs: 300 }, `http://127.0.0.1:${port}/`);
  expect(answered).toEqual({ kind: "answered", status: 200 });
});

test("of an answer no more than 64 KiB are taken", async () => {
  let sent = 0;
  const flood = createServer((socket) => {
    socket.on("error", () => undefined);
    const chunk = Buffer.alloc(16_384, "x");
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    const more = (): void => {
      while (!socket.destroyed && socket.write(chunk)) sent += chunk.length;
    };
    socket.on("drain", more);
    more();
  });
  await new Promise<void>((resolve) => flood.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void flood.close());
  const { port } = flood.address() as { port: number };
  expect(await post({ allowPrivate: true }, `http://127.0.0.1:${port}/`)).toEqual({ kind: "answered", status: 200 });
  // What lies in the buffers of two sockets is beyond.
  expect(sent).toBeLessThan(16_000_000);
});

test("what a receiver sends that is no HTTP is told by a code, never quoted", async () => {
  const odd = createServer((socket) => socket.end("SSH-2.0-secret banner\r\n"));
  await new Promise<void>((resolve) => odd.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void odd.close());
  const { port } = odd.address() as { port: number };
  const outcome = await post({ allowPrivate: true }, `http://127.0.0.1:${port}/`);
  expect(outcome).toMatchObject({ kind: "failed" });
  expect(JSON.stringify(outcome)).not.toContain("banner");
});
