/**
 * What a verifier and a node say to one another about limits: the body of SPEND and of BUDGET. A verifier that spends limits
 * itself is a holder as a node is (see `limiter`), with the node between it and the store: the node records what it lends
 * before it answers, under a name that it makes of the session and of the name that the verifier gives its holder.
 *
 * `now` is the verifier's own monotonic clock, in milliseconds. `key` in requests is the SHA-256 of a presented key that the
 * limit binds, base64url without padding: only who was shown a key is lent of its limits.
 */
import type { PartAct, PartStanding, ShareClaim } from "../limiter/stores.ts";
import type { BlockAnswer, BlockRequest, ShareAnswer, ShareRequest } from "../limits/budget.ts";

/** A holder joins, prolongs its lease, or leaves, having spent nothing since `now`. */
export interface HolderAct {
  readonly act: "join" | "renew" | "leave";
  readonly holder: string;
  readonly termMs: number;
  readonly now: number;
}

export interface ClaimAct extends PartAct {
  readonly act: "claim";
  /** Whether the holder takes part in the epoch from then on. */
  readonly last: boolean;
  readonly claims: readonly ShareClaim[];
}

/** Divides windows. */
export interface DivideAct extends PartAct {
  readonly act: "divide";
  readonly requests: readonly ShareRequest[];
}

/** A block without the time at which its record may be forgotten, which the node knows. */
export type WireBlock = Omit<BlockRequest, "forgetAt">;

/** Takes and gives back blocks of quotas and lifetimes. */
export interface TakeAct {
  readonly act: "take";
  readonly requests: readonly WireBlock[];
}

export type SpendBody = HolderAct | ClaimAct | DivideAct | TakeAct;

/** Nodes take over what holders leave. */
export type LentPart = Omit<PartStanding, "heirless">;

export type BudgetBody =
  | { readonly act: "join" | "leave" }
  | { readonly act: "renew"; readonly alive: boolean; readonly parts: readonly LentPart[] }
  | { readonly act: "claim"; readonly holds: readonly boolean[] }
  | { readonly act: "divide"; readonly answers: readonly ShareAnswer[] }
  | { readonly act: "take"; readonly answers: readonly BlockAnswer[] }
  /** The holder has been ended, or another epoch has begun: nothing was written. */
  | { readonly act: "gone"; readonly why: "ended" | "moved" };
