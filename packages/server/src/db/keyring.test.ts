import { Secret } from "@claviger/core";
import { type TestDatabase, tamper, testDatabase } from "@claviger/testkit";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../kernel/clock.ts";
import { systemRandom } from "../kernel/random.ts";
import { type KeyringOptions, openKeyring } from "./keyring.ts";
import { type Purpose, unwrap, wrap } from "./keyring-wrap.ts";
import { PLATFORM } from "./roles.ts";
import { seal } from "./seal.ts";

const MASTER = Buffer.alloc(32, 1);
const OTHER = Buffer.alloc(32, 2);

let home: TestDatabase;
const homes: TestDatabase[] = [];

beforeEach(async () => {
  home = await testDatabase();
  homes.push(home);
});
afterAll(() => Promise.all(homes.map((each) => each.drop())));

const open = (master = MASTER, options: KeyringOptions = {}) =>
  openKeyring(home.database, master, systemClock, systemRandom, options);

async function add(
  purpose: Purpose,
  version: number,
  stage: "known" | "used" | "done",
  master = MASTER,
): Promise<Uint8Array> {
  const key = systemRandom.bytes(32);
  const wrapped = wrap(master, purpose, version, key, systemRandom);
  await home.database.transaction(PLATFORM, (tx) =>
    tx
      .insertInto("keyring")
      .values({ purpose, version, wrapped, stage, created_at: new Date(0) })
      .execute(),
  );
  return key;
}

describe("the keyring", () => {
  test("a row opens with its own master key, purpose and version, and with no other", () => {
    const key = systemRandom.bytes(32);
    const wrapped = wrap(MASTER, "tag", 2, key, systemRandom);
    expect(unwrap(MASTER, "tag", 2, wrapped)).toEqual(Buffer.from(key));
    expect(unwrap(OTHER, "tag", 2, wrapped)).toBeNull();
    expect(unwrap(MASTER, "audit", 2, wrapped)).toBeNull();
    expect(unwrap(MASTER, "tag", 3, wrapped)).toBeNull();
    expect(unwrap(MASTER, "tag", 2, wrapped.subarray(0, 20))).toBeNull();
  });

  test("a version that is known is accepted, and nothing is made with it before it is in use", async () => {
    const keyring = await open();
    await add("tag", 2, "known");
    keyring.markStale();
    await keyring.refresh();
    expect(keyring.newest("tag")).toBe(2);
    expect(keyring.all("tag")).toHaveLength(2);
    expect(keyring.current("tag").version).toBe(1);
    await home.database.transaction(PLATFORM, (tx) =>
      tx.updateTable("keyring").set({ stage: "done" }).where("purpose", "=", "tag").execute(),
    );
    keyring.markStale();
    await keyring.refresh();
    expect(keyring.current("tag").version).toBe(2);
  });

  test("it is not fresh from the moment a change is heard of, and only a reading begun later makes it so", async () => {
    const keyring = await open();
    expect(keyring.isFresh()).toBe(true);
    const key = await add("pepper", 2, "known");
    keyring.markStale();
    expect(keyring.isFresh()).toBe(false);
    const early = keyring.refresh();
    keyring.markStale();
    expect(keyring.generation()).toBe(2);
    expect(keyring.isFresh()).toBe(false);
    await early;
    expect(keyring.isFresh()).toBe(true);
    expect(keyring.byVersion("pepper", 2)).toEqual(Buffer.from(key));
  });

  test("what was opened at the start stays open when the master key is replaced; what comes later does not open, and is told", async () => {
    const told: unknown[] = [];
    const keyring = await open(MASTER, { onUnreadable: (error) => told.push(error) });
    const tag = keyring.byVersion("tag", 1) ?? new Uint8Array();
    const wrapped = wrap(OTHER, "tag", 1, tag, systemRandom);
    await home.database.transaction(PLATFORM, (tx) =>
      tx.updateTable("keyring").set({ wrapped }).where("purpose", "=", "tag").execute(),
    );
    keyring.markStale();
    await keyring.refresh();
    expect(keyring.byVersion("tag", 1)).toEqual(tag);
    await add("tag", 2, "known", OTHER);
    keyring.markStale();
    await expect(keyring.refresh()).rejects.toMatchObject({ code: "MASTER_KEY_WRONG" });
    expect(keyring.isFresh()).toBe(false);
    expect(keyring.current("tag").version).toBe(1);
    expect(told).not.toEqual([]);
    await expect(open()).rejects.toMatchObject({ code: "MASTER_KEY_WRONG" });
  });

  test("where the master key may be replaced meanwhile, it is looked for again", async () => {
    const keyring = await open(MASTER, { masterKeyNow: () => Promise.resolve(OTHER) });
    const key = await add("tag", 2, "known", OTHER);
    keyring.markStale();
    await keyring.refresh();
    expect(keyring.byVersion("tag", 2)).toEqual(Buffer.from(key));
  });

  test("while one master key replaces another, both open it", async () => {
    const keyring = await open();
    await home.database.transaction(PLATFORM, async (tx) => {
      for (const purpose of ["pepper", "tag", "audit", "seal"] as const) {
        const next = wrap(OTHER, purpose, 1, keyring.current(purpose).key, systemRandom);
        await tx.updateTable("keyring").set({ wrapped_next: next }).where("purpose", "=", purpose).execute();
      }
    });
    for (const master of [MASTER, OTHER])
      expect((await open(master)).current("audit")).toEqual(keyring.current("audit"));
  });

  test("while one master key replaces another, no purpose is made that one of the two alone would open", async () => {
    const keyring = await open();
    const wrapNext = (purpose: Purpose) =>
      home.database.transaction(PLATFORM, (tx) => {
        const next = wrap(OTHER, purpose, 1, keyring.current(purpose).key, systemRandom);
        return tx.updateTable("keyring").set({ wrapped_next: next }).where("purpose", "=", purpose).execute();
      });
    for (const purpose of ["pepper", "tag", "audit"] as const) await wrapNext(purpose);
    // As an older version of the software has it, which began the replacement.
    await tamper(home.owner, "keyring", "DELETE FROM keyring WHERE purpose = 'seal'");
    for (const master of [OTHER, MASTER]) {
      const met = await open(master);
      expect(met.newest("seal")).toBe(0);
      expect(() => seal(met, systemRandom, "x", new Secret("y"))).toThrow(
        expect.objectContaining({ code: "UNAVAILABLE" }),
      );
    }
  });

  test("a start with a wrong master key leaves the keyring as it was, also where a purpose is missing", async () => {
    await open();
    await tamper(home.owner, "keyring", "DELETE FROM keyring WHERE purpose = 'seal'");
    await expect(open(OTHER)).rejects.toMatchObject({ code: "MASTER_KEY_WRONG" });
    expect((await open()).newest("seal")).toBe(1);
    expect((await open()).current("seal").key).toHaveLength(32);
  });

  test("opened by two nodes at once, an empty keyring is filled once", async () => {
    const [one, other] = await Promise.all([open(), open()]);
    for (const purpose of ["pepper", "tag", "audit", "seal"] as const)
      expect(one.current(purpose)).toEqual(other.current(purpose));
  });
});
