import type { ApprovalState } from "@claviger/core";
import type { CreateKeyInput, KeyDescription } from "../keys/index.ts";
import type { RotateInput } from "../rotation/index.ts";

/** A request that waits for somebody else, or has (A8). Its phases and who moves them are core's: approvals/step.ts. */
export interface Approval extends Omit<ApprovalState, "dueAt"> {
  readonly id: string;
  readonly account: string;
  /** The key that is asked for, or that is to be changed or rotated. */
  readonly key: string;
  readonly environment: string;
  readonly label: string;
  /** What was asked for: of a new key what `createKey` takes, of a change what `changeKey` does, of a rotation what `rotateAgreed` does. */
  readonly input: CreateKeyInput | KeyDescription | RotateInput;
  /** Field by field what the key has and what it would have. */
  readonly change: ApprovalChange;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly decidedBy: { readonly key: string; readonly member: string | null } | null;
  readonly decidedAt: Date | null;
  readonly comment: string | null;
  /** When it was over, however; null while it is open. */
  readonly endedAt: Date | null;
}

export interface ApprovalChange {
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

const DAY_MS = 86_400_000;
/** So long a request waits for a decision, and a key that was approved waits to be claimed. */
export const WAIT_MS = 7 * DAY_MS;
/** Requests of one account that wait at a time, at most. */
export const MOST_OPEN = 100;
