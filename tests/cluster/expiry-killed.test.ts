/** Two thousand keys that end within a week: their people are warned once each, though nodes are killed meanwhile (D3). */
import { seededRandom } from "@claviger/testkit";
import { test } from "vitest";
import { warnWhileKilled } from "../support/expiry-killed.ts";

test("2 000 keys of 20 accounts", async (context) => {
  const { seconds, kills, mails, again } = await warnWhileKilled(seededRandom(context), {
    ...{ accounts: 20, keysPerAccount: 100, kills: 2 },
  });
  await context.annotate(`${seconds} s, ${kills} kills, ${mails} mails, ${again} of them twice`);
}, 120_000);
