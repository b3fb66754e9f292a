import type { Actor } from "../../kernel/act.ts";

/**
 * A shared key in the place of which each caller is given one of its own.
 *
 * open → finished   every caller has moved or is dropped, and nobody has used the key for `quietHours`: it is revoked
 *      → finished   somebody finishes it, which revokes the key; or the key was ended otherwise
 *      → cancelled  the key goes on as it is
 * One split of a key is open at a time.
 */
export interface Split {
  readonly id: string;
  readonly account: string;
  readonly key: string;
  readonly state: "open" | "finished" | "cancelled";
  readonly days: number;
  readonly quietHours: number;
  readonly revokes: boolean;
  /** Traffic up to then was looked at for callers. */
  readonly lookedUntil: Date;
  /** By the clock of the database: how long nobody looked does not depend on a node's. */
  readonly lookedAt: Date;
  /** From then on nobody using it is a sign: since it was begun, or since the key could be used again, or somebody looks again. */
  readonly quietFrom: Date;
  /** When somebody was seen for whom there was no room among the callers. */
  readonly unlistedAt: Date | null;
  readonly nextAt: Date;
  readonly startedBy: Actor;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly endedBecause: EndedBecause | null;
}

export type EndedBecause = "quiet" | "asked" | "key";

/**
 * Somebody who uses the shared key. How far it has come follows from its own key and from traffic, and is not stored:
 *
 * waiting → requested → issued → moving → moved, by its key being asked for, issued, used, and used alone
 * any of these → dropped and back, by what people say; any → waiting, where its own key is ended
 */
export interface Caller {
  readonly name: string;
  readonly match: Match;
  readonly description: string | null;
  readonly found: boolean;
  readonly dropped: boolean;
  readonly requests: number;
  readonly routes: readonly CalledRoute[];
  readonly firstSeenAt: Date | null;
  readonly lastSeenAt: Date | null;
  readonly key: string | null;
}

/** What requests of one caller have in common; null: anything; all of them null: nothing is known of them. `service` is yours, which was called. */
export interface Match {
  readonly service: string | null;
  readonly network: string | null;
  readonly agent: string | null;
}

export interface CalledRoute {
  readonly method: string | null;
  readonly route: string | null;
}

export type Progress = "waiting" | "requested" | "issued" | "moving" | "moved" | "dropped";

/** A caller's own key. */
export interface OwnKey {
  readonly requested: boolean;
  /** Neither revoked nor expired. */
  readonly lives: boolean;
  readonly firstUsedAt: Date | null;
}

export const HOUR_MS = 3_600_000;
/** So many callers are told apart. */
export const MOST_CALLERS = 200;
export const MOST_ROUTES = 100;

/** `now` in milliseconds since the epoch. */
export function progressOf(
  { dropped, lastSeenAt }: Pick<Caller, "dropped" | "lastSeenAt">,
  own: OwnKey | null,
  quietHours: number,
  now: number,
): Progress {
  if (dropped) return "dropped";
  if (own === null || !own.lives) return "waiting";
  if (own.requested) return "requested";
  if (own.firstUsedAt === null) return "issued";
  const seenLately = lastSeenAt !== null && lastSeenAt.getTime() > now - quietHours * HOUR_MS;
  return seenLately ? "moving" : "moved";
}

export interface Standing {
  readonly ready: boolean;
  readonly waitingFor: readonly string[];
  readonly unlisted: boolean;
  readonly quietAt: Date;
}

/**
 * Whether nothing is in the way of revoking the key. It was quiet when nobody used it since `quietHours`, counted from `quietFrom`
 * at the earliest: that nobody called before is no sign of anything. `lastUsedAt` is the key's, by whomever. `known`: up to when all
 * uses are known, in milliseconds since the epoch; null: nobody knows.
 */
export function standingOf(
  { quietFrom, quietHours, unlistedAt }: Pick<Split, "quietFrom" | "quietHours" | "unlistedAt">,
  callers: readonly { readonly name: string; readonly progress: Progress }[],
  lastUsedAt: Date | null,
  known: number | null,
): Standing {
  const waitingFor = callers.flatMap(({ name, progress }) =>
    progress === "moved" || progress === "dropped" ? [] : [name],
  );
  const quietAt = new Date(Math.max(quietFrom.getTime(), lastUsedAt?.getTime() ?? 0) + quietHours * HOUR_MS);
  const unlisted = unlistedAt !== null;
  const quiet = known !== null && known >= quietAt.getTime();
  return { ready: waitingFor.length === 0 && !unlisted && quiet, waitingFor, unlisted, quietAt };
}

/** Requests that have everything in common by which callers are told apart. */
export interface SeenGroup {
  readonly service: string | null;
  readonly network: string | null;
  readonly agent: string | null;
  readonly requests: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly routes: readonly CalledRoute[];
  /** Known from counts alone: a network or an agent, whatever else is told of its requests. */
  readonly part?: true;
}

