/** What support and security ask of one key. */
import { actTime, DAY_MS, dayOf, hourOf, THE_END } from "./calendar.ts";
import type { Caller } from "./caller.ts";
import { CAST } from "./cast.ts";
import { ExpectedViews } from "./expected-views.ts";
import type { Entry, Ledger, Matching } from "./ledger.ts";
import { asMoment, momentOf, type Names, type Question } from "./question.ts";

/** Whose values are beyond every bound; what is told of it is asked for apart. */
const WITHOUT_BOUNDS = "never the same";
/** Asked about by command as well; of all others it would be the same command. */
const BY_COMMAND = new Set([
  "office sync",
  "revoked",
  "expired",
  "moved office",
  "shared by services",
  "in a web page",
]);
const ROUTE_DAYS = 30;

export function keyQuestions(ledger: Ledger, names: Names): Question[] {
  const used = CAST.filter((caller) => ledger.requests(of(caller)) > 0);
  const prober = used.find(({ name }) => name === WITHOUT_BOUNDS);
  return [
    inUseQuestion(ledger),
    ...used.filter((caller) => caller !== prober).map((caller) => inspectQuestion(caller, ledger, names)),
    ...(prober === undefined ? [] : [boundedQuestion(prober, ledger, names)]),
    suggestQuestion("office sync", names, ledger, {
      unused: ["contacts:write"],
      suggestion: { tier: null, scopes: ["contacts:read"] },
    }),
    suggestQuestion("same secret for long", names, ledger, { unused: [], suggestion: null }),
  ];
}

const of =
  (caller: Caller): Matching =>
  (entry) =>
    entry.caller === caller;

interface ShownKey {
  readonly label: string;
  readonly status: string;
  readonly lastUsedAt: string | null;
  readonly lastRefusedAt: string | null;
  readonly lastRefusedCode: string | null;
  readonly requests30d: number;
}

function inUseQuestion(ledger: Ledger): Question {
  const views = new ExpectedViews(ledger);
  const expected = CAST.map((caller) => {
    const refused: Matching = (entry) => entry.caller === caller && entry.code !== "VALID";
    return {
      ...{ label: caller.name, status: statusOf(caller), lastUsedAt: asMoment(views.lastUsedAt(caller)) },
      lastRefusedAt: asMoment(ledger.lastAt(refused)),
      lastRefusedCode: ledger.entries.findLast(refused)?.code ?? null,
      requests30d: views.requestsInDays(caller, 30),
    };
  });
  return {
    asks: "is each key in use, when did it last work, and when and why was it last refused?",
    ...{ path: "/v1/keys?limit=200&sort=label", command: ["keys", "list", "--limit", "200", "--sort", "label"] },
    told: ({ data }: { data: readonly ShownKey[] }) =>
      data
        .map(({ label, status, lastUsedAt, lastRefusedAt, lastRefusedCode, requests30d }) => ({
          ...{ label, status, lastUsedAt: momentOf(lastUsedAt), lastRefusedAt: momentOf(lastRefusedAt) },
          ...{ lastRefusedCode, requests30d },
        }))
        .toSorted(byLabel),
    expected: expected.toSorted(byLabel),
  };
}

const byLabel = (a: { readonly label: string }, b: { readonly label: string }): number => (a.label < b.label ? -1 : 1);

function statusOf({ revokedDaysAgo, expiresDaysAgo }: Caller): string {
  if (revokedDaysAgo !== null && revokedDaysAgo >= 0) return "revoked";
  return expiresDaysAgo !== null && actTime(expiresDaysAgo) <= THE_END ? "expired" : "active";
}

interface Source {
  readonly value: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly accepted: number;
  readonly refused: number;
}
interface Inspected {
  readonly versions: readonly Record<string, unknown>[];
  readonly use: { readonly is: string };
  readonly failing: { since: string; requests: number; lastAt: string; codes: readonly string[] } | null;
  readonly refusals: readonly {
    code: string;
    requests: number;
    firstAt: string;
    lastAt: string;
    sinceLastUse: { requests: number; firstAt: string } | null;
    endpoints: readonly object[];
  }[];
  readonly sources: Readonly<Record<"networks" | "countries" | "agents" | "services", readonly Source[]>>;
  readonly browser: Omit<Source, "value"> | null;
  readonly routes: readonly {
    method: string;
    route: string;
    mapped: boolean;
    accepted: number;
    refused: number;
    cost: number;
    lastDay: string;
  }[];
}

