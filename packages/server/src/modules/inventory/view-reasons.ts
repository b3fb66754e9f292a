import type { ResolvedValue } from "@claviger/core";
import type { Key } from "../keys/index.ts";
import type { BuiltInView, KeyViewName } from "./built-in-views.ts";
import type { CrowdedAccount } from "./queries/account-views.ts";
import type { BusyKey } from "./queries/busy-keys.ts";
import type { ViewedSource } from "./queries/key-views.ts";
import { CALLED_DAYS, daysBetween, LIKE_PRODUCTION, RUNAWAY } from "./view-moment.ts";

/** Why a row is in a view: in words, and the figures in them. */
export interface Reason {
  readonly why: string;
  readonly figures: Readonly<Record<string, string | number | readonly string[] | null>>;
}

/** What reasons are told from, beside the key itself. */
export interface Known {
  readonly lastUsedAt: Date | null;
  readonly lastRefusedAt: Date | null;
  readonly lastRefusedCode: string | null;
  readonly refusals: number;
  readonly requests30d: number;
  /** Told for views that ask the policy of each key. */
  readonly policyDays: ResolvedValue<number | null> | null;
  /** When the version in force was made. */
  readonly currentSince: Date;
  readonly creator: { readonly name: string; readonly since: Date } | null;
  readonly owner: { readonly name: string; readonly since: Date } | null;
  /** Of the kind that the view is about, latest first. */
  readonly sources: readonly ViewedSource[];
  /** Told for views that are about how much a key is used. */
  readonly busy: BusyKey | null;
  /** Granted scopes of the tier admin, wildcards as they were granted. */
  readonly adminScopes: readonly string[];
}

const grouped = (count: number): string => count.toLocaleString("en-US");
const MUCH = `more than ${grouped(LIKE_PRODUCTION.requestsADay)} requests`;

/** What each view is, in a sentence. */
export const DESCRIPTIONS: Readonly<Record<BuiltInView, string>> = {
  "unused-30d": "Keys that work and were not used for more than 30 days, nor made since",
  "unused-90d": "Keys that work and were not used for more than 90 days, nor made since",
  "unused-180d": "Keys that work and were not used for more than 180 days, nor made since",
  "never-used": "Keys that work and were never used",
  dormant: "Keys that work, were used, and then not for longer than their policy allows",
  "accounts-over-10-keys": "Accounts with more than 10 active keys",
  "creator-inactive": "Keys that work and were made by people who are deactivated",
  "owner-inactive": "Keys that work and belong to people who are deactivated",
  "no-owner": "Keys that work and have neither a member nor a team as owner",
  "expiring-30d": "Keys that work and expire within 30 days",
  "rotation-overdue": "Keys that work and have had the same secret for longer than their policy allows",
  "never-expires": "Keys that work and never expire",
  "dead-but-called": `Keys that were revoked or expired, and were still called after that, in the last ${CALLED_DAYS} days`,
  "used-from-browser": "Keys that work and were sent by a browser, where whoever uses it can read them",
  "shared-across-services": "Keys that work and were used by more than one service",
  "over-10k-24h": `Keys with more than ${grouped(RUNAWAY.requests)} requests within the last 24 hours, the one that runs included`,
  "test-like-production": `Keys that work, are not of production, and had ${MUCH} on at least ${LIKE_PRODUCTION.days} of the last seven days`,
  "admin-scope": "Keys that work and reach the tier admin, by their tier or by a scope",
  "no-scope": "Keys that work and name no scope: their tier alone says what they may do",
};

const days = (count: number): string => `${count} day${count === 1 ? "" : "s"}`;
const dayOf = (time: Date): string => time.toISOString().slice(0, 10);
const text = (time: Date | null): string | null => time?.toISOString() ?? null;

/** How long its policy allows, and who says so. */
const allowedBy = ({ policyDays }: Known): string => `${days(policyDays?.value ?? 0)} (${policyDays?.why ?? ""})`;

const figuresOf = ({ lastUsedAt, requests30d }: Known) => ({ lastUsedAt: text(lastUsedAt), requests30d });

export function reasonOf(view: KeyViewName, key: Key, known: Known, now: Date): Reason {
  const figures = figuresOf(known);
  switch (view) {
    case "unused-30d":
    case "unused-90d":
    case "unused-180d":
    case "never-used":
      return idleReason(key, known.lastUsedAt, now);
    case "dormant": {
      const { why, figures: idle } = idleReason(key, known.lastUsedAt, now);
      const allowed = `, and counts as dormant after ${allowedBy(known)}.`;
      return { why: why.replace(/\.$/, allowed), figures: { ...idle, dormancyDays: known.policyDays?.value ?? null } };
    }
    case "creator-inactive":
    case "owner-inactive":
      return goneReason(view, key, known, now);
    case "no-owner":
      return {
        why: "It has no owner: nobody is told before it expires, and nobody answers for it.",
        figures: { ...figures, createdBy: key.createdBy, createdAt: key.createdAt.toISOString() },
      };
    case "expiring-30d": {
      const left = key.expiresAt === null ? 0 : daysBetween(now, key.expiresAt);
      return {
        why: `It expires in ${left === 0 ? "less than a day" : days(left)}, on ${dayOf(key.expiresAt ?? now)}.`,
        figures: { ...figures, expiresAt: text(key.expiresAt), daysLeft: left },
      };
    }
    case "rotation-overdue": {
      const age = daysBetween(known.currentSince, now);
      return {
        why: `Its secret is ${days(age)} old; it should be replaced every ${allowedBy(known)}.`,
        figures: {
          ...{ version: key.version, versionCreatedAt: text(known.currentSince), ageDays: age },
          ...{ intervalDays: known.policyDays?.value ?? null, ...figures },
        },
      };
    }
    case "never-expires":
      return {
        why: `It has no expiry, and is ${days(daysBetween(key.createdAt, now))} old.`,
        figures: { ...figures, createdAt: key.createdAt.toISOString() },
      };
    case "dead-but-called":
      return deadReason(key, known, now);
    case "used-from-browser":
    case "shared-across-services":
      return sourceReason(view, known);
    case "over-10k-24h":
    case "test-like-production":
      return busyReason(view, key, known);
    case "admin-scope":
      return {
        why:
          key.tier === "admin"
            ? "Its tier is admin: it may do everything."
            : `It holds scopes of the tier admin: ${known.adminScopes.join(", ")}.`,
        figures: { ...figures, tier: key.tier, adminScopes: known.adminScopes, rationale: key.rationale },
      };
    case "no-scope":
      return {
        why: `It names no scope: its tier, ${key.tier ?? "none"}, opens every ordinary scope of that tier.`,
        figures: { ...figures, tier: key.tier },
      };
    default:
      return view satisfies never;
  }
}

