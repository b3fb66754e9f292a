import type { AttemptRow } from "../../db/index.ts";

/**
 * One mail to one member, with all that came for them while it waited.
 *
 * States: waiting → sent (the server took it), failed (two days went by, or the server wants none of it), or dropped (nothing of what it
 * was to tell is so any more, or the member is gone). What comes for the member joins the mail that waits and was never tried; afterwards
 * a new one is made. A waiting one that is being tried is due again when the attempt must have ended.
 */
export interface Mail {
  readonly id: string;
  readonly account: string;
  readonly member: string;
  readonly state: "waiting" | "sent" | "failed" | "dropped";
  readonly attempts: readonly AttemptRow[];
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** At the latest so long after the first of what it tells, a mail is due, in milliseconds. */
export const MOST_GATHERED_MS = 600_000;
