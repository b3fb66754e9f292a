/** A hundred thousand keys that end within a week: their people are warned once each in less than five minutes, though nodes are killed. */
import { seededRandom } from "@claviger/testkit";
import { expect, test } from "vitest";
import { warnWhileKilled } from "../support/expiry-killed.ts";

test("100 000 keys of 1 000 accounts", async (context) => {
  const { seconds, kills, mails, again } = await warnWhileKilled(seededRandom(context), {
    ...{ accounts: 1_000, keysPerAccount: 100, kills: 10 },
  });
  await context.annotate(`${seconds} s, ${kills} kills, ${mails} mails, ${again} of them twice`);
  expect(seconds).toBeLessThan(300);
}, 900_000);
