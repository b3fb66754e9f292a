import type { Tx } from "../../../db/index.ts";
import { type Account, findAccount } from "../../accounts/index.ts";
import { type AuditEvent, listAuditEvents } from "../../audit/index.ts";
import { loadCatalogueSource } from "../../catalogue/index.ts";
import { type Key, statusOf, throttleAt } from "../../keys/index.ts";
import { inspectKey, networkOf, type Outcome, outcomesOf, routesOfScopes } from "../../traffic/index.ts";
import {
  type OriginRow,
  type RefusedAtRow,
  selectOrigins,
  selectRefusedAt,
  selectRefusedSince,
} from "../queries/key-page.ts";
import { selectSeries } from "../queries/series.ts";
import { hourOf, momentAt } from "../view-moment.ts";
import { afterDeath, failingOf, type RefusedSince, statusWords, type UseFacts, useState } from "./key-words.ts";
import { type Ending, explainRefusal, type RefusedEndpoint, type RefusedKey } from "./refusal-words.ts";
import { type Period, seriesOf, stepStart } from "./series.ts";
import { MOST_ENTRIES, timelineOf } from "./timeline.ts";
import type { Origin } from "./words.ts";

const ACCEPTED = "VALID";
const ENDPOINT_DAYS = 30;
const MOST_ENDPOINTS = 5;
/** Suspensions of the account that are told, and as many ends of them. */
const ACCOUNT_ACTS = 50;

/** Everything about one key's use, as the contract shows it. `now` in milliseconds since the epoch. */
export async function showKeyPage(tx: Tx, key: Key, period: Period, now: number) {
  const outcomes = await outcomesOf(tx, key.id);
  const usage = await inspectKey(tx, key.id, outcomes, now);
  const history = await historyOf(tx, key);
  const origins = await originsOf(tx, key.id, outcomes);
  const since = await refusedSince(tx, key.id, outcomes);
  const endpoints = await endpointsOf(tx, key.id, outcomes, now);
  const lastUse = latestUse(outcomes);
  const day = await lastDayOf(tx, key.id, now);
  const time = new Date(now);
  const status = statusOf(key, now);
  const live =
    (status === "active" || status === "expiring" || status === "rotating") && history.accountSuspended === null;
  const facts: UseFacts = {
    ...{
      live,
      lastUsedAt: lastUse?.lastAt ?? null,
      version: lastUse?.version ?? null,
      last: origins.get(ACCEPTED) ?? null,
    },
    ...{ ...day, since: [...since.values()] },
  };
  const explained = (code: string) =>
    explainRefusal(code, refusedKey(key, history, now), {
      versions: versionsOf(outcomes, code),
      last: origins.get(code) ?? null,
      endpoints: endpoints.get(code) ?? [],
    });
  const failing = failingOf(facts, time, (code) => explained(code).why);
  const { versions, refusals, sources, browser, routes } = usage;
  return {
    key: key.id,
    status: {
      ...{ is: status, since: endingTime(key)?.toISOString() ?? null, by: history.ended?.by ?? null },
      ...{ reason: key.stateReason, comment: key.stateComment },
      why: statusWords({ status, expiresAt: key.expiresAt, throttle: throttleAt(key, now), ...history }, time),
    },
    use: {
      ...useState(facts, time),
      ...{ lastUsedAt: facts.lastUsedAt?.toISOString() ?? null, version: facts.version, last: facts.last, ...day },
    },
    failing:
      failing === null
        ? null
        : { ...failing, since: failing.since.toISOString(), lastAt: failing.lastAt.toISOString() },
    afterDeath: await attemptsOf(tx, key, outcomes, (code) => origins.get(code) ?? null, time),
    versions,
    refusals: refusals.map((refusal) => ({
      ...refusal,
      versions: versionsOf(outcomes, refusal.code),
      sinceLastUse: sinceOf(since.get(refusal.code)),
      ...explained(refusal.code),
      last: origins.get(refusal.code) ?? null,
      endpoints: endpoints.get(refusal.code) ?? [],
    })),
    timeline: timelineOf(history.acts, outcomes, key.expiresAt, time),
    series: await seriesOf(tx, { key: key.id }, period, now),
    ...{ sources, browser, routes },
  };
}

interface History {
  /** On the key, and suspensions of its account. */
  readonly acts: readonly AuditEvent[];
  readonly ended: Ending | null;
  readonly accountSuspended: Ending | null;
}

