/** Sums of use: by time, and by key, account, environment, endpoint, method and outcome. */
import { DAY_MS, dayOf, hourOf, THE_END } from "./calendar.ts";
import { CAST } from "./cast.ts";
import type { Entry, Ledger, Matching } from "./ledger.ts";
import type { Names, Question } from "./question.ts";

interface Point {
  readonly at: string;
  readonly group: string | null;
  readonly requests: number;
  readonly accepted: number;
  readonly refused: number;
  readonly cost: number;
}

type Step = "hour" | "day" | "month";
interface Sums {
  readonly asks: string;
  readonly step: Step;
  /** Before the last moment. */
  readonly forMs: number;
  readonly by?: string;
  readonly filter?: Readonly<Record<string, string>>;
  readonly matching?: Matching;
  readonly groupOf?: (entry: Entry) => string;
  /** What is called so in an answer. */
  readonly nameOf?: (group: string) => string;
}

/** Whatever its place, this group is not compared: too many of its likes are beyond every bound. */
const isProbe = (group: string | null): boolean => group === "*" || group?.startsWith("/probe/") === true;
const ALL = 500 * DAY_MS;
const WEEK = 7 * DAY_MS;

export function usageQuestions(ledger: Ledger, names: Names): Question[] {
  const key = (name: string) => {
    const caller = CAST.find((each) => each.name === name);
    if (caller === undefined) throw new TypeError(`nobody is called ${name}`);
    return { filter: { key: names.idOf(caller) }, matching: (entry: Entry) => entry.caller === caller };
  };
  const ofAccount = (account: string) => ({
    filter: { account },
    matching: (entry: Entry) => entry.caller.account === account,
  });
  const asked: readonly Sums[] = [
    { asks: "how much was verified each day?", step: "day", forMs: 30 * DAY_MS },
    { asks: "how much was verified each hour?", step: "hour", forMs: WEEK },
    { asks: "how much was verified each month?", step: "month", forMs: ALL },
    { asks: "what came of it?", step: "day", forMs: WEEK, by: "code", groupOf: ({ code }) => code },
    { asks: "how much by environment?", step: "day", forMs: WEEK, by: "environment", groupOf: environmentOf },
    { asks: "how much by key?", step: "month", forMs: ALL, by: "key", groupOf: nameOf, nameOf: names.keyOf },
    {
      asks: "how much by account?",
      step: "month",
      forMs: ALL,
      by: "account",
      groupOf: accountOf,
      nameOf: names.accountOf,
    },
    { asks: "how much by endpoint?", step: "day", forMs: WEEK, by: "route", groupOf: ({ route }) => route },
    { asks: "how much by method?", step: "hour", forMs: DAY_MS, by: "method", groupOf: ({ method }) => method },
    { asks: "how much did the loop ask?", step: "hour", forMs: DAY_MS, ...key("runaway loop") },
    {
      asks: "since when is the moved office refused?",
      step: "day",
      forMs: ALL,
      by: "code",
      ...key("moved office"),
      groupOf: ({ code }) => code,
    },
    {
      asks: "what did an account use?",
      step: "day",
      forMs: ALL,
      ...ofAccount("ext:harbour"),
      by: "key",
      groupOf: nameOf,
      nameOf: names.keyOf,
    },
    { asks: "what did the import spend?", step: "day", forMs: WEEK, ...key("bulk import") },
    {
      asks: "who calls an endpoint that no scope names?",
      step: "day",
      forMs: WEEK,
      by: "key",
      filter: { route: "/invoices/{id}/lines" },
      matching: ({ route }) => route === "/invoices/{id}/lines",
      groupOf: nameOf,
      nameOf: names.keyOf,
    },
    {
      asks: "how many were refused for want of scope?",
      step: "day",
      forMs: WEEK,
      filter: { code: "INSUFFICIENT_SCOPE" },
      matching: ({ code }) => code === "INSUFFICIENT_SCOPE",
    },
  ];
  return [
    ...asked.map((sums) => sumsQuestion(ledger, sums)),
    ...["shared by services", "bulk import"].map((name) => eventsQuestion(ledger, names, name)),
  ];
}

const environmentOf = ({ caller }: Entry): string => caller.environment;
const nameOf = ({ caller }: Entry): string => caller.name;
const accountOf = ({ caller }: Entry): string => caller.account;

