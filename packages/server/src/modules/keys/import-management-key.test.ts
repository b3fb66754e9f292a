/** The first management key is told to one, however many start at once. */
import { testDatabase } from "@claviger/testkit";
import { expect, test } from "vitest";
import { openKeyring } from "../../db/index.ts";
import { openUnserved } from "../../demo/unserved.ts";
import { systemClock } from "../../kernel/clock.ts";
import { systemRandom } from "../../kernel/random.ts";
import { ensureRootKey } from "./import-management-key.ts";

const ACTING = {
  actor: { type: "system", id: "bootstrap" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;
const ROUNDS = 6;
const STARTING = 8;

test("of many nodes that start at once over an empty database, one makes the first management key", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const home = await testDatabase();
    try {
      const keyring = await openKeyring(home.database, new Uint8Array(32).fill(5), systemClock, systemRandom);
      const ports = openUnserved({
        ...{ database: home.database, keyring, keyPrefix: "clv" },
        ...{ clock: systemClock, random: systemRandom, idRandom: systemRandom },
      });
      const made = await Promise.all(Array.from({ length: STARTING }, () => ensureRootKey(ports, ACTING, null)));
      expect(made.filter((root) => root?.secret != null)).toHaveLength(1);
    } finally {
      await home.drop();
    }
  }
});
