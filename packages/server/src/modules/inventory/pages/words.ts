/** How times, counts and people read in sentences. */
import type { KeyThrottle } from "../../keys/index.ts";
import { daysBetween } from "../view-moment.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;

/** `2026-01-31 09:00 UTC` */
export const momentOf = (time: Date): string => `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** `3 minutes ago`; what is not over yet is `just now`. */
export function agoOf(time: Date, now: Date): string {
  const ms = now.getTime() - time.getTime();
  if (ms < MINUTE_MS) return "just now";
  if (ms < HOUR_MS) return `${counted(Math.floor(ms / MINUTE_MS), "minute")} ago`;
  if (ms < 48 * HOUR_MS) return `${counted(Math.floor(ms / HOUR_MS), "hour")} ago`;
  return `${counted(daysBetween(time, now), "day")} ago`;
}

/** `a, b and c`; of more than five the first five and how many more. */
export function listOf(items: readonly string[], most = 5): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : items;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}

/** `5 requests per minute until 2026-01-31 09:00 UTC (loops)` */
export function throttleWords({ amount, per, until, reason }: KeyThrottle): string {
  return `${counted(amount, "request")} per ${per} until ${momentOf(until)} (${reason})`;
}

export interface Who {
  readonly type: string;
  readonly id: string;
}

const KINDS: Readonly<Record<string, (id: string) => string>> = {
  "management-key": (id) => `the management key ${id}`,
  key: () => "whoever presented the key itself",
  member: (id) => `the member ${id}`,
  system: () => "the service itself",
  cli: () => "an operator at the command line",
};

export const whoOf = ({ type, id }: Who): string => KINDS[type]?.(id) ?? id;

/** Where a verification came from, and at what. */
export interface Origin {
  readonly network: string | null;
  readonly country: string | null;
  readonly agent: string | null;
  readonly service: string | null;
  readonly method: string | null;
  readonly route: string | null;
}

/** ` from 193.0.6.0/24 (NL) with curl at GET /contacts`; nothing where nothing is known. */
export function fromOf(origin: Origin | null): string {
  if (origin === null) return "";
  const { network, country, agent, service, method, route } = origin;
  const place = network === null ? country : country === null ? network : `${network} (${country})`;
  const parts = [
    place === null ? "" : ` from ${place}`,
    agent === null ? "" : ` with ${agent}`,
    route === null ? "" : ` at ${endpointOf({ method, route })}`,
    service === null ? "" : ` of ${service}`,
  ];
  return parts.join("");
}

export function endpointOf({
  method,
  route,
}: {
  readonly method: string | null;
  readonly route: string | null;
}): string {
  return [method, route === "*" ? "other paths" : (route ?? "a path that was not told")]
    .filter((part) => part !== null)
    .join(" ");
}
