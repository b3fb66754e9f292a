/** The verifier in the caller's process, against a real service behind a network that fails on demand. */
import {
  type FaultyProxy,
  issueKey,
  type MadeKey,
  openPlatform,
  type Platform,
  proxyTo,
  seededRandom,
  succeeded,
  waitFor,
} from "@claviger/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createVerifier } from "../create-verifier.ts";
import type { Verification } from "../verification.ts";
import type { Verifier, VerifierOptions } from "../verifier.ts";

const TERM_MS = 1_000;
const STALE_MS = 3_000;
const REQUEST = { method: "GET", path: "/contacts" } as const;

let platform: Platform;
let network: FaultyProxy;
const made: Verifier[] = [];

beforeAll(async () => {
  platform = await openPlatform({
    ...{ CLAVIGER_LEASE_MS: String(TERM_MS), CLAVIGER_STALE_IF_UNREACHABLE_MS: String(STALE_MS) },
  });
  network = await proxyTo({ host: "127.0.0.1", port: Number(new URL(platform.url).port) });
});
afterEach(async () => {
  network.heal();
  await Promise.all(made.splice(0).map((verifier) => verifier.close()));
});
afterAll(async () => {
  await network.close();
  await platform.app.stop();
});

async function verifierOf(options: Partial<VerifierOptions> = {}): Promise<Verifier> {
  const verifier = await createVerifier({
    ...{ url: `http://127.0.0.1:${network.connection.port}`, credential: platform.credential, environment: "live" },
    ...{ termMs: TERM_MS, timeoutMs: 500, onUnavailable: () => undefined },
    ...options,
  });
  made.push(verifier);
  return verifier;
}

const issue = (fields: object = {}): Promise<MadeKey> => issueKey(platform.root, platform.account.id, { ...fields });

interface Effective {
  readonly everywhere: boolean;
  readonly waitedMs: number;
  readonly verifiers: number;
}

async function revoke(id: string): Promise<Effective> {
  const answer = await platform.root.post<{ effective: Effective }>(`/v1/keys/${id}/revoke`, { reason: "leaked" });
  return succeeded(answer).body.effective;
}

/** The verdict of this very turn of the event loop. Throws where it is only promised. */
function atOnce(verdict: Verification | Promise<Verification>): Verification {
  if (verdict instanceof Promise) throw new TypeError("the verdict is not given at once");
  return verdict;
}

/** Returns once the verifier spends the limits of this key without asking anybody, and how often it was accepted until then. */
async function spendsHere(verifier: Verifier, secret: string): Promise<number> {
  let accepted = 0;
  await waitFor(
    async () => {
      const verdict = verifier.verify(secret);
      const atOnce = !(verdict instanceof Promise);
      expect((await verdict).code).toBe("VALID");
      accepted += 1;
      return atOnce;
    },
    { what: "limits to be lent" },
  );
  return accepted;
}

