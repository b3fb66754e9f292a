/**
 * Coherence: who must learn of a change, and by when.
 *
 * Nouns: a node is one server process, under a fresh incarnation at each start and after each loss of its row. Its row
 * carries a token that each renewal changes, and the number up to which it has applied the change log. A barrier is the
 * wait of one act until no process anywhere acts on what was before it.
 * States: see `node-lease.ts` of core. A node without a valid lease gives no verdict.
 * Invariants: acknowledged means applied and visible to verification, here and in every verifier that holds a lease from
 * this node; a row goes only when nothing lent under it can be in use any more; a lease ends for its holder before any other node
 * takes it for ended; a barrier never returns as confirmed what it cannot vouch for.
 * Events in: NOTIFY `claviger_change`. Events out: NOTIFY `claviger_ack`, when a node has acknowledged or has gone.
 */
export { nodeRoutes } from "./coherence.api.ts";
export { createCoherence } from "./coherence.ts";
export type { Coherence, CoherenceOptions, CoherenceState, Confirmed, LentLeases } from "./types.ts";
