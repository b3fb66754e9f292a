import type { AttemptRow } from "../../db/index.ts";

/**
 * One thing to be told to one receiver.
 *
 * States: waiting → delivered (the receiver accepted it) or failed (two days went by, or the receiver wants no more). A waiting one
 * that is being tried is due again when the attempt must have ended, so that another node takes over from one that died.
 * What ended never waits again; to send it again is a delivery of its own.
 */
export interface Delivery {
  readonly id: string;
  readonly webhook: string;
  readonly event: string;
  readonly type: string;
  readonly repeat: number;
  readonly state: "waiting" | "delivered" | "failed";
  readonly attempts: readonly AttemptRow[];
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export interface NewDelivery {
  readonly id: string;
  readonly webhook: string;
  /** The webhook's, whoever the event is about. */
  readonly account: string | null;
  readonly event: string;
  readonly type: string;
  readonly repeat: number;
}
