/**
 * Verifiers: whoever verifies in a process that is no node, under a lease from a node. The words of the protocol, what a
 * verifier may do and when, and what a node keeps of each. Nothing here reads a clock or does I/O.
 */
export { CONDITIONS, type Condition, conditionsOf, notUnderstood } from "./conditions.ts";
export { parseNodeMessage } from "./parse-node-message.ts";
export { parseVerifierMessage } from "./parse-verifier-message.ts";
export {
  type CatalogueSource,
  DENY_REASONS,
  type DenyReason,
  type Hello,
  type LookupOutcome,
  type NodeMessage,
  type ParsedMessage,
  PROTOCOL_VERSIONS,
  type RecordAnswer,
  type VerifierEntry,
  type VerifierMessage,
  type VerifierSettings,
  WIRE_LIMITS,
  type WireError,
} from "./wire.ts";
