import { compileCatalogue, openedScopes } from "@claviger/core";
import { SCOPES } from "./data/api.ts";
import type { Draw } from "./draw.ts";
import type { CalledRoute, PlannedCallers, PlannedKey } from "./plan.ts";

const catalogue = compileCatalogue({ scopes: SCOPES });
const ROUTES: ReadonlyMap<string, readonly CalledRoute[]> = new Map(
  SCOPES.map(({ name, routes }) => [
    name,
    routes.map((text) => ({ method: text.split(" ")[0] ?? "", template: text.split(" ")[1] ?? "" })),
  ]),
);
const PROGRAMS = [
  ["python-requests/2.32.3", 20],
  ["axios/1.7.9", 16],
  ["Java-http-client/21.0.5", 12],
  ["Go-http-client/2.0", 12],
  ["node", 10],
  ["curl/8.5.0", 8],
  ["GuzzleHttp/7", 8],
  ["okhttp/4.12.0", 6],
  ["PostmanRuntime/7.43.0", 3],
  ["Apache-HttpClient/5.4.1 (Java/17.0.13)", 5],
] as const;
const BROWSERS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
] as const;
/** Services of the invented platform that verify keys. */
const SERVICES = [
  ["api-gateway", 70],
  ["export-api", 12],
  ["reporting-api", 10],
  ["mobile-api", 8],
] as const;
/** What somebody asks for who reads the documentation of the version before, which no scope names. */
export const OLD_ROUTES: readonly CalledRoute[] = [
  { method: "GET", template: "/v1/contacts/{id}" },
  { method: "GET", template: "/v1/invoices" },
  { method: "POST", template: "/v1/webhooks" },
];
const MOST_ROUTES = 5;

/** The same for the same key and sequence. */
export function planCallers(draw: Draw, key: PlannedKey): PlannedCallers {
  const { allowedIps = [], allowedReferrers = [] } = key.description;
  const browser = allowedReferrers.length > 0;
  const agents = browser ? [...BROWSERS] : some(draw.chance(0.2) ? 2 : 1, () => draw.weighted(PROGRAMS));
  const services = some(draw.chance(0.04) ? 3 : 1, () => draw.weighted(SERVICES));
  return {
    ...{ agents, browser, services: key.environment === "live" ? services : ["sandbox-gateway"] },
    routes: some(draw.whole(1, MOST_ROUTES), () => draw.pick(routesOf(key))),
    addresses: addressesOf(draw, allowedIps, browser ? 40 : draw.whole(1, 3)),
    ...key.callers,
  };
}

function some<T>(most: number, take: () => T): T[] {
  const count = Math.max(1, most);
  return [...new Set(Array.from({ length: count }, take))];
}

function routesOf({ description }: PlannedKey): readonly CalledRoute[] {
  const { tier = null, scopes = [] } = description;
  const opened = openedScopes({ tier, scopes: [...scopes] }, catalogue);
  const routes = opened.flatMap((name) => ROUTES.get(name) ?? []);
  return routes.length > 0 ? routes : (ROUTES.get("contacts:read") ?? []);
}

/** From those that the key is bound to, else from the ranges that are kept for documentation. */
function addressesOf(draw: Draw, allowed: readonly string[], count: number): string[] {
  const bound = allowed
    .map((range) => range.slice(0, range.indexOf("/")))
    .map((ip) => (ip.endsWith("::") ? `${ip}1` : ip));
  if (bound.length > 0) return bound;
  const range = (): string => draw.pick(["192.0.2", "198.51.100", "203.0.113"]);
  return Array.from({ length: count }, () => `${range()}.${draw.whole(1, 254)}`);
}
