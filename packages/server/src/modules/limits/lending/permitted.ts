import {
  type BlockRequest,
  ClavigerError,
  countsOn,
  forgottenAt,
  periodAt,
  type ResolvedLimit,
  type ShareRequest,
  WINDOW_MS,
  type WireBlock,
} from "@claviger/core";

/** How far a verifier's wall clock may be off where a day or a month ends. */
const SKEW_MS = 600_000;

/** The limit of which a counter is asked for; undefined where none binds the key that counts there, in such a window. */
export function limitOf(
  limits: readonly ResolvedLimit[],
  { counter, windowMs }: { readonly counter: string; readonly windowMs: number | null },
): ResolvedLimit | undefined {
  return limits.find((limit) => WINDOW_MS[limit.per] === windowMs && countsOn(limit, counter));
}

/** What is asked of a share under its limit: never more than the limit allows as this node knows it. */
export function underLimit(request: ShareRequest, { amount }: ResolvedLimit): ShareRequest {
  return { ...request, amount: Math.min(request.amount, amount) };
}

/** What is asked of a share without a limit: what is left of it goes back, and nothing is given. */
export function givingBack(request: ShareRequest): ShareRequest {
  return { ...request, mayGrow: false, demand: 0, headroom: 0 };
}

/**
 * A block as this node would ask for it. Rejects where it is of a day or month that is not now, since a period that is to come
 * must not be spent ahead, nor refilled.
 */
export function blockUnder(request: WireBlock, limit: ResolvedLimit, wall: number): BlockRequest {
  const { per, refill } = limit;
  const unit = per === "day" || per === "month" ? per : (refill?.every ?? null);
  const period = per === "lifetime" ? (request.refill?.period ?? null) : request.period;
  if (unit !== null && period !== null && !isNow(unit, period, wall)) {
    throw new ClavigerError("UNAVAILABLE", { internal: "a verifier asks for a day or month that is not now" });
  }
  const calendar = per === "day" || per === "month" ? per : null;
  return {
    ...{ counter: request.counter, key: request.key, amount: Math.min(request.amount, limit.amount) },
    ...{ demand: request.demand, headroom: request.headroom, giveBack: request.giveBack },
    period: calendar === null ? 0 : request.period,
    refill: refill === null ? null : { ...refill, period: period ?? periodAt(refill.every, wall) },
    forgetAt: calendar === null ? null : forgottenAt(calendar, request.period),
  };
}

function isNow(unit: "day" | "month", period: number, wall: number): boolean {
  return period >= periodAt(unit, wall - SKEW_MS) && period <= periodAt(unit, wall + SKEW_MS);
}