/** Who made or owns a key, and is gone. */
function goneReason(view: "creator-inactive" | "owner-inactive", key: Key, known: Known, now: Date): Reason {
  const figures = figuresOf(known);
  const { creator, owner } = known;
  if (view === "creator-inactive") {
    return {
      why: `${creator?.name ?? "The member"}, who made it, is deactivated since ${dayOf(creator?.since ?? now)}.`,
      figures: {
        ...{ creator: key.createdBy, creatorName: creator?.name ?? null, creatorStatus: "deactivated" },
        ...{ creatorSince: text(creator?.since ?? null), ...figures },
      },
    };
  }
  return {
    why: `${owner?.name ?? "The member"}, who owns it, is deactivated since ${dayOf(owner?.since ?? now)}: nobody answers for it.`,
    figures: {
      ...{ owner: key.ownerMember, ownerName: owner?.name ?? null, ownerStatus: "deactivated" },
      ...{ ownerSince: text(owner?.since ?? null), ...figures },
    },
  };
}

function idleReason(key: Key, lastUsedAt: Date | null, now: Date): Reason {
  const idle = daysBetween(lastUsedAt ?? key.createdAt, now);
  const why =
    lastUsedAt === null
      ? `It was made ${days(idle)} ago, on ${dayOf(key.createdAt)}, and never used.`
      : `It was used last ${days(idle)} ago, on ${dayOf(lastUsedAt)}.`;
  return { why, figures: { lastUsedAt: text(lastUsedAt), createdAt: key.createdAt.toISOString(), idleDays: idle } };
}

function sourceReason(view: "used-from-browser" | "shared-across-services", { sources, requests30d }: Known): Reason {
  const seen = sources.map(({ lastSeen }) => lastSeen.getTime());
  const last = dayOf(new Date(Math.max(0, ...seen)));
  const requests = sources.reduce((sum, source) => sum + Number(source.requests), 0);
  const firstSeen = text(new Date(Math.min(...sources.map((source) => source.firstSeen.getTime()))));
  const figures = { requests, firstSeen, lastSeen: text(new Date(Math.max(0, ...seen))), requests30d };
  if (view === "used-from-browser") {
    return { why: `A browser sent it, ${requests} times, last on ${last}: its secret is no secret.`, figures };
  }
  const services = sources.map(({ value }) => (value === "*" ? "others" : value));
  return {
    why: `It was used by ${services.length} services: ${services.slice(0, 5).join(", ")}${services.length > 5 ? ", …" : ""}.`,
    figures: { services, ...figures },
  };
}

function busyReason(view: "over-10k-24h" | "test-like-production", key: Key, known: Known): Reason {
  const { requests24h = 0, requests7d = 0, busyDays = 0 } = known.busy ?? {};
  const figures = figuresOf(known);
  if (view === "over-10k-24h") {
    return { why: `It was used ${grouped(requests24h)} times within 24 hours.`, figures: { requests24h, ...figures } };
  }
  return {
    why: `It is for ${key.environment}, and had ${MUCH} on ${busyDays} of the last seven days.`,
    figures: { environment: key.environment, busyDays, requests7d, ...figures },
  };
}

/** Since when a key is dead: when it was revoked or expired, whichever came first. */
function deadReason(key: Key, known: Known, now: Date): Reason {
  const revokedAt = key.state === "revoked" ? key.stateAt : null;
  const expired = key.expiresAt !== null && key.expiresAt <= now && (revokedAt === null || key.expiresAt < revokedAt);
  const since = (expired ? key.expiresAt : revokedAt) ?? now;
  return {
    why: `It ${expired ? "expired" : "was revoked"} on ${dayOf(since)}, and was called last on ${dayOf(known.lastRefusedAt ?? now)}.`,
    figures: {
      ...{ deadSince: since.toISOString(), reason: expired ? "expired" : key.stateReason },
      ...{ lastRefusedAt: text(known.lastRefusedAt), lastRefusedCode: known.lastRefusedCode },
      ...{ refusals: known.refusals, requests30d: known.requests30d },
    },
  };
}

export function crowdedReason(account: CrowdedAccount): Reason {
  return {
    why: `It has ${account.activeKeys} active keys.`,
    figures: { activeKeys: account.activeKeys },
  };
}