const PARTS = ["service", "network", "agent"] as const;

const isUnknown = (match: Match): boolean => PARTS.every((part) => match[part] === null);

/** Whether all requests of `part` are of `whole` as well. */
export function covers(whole: Match, part: Match): boolean {
  if (isUnknown(whole)) return isUnknown(part);
  return PARTS.every((name) => whole[name] === null || whole[name] === part[name]);
}

/** Whose requests these are: the caller's that names most of what they have in common; of several the first by name. */
export function callerOf<C extends Pick<Caller, "name" | "match">>(group: Match, callers: readonly C[]): C | null {
  const fitting = callers.filter(({ match }) => covers(match, group));
  const named = (caller: C): number => PARTS.filter((part) => caller.match[part] !== null).length;
  return fitting.sort((a, b) => named(b) - named(a) || (a.name < b.name ? -1 : 1))[0] ?? null;
}

/** By what a caller is known that was found: from where and with what it calls; else which service, or nothing at all. */
export function matchFor({ service, network, agent }: Match): Match {
  return network !== null || agent !== null ? { service: null, network, agent } : { service, network, agent };
}

/** A name that no other caller has, from what is known of it. */
export function nameFor({ service, network, agent }: Match, taken: ReadonlySet<string>): string {
  const said = [agent, network?.split("/")[0], service].filter((part) => part != null).join("-");
  const base =
    said
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]+/g, "-")
      .replace(/^[-_]+/, "")
      .slice(0, 50)
      .replace(/-+$/, "") || "unknown";
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
}

/** What is known of callers after traffic was looked at. */
export interface Looked {
  readonly callers: readonly Caller[];
  /** Those among them that are new. */
  readonly fresh: readonly Caller[];
  /** When somebody was seen last for whom there was no room; null: nobody. */
  readonly unlistedAt: Date | null;
}

/**
 * Credits groups of requests to callers, and finds those who are none yet. `counts`: whether `requests` are those of these groups, because
 * the callers' own were not counted yet; else they stay as they are.
 */
export function noteGroups(
  before: readonly Caller[],
  { groups, unlistedAt: unknown }: { readonly groups: readonly SeenGroup[]; readonly unlistedAt: Date | null },
  counts: ReadonlySet<string>,
): Looked {
  const callers = new Map(before.map((caller) => [caller.name, caller]));
  const fresh = new Set<string>();
  let unlistedAt = unknown;
  // The most used first: where there is no room for all, they are the ones to move.
  for (const group of groups.toSorted((a, b) => b.requests - a.requests)) {
    let caller = callerOf(group, [...callers.values()]) ?? sharerOf(group, callers.values());
    if (caller === null) {
      const match = matchFor(group);
      if (callers.size >= MOST_CALLERS) {
        if (unlistedAt === null || group.lastAt > unlistedAt) unlistedAt = group.lastAt;
        continue;
      }
      caller = blankCaller(nameFor(match, new Set(callers.keys())), match);
      fresh.add(caller.name);
    }
    callers.set(caller.name, credited(caller, group, counts.has(caller.name) || fresh.has(caller.name)));
  }
  const all = [...callers.values()];
  return { callers: all, fresh: all.filter(({ name }) => fresh.has(name)), unlistedAt };
}

/** Who is known by such a part already, where no more than that is known of the requests. */
function sharerOf({ part, network, agent }: SeenGroup, callers: Iterable<Caller>): Caller | null {
  if (part !== true) return null;
  for (const caller of callers) {
    if ((network !== null && caller.match.network === network) || (agent !== null && caller.match.agent === agent))
      return caller;
  }
  return null;
}

export function blankCaller(name: string, match: Match): Caller {
  return {
    ...{ name, match, description: null, found: true, dropped: false, requests: 0, routes: [] },
    ...{ firstSeenAt: null, lastSeenAt: null, key: null },
  };
}

function credited(caller: Caller, group: SeenGroup, counted: boolean): Caller {
  const known = new Set(caller.routes.map(textOf));
  const routes = [...caller.routes, ...group.routes.filter((each) => !known.has(textOf(each)))].slice(0, MOST_ROUTES);
  const { firstSeenAt, lastSeenAt, requests } = caller;
  return {
    ...caller,
    routes,
    requests: counted ? requests + group.requests : requests,
    firstSeenAt: firstSeenAt === null || group.firstAt < firstSeenAt ? group.firstAt : firstSeenAt,
    lastSeenAt: lastSeenAt === null || group.lastAt > lastSeenAt ? group.lastAt : lastSeenAt,
  };
}

const textOf = ({ method, route }: CalledRoute): string => `${method ?? ""} ${route ?? ""}`;
