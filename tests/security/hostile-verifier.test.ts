/** A client of the verifier stream that means harm, or is broken, harms nobody but itself. See `hostile-stage.ts`. */
import { hash, randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { issueKey, type RawVerifier, seededRandom, waitFor } from "@claviger/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { HostileStage, LONGEST_MS, PROMPT_MS } from "../support/hostile-stage.ts";

const FAR = 2 ** 52;
const LOOK_UPS = 3_000;
const UNREADABLE = 1_008;
const TOO_LARGE = 1_009;

let stage: HostileStage;

beforeAll(async () => {
  stage = await HostileStage.open();
}, 120_000);
beforeEach(() => stage.newCredential());
afterEach(() => stage.hangUp());
afterAll(() => stage.close(), 60_000);

const hashOf = (secret: string): string => hash("sha256", secret, "base64url");
const closed = (verifier: RawVerifier): Promise<number> =>
  waitFor(() => verifier.closedWith(), { timeoutMs: 15_000, what: "the node to close the connection" });

describe("what is no message", () => {
  const USAGE_ROW = { key: "k", version: 1, account: "a", accepted: 1, refused: 0 };
  const AT_ANY_TIME: readonly (readonly [string, string | Buffer])[] = [
    ["text", "what is this"],
    ["a list", "[]"],
    ["null", "null"],
    ["bytes", randomBytes(1_000)],
    ["a kind that is not known", '{"kind":"obey"}'],
    ["a kind that every object has", '{"kind":"__proto__"}'],
    ["a kind under another prototype", '{"__proto__":{"kind":"release"}}'],
    ["what a node says", '{"kind":"goodbye"}'],
    ["a field of another type", '{"kind":"ack","epoch":7,"seq":"x"}'],
    ["a number that is none", '{"kind":"ack","epoch":"e","seq":1e999}'],
    ["lists in lists in lists", "[".repeat(200_000)],
    [
      "more rows than one batch may have",
      JSON.stringify({ kind: "usage", batch: "b".repeat(8), rows: Array(1_001).fill(USAGE_ROW) }),
    ],
  ];

  test.each(AT_ANY_TIME)("%s: the connection ends, with a fault that says why", async (_, data) => {
    for (const verifier of [await stage.connect(), await stage.greeted()]) {
      verifier.sendRaw(data);
      expect(await closed(verifier)).toBe(UNREADABLE);
      expect(verifier.received.at(-1)).toMatchObject({ kind: "fault" });
    }
  });

  test("a message before HELLO, and a second HELLO, are out of place", async () => {
    for (const kind of ["renew", "ack", "release", "lookup"] as const) {
      const verifier = await stage.connect();
      const fields = { nonce: 1, epoch: "e", appliedSeq: 0, seq: 0, id: 1, hash: "A".repeat(43) };
      verifier.sendRaw(JSON.stringify({ kind, ...fields }));
      expect(await closed(verifier)).toBe(UNREADABLE);
      expect(verifier.received).toMatchObject([{ kind: "fault", code: "UNKNOWN_KIND", of: kind }]);
    }
    const greeted = await stage.greeted();
    void greeted.greet().catch(() => undefined);
    expect(await closed(greeted)).toBe(UNREADABLE);
  });

  test("a frame beyond the bound is not read", async () => {
    const verifier = await stage.greeted();
    verifier.sendRaw(JSON.stringify({ kind: "spend", id: 1, body: "x".repeat(262_144) }));
    expect(await closed(verifier)).toBe(TOO_LARGE);
  });

  test("hundreds of such clients at the same time are nobody else's matter", { timeout: 60_000 }, async () => {
    await stage.beside(async () => {
      for (let round = 0; round < 10; round += 1) {
        const clients = await Promise.all(Array.from({ length: 30 }, () => stage.connect()));
        for (const [index, client] of clients.entries())
          client.sendRaw(AT_ANY_TIME[index % AT_ANY_TIME.length]?.[1] ?? "");
        await Promise.all(clients.map(closed));
      }
    }, PROMPT_MS);
  });
});

describe("bytes that are no WebSocket", () => {
  const gone = (socket: Duplex): Promise<true> =>
    waitFor(() => socket.destroyed || socket.readableEnded, { timeoutMs: 15_000, what: "the connection to end" });
  const written = async (bytes: Buffer): Promise<Duplex> => {
    const socket = await stage.socket();
    socket.resume();
    socket.write(bytes);
    return socket;
  };

  test.each([
    ["not masked", [0x81, 0x02, 0x7b, 0x7d]],
    ["with an operation that does not exist", [0x83, 0x80, 0, 0, 0, 0]],
    ["with reserved bits", [0xf1, 0x80, 0, 0, 0, 0]],
    ["that says it has a tebibyte", [0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ["a ping beyond its bound", [0x89, 0xfe, 1, 0, 0, 0, 0, 0]],
  ])("a frame %s ends the connection", async (_, bytes) => {
    await gone(await written(Buffer.from(bytes)));
  });

  test("any bytes at all, on hundreds of connections", { timeout: 60_000 }, async (context) => {
    const random = seededRandom(context);
    await stage.beside(async () => {
      for (let round = 0; round < 300; round += 1) await written(Buffer.from(random.bytes(1 + random.int(400))));
    }, PROMPT_MS);
  });

  test("half a frame, and nothing more, holds a connection until HELLO is overdue", { timeout: 60_000 }, async () => {
    const half = Buffer.from([0x81, 0xfe, 0x40, 0x00, 1, 2, 3, 4, 5, 6, 7, 8]);
    const sockets: Duplex[] = [];
    await stage.beside(async () => {
      for (let count = 0; count < 200; count += 1) sockets.push(await written(half));
    }, PROMPT_MS);
    await Promise.all(sockets.map(gone));
  });

  test("pings without end are answered to nobody who does not read", { timeout: 60_000 }, async () => {
    const ping = Buffer.concat([Buffer.from([0x89, 0xfd, 0, 0, 0, 0]), Buffer.alloc(125)]);
    const pings = Buffer.concat(Array.from({ length: 4_000 }, () => ping));
    await stage.beside(async () => {
      const sockets = await Promise.all(Array.from({ length: 20 }, () => stage.socket()));
      for (const socket of sockets) for (let round = 0; round < 20; round += 1) socket.write(pings);
    }, PROMPT_MS);
  });
});

describe("who does not read", () => {
  test("is cut off, and its answers are not kept", { timeout: 60_000 }, async () => {
    const metadata = { notes: "x".repeat(8_000) };
    const { cluster } = stage;
    const large = await issueKey(cluster.on(0), cluster.account.id, { metadata });
    await stage.beside(async () => {
      for (let count = 0; count < 20; count += 1) {
        const verifier = await stage.greeted();
        await verifier.lookUp(large.secret);
        verifier.deafen();
        for (let id = 10; id < 4_000; id += 1) verifier.send({ kind: "lookup", id, hash: hashOf(large.secret) });
      }
    }, PROMPT_MS);
    // Those that were cut off cannot notice it: they do not read.
    await waitFor(async () => (await stage.connections()) === 1, {
      timeoutMs: 20_000,
      what: "the node to cut them off",
    });
  });
});

describe("who does not acknowledge", () => {
  test("holds up an act for no longer than a lease, and after three of them nobody", { timeout: 120_000 }, async () => {
    const verifier = await stage.leased({ acks: false });
    const session = verifier.session;
    for (let round = 0; round < 3; round += 1) {
      const again = round === 0 ? verifier : await stage.leased({ acks: false, session });
      await stage.beside(async () => undefined, LONGEST_MS);
      await again.cut();
    }
    const last = await stage.greeted({ acks: false, session });
    expect(await last.renew()).toMatchObject({ kind: "deny", reason: "remote-mode" });
    await stage.beside(async () => undefined, PROMPT_MS);
  });

  test("is not believed what it was not told: numbers from the future count for nothing", {
    timeout: 60_000,
  }, async () => {
    const verifier = await stage.leased({ acks: false });
    const { epoch } = verifier.position();
    verifier.send({ kind: "ack", epoch, seq: FAR });
    verifier.send({ kind: "ack", epoch: "another", seq: FAR });
    expect(await verifier.renew({ appliedSeq: FAR })).toMatchObject({ kind: "deny", reason: "behind" });
    expect(await verifier.renew({ epoch: "another" })).toMatchObject({ kind: "deny", reason: "other-epoch" });
    const returnedAt = await stage.beside(async () => undefined, LONGEST_MS);
    expect(returnedAt, "its lease had to run out").toBeGreaterThan(verifier.usableUntil);
    const boaster = await stage.connect();
    await boaster.greet({ epoch, appliedSeq: FAR });
    expect(await boaster.renew({ appliedSeq: FAR })).toMatchObject({ kind: "deny", reason: "behind" });
    await stage.beside(async () => undefined, PROMPT_MS);
  });
});

describe("somebody else's session", () => {
  test("is not given to another credential, and its lease goes on", { timeout: 60_000 }, async () => {
    const owner = await stage.leased();
    await stage.newCredential();
    for (const epoch of [null, owner.position().epoch, "another"]) {
      const thief = await stage.connect({ session: owner.session });
      expect(await thief.greet({ epoch, appliedSeq: epoch === null ? 0 : FAR })).toMatchObject({
        ...{ kind: "deny", reason: "session-taken" },
      });
      await closed(thief);
    }
    expect(owner.closedWith()).toBeNull();
    expect(await owner.renew()).toMatchObject({ kind: "grant" });
    const before = owner.received.length;
    await stage.beside(async () => undefined, PROMPT_MS);
    await owner.next("invalidate", before);
  });

  test("of its own, taken by its own second connection, ends the first and shortens no lease", {
    timeout: 60_000,
  }, async () => {
    const first = await stage.leased({ acks: false });
    const second = await stage.connect({ session: first.session });
    await second.greet();
    await closed(first);
    // It says that it knows nothing, so that the process before it may go on with the lease.
    expect(await stage.beside(async () => undefined, LONGEST_MS)).toBeGreaterThan(first.usableUntil);
  });
});

describe("floods", () => {
  test("of look-ups for what nobody has are answered from memory alone, and others are looked up", {
    timeout: 60_000,
  }, async () => {
    await stage.beside(async () => {
      const clients = await Promise.all(Array.from({ length: 5 }, () => stage.greeted()));
      for (const client of clients) {
        for (let id = 0; id < LOOK_UPS; id += 1) client.send({ kind: "lookup", id, hash: hashOf(`${id}`) });
      }
      const answers = (client: RawVerifier) =>
        client.received.filter(({ kind }) => kind === "record" || kind === "unanswered");
      const all = () => clients.every((client) => answers(client).length === LOOK_UPS);
      await waitFor(all, { timeoutMs: 30_000, everyMs: 50, what: "every look-up to be answered" });
      for (const client of clients) expect(answers(client).map(({ kind }) => kind)).toContain("unanswered");
    }, PROMPT_MS);
  });

  test("of counts for keys that nobody has", { timeout: 60_000 }, async () => {
    const row = {
      version: 1,
      account: "acct_01K0000000000000000000000A",
      accepted: 1,
      refused: 0,
      firstUsedAt: 1,
      lastUsedAt: FAR,
    };
    const rows = Array.from({ length: 1_000 }, (_, index) => ({
      ...{ ...row, key: `key_01K00000000000000000${String(index).padStart(6, "0")}` },
      ...{ lastRefusedAt: null, lastRefusedCode: null },
    }));
    await stage.beside(async () => {
      const client = await stage.greeted();
      for (let batch = 0; batch < 100; batch += 1) {
        client.send({ kind: "usage", batch: `batch-${String(batch).padStart(6, "0")}`, rows });
      }
      await client.next("usage-ok");
    }, PROMPT_MS);
  });

  test("of connections, opened and cut in every state", { timeout: 120_000 }, async () => {
    await stage.beside(async () => {
      for (let round = 0; round < 20; round += 1) {
        await Promise.all(
          Array.from({ length: 20 }, async (_, index) => {
            const client = index % 2 === 0 ? await stage.connect() : await stage.greeted();
            await client.cut();
          }),
        );
      }
    }, PROMPT_MS);
  });

  test("of sessions with leases that are left behind cost one lease together, and then nothing more", {
    timeout: 120_000,
  }, async () => {
    await stage.beside(async () => {
      for (let count = 0; count < 100; count += 1) await (await stage.leased({ acks: false })).cut();
    }, LONGEST_MS);
    const next = await stage.greeted();
    expect(await next.renew()).toMatchObject({ kind: "deny", reason: "remote-mode" });
    await stage.beside(async () => undefined, PROMPT_MS);
  });

  test("of thousands of connections are ended at a bound for each credential", { timeout: 120_000 }, async () => {
    await stage.beside(async () => {
      const opened: RawVerifier[] = [];
      for (let round = 0; round < 42; round += 1) {
        opened.push(...(await Promise.all(Array.from({ length: 50 }, () => stage.connect()))));
        for (const verifier of opened.slice(-50)) void verifier.greet().catch(() => undefined);
      }
      expect(await opened.at(-1)?.next("deny")).toMatchObject({ reason: "too-many-sessions" });
    }, PROMPT_MS);
  });
});
