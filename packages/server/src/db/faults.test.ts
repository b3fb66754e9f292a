/** Which errors of the database say that the same may succeed later. */
import { testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { isHeldUp, isUnavailable, PLATFORM } from "./index.ts";

test("a transaction that was undone to end a deadlock may be tried again", async () => {
  const db = await testDatabase();
  onTestFinished(() => db.drop());
  let waiting = 0;
  let release: () => void = () => undefined;
  const both = new Promise<void>((resolve) => {
    release = resolve;
  });
  const lockBoth = (first: number, second: number): Promise<unknown> =>
    db.database.transaction(PLATFORM, async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(${first}::int)`.execute(tx);
      waiting += 1;
      if (waiting === 2) release();
      await both;
      await sql`SELECT pg_advisory_xact_lock(${second}::int)`.execute(tx);
    });
  const ends = await Promise.allSettled([lockBoth(1, 2), lockBoth(2, 1)]);
  const errors = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  expect(errors).toMatchObject([{ code: "40P01" }]);
  expect([isUnavailable(errors[0]), isHeldUp(errors[0])]).toEqual([true, true]);
});
