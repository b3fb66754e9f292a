import type { Moment, Season } from "./season.ts";

/** What verifies a request: a middleware of a service, the sidecar, or a node itself. */
export const WAYS = [
  "express",
  "fastify",
  "hono",
  "node",
  "remote",
  "sidecar",
  "authorize",
  "verify",
  "batch",
] as const;
export type Way = (typeof WAYS)[number];

/** Which service a use is recorded for: what each verifier was told that it is. A node itself, and one that only asks a node, name none. */
export const SERVICES: Readonly<Record<Way, string | null>> = {
  ...{ express: "storefront", fastify: "reports", hono: "partners", node: "hooks", remote: null },
  ...{ sidecar: "legacy", authorize: null, verify: null, batch: null },
};

/** Whether the way answers a caller over HTTP, so that the status is recorded. */
export const ANSWERS: Readonly<Record<Way, boolean>> = {
  ...{ express: true, fastify: true, hono: true, node: true, remote: false },
  ...{ sidecar: false, authorize: false, verify: false, batch: false },
};

/** An address, and what is known of it: its network as uses are counted by it, and the country where it is registered. */
export interface Place {
  readonly ip: string;
  readonly network: string;
  readonly country: string | null;
}

/** RIPE, Google, the university of Tokyo, ETH Zurich; and an address for documentation, which belongs to no country. */
export const PLACES = {
  amsterdam: { ip: "193.0.6.139", network: "193.0.6.0/24", country: "NL" },
  california: { ip: "8.8.8.8", network: "8.8.8.0/24", country: "US" },
  tokyo: { ip: "133.11.93.1", network: "133.11.93.0/24", country: "JP" },
  zurich: { ip: "129.132.19.216", network: "129.132.19.0/24", country: "CH" },
  nowhere: { ip: "192.0.2.5", network: "192.0.2.0/24", country: null },
} as const satisfies Readonly<Record<string, Place>>;

/** A kind of request that a customer makes again and again. */
export interface Habit {
  readonly way: Way;
  readonly method: "GET" | "POST" | "DELETE" | "PUT";
  /** The path of the `n`-th request of its key. */
  path(n: number): string;
  /** What the endpoint is called: the route that a scope names, or the path with its ids folded. */
  template(n: number): string;
  /** The scope that opens it; null: no scope names it. */
  readonly scope: string | null;
  readonly from: Place;
  /** Null: it says none. */
  agent(n: number): string | null;
  /** What made the request, by its user agent. */
  product(n: number): string | null;
  /** The site whose page sent it; null: no browser did. */
  readonly page: string | null;
  /** What it spends. */
  readonly cost: number;
}

/** A key of a customer, and how it is used. Days ago are counted from the last moment and may be negative: in the future. */
export interface Caller {
  /** Its label too. */
  readonly name: string;
  readonly account: string;
  readonly environment: "live" | "test";
  readonly tier: "read" | "write" | "admin" | null;
  readonly scopes: readonly string[];
  readonly madeDaysAgo: number;
  /** Null: never. */
  readonly expiresDaysAgo: number | null;
  readonly revokedDaysAgo: number | null;
  readonly owner: string | null;
  /** Who made it: a member of the account, `gone` by now or not; null: the platform itself. */
  readonly maker: "here" | "gone" | null;
  readonly allowedIps: readonly string[];
  /** What it may spend in all; null: as much as it likes. */
  readonly lifetime: number | null;
  readonly season: Season;
  /** What it calls then, taken in turn. */
  habits(moment: Moment): readonly Habit[];
}
