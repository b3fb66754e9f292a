/**
 * Verifiers: processes that decide for themselves, from their own memory, under a lease that this node lends them.
 *
 * Nouns: a connection is one WebSocket; a conversation is what is said on it; a session is one verifier, on whichever
 * connection it comes, with what it was lent and what it has acknowledged. States: of a session see `verifier-session.ts` of
 * core, of a conversation see `conversation.ts`.
 * Invariants: nothing is lent beyond this node's own lease, nor before the node's row says that it lends; a change is
 * acknowledged by this node only when every verifier that may act on what was before has acknowledged it, or has surely
 * lost its lease; a disconnection shortens no lease; no record goes out without the node's own lease; a batch of counts is
 * acknowledged after it was written, and counted once; one verifier that sends garbage, reads nothing or acknowledges
 * nothing harms itself alone.
 * Events in: invalidations and drops, from coherence by way of app.ts. The protocol: docs/reference/verifier-stream.md.
 */
export type { Relay, Spender } from "./conversation.ts";
export {
  STREAM_PATH,
  STREAM_PROTOCOL,
  STREAM_SCOPE,
  type VerifierMetrics,
  type VerifierReadings,
  VerifierStream,
} from "./verifier-stream.ts";
