import type { Tx } from "../../db/index.ts";
import { DAY_MS } from "./bounds.ts";
import { dayOf } from "./counted-cell.ts";
import { type OutcomeRow, type SourceRow, selectRoutes, selectSources } from "./queries/key-usage.ts";

const ROUTE_DAYS = 30;
const MOST_ROUTES = 100;

/** How a key is used, as the contract shows it, from what became of its versions. `now` in milliseconds since the epoch. */
export async function inspectKey(tx: Tx, key: string, outcomes: readonly OutcomeRow[], now: number) {
  const sources = await selectSources(tx, key);
  const routes = await selectRoutes(tx, key, new Date(dayOf(now) - (ROUTE_DAYS - 1) * DAY_MS), MOST_ROUTES);
  const of = (kind: SourceRow["kind"]) => sources.filter((source) => source.kind === kind).map(sourceOf);
  const [browser] = of("browser");
  const { value: _, ...browserSeen } = browser ?? { value: "" };
  return {
    key,
    versions: versionsOf(outcomes),
    refusals: refusalsOf(outcomes),
    sources: { networks: of("network"), countries: of("country"), agents: of("agent"), services: of("service") },
    browser: browser === undefined ? null : browserSeen,
    routes: routes.map((row) => ({ ...row, lastDay: row.lastDay.toISOString() })),
  };
}

function sourceOf({ kind: _, firstSeen, lastSeen, ...source }: SourceRow) {
  return { ...source, firstSeen: firstSeen.toISOString(), lastSeen: lastSeen.toISOString() };
}

function versionsOf(outcomes: readonly OutcomeRow[]) {
  return [...Map.groupBy(outcomes, ({ version }) => version)].map(([version, those]) => {
    const accepted = those.find(({ code }) => code === "VALID");
    const refusals = those
      .filter(({ code }) => code !== "VALID")
      .sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime());
    return {
      version,
      firstUsedAt: accepted?.firstAt.toISOString() ?? null,
      lastUsedAt: accepted?.lastAt.toISOString() ?? null,
      lastRefusedAt: refusals[0]?.lastAt.toISOString() ?? null,
      lastRefusedCode: refusals[0]?.code ?? null,
      accepted: accepted?.requests ?? 0,
      refused: refusals.reduce((sum, { requests }) => sum + requests, 0),
    };
  });
}

function refusalsOf(outcomes: readonly OutcomeRow[]) {
  const codes = Map.groupBy(
    outcomes.filter(({ code }) => code !== "VALID"),
    ({ code }) => code,
  );
  return [...codes]
    .map(([code, those]) => ({
      code,
      requests: those.reduce((sum, { requests }) => sum + requests, 0),
      firstAt: new Date(Math.min(...those.map(({ firstAt }) => firstAt.getTime()))).toISOString(),
      lastAt: new Date(Math.max(...those.map(({ lastAt }) => lastAt.getTime()))).toISOString(),
    }))
    .sort((a, b) => (a.lastAt < b.lastAt ? 1 : -1));
}
