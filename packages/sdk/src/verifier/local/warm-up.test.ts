/** Keys that were in use are read ahead, so that no first request waits for a node; against a real service. */
import { hash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueKey, type MadeKey, openPlatform, type Platform, succeeded } from "@claviger/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createVerifier } from "../create-verifier.ts";
import type { Verifier, VerifierOptions, WarmUpStore } from "../verifier.ts";

const REQUEST = { method: "GET", path: "/contacts" } as const;

let platform: Platform;
let folder: string;
let keys: MadeKey[];
const made: Verifier[] = [];

beforeAll(async () => {
  platform = await openPlatform();
  folder = await mkdtemp(join(tmpdir(), "claviger-warm-up-"));
  keys = await Promise.all(Array.from({ length: 40 }, () => issueKey(platform.root, platform.account.id)));
});
afterEach(async () => {
  await Promise.all(made.splice(0).map((verifier) => verifier.close()));
});
afterAll(async () => {
  await platform.app.stop();
  await rm(folder, { recursive: true, force: true });
});

async function verifierOf(options: Partial<VerifierOptions>): Promise<Verifier> {
  const { url, credential } = platform;
  const verifier = await createVerifier({
    url,
    credential,
    environment: "live",
    onUnavailable: () => undefined,
    ...options,
  });
  made.push(verifier);
  return verifier;
}

/** Which of the keys are answered in this very turn of the event loop, so without asking anybody, and how. */
function atOnce(verifier: Verifier, some: readonly MadeKey[] = keys): Map<MadeKey, string> {
  const codes = new Map<MadeKey, string>();
  for (const key of some) {
    const verdict = verifier.verify(key.secret, REQUEST);
    if (!(verdict instanceof Promise)) codes.set(key, verdict.code);
  }
  return codes;
}

async function useAll(options: Partial<VerifierOptions>): Promise<void> {
  const verifier = await verifierOf(options);
  for (const { secret } of keys) expect((await verifier.verify(secret, REQUEST)).valid).toBe(true);
  await verifier.close();
}

/** A store in memory, and how often it was saved to. */
function storeOf(first: Uint8Array | null = null): WarmUpStore & { hashes: Uint8Array | null } {
  return {
    hashes: first,
    async load() {
      return this.hashes;
    },
    async save(hashes) {
      this.hashes = hashes;
    },
  };
}

describe("with warmUp", () => {
  test("the first request with each key that was in use asks no node, and one that was revoked meanwhile is refused", async () => {
    const warmUp = join(folder, "keys");
    await useAll({ warmUp });
    const [revoked] = keys.splice(0, 1);
    if (revoked === undefined) throw new TypeError("no key");
    succeeded(await platform.root.post(`/v1/keys/${revoked.id}/revoke`, { reason: "leaked" }));
    const verifier = await verifierOf({ warmUp });
    const codes = atOnce(verifier, [revoked, ...keys]);
    expect(codes.get(revoked)).toBe("REVOKED");
    expect([...codes.values()].filter((code) => code === "VALID")).toHaveLength(keys.length);
  });

  test("without it the first request has to ask", async () => {
    expect(atOnce(await verifierOf({})).size).toBe(0);
  });

  test("no more keys are read than memory may hold, those that were looked up last first", async () => {
    const store = storeOf();
    await useAll({ warmUp: store });
    const last = keys.slice(-10);
    const codes = atOnce(await verifierOf({ warmUp: store, cachedKeys: 10 }));
    expect([...codes.keys()]).toEqual(last);
  });

  test("the file holds hashes alone, is this user's alone, and nothing is left beside it", async () => {
    const home = await mkdtemp(join(folder, "file-"));
    const warmUp = join(home, "keys");
    await useAll({ warmUp });
    expect((await stat(warmUp)).mode & 0o777).toBe(0o600);
    expect(await readdir(home)).toEqual(["keys"]);
    const bytes = await readFile(warmUp);
    const hashes = new Set(
      Array.from({ length: bytes.length / 32 }, (_, n) => bytes.toString("hex", n * 32, n * 32 + 32)),
    );
    expect(hashes).toEqual(new Set(keys.map(({ secret }) => hash("sha256", secret, "hex"))));
  });

  test("what was saved and not used again is there at the next start as well", async () => {
    const store = storeOf();
    await useAll({ warmUp: store });
    const idle = await verifierOf({ warmUp: store });
    await idle.close();
    expect(atOnce(await verifierOf({ warmUp: store })).size).toBe(keys.length);
  });
});

describe("a warm-up that fails", () => {
  test("warns, and everything goes on: a store that throws, and one that holds something else", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const broken: WarmUpStore = {
      load: () => Promise.reject(new TypeError("no store")),
      save: () => Promise.reject(new TypeError("no store")),
    };
    for (const warmUp of [broken, storeOf(randomBytes(33))]) {
      const verifier = await verifierOf({ warmUp });
      const [key] = keys;
      expect((await verifier.verify(key?.secret ?? "", REQUEST)).valid).toBe(true);
      await verifier.close();
    }
    const said = warned.mock.calls.map(([text]) => String(text));
    warned.mockRestore();
    expect(said).toContain("claviger: no warm-up: the keys in use could not be loaded: no store");
    expect(said).toContain(
      "claviger: no warm-up: the keys in use could not be loaded: what was saved is not a list of hashes",
    );
  });

  test("leaves hashes of another installation alone after some, forgets those, and costs callers nothing", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const store = storeOf(randomBytes(32 * 5_000));
    const verifier = await verifierOf({ warmUp: store });
    expect(warned.mock.calls.flat().join()).toContain("most of the keys that were saved are of another installation");
    warned.mockRestore();
    for (const { secret } of keys) expect((await verifier.verify(secret, REQUEST)).valid).toBe(true);
    await verifier.close();
    expect((store.hashes?.length ?? 0) / 32).toBeLessThan(5_000);
  });

  test("a file that may not be read stops nothing", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const warmUp = join(folder, "nowhere", "keys");
    const verifier = await verifierOf({ warmUp });
    await verifier.verify(keys[0]?.secret ?? "", REQUEST);
    await verifier.close();
    expect(warned.mock.calls.flat().join()).toMatch(/could not be saved for the next start: ENOENT/);
    warned.mockRestore();
  });

  test.each(["", 7, {}, { load: () => null }])("an option that is none is refused: %j", async (warmUp) => {
    await expect(verifierOf({ warmUp: warmUp as string })).rejects.toThrow(/^warmUp must be the path of a file/);
  });
});
