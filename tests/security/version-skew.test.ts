/** SDK and node of different versions: they agree on what both speak, or say clearly which side is behind. */
import { createVerifier, type Verifier, type VerifierOptions } from "@claviger/sdk";
import {
  type Altered,
  alteredNode,
  askForStream,
  issueKey,
  type OtherNode,
  openPlatform,
  otherNode,
  type Platform,
  type RawVerifier,
  rawVerifier,
  waitFor,
} from "@claviger/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

let platform: Platform;
const verifiers: Verifier[] = [];
const raw: RawVerifier[] = [];
const others: OtherNode[] = [];

beforeAll(async () => {
  platform = await openPlatform({});
});
afterEach(async () => {
  await Promise.all(verifiers.splice(0).map((verifier) => verifier.close()));
  await Promise.all(raw.splice(0).map((verifier) => (verifier.closedWith() === null ? verifier.cut() : null)));
  await Promise.all(others.splice(0).map((other) => other.close()));
});
afterAll(() => platform.app.stop());

async function connect(): Promise<RawVerifier> {
  const verifier = await rawVerifier({ url: platform.url, credential: platform.credential });
  raw.push(verifier);
  return verifier;
}

async function other(answer: Readonly<Record<string, unknown>>): Promise<OtherNode> {
  const node = await otherNode(answer);
  others.push(node);
  return node;
}

async function altered(changes: Altered): Promise<OtherNode> {
  const node = await alteredNode(platform.url, changes);
  others.push(node);
  return node;
}

async function verifierOf(url: readonly string[], options: Partial<VerifierOptions> = {}): Promise<Verifier> {
  const verifier = await createVerifier({
    ...{ url, credential: platform.credential, environment: "live", mode: "local", onUnavailable: () => undefined },
    ...options,
  });
  verifiers.push(verifier);
  return verifier;
}

const issue = () => issueKey(platform.root, platform.account.id);
const LIMIT = { name: "few", amount: 3, per: "hour" };
const DENIED = { kind: "deny", nonce: null, reason: "unsupported-version", retryAfterMs: null, versions: [2, 3] };
const WELCOMED = {
  ...{ kind: "welcome", version: 2, epoch: "e", seq: 1, serverTime: 1, node: "newer" },
  settings: { tagKeys: [], keyPrefix: "clv", environment: "live" },
  limits: { frameBytes: 1_000, usageRows: 1, openLookups: 1 },
};

describe("a node", () => {
  test("agrees with a newer verifier on the version that both speak", async () => {
    const verifier = await connect();
    expect(await verifier.greet({ versions: [9, 2, 1] })).toMatchObject({ kind: "welcome", version: 1 });
    expect(await verifier.renew()).toMatchObject({ kind: "grant" });
  });

  test("says which versions it speaks to a verifier that speaks none of them, and closes", async () => {
    const verifier = await connect();
    const answer = await verifier.greet({ versions: [2, 3] });
    expect(answer).toMatchObject({ kind: "deny", reason: "unsupported-version", versions: [1] });
    await waitFor(() => verifier.closedWith() !== null, { what: "the connection to end" });
  });

  test("passes over fields and conditions that it does not know", async () => {
    const verifier = await connect();
    const { session } = verifier;
    const hello = { kind: "hello", versions: [1], session, epoch: null, appliedSeq: 0, termMs: 5_000, name: "n" };
    const newer = { software: "newer", staleIfUnreachableMs: 0, understands: ["moon-phase"], priority: { a: [1] } };
    verifier.sendRaw(JSON.stringify({ ...hello, ...newer }));
    expect(await verifier.next("welcome")).toMatchObject({ version: 1 });
    const { epoch, seq } = verifier.position();
    verifier.sendRaw(JSON.stringify({ kind: "renew", nonce: 1, epoch, appliedSeq: seq, hurry: true }));
    await verifier.next("grant");
    const { secret } = await issue();
    expect(await verifier.lookUp(secret)).toMatchObject({ kind: "record", outcome: "entry" });
  });

  test("names a kind of message that it does not know, and closes", async () => {
    const verifier = await connect();
    await verifier.greet();
    verifier.sendRaw('{"kind":"weather","id":1}');
    expect(await verifier.next("fault")).toMatchObject({ code: "UNKNOWN_KIND" });
    await waitFor(() => verifier.closedWith() === 1_008, { what: "the connection to end" });
  });

  test("gives an older verifier no record with a condition that it does not know: it is to ask for the verdict", async () => {
    const verifier = await connect();
    await verifier.greet({ understands: [] });
    const { secret } = await issueKey(platform.root, platform.account.id, { allowedIps: ["192.0.2.0/24"] });
    const answer = await verifier.lookUp(secret);
    expect(answer).toMatchObject({ kind: "record", outcome: "ask", missing: ["allowed-ips"] });
  });

  test("lends an older verifier nothing of limits, and has it ask for verdicts of keys that have some", async () => {
    const verifier = await connect();
    await verifier.greet({ understands: ["allowed-ips", "allowed-referrers", "audiences"] });
    const { secret } = await issueKey(platform.root, platform.account.id, { limits: [LIMIT] });
    expect(await verifier.lookUp(secret)).toMatchObject({ kind: "record", outcome: "ask", missing: ["limits"] });
  });

  test("names the subprotocol where another one is offered, and takes its own among several", async () => {
    const ask = (offered: string) =>
      askForStream(platform.url, {
        Authorization: `Bearer ${platform.credential}`,
        "Sec-WebSocket-Protocol": offered,
      });
    expect(await ask("claviger.v2")).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
    const { status, headers } = await ask("claviger.v2, claviger.v1");
    expect([status, headers["sec-websocket-protocol"]]).toEqual([101, "claviger.v1"]);
  });
});