describe("mode local", () => {
  test("asks a node about a key once, and then answers at once, until the key changes", async () => {
    const verifier = await verifierOf();
    expect(verifier.mode).toBe("local");
    const { id, secret } = await issue();
    expect(await verifier.verify(secret, REQUEST)).toMatchObject({ valid: true, keyId: id, route: "/contacts" });
    expect(atOnce(verifier.verify(secret, REQUEST))).toMatchObject({ valid: true, keyId: id });
    expect(atOnce(verifier.verify("guess"))).toMatchObject({ code: "MALFORMED" });
    expect(await revoke(id)).toMatchObject({ everywhere: true, verifiers: 1 });
    expect((await verifier.verify(secret, REQUEST)).code).toBe("REVOKED");
    expect(atOnce(verifier.verify(secret, REQUEST)).code).toBe("REVOKED");
  });

  test("says the same as mode remote", async () => {
    const [local, remote] = [await verifierOf(), await verifierOf({ mode: "remote" })];
    expect(remote.mode).toBe("remote");
    const keys = [
      await issue({ metadata: { a: [1] } }),
      await issue({ tier: "read" }),
      await issue({ allowedIps: ["192.0.2.1"] }),
    ];
    for (const { secret } of keys) {
      for (const request of [
        REQUEST,
        { ...REQUEST, method: "POST" },
        { scopes: ["contacts:read"] },
        {},
        { ip: "192.0.2.1" },
      ]) {
        const [here, there] = [await local.verify(secret, request), await remote.verify(secret, request)];
        expect(JSON.parse(JSON.stringify(here))).toEqual(JSON.parse(JSON.stringify(there)));
      }
    }
  });

  test("spends limits itself, at once, and with all others together never more than the amount", async () => {
    const [verifier, other] = [await verifierOf(), await verifierOf()];
    const remote = await verifierOf({ mode: "remote" });
    const limits = [
      { name: "burst", amount: 400, per: "hour" },
      { name: "credits", amount: 300, per: "lifetime" },
    ];
    const { secret } = await issue({ limits });
    let accepted = await spendsHere(verifier, secret);
    const before = await verifier.verify(secret, { cost: 10 });
    if (!before.valid) throw new TypeError(before.code);
    expect(before.limits).toMatchObject([
      { name: "burst", per: "hour", limit: 400 },
      { name: "credits", per: "lifetime", limit: 300 },
    ]);
    accepted += 10;
    const refusals = new Set<string>();
    for (let round = 0; round < 60; round += 1) {
      for (const each of [verifier, other, remote]) {
        const { code } = await each.verify(secret, { cost: 3 });
        if (code === "VALID") accepted += 3;
        else refusals.add(code);
      }
    }
    expect(accepted).toBeLessThanOrEqual(300);
    // What the node and the other verifier hold in blocks at the end is spent by nobody here.
    expect(accepted).toBeGreaterThan(240);
    expect([...refusals]).toEqual(["QUOTA_EXCEEDED"]);
  });

  test("a lowered limit holds here when the act has returned, and a revoked key spends nothing", async () => {
    const verifier = await verifierOf();
    const key = await issue({ limits: [{ name: "burst", amount: 1_000, per: "hour" }] });
    await spendsHere(verifier, key.secret);
    for (let count = 0; count < 10; count += 1) await verifier.verify(key.secret);
    const limits = [{ name: "burst", amount: 5, per: "hour" }];
    succeeded(await platform.root.patch(`/v1/keys/${key.id}`, { limits }));
    expect((await verifier.verify(key.secret)).code).toBe("RATE_LIMITED");
    expect(await revoke(key.id)).toMatchObject({ everywhere: true });
    expect((await verifier.verify(key.secret)).code).toBe("REVOKED");
  });

  test("does not start where no node grants a lease in time, and leaves nothing behind that tries on", async () => {
    network.cut();
    const told: string[] = [];
    const started = verifierOf({ startTimeoutMs: 300, onUnavailable: (reason) => told.push(reason) });
    await expect(started).rejects.toThrow("Claviger gave no lease within 300 ms");
    expect(told.length).toBeGreaterThan(0);
  });
});

