import type { Actor, Source } from "../../kernel/act.ts";
import type { KeyOutcome, ManyKeysAct } from "../keys/index.ts";

/**
 * States: running → finished. Its keys are frozen when it starts; each is acted on once, in the order of `place`, in chunks that
 * commit one after another. Whoever finds it running goes on with it: the request that made it, a repeat of that request, or any
 * node's job.
 */
export interface BulkAct {
  readonly id: string;
  readonly act: ManyKeysAct;
  /** What was asked for, as the audit trail has it. */
  readonly selection: Readonly<Record<string, unknown>>;
  /** Who asked, and from where: so it stands in the trail of each key. */
  readonly actor: Actor;
  readonly source: Source;
  /** How many it has, and how many of them it has acted on. */
  readonly keys: number;
  readonly acted: number;
  readonly outcomes: Readonly<Partial<Record<KeyOutcome, number>>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

export interface BulkResult {
  readonly place: number;
  readonly key: string;
  /** Null until it was acted on. */
  readonly outcome: KeyOutcome | null;
}

/** The account that the act is about alone, by our id; null where it is about none or several. */
export function accountOf({ selection }: Pick<BulkAct, "selection">): string | null {
  const { account } = selection;
  return typeof account === "string" && account.startsWith("acct_") ? account : null;
}

/** Keys of one act at most; whoever has more narrows the selection. */
export const MOST_KEYS_OF_ACT = 100_000;
/** For so long after its end it is told what became of each key; the audit trail tells it for longer. */
export const RESULTS_KEPT_MS = 90 * 86_400_000;
