import { hash } from "node:crypto";
import { assessKey } from "@claviger/core";
import {
  type Api,
  api,
  issueKey,
  issueManagementKey,
  makeAccount,
  makeScopes,
  type RawVerifier,
  type RawVerifierOptions,
  rawVerifier,
  startApp,
  succeeded,
  type TestApp,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";

const TERM_MS = 2_000;

let nodes: TestApp[];
let root: Api;
let account: string;
let credential: { id: string; secret: string };
const verifiers: RawVerifier[] = [];

beforeAll(async () => {
  const first = await startApp({ env: { CLAVIGER_LEASE_MS: String(TERM_MS) } });
  const second = await startApp({ env: { CLAVIGER_LEASE_MS: String(TERM_MS) }, database: first.database });
  nodes = [first, second];
  root = api(first.url, first.managementKey);
  await makeScopes(root);
  account = (await makeAccount(root)).id;
  credential = await issueManagementKey(root, ["verify"]);
});
afterEach(async () => {
  for (const verifier of verifiers.splice(0)) {
    if (verifier.closedWith() !== null) continue;
    verifier.send({ kind: "release" });
    await verifier.cut();
  }
});
afterAll(async () => {
  await nodes[1]?.stop();
  await nodes[0]?.stop();
});

async function connect(options: Partial<RawVerifierOptions> & { readonly node?: number } = {}): Promise<RawVerifier> {
  const { node = 0, ...more } = options;
  const verifier = await rawVerifier({ url: nodes[node]?.url ?? "", credential: credential.secret, ...more });
  verifiers.push(verifier);
  return verifier;
}

/** Greeted, and under a lease. */
async function lease(options: Parameters<typeof connect>[0] = {}): Promise<RawVerifier> {
  const verifier = await connect(options);
  expect(await verifier.greet()).toMatchObject({ kind: "welcome" });
  expect(await verifier.renew()).toMatchObject({ kind: "grant" });
  return verifier;
}

interface Revoked {
  readonly effective: {
    readonly everywhere: boolean;
    readonly seq: number;
    readonly waitedMs: number;
    readonly nodes: number;
    readonly verifiers: number;
    readonly lapsed: readonly string[];
  };
}

async function revoke(id: string, by: Api = root): Promise<Revoked["effective"]> {
  const answer = await by.post<Revoked>(`/v1/keys/${id}/revoke`, { reason: "leaked" });
  return succeeded(answer).body.effective;
}

const issue = (fields = {}) => issueKey(root, account, fields);

describe("greeting", () => {
  test("tells where the node stands, and what a verifier needs to judge strings by their form, and no other secret", async () => {
    const verifier = await connect();
    const welcome = await verifier.greet();
    expect(welcome).toMatchObject({ kind: "welcome", version: 1, settings: { keyPrefix: "clv", environment: "live" } });
    if (welcome.kind !== "welcome") return;
    expect(Object.keys(welcome.settings).sort()).toEqual(["environment", "foreignKeys", "keyPrefix", "tagKeys"]);
    expect(welcome.settings.tagKeys.map((key) => Buffer.from(key, "base64").length)).toEqual([32]);
    const { secret } = await issue();
    const tagKeys = welcome.settings.tagKeys.map((key) => Buffer.from(key, "base64"));
    const sha256 = (data: string | Uint8Array): string => hash("sha256", data, "binary");
    expect(assessKey(secret, tagKeys, sha256)).toBe("genuine");
  });

  test("a version that the node does not speak is refused with those it speaks", async () => {
    const verifier = await connect();
    const answer = await verifier.greet({ versions: [99] });
    expect(answer).toMatchObject({ kind: "deny", reason: "unsupported-version", versions: [1] });
    await waitFor(() => verifier.closedWith() !== null);
  });
});

describe("a lease", () => {
  test("is no longer than what is left of the node's own, whatever is asked for", async () => {
    const verifier = await connect();
    await verifier.greet({ termMs: 60_000 });
    const grant = await verifier.renew();
    expect(grant).toMatchObject({ kind: "grant" });
    if (grant.kind === "grant") expect(grant.termMs).toBeLessThanOrEqual(TERM_MS * 0.9);
  });

  test("is no longer than what was asked for", async () => {
    const verifier = await connect();
    await verifier.greet({ termMs: 300 });
    expect(await verifier.renew()).toMatchObject({ kind: "grant", termMs: 300, staleMs: 0 });
  });

  test("is lent only after the node's row says, durably, that it lends", async () => {
    await lease();
    const client = new pg.Client(nodes[0]?.database.owner);
    await client.connect();
    const { rows } = await client.query("SELECT lends FROM claviger.node WHERE lends");
    await client.end();
    expect(rows.length).toBeGreaterThanOrEqual(1);
  });
});

describe("limits (C6)", () => {
  const HOLDER = { holder: "holder-of-a-verifier", termMs: 5_000, now: 1 };
  const BURST = { name: "burst", amount: 10, per: "hour" };
  let order = 0;

  async function joined(): Promise<RawVerifier> {
    const verifier = await lease();
    for (const act of ["join", "renew"] as const) {
      order += 1;
      const answer = await verifier.ask({ kind: "spend", id: order, body: { act, ...HOLDER } });
      expect(answer).toMatchObject({ kind: "budget", body: { act } });
    }
    return verifier;
  }

  /** The share that is lent of the counter of one key, asked for by the hash of another or the same. */
  async function share(verifier: RawVerifier, keyId: string, secret: string): Promise<unknown> {
    order += 1;
    const request = {
      counter: `hour key ${keyId} burst`,
      key: hash("sha256", secret, "base64url"),
      windowMs: 3_600_000,
    };
    const asked = { amount: 10, have: 0, recorded: 0, used: 0, demand: 4, headroom: 0, mayGrow: true, journal: null };
    const act = { holder: HOLDER.holder, part: 0, epoch: "postgresql:1", order, now: order };
    const body = { act: "divide", ...act, requests: [{ ...request, ...asked }] } as const;
    const answer = await verifier.ask({ kind: "spend", id: 1_000 + order, body });
    return answer.kind === "budget" && answer.body.act === "divide" ? answer.body.answers[0]?.share : answer.kind;
  }

  test("are lent of keys whose hash a verifier knows, in its environment, and of no others", async () => {
    const verifier = await joined();
    const shown = await issue({ limits: [BURST] });
    const elsewhere = await issue({ limits: [BURST], environment: "test" });
    const unlimited = await issue();
    expect(await share(verifier, shown.id, shown.secret)).toBe(4);
    expect(await share(verifier, elsewhere.id, elsewhere.secret)).toBe(0);
    expect(await share(verifier, elsewhere.id, shown.secret)).toBe(0);
    expect(await share(verifier, unlimited.id, unlimited.secret)).toBe(0);
    expect(await share(verifier, shown.id, "nobody has it")).toBe(0);
  });

  test("are lent to a verifier on whichever node it comes by, and to no other session under its holder's name", async () => {
    const verifier = await joined();
    const { id, secret } = await issue({ limits: [BURST] });
    expect(await share(verifier, id, secret)).toBe(4);
    const moved = await connect({ node: 1, session: verifier.session });
    await moved.greet();
    await moved.renew();
    expect(await share(moved, id, secret)).toBe(8);
    expect(await share(await lease(), id, secret)).toBe("budget");
  });

  test("what cannot be read ends the connection, with the field that is wrong", async () => {
    const verifier = await connect();
    await verifier.greet();
    const body = { act: "divide", ...HOLDER, part: 0, epoch: "postgresql:1", order: 1, requests: [{ counter: "x" }] };
    verifier.sendRaw(JSON.stringify({ kind: "spend", id: 1, body }));
    expect(await verifier.next("fault")).toMatchObject({ of: "spend", field: "body.requests[0].key" });
    await waitFor(() => verifier.closedWith() !== null);
  });
});

describe("an act that takes something away", () => {
  test("waits for every verifier of every node, counts them, and takes some milliseconds where all answer", async () => {
    const [one, two, three] = [await lease(), await lease({ node: 1 }), await lease({ node: 1 })];
    const { id, secret } = await issue();
    expect(await one.lookUp(secret)).toMatchObject({ outcome: "entry" });
    const effective = await revoke(id);
    expect(effective).toMatchObject({ everywhere: true, nodes: 2, verifiers: 3, lapsed: [] });
    expect(effective.waitedMs).toBeLessThan(TERM_MS / 2);
    for (const verifier of [one, two, three]) {
      expect(verifier.position().seq).toBeGreaterThanOrEqual(effective.seq);
      const told = verifier.received.flatMap((message) => (message.kind === "invalidate" ? message.subjects : []));
      expect(told).toContain(`key:${id}`);
    }
    expect(await two.lookUp(secret)).toMatchObject({ entry: { record: { state: "revoked" } } });
  });

  test.each([0, 1])(
    "waits for a verifier of node %i that does not acknowledge, until its lease has surely ended",
    async (node) => {
      const verifier = await lease({ node, acks: false });
      const { id } = await issue();
      const began = systemClock.mono();
      const grant = await verifier.renew();
      const effective = await revoke(id);
      expect(grant).toMatchObject({ kind: "grant" });
      if (grant.kind === "grant") expect(systemClock.mono() - began).toBeGreaterThanOrEqual(grant.termMs);
      expect(effective).toMatchObject({ everywhere: true, nodes: 2, lapsed: [] });
      expect(effective.waitedMs).toBeLessThan(TERM_MS * 1.25);
    },
  );

  test("waits for a verifier whose connection was cut, and for none that gave its lease back", async () => {
    const verifier = await lease();
    const released = await lease();
    released.send({ kind: "release" });
    await waitFor(() => released.closedWith() !== null);
    const grant = await verifier.renew();
    const began = systemClock.mono();
    await verifier.cut();
    await revoke((await issue()).id);
    if (grant.kind === "grant") expect(systemClock.mono() - began).toBeGreaterThanOrEqual(grant.termMs - 100);
    expect(await revoke((await issue()).id)).toMatchObject({ verifiers: 0 });
  });

  test("reaches a verifier without a lease as well, and does not wait for it", async () => {
    const verifier = await connect({ acks: false });
    await verifier.greet();
    verifier.send({ kind: "ack", ...verifier.position() });
    const effective = await revoke((await issue()).id);
    expect(effective).toMatchObject({ verifiers: 0 });
    expect(effective.waitedMs).toBeLessThan(TERM_MS / 2);
    expect(await verifier.next("invalidate")).toMatchObject({ kind: "invalidate" });
  });
});