describe("where no node can be reached", () => {
  const lasts = async (verifier: Verifier, secret: string): Promise<string[]> => {
    const seen: string[] = [];
    await waitFor(
      async () => {
        const verdict = await verifier.verify(secret, REQUEST);
        seen.push(verdict.valid && verdict.stale === true ? "stale" : verdict.code);
        return verdict.code === "UNAVAILABLE";
      },
      { timeoutMs: 20_000, everyMs: 20, what: "the verifier to refuse" },
    );
    return [...new Set(seen)];
  };

  test("it goes on for its lease, then refuses, and comes back by itself", async () => {
    const verifier = await verifierOf();
    const { secret } = await issue();
    await verifier.verify(secret, REQUEST);
    network.cut();
    expect(await lasts(verifier, secret)).toEqual(["VALID", "UNAVAILABLE"]);
    network.heal();
    await waitFor(async () => (await verifier.verify(secret, REQUEST)).valid, { what: "a lease again" });
  });

  test("staleIfUnreachableMs lets it go on, saying so, for that long; a revocation says that it cannot vouch", async () => {
    const verifier = await verifierOf({ staleIfUnreachableMs: STALE_MS });
    const [{ secret }, gone] = [await issue(), await issue()];
    await verifier.verify(secret, REQUEST);
    await verifier.verify(gone.secret, REQUEST);
    network.cut();
    const seen = lasts(verifier, secret);
    expect(await revoke(gone.id)).toMatchObject({ everywhere: false });
    expect(await verifier.verify(gone.secret, REQUEST)).toMatchObject({ valid: true, stale: true });
    expect(await seen).toEqual(["VALID", "stale", "UNAVAILABLE"]);
    network.heal();
    await waitFor(async () => (await verifier.verify(secret, REQUEST)).valid, { what: "a lease again" });
    expect(await verifier.verify(secret, REQUEST)).not.toHaveProperty("stale");
    expect((await verifier.verify(gone.secret, REQUEST)).code).toBe("REVOKED");
  });

  test("staleIfUnreachableMs is nothing while nodes can be reached: a revoked key is refused at once", async () => {
    const verifier = await verifierOf({ staleIfUnreachableMs: STALE_MS });
    const { id, secret } = await issue();
    await verifier.verify(secret, REQUEST);
    expect(await revoke(id)).toMatchObject({ everywhere: true });
    expect((await verifier.verify(secret, REQUEST)).code).toBe("REVOKED");
  });
});

describe("close", () => {
  test("refuses everything from then on, writes what was counted, and nobody waits for it", async () => {
    const verifier = await verifierOf();
    const [{ id, secret }, other] = [await issue(), await issue()];
    for (let used = 0; used < 7; used += 1) await verifier.verify(secret, REQUEST);
    const underWay = verifier.verify(other.secret, REQUEST);
    const closing = verifier.close();
    expect(atOnce(verifier.verify(secret, REQUEST)).code).toBe("UNAVAILABLE");
    await closing;
    expect(["VALID", "UNAVAILABLE"]).toContain((await underWay).code);
    await verifier.close();
    expect(await uses(id)).toBe(7);
    const { verifiers, waitedMs } = await revoke(id);
    expect(verifiers).toBe(0);
    expect(waitedMs).toBeLessThan(TERM_MS / 2);
  });

  test("does not wait long for a node that says nothing", async () => {
    const verifier = await verifierOf();
    const { secret } = await issue();
    await verifier.verify(secret, REQUEST);
    network.freeze();
    const began = performance.now();
    await verifier.close();
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

async function uses(id: string): Promise<number> {
  return (await platform.root.get<{ requests30d: number }>(`/v1/keys/${id}`)).body.requests30d;
}

test("what is counted is counted once, however often the connection breaks meanwhile", async (context) => {
  const random = seededRandom(context);
  // Verdicts that are asked for are counted by the node, also those whose answer is lost; here they are no matter.
  const verifier = await verifierOf({ fetch: () => Promise.reject(new TypeError("no verdicts by HTTP")) });
  const keys = await Promise.all(Array.from({ length: 5 }, () => issue()));
  const accepted = new Map(keys.map(({ id }) => [id, 0]));
  const verifyAll = async (): Promise<void> => {
    for (const { id, secret } of keys) {
      if ((await verifier.verify(secret, REQUEST)).valid) accepted.set(id, (accepted.get(id) ?? 0) + 1);
    }
  };
  const breaks = [() => network.cut(), () => network.freeze()];
  for (let turn = 0; turn < 12; turn += 1) {
    const until = performance.now() + 100 + random.int(300);
    while (performance.now() < until) {
      await verifyAll();
      await new Promise((resolve) => setImmediate(resolve));
    }
    breaks[random.int(2)]?.();
    await verifyAll();
    network.heal();
  }
  await verifier.close();
  for (const [id, count] of accepted) {
    expect(count).toBeGreaterThan(12);
    await waitFor(async () => (await uses(id)) >= count, { what: `${count} uses` });
    expect(await uses(id)).toBe(count);
  }
}, 60_000);
