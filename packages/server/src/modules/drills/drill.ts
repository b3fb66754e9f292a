import type { Actor } from "../../kernel/act.ts";

/**
 * A test rotation and a test revocation on a key made for it (D8).
 *
 * States: running → passed, failed. One runs at a time in the cluster; one whose process is gone counts as failed after `LONGEST_MS`.
 */
export interface Drill {
  readonly id: string;
  readonly environment: string;
  readonly status: "running" | "passed" | "failed";
  readonly startedBy: Actor;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly key: string | null;
  readonly steps: readonly DrillStep[];
}

export interface DrillStep {
  /** What was done or looked at. */
  readonly step: DrillStepName;
  readonly ok: boolean;
  readonly tookMs: number;
  /** What came of it, in words; no secret is in it. */
  readonly detail: string;
}

export const DRILL_STEPS = [
  ...(["issue", "accept-first", "rotate", "accept-both", "finish", "refuse-old", "accept-new"] as const),
  ...(["revoke", "refuse-all"] as const),
] as const;
export type DrillStepName = (typeof DRILL_STEPS)[number];

/** A drill takes a second or two, and as long as a lease where a node does not answer. */
export const LONGEST_MS = 600_000;

/** The account of the keys that drills make, by a name that no customer has. */
export const DRILL_ACCOUNT = "ext:claviger-drills";
