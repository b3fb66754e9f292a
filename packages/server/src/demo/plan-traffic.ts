import type { RefusalCode } from "@claviger/core";
import type { Use } from "./data/uses.ts";
import type { Draw } from "./draw.ts";
import { DAY_MS, HOUR_MS, type PlannedTraffic } from "./plan.ts";
import type { Life } from "./plan-life.ts";

const codeAfter = (life: Life): RefusalCode =>
  life.revoked !== null ? "REVOKED" : life.suspended !== null ? "SUSPENDED" : "EXPIRED";

/** Null for the keys that nobody ever used. Some fall asleep, and some are called on after their end. */
export function planTraffic(draw: Draw, life: Life, use: Use, bound: boolean): PlannedTraffic | null {
  const ended = life.endsAt < 0;
  if (draw.chance(0.09)) return null;
  const [low, high] = use.perDay;
  const perDay = low * (high / low) ** draw.unit();
  const end = Math.min(life.endsAt, 0);
  const from = Math.min(life.at + draw.between(0.1, 60) * HOUR_MS, end - HOUR_MS / 2);
  const asleepFor = draw.between(20, 300) * DAY_MS;
  const asleep = draw.chance(use.forgotten === true ? 0 : 0.14) && end - asleepFor > from + HOUR_MS;
  const to = asleep ? end - asleepFor : end;
  const calledOn = ended && !asleep && draw.chance(0.35);
  const until = draw.chance(0.3) ? 0 : Math.min(0, end + draw.between(0.5, 45) * DAY_MS);
  return {
    ...{ perDay, weekend: use.weekend, from, to },
    refused: bound
      ? { share: draw.between(0, 0.004), code: "IP_NOT_ALLOWED" }
      : {
          share: draw.chance(0.3) ? draw.between(0, 0.01) : 0,
          code: draw.pick(["INSUFFICIENT_SCOPE", "ROUTE_NOT_MAPPED"]),
        },
    after: calledOn
      ? { perDay: Math.max(2, perDay * draw.between(0.05, 0.6)), to: until, code: codeAfter(life) }
      : null,
  };
}
