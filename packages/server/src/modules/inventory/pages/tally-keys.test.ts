/** Sums by day of expiry give each key the status that it has at that moment, also on the days in which statuses change. */
import { seededRandom } from "@claviger/testkit";
import { expect, test } from "vitest";
import { EXPIRING_MS, statusOf } from "../../keys/index.ts";
import type { TallyRow } from "../queries/overview.ts";
import { tallyKeys } from "./tally-keys.ts";

const HOUR_MS = 3_600_000;
const NOW = Date.parse("2026-03-10T12:34:56Z");
const STATES = ["active", "suspended", "revoked"] as const;

test("the sums equal what each key's status says", (context) => {
  const { pick, int } = seededRandom(context);
  const keys = Array.from({ length: 3_000 }, () => {
    const away = int(400) * HOUR_MS - 100 * HOUR_MS;
    const expiresAt = int(10) === 0 ? null : new Date(pick([NOW + away, NOW, NOW + EXPIRING_MS, NOW + away + 1]));
    return { environment: pick(["live", "test"]), state: pick(STATES), expiresAt };
  });
  const dayOf = (at: Date | null): string => at?.toISOString().slice(0, 10) ?? "infinity";
  const tally = [...Map.groupBy(keys, (key) => `${key.environment} ${key.state} ${dayOf(key.expiresAt)}`).values()].map(
    (those): TallyRow => {
      const [first] = those as [(typeof keys)[number]];
      return {
        environment: first.environment,
        state: first.state,
        expiresOn: dayOf(first.expiresAt),
        keys: those.length,
      };
    },
  );
  const by = (moment: Date) =>
    ["live", "test"].flatMap((environment) =>
      (["active", "suspended"] as const).map((state) => ({
        ...{ environment, state },
        keys: keys.filter(
          (key) =>
            key.environment === environment &&
            key.state === state &&
            key.expiresAt !== null &&
            dayOf(key.expiresAt) === dayOf(moment) &&
            key.expiresAt <= moment,
        ).length,
      })),
    );
  const soon = new Date(NOW + EXPIRING_MS);
  const found = tallyKeys(tally, {
    ...{ today: dayOf(new Date(NOW)), expiredToday: by(new Date(NOW)) },
    ...{ soonDay: dayOf(soon), soonByThen: by(soon) },
  });
  const count = (environment: string | null, status: string): number =>
    keys.filter(
      (key) =>
        (environment === null || key.environment === environment) &&
        statusOf({ ...key, kind: "customer", rotatingUntil: null }, NOW) === status,
    ).length;
  const expected = (environment: string | null) => ({
    total: keys.filter((key) => environment === null || key.environment === environment).length,
    ...Object.fromEntries(
      ["active", "expiring", "suspended", "expired", "revoked"].map((status) => [status, count(environment, status)]),
    ),
  });
  expect(found).toEqual({
    ...expected(null),
    byEnvironment: ["live", "test"].map((environment) => ({ environment, ...expected(environment) })),
  });
});