describe("the SDK", () => {
  test.each([
    ["denies it", DENIED, "2, 3"],
    ["welcomes it in a version that was not offered", WELCOMED, "2"],
  ])("says which versions are spoken on either side where a newer node %s", async (_, answer, spoken) => {
    const newer = await other(answer);
    const told: string[] = [];
    const starting = verifierOf([newer.url], { startTimeoutMs: 500, onUnavailable: (reason) => told.push(reason) });
    const skew = `other versions of the verifier stream (${spoken}) than this software (1)`;
    await expect(starting).rejects.toThrow(skew);
    expect(told[0]).toContain(skew);
  });

  test("goes on to the next node, and decides under the lease of one that it understands", async () => {
    const newer = await other(DENIED);
    const told: string[] = [];
    const urls = [newer.url, newer.url, newer.url, platform.url];
    const verifier = await verifierOf(urls, { onUnavailable: (reason) => told.push(reason) });
    const { secret } = await issue();
    expect((await verifier.verify(secret)).code).toBe("VALID");
  });

  test("comes back where a node was replaced by a newer one and then by another that it understands", async () => {
    let replaced = false;
    const node = await altered({
      fromNode: (message) => [replaced && message.kind === "welcome" ? WELCOMED : message],
    });
    const told: string[] = [];
    const verifier = await verifierOf([node.url], { termMs: 1_000, onUnavailable: (reason) => told.push(reason) });
    const { secret } = await issue();
    expect((await verifier.verify(secret)).code).toBe("VALID");
    const before = node.connections();
    replaced = true;
    node.drop();
    await waitFor(() => node.connections() > before && told.some((reason) => reason.includes("versions")), {
      what: "the newer node to be tried",
    });
    replaced = false;
    await waitFor(async () => (await verifier.verify(secret)).code === "VALID", {
      timeoutMs: 20_000,
      what: "a verdict",
    });
  });

  test("leaves limits to an older node, which lends nothing of them", async () => {
    const spent: unknown[] = [];
    const node = await altered({
      fromNode: (message) => [message.kind === "budget" ? { kind: "unanswered", id: message.id } : message],
      fromVerifier: (message) => {
        if (message.kind === "spend") spent.push(message);
        return message;
      },
    });
    // It answers by HTTP as any node does.
    const asked = (input: unknown, init?: RequestInit): Promise<Response> =>
      fetch(String(input).replace(node.url, platform.url), init);
    const verifier = await verifierOf([node.url], { fetch: asked as typeof fetch });
    const { secret } = await issueKey(platform.root, platform.account.id, { limits: [LIMIT] });
    const codes: string[] = [];
    for (let count = 0; count < 6; count += 1) codes.push((await verifier.verify(secret)).code);
    expect(codes).toEqual([...Array<string>(3).fill("VALID"), ...Array<string>(3).fill("RATE_LIMITED")]);
    expect(spent.length).toBeGreaterThan(0);
  });

  test("passes over fields that it does not know, in every message", async () => {
    const more = { extra: { a: [1, { b: null }] }, version2: "x" };
    const node = await altered({
      fromNode: (message) => [{ ...message, ...more }],
      fromVerifier: (message) => ({ ...message, ...more }),
    });
    const verifier = await verifierOf([node.url]);
    const { id, secret } = await issue();
    expect((await verifier.verify(secret)).code).toBe("VALID");
    await platform.root.post(`/v1/keys/${id}/revoke`, { reason: "leaked" });
    expect((await verifier.verify(secret)).code).toBe("REVOKED");
  });

  test("connects anew after a message that it cannot read, which may have been an invalidation, and goes on", async () => {
    let news = 0;
    const node = await altered({
      fromNode: (message) => {
        if (message.kind !== "grant" || news > 0) return [message];
        news += 1;
        return [message, { kind: "news", text: "of a newer node" }];
      },
    });
    const verifier = await verifierOf([node.url]);
    await waitFor(() => node.connections() === 2, { what: "the SDK to connect anew" });
    const { id, secret } = await issue();
    expect((await verifier.verify(secret)).code).toBe("VALID");
    await platform.root.post(`/v1/keys/${id}/revoke`, { reason: "leaked" });
    // Until it has connected anew it may have to say that it cannot tell.
    await waitFor(
      async () => {
        const { code } = await verifier.verify(secret);
        expect(code).not.toBe("VALID");
        return code === "REVOKED";
      },
      { timeoutMs: 20_000, what: "the key to be known as revoked" },
    );
  });
});
