import {
  createRecentInvalidations,
  type DropReason,
  type JoinedLease,
  leaseValid,
  type Moment,
  type NodeLease,
  type NodeLeaseEffect,
  type NodeLeaseEvent,
  newNodeLease,
  type RecentInvalidations,
  stepNodeLease,
} from "@claviger/core";
import type { CoherenceOptions, Confirmed } from "./types.ts";

/** Subjects of invalidations remembered for records that are being read. */
const INVALIDATIONS_KEPT = 100_000;

/** This node's lease and what was invalidated lately: the one place that moves them, so that every move drops what it must. */
export interface Member {
  lease(): NodeLease;
  /** The lease while this node is in the cluster. */
  joined(): JoinedLease | null;
  /** Both clocks, read now. */
  now(): Moment;
  /** What this node and the verifiers that hold leases from it have applied; null while it is not in the cluster. */
  confirmed(): Confirmed | null;
  /** Takes the step, forgets what it says must be forgotten, and returns what is left to do. */
  step(event: NodeLeaseEvent): readonly NodeLeaseEffect[];
  /** Makes verification forget the subjects of the change `seq`. Everything is forgotten where that fails. */
  invalidate(subjects: readonly string[], seq: number): void;
  readonly recent: RecentInvalidations;
  /** Times the lease began anew after it had been valid and was no more. */
  lapses(): number;
}

interface MemberOptions
  extends Pick<CoherenceOptions, "clock" | "logger" | "termMs" | "onInvalidate" | "onDropEverything" | "lent"> {
  /** Told after the step that everything was dropped. */
  readonly onDropped: (because: DropReason) => void;
}

function hasMoved(before: NodeLease, now: JoinedLease): boolean {
  return before.phase !== "in" || before.incarnation !== now.incarnation || before.applied !== now.applied;
}

/** Reasons that are no incident. */
const ORDINARY: ReadonlySet<DropReason> = new Set<DropReason>(["joined", "stopped"]);

export function createMember(options: MemberOptions): Member {
  const { clock, logger } = options;
  const recent = createRecentInvalidations(INVALIDATIONS_KEPT);
  let lease = newNodeLease(options.termMs);
  let beginnings = 0;
  const now = (): Moment => ({ mono: clock.mono(), wall: clock.wall() });
  return {
    lease: () => lease,
    joined: () => (lease.phase === "in" ? lease : null),
    confirmed: () => {
      if (lease.phase !== "in") return null;
      const { applied, epoch } = lease;
      return options.lent?.confirmed(applied, epoch) ?? { ackedSeq: applied, vouchedSeq: applied, verifiers: 0 };
    },
    now,
    lapses: () => Math.max(0, beginnings - 1),
    step: (event) => {
      const at = now();
      const held = leaseValid(lease, at);
      const [next, effects] = stepNodeLease(lease, event);
      const left: NodeLeaseEffect[] = [];
      const reasons: DropReason[] = [];
      for (const effect of effects) {
        if (effect.kind !== "drop-everything") {
          left.push(effect);
          continue;
        }
        // Forgotten before the new state shows: what is applied must never be ahead of what verification sees.
        recent.reset(effect.floor);
        options.onDropEverything();
        reasons.push(effect.because);
        if (!ORDINARY.has(effect.because)) logger.warn({ because: effect.because }, "all cached records were dropped");
      }
      const before = lease;
      lease = next;
      if (next.phase === "in" && hasMoved(before, next)) options.lent?.onApplied(next.applied, next.epoch);
      if (!held && leaseValid(lease, at)) beginnings += 1;
      reasons.forEach(options.onDropped);
      return left;
    },
    invalidate: (subjects, seq) => {
      recent.note(seq, subjects);
      try {
        options.onInvalidate(subjects, seq);
      } catch (error) {
        logger.error({ error, seq }, "an invalidation failed, all cached records are dropped");
        options.onDropEverything();
      }
    },
    recent,
  };
}
