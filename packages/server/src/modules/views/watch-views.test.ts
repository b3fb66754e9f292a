/** Who keeps a view and wishes to is told of each key that comes to be in it, once (F3). */
import { issueKey, issueManagementKey, openPlatform, type Platform, silentLogger, succeeded } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLATFORM, type Tx } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { createIds } from "../../kernel/ids.ts";
import { systemRandom } from "../../kernel/random.ts";
import { selectSavedIds } from "../inventory/index.ts";
import { watchViews } from "./index.ts";

const HOUR = 3_600_000;
let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform.app.stop());

const rows = <T>(query: ReturnType<typeof sql<T>>) =>
  platform.app.database.database.transaction(PLATFORM, async (tx) => (await query.execute(tx)).rows);
/** What every node does every so often, on three of them at once, so many hours later; with keys that a list would let through. */
function looksAt(
  select: () => readonly string[],
  first: (tx: Tx, tag: unknown) => Promise<void> = async () => undefined,
) {
  let later = 0;
  const ids = createIds(systemClock, systemRandom);
  const clock = { wall: () => systemClock.wall() + later, mono: systemClock.mono };
  const { database } = platform.app.database;
  const asked: number[] = [];
  const ports = {
    ...{ database, clock, ids, logger: silentLogger },
    select: async (tx: Tx, _: string, filter: Readonly<Record<string, string>>) => {
      await first(tx, filter.tag);
      asked.push(1);
      return select();
    },
  };
  return {
    asked,
    look: async () => {
      later += HOUR;
      await Promise.all([1, 2, 3].map(() => watchViews(ports)));
    },
  };
}
const toldOf = async (view: string) =>
  (
    await rows(
      sql<{ payload: { gained: number; total: number; keys: string[] } }>`
        SELECT payload FROM outbox_event WHERE type = 'view.gained' AND payload ->> 'view' = ${view} ORDER BY id`,
    )
  ).map(({ payload: { gained, total, keys } }) => ({ gained, total, keys }));

test("the first look only writes down; what comes is told once, what goes is not, and what comes again is", async () => {
  succeeded(await platform.root.put("/v1/views/watched", { filter: { tag: "watched" }, notify: true }));
  succeeded(await platform.root.put("/v1/views/unwatched", { filter: { tag: "watched" } }));
  let there = ["key_a", "key_b"];
  const { asked, look } = looksAt(() => there);
  await look();
  expect(await toldOf("watched")).toEqual([]);
  for (const now of [["key_c", "key_a", "key_b"], ["key_c", "key_a", "key_b"], ["key_c"], ["key_b", "key_c"]]) {
    there = now;
    await look();
  }
  expect(await toldOf("watched")).toEqual([
    { gained: 1, total: 3, keys: ["key_c"] },
    { gained: 1, total: 2, keys: ["key_b"] },
  ]);
  expect(await toldOf("unwatched")).toEqual([]);
  // One of three nodes each time, and the views that are not watched never.
  expect(asked).toHaveLength(5);

  // The same filter, said otherwise, is the same view.
  const filter = { tag: "watched", environment: "live" };
  succeeded(await platform.root.put("/v1/views/watched", { filter, notify: true }));
  await look();
  const turned = { environment: "live", tag: "watched" };
  succeeded(await platform.root.put("/v1/views/watched", { filter: turned, notify: true }));
  there = ["key_b", "key_c", "key_e"];
  await look();
  expect((await toldOf("watched")).at(-1)).toEqual({ gained: 1, total: 3, keys: ["key_e"] });
  // Another filter is another view.
  succeeded(await platform.root.put("/v1/views/watched", { filter: { tag: "others" }, notify: true }));
  there = ["key_d"];
  await look();
  expect(await toldOf("watched")).toHaveLength(3);
});

test("a view that takes too long keeps no other from its turn", async () => {
  for (const name of ["a-slow-one", "b-quick-one"])
    succeeded(await platform.root.put(`/v1/views/${name}`, { filter: { tag: name }, notify: true }));
  const { look } = looksAt(
    () => ["key_a"],
    async (tx, tag) => {
      if (tag !== "a-slow-one") return;
      await sql`SELECT set_config('statement_timeout', '50', true)`.execute(tx);
      await sql`SELECT pg_sleep(10)`.execute(tx);
    },
  );
  await look();
  const names = await rows(sql<{ name: string }>`SELECT name FROM view_look WHERE name LIKE '%-one' ORDER BY name`);
  expect(names).toEqual([{ name: "b-quick-one" }]);
});

test("a keeper who is gone is told nothing any more", async () => {
  const keeper = await issueManagementKey(platform.root, ["claviger:keys:read"]);
  succeeded(await platform.root.as(keeper.secret).put("/v1/views/theirs", { filter: { tag: "x" }, notify: true }));
  let there: readonly string[] = ["key_a"];
  const { look } = looksAt(() => there);
  await look();
  succeeded(await platform.root.post(`/v1/keys/${keeper.id}/revoke`, { reason: "unused" }));
  there = ["key_a", "key_b"];
  await look();
  expect(await toldOf("theirs")).toEqual([]);
});

test("the keys of a view are those that its list shows, revoked ones where it asks for them, and newest first", async () => {
  const made = [];
  for (const label of ["one", "two"])
    made.push((await issueKey(platform.root, platform.account.id, { label, tags: ["listed"] })).id);
  succeeded(await platform.root.post(`/v1/keys/${made[0]}/revoke`, { reason: "unused" }));
  const select = (filter: Record<string, string>, most = 10) =>
    platform.app.database.database.transaction(PLATFORM, (tx) =>
      selectSavedIds(tx, "key_keeper", filter, new Date(systemClock.wall()), most),
    );
  expect(await select({ tag: "listed" })).toEqual(made.toReversed());
  expect(await select({ tag: "listed", status: "revoked" })).toEqual([made[0]]);
  expect(await select({ tag: "listed" }, 1)).toEqual([made[1]]);
});
