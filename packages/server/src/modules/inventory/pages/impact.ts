import type { Tx } from "../../../db/index.ts";
import { type Key, ownerOf, statusOf, throttleAt } from "../../keys/index.ts";
import { usesOf } from "../inventory.store.ts";
import { type CallerRow, selectCalledBy, selectCallersOf } from "../queries/impact.ts";
import { selectSeries } from "../queries/series.ts";
import { hourOf, momentAt } from "../view-moment.ts";
import { breaksOf, CHOICES, type ImpactFacts, type ImpactWindow, suggestionOf } from "./impact-words.ts";
import { stepStart } from "./series.ts";

/** Of callers of each kind, and of endpoints. */
const MOST = 50;
const DAYS = 30;
const LIMITED: ReadonlySet<string> = new Set(["RATE_LIMITED", "QUOTA_EXCEEDED"]);
const DAY_MS = 86_400_000;

/** What ending the key would break, as the contract shows it. `now` in milliseconds since the epoch. */
export async function showImpact(tx: Tx, key: Key, window: ImpactWindow, now: number) {
  const time = new Date(now);
  const grain = window === "24h" ? "hour" : "day";
  const from = window === "24h" ? hourOf(momentAt(time).daysAgo(1)) : new Date(stepStart("day", now, 1 - DAYS));
  const callers = await selectCallersOf(tx, key.id, grain, from, MOST);
  const endpoints = await selectCalledBy(tx, key.id, grain, from, MOST);
  const lastUsedAt = await lastUseOf(tx, key.id, time);
  const [accepted, refused] = [Number(endpoints[0]?.acceptedInAll ?? 0), Number(endpoints[0]?.refusedInAll ?? 0)];
  const of = (kind: CallerRow["kind"]) => callers.filter((row) => row.kind === kind).map(({ kind: _, ...row }) => row);
  const accepting = (kind: CallerRow["kind"]) => of(kind).flatMap((row) => (row.accepted > 0 ? [row.value] : []));
  const status = statusOf(key, now);
  const facts: ImpactFacts = {
    ...{ status, window, accepted, refused, lastUsedAt, endpoints },
    ...{ key: { ...key, throttle: throttleAt(key, now) }, limited: await limitedOf(tx, key.id, grain, from, time) },
    ...{ networks: accepting("network"), countries: accepting("country") },
    ...{ agents: accepting("agent"), services: accepting("service"), browser: accepting("browser").length > 0 },
  };
  return {
    ...{ key: key.id, label: key.label, account: key.account, environment: key.environment, status },
    ...{ window, from: from.toISOString(), to: time.toISOString() },
    ...{ requests: accepted + refused, accepted, refused, lastUsedAt: lastUsedAt?.toISOString() ?? null },
    used24h: lastUsedAt !== null && now - lastUsedAt.getTime() <= DAY_MS,
    callers: { networks: of("network"), countries: of("country"), agents: of("agent"), services: of("service") },
    browser: facts.browser,
    endpoints: endpoints.map(({ acceptedInAll: _, refusedInAll: __, ...row }) => row),
    ...{ dependants: key.dependants, criticality: key.criticality, runbookUrl: key.runbookUrl, owner: ownerOf(key) },
    ...{ breaks: breaksOf(facts, time), suggestion: suggestionOf(facts), choices: CHOICES },
  };
}

/** Requests that were refused because a limit was reached. */
async function limitedOf(tx: Tx, key: string, grain: "hour" | "day", from: Date, to: Date): Promise<number> {
  const rows = await selectSeries(tx, { key }, grain, { from, to });
  return rows.reduce((sum, { code, requests }) => sum + (LIMITED.has(code) ? requests : 0), 0);
}

/** When the key was accepted last, with any of its versions. */
export async function lastUseOf(tx: Tx, key: string, now: Date): Promise<Date | null> {
  const times = (await usesOf(tx, [key], now)).flatMap(({ lastUsedAt }) => (lastUsedAt === null ? [] : [lastUsedAt]));
  return times.length === 0 ? null : new Date(Math.max(...times.map((at) => at.getTime())));
}
