import type { ApprovalKind } from "../policies/index.ts";

/**
 * requested → approved → done   a new key, or a new version in place of the old one: its secret is made when the requester claims it
 * requested → done              a change: made in the same act that approves it
 * requested or approved → cancelled, by who asked; requested → denied; requested or approved → expired, once its time is over.
 */
export type ApprovalPhase = "requested" | "approved" | "done" | "denied" | "cancelled" | "expired";

/** Whoever asks or decides: by a management key, and in the name of a member of the account where there is one. */
export interface Party {
  readonly key: string;
  readonly member: string | null;
}

export interface ApprovalState {
  readonly kind: ApprovalKind;
  /** Whose decision it needs. */
  readonly approver: "account" | "staff";
  readonly phase: ApprovalPhase;
  readonly asker: Party;
  /** From then on nobody can decide it, or claim it. Milliseconds since the epoch. */
  readonly dueAt: number;
}

/** Neither decided nor given up, whatever the time. */
export function isOpenApproval({ phase }: Pick<ApprovalState, "phase">): boolean {
  return phase === "requested" || phase === "approved";
}

/** The phase with time taken into account: what nobody has written down yet has expired all the same. */
export function phaseAt(approval: Pick<ApprovalState, "phase" | "dueAt">, now: number): ApprovalPhase {
  return isOpenApproval(approval) && now >= approval.dueAt ? "expired" : approval.phase;
}