function inspectQuestion(caller: Caller, ledger: Ledger, names: Names): Question {
  const id = names.idOf(caller);
  return {
    asks: `when did "${caller.name}" work, since when does it fail and why, from where and for what is it used?`,
    path: `/v1/keys/${id}/usage`,
    command: BY_COMMAND.has(caller.name) ? ["keys", "inspect", id] : null,
    told: (answer: Inspected) => ({
      versions: answer.versions.map((version) => ({
        ...version,
        ...Object.fromEntries(
          ["firstUsedAt", "lastUsedAt", "lastRefusedAt"].map((name) => [
            name,
            momentOf(version[name] as string | null),
          ]),
        ),
      })),
      use: answer.use.is,
      failing: answer.failing === null ? null : toldFailing(answer.failing),
      refusals: inOrder(
        answer.refusals.map(({ code, requests, firstAt, lastAt, sinceLastUse, endpoints }) => ({
          ...{ code, requests, firstAt: momentOf(firstAt), lastAt: momentOf(lastAt), endpoints: inOrder(endpoints) },
          sinceLastUse:
            sinceLastUse === null
              ? null
              : { requests: sinceLastUse.requests, day: dayOf(Date.parse(sinceLastUse.firstAt)) },
        })),
      ),
      sources: Object.fromEntries(
        Object.entries(answer.sources)
          .filter(([kind]) => kind !== "services" || knowsServices(caller))
          .map(([kind, sources]) => [kind, inOrder(sources.map(toldSource))]),
      ),
      browser: answer.browser === null ? null : toldSource(answer.browser),
      routes: inOrder(answer.routes.map(({ lastDay, ...rest }) => ({ ...rest, lastDay: Date.parse(lastDay) }))),
    }),
    expected: expectedUse(caller, ledger),
  };
}

/** Near the end of a limit a verifier leaves verdicts to a node, which is not told for which service. */
const knowsServices = ({ lifetime }: Caller): boolean => lifetime === null;

/** Since when is told to the day at least. */
function toldFailing({ since, requests, lastAt, codes }: NonNullable<Inspected["failing"]>) {
  return { day: dayOf(Date.parse(since)), requests, lastAt: momentOf(lastAt), codes: codes.toSorted() };
}

function toldSource<T extends Pick<Source, "firstSeen" | "lastSeen">>({ firstSeen, lastSeen, ...rest }: T) {
  return { ...rest, firstSeen: momentOf(firstSeen), lastSeen: momentOf(lastSeen) };
}

function expectedUse(caller: Caller, ledger: Ledger) {
  const own = ledger.entries.filter(of(caller));
  const [accepted, refused] = [own.filter(isAccepted), own.filter((entry) => !isAccepted(entry))];
  const byCode = Map.groupBy(refused, ({ code }) => code);
  const lastUse = own.findLastIndex(isAccepted);
  return {
    versions: [
      {
        version: 1,
        ...{ firstUsedAt: asMoment(accepted[0]?.at ?? null), lastUsedAt: asMoment(accepted.at(-1)?.at ?? null) },
        ...{ lastRefusedAt: asMoment(refused.at(-1)?.at ?? null), lastRefusedCode: refused.at(-1)?.code ?? null },
        ...{ accepted: sum(accepted), refused: sum(refused) },
      },
    ],
    ...expectedState(own),
    refusals: inOrder(
      [...byCode].map(([code, those]) => {
        const since = those.filter((entry) => own.indexOf(entry) > lastUse);
        return {
          ...{ code, requests: sum(those), firstAt: asMoment(those[0]?.at ?? null) },
          ...{ lastAt: asMoment(those.at(-1)?.at ?? null), endpoints: expectedEndpoints(those) },
          sinceLastUse: since.length === 0 ? null : { requests: sum(since), day: dayOf(since[0]?.at ?? 0) },
        };
      }),
    ),
    sources: {
      networks: expectedSources(own, ({ from }) => from.network),
      countries: expectedSources(own, ({ from }) => from.country),
      agents: expectedSources(own, ({ product }) => product),
      ...(knowsServices(caller) ? { services: expectedSources(own, ({ service }) => service) } : {}),
    },
    browser: withoutValue(expectedSources(own, ({ browser }) => (browser ? "a browser" : null))[0]),
    routes: inOrder(expectedRoutes(own)),
  };
}

/** Whether it works, and where it does not, since when. */
function expectedState(own: readonly Entry[]) {
  const lastUse = own.findLastIndex(isAccepted);
  const since = own.slice(lastUse + 1);
  const works = hourOf(own[lastUse]?.at ?? 0) > hourOf(THE_END) - DAY_MS;
  const is = works ? "working" : since.length > 0 ? "failing" : "quiet";
  const codes = [...new Set(since.map(({ code }) => code))].toSorted();
  const lastAt = asMoment(since.at(-1)?.at ?? null);
  const failing = { day: dayOf(since[0]?.at ?? 0), requests: sum(since), lastAt, codes };
  return { use: is, failing: is === "failing" ? failing : null };
}

