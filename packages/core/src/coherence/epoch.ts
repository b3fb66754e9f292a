/**
 * Which database this is: a stored random id, which a restore renews, and the timeline of its log, which a failover
 * raises. What one epoch numbered or acknowledged means nothing in another.
 */
import { waitingSpan } from "./moment.ts";

/** What is known of the present epoch. Times are of this node's monotonic clock, in ms. */
export interface EpochSighting {
  readonly epoch: string;
  /** Until when somebody whose row was lost with the former epoch may hold a lease; null when nobody can. */
  readonly settlesAt: number | null;
  /** Until when a verifier of somebody whose row was lost may go on without a lease; null when none can. */
  readonly vouchesAt: number | null;
}

/** Timeline 1: this server never took over from another, so no row was lost on the way. */
const FIRST_TIMELINE = "00000001";

/** `<id>:<timeline>`; the timeline is the first eight hexadecimal digits of the name of a log file. */
export function epochName(clusterId: string, timeline: string): string {
  return `${clusterId}:${timeline}`;
}

/**
 * Takes in the epoch read at `now`. Rows of nodes that live may have been lost when a new epoch began, so barriers wait
 * for the longest term known from the moment at which this node first saw it. A node that starts cannot know how old the
 * epoch is; only on the first timeline it need not wait, as nothing was taken over there. `longestStaleMs` is the longest
 * time known for which verifiers may go on without a lease.
 */
export function seeEpoch(
  before: EpochSighting | null,
  epoch: string,
  now: number,
  longestTermMs: number,
  longestStaleMs = 0,
): EpochSighting {
  if (before !== null && before.epoch === epoch) return before;
  if (before === null && epoch.endsWith(`:${FIRST_TIMELINE}`)) return { epoch, settlesAt: null, vouchesAt: null };
  return unsettledEpoch(epoch, now, longestTermMs, longestStaleMs);
}

/** An epoch that has just begun at `now`, or begun anew under the same name: a head fell. */
export function unsettledEpoch(epoch: string, now: number, longestTermMs: number, longestStaleMs = 0): EpochSighting {
  const settlesAt = now + waitingSpan(longestTermMs);
  return { epoch, settlesAt, vouchesAt: longestStaleMs === 0 ? null : settlesAt + waitingSpan(longestStaleMs) };
}
