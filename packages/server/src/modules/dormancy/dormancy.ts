import type { DormancyAction } from "@claviger/core";

/**
 * A key that was used once, and then not for as long as its policy allows.
 *
 * used → noticed    it is dormant, and its policy wants more than a flag: its people are told what happens when
 * noticed → used    it was used again, or cannot be used, or its policy wants it no more
 *         → noticed its policy has become harder than what people were told: they are told anew
 *         → over    the time of the notice has come: it is suspended or revoked
 * over → used       a suspended key was resumed: its time begins again
 */
export interface Notice {
  readonly action: Exclude<DormancyAction, "flag">;
  readonly noticedAt: Date;
  readonly actsAt: Date;
  readonly actedAt: Date | null;
}

/** What its policy says, and what is known of its use. Days of the policy; null: it is never dormant. */
export interface Idle {
  readonly days: number | null;
  readonly action: DormancyAction;
  readonly noticeDays: number;
  /** Whether it would be accepted: nobody can use what is suspended, itself or with its account. */
  readonly usable: boolean;
  /** Accepted last; null: never, which is no dormancy. */
  readonly lastUsedAt: Date | null;
  /** When somebody resumed it last; null: nobody did. */
  readonly resumedAt: Date | null;
  readonly notice: Notice | null;
}

export type DormancyStep =
  | { readonly do: "nothing" | "forget" }
  | { readonly do: "notify"; readonly action: Notice["action"]; readonly actsAt: Date }
  | { readonly do: "act"; readonly action: Notice["action"] };

const DAY_MS = 86_400_000;

/** What is to be done with a key at this moment, in milliseconds since the epoch: up to then all uses are known. */
export function stepDormancy(idle: Idle, now: number): DormancyStep {
  const { days, action, noticeDays, usable, lastUsedAt, resumedAt, notice } = idle;
  const open = notice !== null && notice.actedAt === null ? notice : null;
  const none: DormancyStep = open === null ? { do: "nothing" } : { do: "forget" };
  if (!usable || action === "flag" || days === null || lastUsedAt === null) return none;
  if (open !== null && lastUsedAt > open.noticedAt) return none;
  const dormantAt =
    Math.max(...[lastUsedAt, resumedAt, notice?.actedAt].map((at) => at?.getTime() ?? 0)) + days * DAY_MS;
  // Where it is less late than it was when they were told, the notice stands; where the policy gives more days now, it does not.
  if (now < dormantAt) return open !== null && open.noticedAt.getTime() >= dormantAt ? { do: "nothing" } : none;
  // Who was told of a suspension is told of a revocation as well before it comes.
  if (open === null || (open.action === "suspend" && action === "revoke"))
    return { do: "notify", action, actsAt: new Date(now + noticeDays * DAY_MS) };
  const actsAt = Math.max(open.actsAt.getTime(), open.noticedAt.getTime() + noticeDays * DAY_MS);
  return now >= actsAt ? { do: "act", action } : { do: "nothing" };
}
