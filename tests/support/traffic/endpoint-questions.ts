/** What is called, which of it no scope names, and who calls it. */
import { DAY_MS, dayOf, THE_END } from "./calendar.ts";
import type { Entry, Ledger, Matching } from "./ledger.ts";
import { asMoment, momentOf, type Names, type Question } from "./question.ts";

interface Endpoint {
  readonly method: string | null;
  readonly template: string;
  readonly mapped: boolean;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly accepted: number;
  readonly refused: number;
}

const CALLER_DAYS = 30;
const isAccepted = ({ code }: Entry): boolean => code === "VALID";
const sum = (entries: readonly Entry[]): number => entries.reduce((total, { requests }) => total + requests, 0);
/** Of whoever asks for ever new ones only the sum is compared. */
const isProbe = (template: string): boolean => template.startsWith("/probe/") || template === "*";

export function endpointQuestions(ledger: Ledger, names: Names): Question[] {
  return [
    endpointsQuestion(ledger, "live", false),
    endpointsQuestion(ledger, "live", true),
    endpointsQuestion(ledger, "test", true),
    uncalledQuestion(ledger, 30),
    callersQuestion(ledger, names, "GET", "/contacts/{id}"),
    callersQuestion(ledger, names, "GET", "/invoices/{id}/lines"),
  ];
}

function endpointsQuestion(ledger: Ledger, environment: string, mapped: boolean): Question {
  const matching: Matching = (entry) => entry.caller.environment === environment && entry.mapped === mapped;
  const entries = ledger.entries.filter(matching);
  const known = entries.filter(({ route }) => !isProbe(route));
  const expected = [...Map.groupBy(known, ({ method, route }) => `${method} ${route}`)].map(([name, those]) => ({
    ...{ name, accepted: sum(those.filter(isAccepted)), refused: sum(those.filter((entry) => !isAccepted(entry))) },
    ...{ firstSeen: asMoment(those[0]?.at ?? null), lastSeen: asMoment(those.at(-1)?.at ?? null) },
  }));
  const filter = `environment=${environment}&mapped=${mapped}`;
  return {
    asks: `which endpoints of ${environment} are called that ${mapped ? "a scope names" : "no scope names"}?`,
    path: `/v1/endpoints?${filter}&limit=200`,
    command: ["endpoints", "list", "--environment", environment, "--mapped", `${mapped}`, "--limit", "200"],
    told: ({ data }: { data: readonly Endpoint[] }) =>
      data
        .filter(({ template }) => !isProbe(template))
        .map(({ method, template, accepted, refused, firstSeen, lastSeen }) => ({
          ...{ name: `${method} ${template}`, accepted, refused },
          ...{ firstSeen: momentOf(firstSeen), lastSeen: momentOf(lastSeen) },
        }))
        .toSorted(byName),
    expected: expected.toSorted(byName),
  };
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

/** The routes that scopes name in the catalogue of the tests. */
const ROUTES = [
  "GET /contacts",
  "GET /contacts/{id}",
  "POST /contacts",
  "DELETE /contacts/{id}",
  "PUT /billing",
  "POST /users",
];

function uncalledQuestion(ledger: Ledger, days: number): Question {
  const called = new Set(
    ledger.entries
      .filter(({ at, caller }) => at >= THE_END - days * DAY_MS && caller.environment === "live")
      .map(({ method, route }) => `${method} ${route}`),
  );
  return {
    asks: `which endpoints that a scope names did nobody call for ${days} days?`,
    path: `/v1/endpoints/uncalled?environment=live&days=${days}`,
    command: ["endpoints", "uncalled", "--environment", "live", "--days", `${days}`],
    told: ({ data }: { data: readonly { method: string; template: string }[] }) =>
      data.map(({ method, template }) => `${method} ${template}`).toSorted(),
    expected: ROUTES.filter((route) => !called.has(route)).toSorted(),
  };
}

interface Callers {
  readonly keys: number;
  readonly accounts: number;
  readonly callingAccounts: readonly { account: string; keys: number; accepted: number; refused: number }[];
  readonly callers: readonly { key: string; account: string; accepted: number; refused: number; lastDay: string }[];
}

function callersQuestion(ledger: Ledger, names: Names, method: string, template: string): Question {
  const since = dayOf(THE_END) - (CALLER_DAYS - 1) * DAY_MS;
  const entries = ledger.entries.filter(
    (entry) =>
      entry.caller.environment === "live" && entry.method === method && entry.route === template && entry.at >= since,
  );
  const byCaller = [...Map.groupBy(entries, ({ caller }) => caller)];
  const path = `/v1/endpoints/callers?environment=live&method=${method}&template=${encodeURIComponent(template)}`;
  const flags = ["--environment", "live", "--method", method, "--template", template];
  return {
    asks: `which keys call ${method} ${template}?`,
    ...{ path, command: ["endpoints", "inspect", ...flags] },
    told: ({ keys, accounts, callers, callingAccounts }: Callers) => ({
      ...{ keys, accounts },
      callingAccounts: callingAccounts
        .map(({ account, keys: calling, accepted, refused }) => ({
          ...{ name: names.accountOf(account), keys: calling, accepted, refused },
        }))
        .toSorted(byName),
      callers: callers
        .map(({ key, account, accepted, refused, lastDay }) => ({
          ...{ name: names.keyOf(key), account: names.accountOf(account), accepted, refused },
          lastDay: Date.parse(lastDay),
        }))
        .toSorted(byName),
    }),
    expected: {
      ...{ keys: byCaller.length, accounts: new Set(byCaller.map(([{ account }]) => account)).size },
      callingAccounts: [...Map.groupBy(entries, ({ caller }) => caller.account)]
        .map(([name, those]) => ({
          ...{ name, keys: new Set(those.map(({ caller }) => caller)).size, accepted: sum(those.filter(isAccepted)) },
          refused: sum(those.filter((entry) => !isAccepted(entry))),
        }))
        .toSorted(byName),
      callers: byCaller
        .map(([{ name, account }, those]) => ({
          ...{ name, account, accepted: sum(those.filter(isAccepted)) },
          refused: sum(those.filter((entry) => !isAccepted(entry))),
          lastDay: Math.max(...those.map(({ at }) => dayOf(at))),
        }))
        .toSorted(byName),
    },
  };
}
