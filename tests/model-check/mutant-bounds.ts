import type { BoundsChanges } from "@claviger/testkit";
import { TWO_NODES } from "./scenes.ts";

const RECONNECTING: BoundsChanges = { lines: 2, faults: { breaks: 1 } };
const NODE_KILLED: BoundsChanges = { faults: { nodeKills: 1 } };
const GIVEN_BACK: BoundsChanges = { ...TWO_NODES, acts: ["take", "give", "take"] };
const OTHER_STEP_BY_STEP: BoundsChanges = { ...TWO_NODES, stepwise: { renewals: [1], reads: [1] } };
const READING_SLOWLY: BoundsChanges = { ...TWO_NODES, stepwise: { reads: [0] } };

/** Mistakes by name, and the bounds within which each is shown by few states. */
export const SHOWN: Readonly<Record<string, BoundsChanges>> = {
  "return at commit": {},
  "ack before apply, by a node": TWO_NODES,
  "ack before apply, by a verifier": RECONNECTING,
  "lease counted from receipt, by a node": OTHER_STEP_BY_STEP,
  "lease counted from receipt, by a verifier": RECONNECTING,
  "verifier's term not bounded by the node's": { nodes: [1.1, 0.9], prompt: true },
  "session dropped on disconnect": RECONNECTING,
  "node row reused after restart": NODE_KILLED,
  "head read before the token is committed": OTHER_STEP_BY_STEP,
  "term used before catch-up, by a node": TWO_NODES,
  "term used before catch-up, by a verifier": { acts: ["other", "take"] },
  "frozen clock": RECONNECTING,
  "fill without a version": RECONNECTING,
  "snapshot regression on reconnect": RECONNECTING,
  "joining a look-up in flight": RECONNECTING,
  "as_of stamped at receipt": RECONNECTING,
  "blind reaping of dead rows": GIVEN_BACK,
  "answering without the node's lease": TWO_NODES,
  "log gap ignored": { ...TWO_NODES, acts: ["take", "other"], logKept: 1 },
  "delta from a node that started later": NODE_KILLED,
  "ring overflow": { acts: ["take", "other"], ringKept: 1 },
  "INVALIDATE withheld from unleased sessions": RECONNECTING,
  "stored effective": { ...TWO_NODES, faults: { nodeKills: 1 } },
  "renewal of zero rows taken as success": GIVEN_BACK,
};

/** The same for those that take a hundred thousand states and more. */
export const SHOWN_LATE: Readonly<Record<string, BoundsChanges>> = {
  "observer one tick short": READING_SLOWLY,
  "list of nodes read before commit": READING_SLOWLY,
  "observation only before commit": READING_SLOWLY,
};

/** What the model has no part of, so that the mistake cannot be made in it. The simulator shows these. */
export const NOT_SHOWN: Readonly<Record<string, string>> = {
  "row from a replica": "there is one database, without a standby",
  "mixed terms in a rolling restart": "all terms are the same",
  "budget kept after a plan change": "there are no limits",
};
