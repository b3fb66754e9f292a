import type { Draw } from "./draw.ts";
import { DAY_MS, HISTORY_MS, HOUR_MS, type Offset, type PlannedKey } from "./plan.ts";
import { toSecond } from "./plan-accounts.ts";

/** When a key is made and how it ends. */
export interface Life extends Pick<PlannedKey, "at" | "lifetime" | "revoked" | "suspended"> {
  /** When it stops being accepted; after the start where it still is. */
  readonly endsAt: Offset;
}

type State = "active" | "expiring" | "suspended" | "expired" | "revoked";

const STATES: readonly (readonly [State, number])[] = [
  ["active", 56],
  ["expiring", 4],
  ["suspended", 4],
  ["expired", 20],
  ["revoked", 16],
];
const LIFETIMES = [30, 90, 90, 90, 180, 180, 365, 365];
const SHORT = [30, 30, 90];
const EARLIEST = -HISTORY_MS + 8 * DAY_MS;

const REVOCATIONS = [
  ["superseded", "Replaced by a narrower key"],
  ["unused", "Nobody knew what it was for"],
  ["offboarding", "Its owner has left"],
  ["leaked", "Found in a public repository"],
  ["other", "Project ended"],
] as const;
const SUSPENSIONS = [
  "Unusual traffic, under review",
  "Owner has not answered the access review",
  "Asked for by the account",
];

/** `forgotten` keys never expire and live on; `short` ones hold sensitive scopes. */
export function planLife(draw: Draw, kind: { readonly forgotten: boolean; readonly short: boolean }): Life {
  if (kind.forgotten) return living(draw, null, "active");
  const state = draw.weighted(STATES);
  const days = draw.pick(kind.short ? SHORT : LIFETIMES);
  if (state === "expired") return expired(draw, days);
  if (state === "revoked") return revoked(draw, days);
  const endless = state !== "expiring" && !kind.short && draw.chance(0.13);
  return living(draw, endless ? null : days, state);
}

function living(draw: Draw, days: number | null, state: "active" | "expiring" | "suspended"): Life {
  const left = state === "expiring" ? draw.between(0.2, 6.8) : draw.between(7.5, Math.max(8, (days ?? 8) - 0.5));
  const at = days === null ? -draw.between(5, 700) * DAY_MS : (left - days) * DAY_MS;
  const made = toSecond(Math.min(at, -2 * HOUR_MS));
  const lifetime = days === null ? null : days * DAY_MS;
  const endsAt = lifetime === null ? Number.POSITIVE_INFINITY : made + lifetime;
  if (state !== "suspended") return { at: made, lifetime, revoked: null, suspended: null, endsAt };
  const suspendedAt = toSecond(draw.between(Math.max(made + HOUR_MS, -40 * DAY_MS), -HOUR_MS));
  const suspended = { at: suspendedAt, reason: draw.pick(SUSPENSIONS) };
  return { at: made, lifetime, revoked: null, suspended, endsAt: suspendedAt };
}

function expired(draw: Draw, days: number): Life {
  const endsAt = -draw.between(0.5, Math.min(520, 715 - days)) * DAY_MS;
  const at = toSecond(endsAt - days * DAY_MS);
  return { at, lifetime: days * DAY_MS, revoked: null, suspended: null, endsAt: at + days * DAY_MS };
}

function revoked(draw: Draw, days: number): Life {
  const at = toSecond(draw.between(EARLIEST, -5 * DAY_MS));
  const endsAt = toSecond(draw.between(at + 2 * HOUR_MS, Math.min(at + days * DAY_MS, 0) - HOUR_MS));
  const [reason, comment] = draw.pick(REVOCATIONS);
  return { at, lifetime: days * DAY_MS, revoked: { at: endsAt, reason, comment }, suspended: null, endsAt };
}

/** A key made together with another, for as long, but with an end of its own. */
export function siblingOf(draw: Draw, life: Life): Life {
  const { at, lifetime } = life;
  const endsAt = lifetime === null ? Number.POSITIVE_INFINITY : at + lifetime;
  const plain = { at, lifetime, revoked: null, suspended: null, endsAt };
  const latest = Math.min(endsAt, 0) - HOUR_MS;
  if (latest < at + 2 * HOUR_MS || !draw.chance(0.14)) return plain;
  const endedAt = toSecond(draw.between(at + HOUR_MS, latest));
  if (endsAt > 0 && draw.chance(0.2)) {
    const suspendedAt = Math.max(endedAt, toSecond(-draw.between(0.5, 40) * DAY_MS));
    return { ...plain, suspended: { at: suspendedAt, reason: draw.pick(SUSPENSIONS) }, endsAt: suspendedAt };
  }
  const [reason, comment] = draw.pick(REVOCATIONS);
  return { ...plain, revoked: { at: endedAt, reason, comment }, endsAt: endedAt };
}