/** Where it was refused lately, with the scope that opens the endpoint. */
function expectedEndpoints(entries: readonly Entry[]) {
  const recent = entries.filter(({ at }) => dayOf(at) > dayOf(THE_END) - ROUTE_DAYS * DAY_MS);
  return inOrder(
    [...Map.groupBy(recent, ({ method, route, scope }) => JSON.stringify({ method, route, scope }))].map(
      ([endpoint, those]) => ({ ...(JSON.parse(endpoint) as object), requests: sum(those) }),
    ),
  );
}

const isAccepted = ({ code }: Entry): boolean => code === "VALID";
const sum = (entries: readonly Entry[]): number => entries.reduce((total, { requests }) => total + requests, 0);

function expectedSources(entries: readonly Entry[], read: (entry: Entry) => string | null) {
  const byValue = Map.groupBy(entries, read);
  byValue.delete(null);
  return inOrder(
    [...byValue].map(([value, those]) => ({
      ...{ value, accepted: sum(those.filter(isAccepted)), refused: sum(those.filter((entry) => !isAccepted(entry))) },
      ...{ firstSeen: asMoment(those[0]?.at ?? null), lastSeen: asMoment(those.at(-1)?.at ?? null) },
    })),
  );
}

function withoutValue<T extends { readonly value: unknown }>(source: T | undefined): Omit<T, "value"> | null {
  if (source === undefined) return null;
  const { value: _, ...rest } = source;
  return rest;
}

function expectedRoutes(entries: readonly Entry[]) {
  const since = dayOf(THE_END) - (ROUTE_DAYS - 1) * DAY_MS;
  const recent = entries.filter(({ at }) => dayOf(at) >= since);
  return [...Map.groupBy(recent, ({ method, route, mapped }) => JSON.stringify([method, route, mapped])).values()].map(
    (those) => {
      const { method, route, mapped } = those[0] ?? { method: "", route: "", mapped: false };
      return {
        ...{ method, route, mapped, accepted: sum(those.filter(isAccepted)) },
        refused: sum(those.filter((entry) => !isAccepted(entry))),
        cost: those.reduce((total, { cost }) => total + cost, 0),
        lastDay: Math.max(...those.map(({ at }) => dayOf(at))),
      };
    },
  );
}

/** By all that they hold, so that lists compare whatever their order. */
function inOrder<T>(items: readonly T[]): T[] {
  const text = (item: T): string => JSON.stringify(Object.entries(item as object).toSorted());
  return items.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

/** Distinct values are kept within bounds, and everything is counted all the same. */
function boundedQuestion(caller: Caller, ledger: Ledger, names: Names): Question {
  const id = names.idOf(caller);
  const refused = ledger.requests(of(caller));
  return {
    asks: `how often was "${caller.name}" refused, though no two of its requests are alike?`,
    ...{ path: `/v1/keys/${id}/usage`, command: ["keys", "inspect", id] },
    told: ({ refusals, sources: { agents }, routes }: Inspected) => ({
      refusals: refusals.map(({ code, requests }) => ({ code, requests })),
      agents: agents.reduce((total, source) => total + source.refused, 0),
      bounded: agents.length <= 201 && routes.length <= 100,
    }),
    expected: { refusals: [{ code: "ROUTE_NOT_MAPPED", requests: refused }], agents: refused, bounded: true },
  };
}

interface Suggested {
  readonly unused: readonly string[];
  readonly unclear: number;
  readonly suggestion: object | null;
  readonly used: readonly { scope: string; requests: number }[];
}

function suggestQuestion(
  name: string,
  names: Names,
  ledger: Ledger,
  expected: Pick<Suggested, "unused" | "suggestion">,
): Question {
  const caller = CAST.find((each) => each.name === name);
  if (caller === undefined) throw new TypeError(`nobody is called ${name}`);
  const id = names.idOf(caller);
  const since = dayOf(THE_END) - (ROUTE_DAYS - 1) * DAY_MS;
  const requests = ledger.requests((entry) => entry.caller === caller && isAccepted(entry) && entry.at >= since);
  return {
    asks: `what does "${name}" not need of what it may do?`,
    ...{
      path: `/v1/keys/${id}/least-privilege?days=${ROUTE_DAYS}`,
      command: ["keys", "suggest", id, "--days", `${ROUTE_DAYS}`],
    },
    told: ({ unused, unclear, suggestion, used }: Suggested) => ({
      ...{ unused, unclear, suggestion, used: used.map((each) => [each.scope, each.requests]) },
    }),
    expected: { ...expected, unclear: 0, used: [["contacts:read", requests]] },
  };
}