function sumsQuestion(ledger: Ledger, sums: Sums): Question {
  const { asks, step, forMs, by, filter = {}, matching = () => true, groupOf, nameOf: shown = (group) => group } = sums;
  const from = stepOf(step, THE_END - forMs);
  const entries = ledger.entries.filter((entry) => entry.at >= from && matching(entry));
  const grouped = Map.groupBy(entries, (entry) => JSON.stringify([stepOf(step, entry.at), groupOf?.(entry) ?? null]));
  const expected = [...grouped].map(([name, those]) => {
    const [at, group] = JSON.parse(name) as [number, string | null];
    const [requests, accepted] = [those, those.filter(({ code }) => code === "VALID")].map((each) =>
      each.reduce((sum, entry) => sum + entry.requests, 0),
    ) as [number, number];
    const cost = those.reduce((sum, entry) => sum + entry.cost, 0);
    return { at, group, requests, accepted, refused: requests - accepted, cost };
  });
  const query = { step, from: new Date(from).toISOString(), ...(by === undefined ? {} : { by, top: "50" }), ...filter };
  return {
    asks,
    path: `/v1/usage?${new URLSearchParams(query)}`,
    command: ["usage", "summarize", ...Object.entries(query).flatMap(([name, value]) => [`--${name}`, value])],
    told: ({ data }: { data: readonly Point[] }) =>
      data
        .filter(({ group }) => !isProbe(group))
        .map(({ at, group, ...rest }) => ({
          ...{ at: Date.parse(at), group: group === null ? null : shown(group) },
          ...rest,
        }))
        .toSorted(byPlace),
    expected: expected.filter(({ group }) => !isProbe(group)).toSorted(byPlace),
  };
}

interface Placed {
  readonly at: number;
  readonly group: string | null;
}

function byPlace(a: Placed, b: Placed): number {
  return a.at - b.at || ((a.group ?? "") < (b.group ?? "") ? -1 : 1);
}

function stepOf(step: Step, at: number): number {
  if (step === "month") return Date.UTC(new Date(at).getUTCFullYear(), new Date(at).getUTCMonth(), 1);
  return step === "day" ? dayOf(at) : hourOf(at);
}

interface Event {
  readonly at: string;
  readonly code: string;
  readonly method: string;
  readonly route: string;
  readonly mapped: boolean;
  readonly status: number | null;
  readonly network: string;
  readonly country: string | null;
  readonly agent: string | null;
  readonly service: string | null;
  readonly browser: boolean;
  readonly cost: number;
  readonly rate: number;
}

/** Single verifications of a key, with all that is known of them; those that stand for others stand for their likes. */
function eventsQuestion(ledger: Ledger, names: Names, name: string): Question {
  const entries = ledger.entries.filter(({ caller }) => caller.name === name);
  const [first] = entries;
  if (first === undefined) throw new TypeError(`${name} was not used`);
  const id = names.idOf(first.caller);
  const expected = entries.map((entry) => {
    const { at, code, method, route, mapped, status, from, product, service, browser, requests, cost } = entry;
    return {
      ...{ at: hourOf(at), code, method, route, mapped, status, network: from.network, country: from.country },
      ...{ agent: product, service, browser, requests, cost },
    };
  });
  return {
    asks: `what exactly did "${name}" do?`,
    path: `/v1/usage/events?key=${id}&limit=200`,
    command: ["usage", "list", "--key", id, "--limit", "200"],
    told: ({ data }: { data: readonly Event[] }) => added(data.map(toldEvent)),
    expected: added(expected),
  };
}

function toldEvent(event: Event) {
  const { at, code, method, route, mapped, status, network, country, agent, service, browser, cost, rate } = event;
  return {
    ...{ at: hourOf(Date.parse(at)), code, method, route, mapped, status, network, country },
    ...{ agent, service, browser, requests: Math.round(1 / rate), cost },
  };
}

/** Those that differ in nothing but how many they are, added up and in one order. */
function added<T extends { readonly requests: number; readonly cost: number }>(events: readonly T[]) {
  const named = Map.groupBy(events, ({ requests: _, cost: __, ...rest }) => JSON.stringify(rest));
  const total = (those: readonly T[], read: (event: T) => number): number =>
    those.reduce((sum, event) => sum + read(event), 0);
  return [...named]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, those]) => ({
      ...those[0],
      requests: total(those, ({ requests }) => requests),
      cost: total(those, ({ cost }) => cost),
    }));
}