async function historyOf(tx: Tx, key: Key): Promise<History> {
  const acts = await listAuditEvents(tx, { target: key.id, limit: MOST_ENTRIES });
  const account = await findAccount(tx, key.account);
  const ofAccount: AuditEvent[] = [];
  for (const action of ["account.suspended", "account.resumed"] as const) {
    ofAccount.push(...(await listAuditEvents(tx, { target: key.account, action, limit: ACCOUNT_ACTS })));
  }
  return {
    acts: [...acts, ...ofAccount],
    ended: endingOf(key, acts),
    accountSuspended: suspensionOf(account, ofAccount),
  };
}

/** Who suspended or revoked it, by the trail; when and why, by the key. */
function endingOf(key: Key, acts: readonly AuditEvent[]): Ending | null {
  if (key.state === "active" || key.stateAt === null) return null;
  const act = acts.find(({ action }) => action === `key.${key.state}`);
  return { at: key.stateAt, by: act?.actor ?? null, reason: key.stateReason, comment: key.stateComment };
}

function suspensionOf(account: Account | null, acts: readonly AuditEvent[]): Ending | null {
  if (account?.status !== "suspended") return null;
  const act = acts.find(({ action }) => action === "account.suspended");
  const at = act === undefined ? account.updatedAt : new Date(act.at);
  return { at, by: act?.actor ?? null, reason: account.suspendedReason, comment: null };
}

/** Since when it has the status that it has, where that is known. */
function endingTime(key: Key): Date | null {
  return key.state === "active" ? null : key.stateAt;
}

function refusedKey(key: Key, { ended, accountSuspended }: History, now: number): RefusedKey {
  const { id, account, environment, version, expiresAt, allowedIps, allowedReferrers, audiences, limits, scopes } = key;
  return {
    ...{
      id,
      account,
      environment,
      version,
      expiresAt,
      allowedIps,
      allowedReferrers,
      audiences,
      limits,
      scopes,
      accountSuspended,
    },
    throttle: throttleAt(key, now),
    ended: ended === null || key.state === "active" ? null : { ...ended, state: key.state },
  };
}

function latestUse(outcomes: readonly Outcome[]): Outcome | null {
  const uses = outcomes.filter(({ code }) => code === ACCEPTED);
  return uses.reduce<Outcome | null>(
    (latest, use) => (latest === null || use.lastAt > latest.lastAt ? use : latest),
    null,
  );
}

function versionsOf(outcomes: readonly Outcome[], code: string): number[] {
  return outcomes.filter((outcome) => outcome.code === code).map(({ version }) => version);
}

function originOf({ ip, country, agent, service, method, route }: OriginRow): Origin {
  return { network: ip === null ? null : (networkOf(ip)?.network ?? null), country, agent, service, method, route };
}

async function originsOf(tx: Tx, key: string, outcomes: readonly Outcome[]): Promise<ReadonlyMap<string, Origin>> {
  const codes = [...Map.groupBy(outcomes, ({ code }) => code)].map(([code, those]) => ({
    code,
    lastAt: new Date(Math.max(...those.map(({ lastAt }) => lastAt.getTime()))),
  }));
  return new Map((await selectOrigins(tx, key, codes)).map((row) => [row.code, originOf(row)]));
}

/**
 * Refusals after the key was accepted last, by code. Those of a code that was never answered before are known exactly; of the others, counts
 * are asked.
 */
async function refusedSince(
  tx: Tx,
  key: string,
  outcomes: readonly Outcome[],
): Promise<ReadonlyMap<string, RefusedSince>> {
  const last = latestUse(outcomes)?.lastAt ?? null;
  const found = new Map<string, RefusedSince>();
  const older: { code: string; lastAt: Date }[] = [];
  for (const [code, those] of Map.groupBy(outcomes, (outcome) => outcome.code)) {
    const [firstAt, lastAt] = [
      new Date(Math.min(...those.map((outcome) => outcome.firstAt.getTime()))),
      new Date(Math.max(...those.map((outcome) => outcome.lastAt.getTime()))),
    ];
    if (code === ACCEPTED || (last !== null && lastAt <= last)) continue;
    if (last !== null && firstAt <= last) older.push({ code, lastAt });
    else found.set(code, { code, firstAt, lastAt, requests: those.reduce((sum, { requests }) => sum + requests, 0) });
  }
  if (last === null || older.length === 0) return found;
  const rows = await selectRefusedSince(
    tx,
    key,
    older.map(({ code }) => code),
    last,
  );
  for (const { code, lastAt } of older) {
    const row = rows.find((each) => each.code === code);
    // One at least: the latest.
    const firstAt = row === undefined || row.firstAt > lastAt ? lastAt : row.firstAt;
    found.set(code, { code, requests: Math.max(1, row?.requests ?? 0), firstAt, lastAt });
  }
  return found;
}

