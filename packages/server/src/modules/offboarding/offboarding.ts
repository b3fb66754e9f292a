import type { NewOwner } from "../keys/index.ts";

/** What becomes of the keys that somebody owns who leaves. */
export type LeftKeys = "keep" | "suspend" | "revoke" | "hand-over";

/** `to` with `hand-over` alone: a member of the account, or a team. */
export interface OffboardingPolicy {
  readonly keys: LeftKeys;
  readonly to: NewOwner | null;
}

/** What holds for an account, and who said so. */
export interface ResolvedPolicy extends OffboardingPolicy {
  readonly setBy: "account" | "platform" | "built-in";
  readonly updatedAt: Date | null;
}

/** Where nobody says otherwise: what somebody who has left can no longer answer for is stopped, and can be resumed. */
export const BUILT_IN: OffboardingPolicy = Object.freeze({ keys: "suspend", to: null });

/** One time that a member left: their keys, and those that they had made for others, are those of that moment. */
export interface Offboarding extends OffboardingPolicy {
  readonly account: string;
  readonly member: string;
  readonly startedAt: Date;
  readonly owned: number;
  readonly made: number;
  /** Null where they owned none, or their keys were kept. */
  readonly bulkAct: string | null;
}
