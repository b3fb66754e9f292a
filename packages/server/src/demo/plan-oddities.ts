import { DAY_MS, HOUR_MS, type PlannedAccount, type PlannedKey } from "./plan.ts";

const MADE = -80 * DAY_MS;
const LIFETIME = 180 * DAY_MS;

/** Keys that a view is about, whatever else is drawn: one that runs away, one of tests that is used like production, and two exposed ones. */
export function planOddities(account: PlannedAccount): PlannedKey[] {
  const odd = (label: string, perDay: number, change: Partial<PlannedKey>): PlannedKey => ({
    ...{ account: account.ref, at: MADE, lifetime: LIFETIME, environment: "live", label, createdBy: undefined },
    description: {
      scopes: ["contacts:read", "deals:read"],
      purpose: "Keeps another system up to date",
      owner: "team:data",
    },
    ...{ revoked: null, suspended: null, changed: null, example: null, callers: null },
    traffic: {
      ...{ perDay, weekend: 1, from: MADE + HOUR_MS, to: 0, after: null },
      refused: { share: 0.001, code: "ROUTE_NOT_MAPPED" },
    },
    ...change,
  });
  return [
    odd("Stock levels, polled without a pause", 24_000, {}),
    odd("Load test that nobody switched off", 6_000, { environment: "test" }),
    odd("Contact form of the web site", 900, {
      callers: { browser: true, agents: ["Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"] },
    }),
    odd("One key for everything", 2_500, { callers: { services: ["api-gateway", "export-api", "reporting-api"] } }),
  ];
}
