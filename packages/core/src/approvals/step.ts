import { type ApprovalState, isOpenApproval, type Party, phaseAt } from "./approval.ts";

/** What happens to a request. Times are in milliseconds. */
export type ApprovalEvent =
  /** `keepMs`: for how long it may be claimed. `made`: the deciding key and the asking one are in one hand, as one has made the other. */
  | { readonly type: "approve" | "deny"; readonly by: Party; readonly made: boolean; readonly keepMs: number }
  | { readonly type: "cancel" | "claim"; readonly by: Party }
  /** Nothing but time. */
  | { readonly type: "tick" };

export type ApprovalRefusal =
  /** Nobody decides what they asked for themselves. */
  | "own-request"
  /** Policy asks for the platform's decision, and a member of the account has none to give. */
  | "staff-only"
  /** Only who asked may take it back, or claim it. */
  | "not-asker"
  | "not-approved"
  | "nothing-to-claim"
  | "over";

export type ApprovalOutcome =
  | { readonly state: ApprovalState; readonly refused: null }
  | { readonly state: ApprovalState; readonly refused: ApprovalRefusal };

/** One event, at a time. A state that is over stays as it is. Pure; never throws. */
export function stepApproval(state: ApprovalState, event: ApprovalEvent, now: number): ApprovalOutcome {
  const at: ApprovalState = { ...state, phase: phaseAt(state, now) };
  const refused = event.type === "tick" ? null : refusalOf(at, event);
  if (refused !== null) return { state: at, refused };
  return { state: moved(at, event, now), refused: null };
}

function refusalOf(state: ApprovalState, event: Exclude<ApprovalEvent, { type: "tick" }>): ApprovalRefusal | null {
  if (!isOpenApproval(state)) return "over";
  switch (event.type) {
    case "approve":
    case "deny":
      if (state.phase !== "requested") return "over";
      return refusalToDecide(state, event.by, event.made);
    case "cancel":
      return isAsker(state.asker, event.by) ? null : "not-asker";
    case "claim":
      if (!isAsker(state.asker, event.by)) return "not-asker";
      if (state.kind === "update") return "nothing-to-claim";
      return state.phase === "approved" ? null : "not-approved";
  }
  return event satisfies never;
}

/**
 * Two different persons. Members are told apart by their ids, also where one program speaks for all of them; it may not decide for a member
 * what it asked for without naming one. Who decides for the platform is known by the management key, which is neither the one that asked nor
 * one that is in the same hand.
 */
function refusalToDecide({ approver, asker }: ApprovalState, by: Party, made: boolean): ApprovalRefusal | null {
  if (by.member === null) return by.key === asker.key || made ? "own-request" : null;
  if (approver === "staff") return "staff-only";
  if (asker.member === null) return by.key === asker.key || made ? "own-request" : null;
  return by.member === asker.member ? "own-request" : null;
}

/** The management key that asked; where it asked for a member, nobody else has to be that member. */
const isAsker = (asker: Party, by: Party): boolean => asker.key === by.key;

function moved(state: ApprovalState, event: ApprovalEvent, now: number): ApprovalState {
  switch (event.type) {
    case "approve":
      return state.kind === "update"
        ? { ...state, phase: "done" }
        : { ...state, phase: "approved", dueAt: now + event.keepMs };
    case "deny":
      return { ...state, phase: "denied" };
    case "cancel":
      return { ...state, phase: "cancelled" };
    case "claim":
      return { ...state, phase: "done" };
    case "tick":
      return state;
  }
  return event satisfies never;
}
