import type { Tx } from "../../../db/index.ts";
import { EXPIRING_MS } from "../../keys/index.ts";
import { BUILT_IN_VIEWS } from "../built-in-views.ts";
import { selectFailing, selectNamed } from "../queries/account-page.ts";
import {
  type BusiestRow,
  countNodes,
  selectAccountNames,
  selectBusiestDays,
  selectBusiestSince,
  selectExpiredBy,
  selectStrangerSums,
  selectSums,
  selectTally,
} from "../queries/overview.ts";
import { countBuiltIn } from "../show-views.ts";
import { hourOf, momentAt } from "../view-moment.ts";
import { failingShown } from "./account-page.ts";
import { SETTLED_MS } from "./key-words.ts";
import { recordedOf } from "./recorded.ts";
import { type Period, seriesOf, stepStart } from "./series.ts";
import { type KeyTally, tallyKeys } from "./tally-keys.ts";

const MOST = 10;
/** Refused keys that are looked at for those that are not accepted any more. */
const FAILING_LOOKED_AT = 1_000;
/** Rows of a view are counted up to here: a total of all is a look at the view itself. */
const MOST_COUNTED = 10_000;

const MOST_NETWORKS = 5;

/** The platform at a glance, at a cost that the number of keys does not raise. `now` in milliseconds since the epoch. */
export async function showOverview(tx: Tx, period: Period, now: number) {
  const time = new Date(now);
  const day = (away: number): Date => new Date(stepStart("day", now, away));
  const sums = await selectSums(tx, day(0), day(-6), day(-29));
  const sum = (which: "today" | "days7" | "days30") => {
    const requests = sums.reduce((total, row) => total + row[which], 0);
    const accepted = sums.find(({ code }) => code === "VALID")?.[which] ?? 0;
    return { requests, accepted, refused: requests - accepted };
  };
  return {
    at: time.toISOString(),
    keys: await keysOf(tx, time),
    usage: { today: sum("today"), days7: sum("days7"), days30: sum("days30") },
    refusals: sums.filter(({ code }) => code !== "VALID"),
    series: await seriesOf(tx, "all", period, now),
    busiest: await busiestOf(tx, now),
    failing: await failingOf(tx, hourOf(momentAt(time).daysAgo(1))),
    strangers: await strangersOf(tx, hourOf(momentAt(time).daysAgo(1))),
    recorded: await recordedOf(tx, time),
    views: await viewsOf(tx, time),
    cluster: await countNodes(tx),
  };
}

async function keysOf(tx: Tx, now: Date): Promise<KeyTally> {
  const soon = new Date(now.getTime() + EXPIRING_MS);
  return tallyKeys(await selectTally(tx), {
    today: now.toISOString().slice(0, 10),
    expiredToday: await selectExpiredBy(tx, now),
    soonDay: soon.toISOString().slice(0, 10),
    soonByThen: await selectExpiredBy(tx, soon),
  });
}

async function busiestOf(tx: Tx, now: number) {
  const exact = await selectBusiestSince(tx, hourOf(momentAt(new Date(now)).daysAgo(1)), MOST);
  const since = exact === null ? new Date(stepStart("day", now, -1)) : hourOf(momentAt(new Date(now)).daysAgo(1));
  const rows = exact ?? (await selectBusiestDays(tx, since, MOST));
  const of = (kind: BusiestRow["kind"]): readonly BusiestRow[] => rows.filter((row) => row.kind === kind);
  const keys = await selectNamed(
    tx,
    of("key").map(({ id }) => id),
  );
  const accounts = await selectAccountNames(
    tx,
    of("account").map(({ id }) => id),
  );
  return {
    ...{ since: since.toISOString(), complete: exact !== null },
    keys: of("key").map(({ id, requests }) => ({
      ...{ key: id, label: keys.get(id)?.label ?? "", account: keys.get(id)?.account ?? "" },
      ...{ environment: keys.get(id)?.environment ?? null, requests },
    })),
    accounts: of("account").map(({ id, requests }) => ({ account: id, name: accounts.get(id) ?? "", requests })),
  };
}

async function failingOf(tx: Tx, since: Date) {
  const { rows: failing, more } = await selectFailing(tx, null, since, FAILING_LOOKED_AT, SETTLED_MS);
  const shown = failing.slice(0, MOST);
  const named = await selectNamed(
    tx,
    shown.map(({ key }) => key),
  );
  return {
    ...{ keys: failing.length, more },
    data: shown.map((row) => failingShown(row, named.get(row.key)?.label ?? "")),
  };
}

async function strangersOf(tx: Tx, since: Date) {
  const sums = await selectStrangerSums(tx, since, MOST_NETWORKS);
  const of = (kind: "code" | "network") => sums.filter((sum) => sum.kind === kind);
  return {
    since: since.toISOString(),
    requests: Math.min(
      of("code").reduce((total, { requests }) => total + requests, 0),
      Number.MAX_SAFE_INTEGER,
    ),
    codes: of("code").map(({ name, requests }) => ({ code: name, requests })),
    networks: of("network").map(({ name, requests }) => ({ network: name, requests })),
  };
}

async function viewsOf(tx: Tx, now: Date) {
  const views: { name: string; total: number; more: boolean }[] = [];
  for (const name of BUILT_IN_VIEWS) {
    const counted = await countBuiltIn(tx, name, now, MOST_COUNTED + 1);
    views.push({ name, total: Math.min(counted, MOST_COUNTED), more: counted > MOST_COUNTED });
  }
  return views;
}