const DEAD_CODES: ReadonlySet<string> = new Set(["REVOKED", "EXPIRED"]);

/** Null while it is neither revoked nor expired. */
async function attemptsOf(
  tx: Tx,
  key: Key,
  outcomes: readonly Outcome[],
  originOf: (code: string) => Origin | null,
  now: Date,
) {
  const ends = [key.state === "revoked" ? key.stateAt : null, key.expiresAt].filter((at) => at !== null && at <= now);
  const since = ends.reduce((first, at) => (first === null || (at !== null && at < first) ? at : first), null);
  if (since === null) return null;
  const after = outcomes.filter(({ code, lastAt }) => DEAD_CODES.has(code) && lastAt > since);
  const latest = after.reduce<Outcome | null>(
    (found, each) => (found === null || each.lastAt > found.lastAt ? each : found),
    null,
  );
  const lastAt = latest?.lastAt ?? null;
  // A code that came for the first time after the end is known exactly; of one that an older version had before, counts are asked.
  const [exact, older] = [
    after.filter(({ firstAt }) => firstAt > since),
    after.filter(({ firstAt }) => firstAt <= since),
  ];
  const asked = [...new Set(older.map(({ code }) => code))];
  const rows = asked.length === 0 ? [] : await selectRefusedSince(tx, key.id, asked, since);
  const counted = asked.map((code) => Math.max(1, rows.find((row) => row.code === code)?.requests ?? 0));
  const own = exact.filter(({ code }) => !asked.includes(code)).map(({ requests }) => requests);
  const attempts = [...counted, ...own].reduce((sum, requests) => sum + requests, 0);
  const facts = { since, attempts, lastAt, last: latest === null ? null : originOf(latest.code) };
  return {
    ...{ since: since.toISOString(), attempts, lastAt: lastAt?.toISOString() ?? null, last: facts.last },
    ...afterDeath(facts, now),
  };
}

function sinceOf(since: RefusedSince | undefined) {
  return since === undefined ? null : { requests: since.requests, firstAt: since.firstAt.toISOString() };
}

type RefusedAt = RefusedEndpoint & { readonly requests: number };

/** By code, with the scope that opens each endpoint by the catalogue as it is. */
async function endpointsOf(
  tx: Tx,
  key: string,
  outcomes: readonly Outcome[],
  now: number,
): Promise<ReadonlyMap<string, readonly RefusedAt[]>> {
  const codes = [...new Set(outcomes.map(({ code }) => code).filter((code) => code !== ACCEPTED))];
  if (codes.length === 0) return new Map();
  const rows = await selectRefusedAt(
    tx,
    key,
    codes,
    new Date(stepStart("day", now, 1 - ENDPOINT_DAYS)),
    MOST_ENDPOINTS,
  );
  const routeOf = rows.length > 0 ? routesOfScopes(await loadCatalogueSource(tx, "refuse")) : () => null;
  const shown = ({ method, route, requests }: RefusedAtRow): RefusedAt => ({
    ...{ method, route, requests },
    scope: route === null ? null : (routeOf(method ?? "", route)?.scope ?? null),
  });
  return new Map([...Map.groupBy(rows, ({ code }) => code)].map(([code, those]) => [code, those.map(shown)]));
}

async function lastDayOf(
  tx: Tx,
  key: string,
  now: number,
): Promise<{ readonly accepted24h: number; readonly refused24h: number }> {
  const span = {
    // All of the hour in which that day begins, as the account's page counts.
    from: hourOf(momentAt(new Date(now)).daysAgo(1)),
    to: new Date(stepStart("hour", now, 1)),
  };
  const rows = await selectSeries(tx, { key }, "hour", span);
  const sum = (accepted: boolean): number =>
    rows.filter(({ code }) => (code === ACCEPTED) === accepted).reduce((total, { requests }) => total + requests, 0);
  return { accepted24h: sum(true), refused24h: sum(false) };
}
