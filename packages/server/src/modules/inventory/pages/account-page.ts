import type { Tx } from "../../../db/index.ts";
import type { Account } from "../../accounts/index.ts";
import { listAuditEvents } from "../../audit/index.ts";
import { EXPIRING_MS } from "../../keys/index.ts";
import {
  countKeys,
  type FailingRow,
  type KeyCounts,
  type LatestUse,
  selectAccountRefusals,
  selectAccountRoutes,
  selectBusiest,
  selectFailing,
  selectLatestUse,
  selectNamed,
  selectSharedSources,
} from "../queries/account-page.ts";
import { hourOf, momentAt } from "../view-moment.ts";
import { SETTLED_MS } from "./key-words.ts";
import type { Ending } from "./refusal-words.ts";
import { type Period, seriesOf, stepStart } from "./series.ts";
import { agoOf, counted, momentOf, whoOf } from "./words.ts";

const MOST_BUSY = 10;
const MOST_ROUTES = 50;
const MOST_SOURCES = 50;
const MOST_FAILING = 20;
/** Refused keys that are looked at for those that are not accepted any more. */
const FAILING_LOOKED_AT = 1_000;
/** Presented keys times days that are added up for what is busiest: of an account with very many keys, fewer days. */
const KEY_DAYS = 60_000;
const DAYS = [30, 7, 1] as const;

/** Everything about one account's use, as the contract shows it. `now` in milliseconds since the epoch. */
export async function showAccountPage(tx: Tx, account: Account, period: Period, now: number) {
  const { daysAgo } = momentAt(new Date(now));
  const day = hourOf(daysAgo(1));
  const times = { now: new Date(now), soon: new Date(now + EXPIRING_MS), used: day, lately: hourOf(daysAgo(30)) };
  const counts = await countKeys(tx, account.id, times);
  const latest = await selectLatestUse(tx, account.id);
  const suspended = await suspensionOf(tx, account);
  const since = new Date(stepStart("day", now, 1 - daysOf(counts.presented)));
  const busiest = await selectBusiest(tx, account.id, since, MOST_BUSY);
  const { rows: failing, more } = await selectFailing(tx, account.id, day, FAILING_LOOKED_AT, SETTLED_MS);
  const shown = failing.slice(0, MOST_FAILING);
  const named = await selectNamed(
    tx,
    [...busiest, ...shown].map(({ key }) => key),
  );
  const sources = await selectSharedSources(
    tx,
    busiest.map(({ key }) => key),
    MOST_SOURCES,
  );
  const of = (kind: string) =>
    sources
      .filter((source) => source.kind === kind)
      .map(({ kind: _, firstSeen, lastSeen, ...source }) => ({
        ...{ ...source, firstSeen: firstSeen.toISOString(), lastSeen: lastSeen.toISOString() },
      }));
  const refusals = await selectAccountRefusals(tx, account.id);
  const named24h = { keys: failing.length, more };
  return {
    account: account.id,
    name: account.name,
    status: {
      ...{ is: account.status, since: suspended?.at.toISOString() ?? null, by: suspended?.by ?? null },
      ...{ reason: account.suspendedReason, why: statusWords(suspended) },
    },
    keys: keysOf(counts),
    use: {
      why: useWords(counts, latest, { keys: failing.length, more }, new Date(now)),
      lastUsedAt: latest?.at.toISOString() ?? null,
      lastUsedKey: latest?.key ?? null,
    },
    failing: { ...named24h, data: shown.map((row) => failingShown(row, named.get(row.key)?.label ?? "")) },
    refusals: refusals.rows.map(({ firstAt, lastAt, ...row }) => ({
      ...{ ...row, firstAt: firstAt.toISOString(), lastAt: lastAt.toISOString() },
    })),
    refusalsOf: { keys: refusals.keys, more: refusals.more },
    /** First of the UTC days that what is busiest is told of. */
    since: since.toISOString(),
    busiest: busiest.map((row) => ({
      ...row,
      label: named.get(row.key)?.label ?? "",
      environment: named.get(row.key)?.environment ?? null,
    })),
    routes: await selectAccountRoutes(tx, account.id, since, MOST_ROUTES),
    sources: { networks: of("network"), countries: of("country"), agents: of("agent"), services: of("service") },
    series: await seriesOf(tx, { account: account.id }, period, now, counts.presented),
  };
}

/** Days that are added up where so many keys were presented within 30. */
export function daysOf(presented: number): (typeof DAYS)[number] {
  return DAYS.find((each) => each * presented <= KEY_DAYS) ?? 1;
}

function keysOf({ total, active, expiring, suspended, expired, used, lately, neverUsed }: KeyCounts) {
  const revoked = total - active - expiring - suspended - expired;
  return {
    ...{ total, active, expiring, suspended, expired, revoked },
    ...{ used24h: used, used30d: lately, neverUsed },
  };
}

export function failingShown({ key, code, since, lastAt }: FailingRow, label: string) {
  return { key, label, code, lastUsedAt: since?.toISOString() ?? null, lastRefusedAt: lastAt.toISOString() };
}

async function suspensionOf(tx: Tx, account: Account): Promise<Ending | null> {
  if (account.status !== "suspended") return null;
  const [act] = await listAuditEvents(tx, { target: account.id, action: "account.suspended", limit: 1 });
  const at = act === undefined ? account.updatedAt : new Date(act.at);
  return { at, by: act?.actor ?? null, reason: account.suspendedReason, comment: null };
}

function statusWords(suspended: Ending | null): string {
  if (suspended === null) return "It is active.";
  const by = suspended.by === null ? "" : ` by ${whoOf(suspended.by)}`;
  return `It was suspended on ${momentOf(suspended.at)}${by}: ${suspended.reason ?? "no reason was given"}. All its keys are refused.`;
}

/** Is the account in use, and does it work? */
export function useWords(
  { total, active, expiring, suspended, used, lately }: KeyCounts,
  latest: LatestUse | null,
  failing: { readonly keys: number; readonly more: boolean },
  now: Date,
): string {
  if (total === 0) return "It never had a key.";
  if (latest === null) {
    return failing.keys === 0
      ? "None of its keys was ever accepted."
      : "Its keys are presented, and none was ever accepted.";
  }
  const worked = `A key of it was accepted last on ${momentOf(latest.at)}, ${agoOf(latest.at, now)}`;
  const fails = `${failing.more ? "at least " : ""}${counted(failing.keys, "key")} ${failing.keys === 1 ? "fails" : "fail"}`;
  const broken = failing.keys === 0 ? "none fails" : `${fails}: refused within 24 hours, and not accepted since`;
  const left = active + expiring + suspended;
  const use =
    left === 0
      ? "All its keys are revoked or expired"
      : `Of ${counted(left, "key")} neither revoked nor expired, ${used.toLocaleString("en-US")} ${used === 1 ? "was" : "were"} used within 24 hours and ${lately.toLocaleString("en-US")} within 30 days`;
  return `${worked}: ${latest.key}. ${use}; ${broken}.`;
}
