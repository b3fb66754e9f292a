import {
  compileCatalogue,
  createKeyTable,
  type KeyTable,
  type Moment,
  type VerifierEntry,
  type VerifyPorts,
  verifyFromMemory,
} from "@claviger/core";
import { entryOf } from "../simulator/entry.ts";
import { KEY, type Model, type ModelNode, type ModelVerifier, SUBJECT } from "./model.ts";
import { type Checked, makes, nodeNow, verifierNow } from "./parts.ts";

const SECRET = `clv_live_${"a".repeat(36)}`;
const HASH = "0123456789abcdef";
const REQUEST = { environment: "live" };
const CATALOGUE = compileCatalogue({ scopes: [] });
const NOTHING = {};

/** The key as a node tells it. */
export function entryFor(active: boolean): VerifierEntry {
  return entryOf({ key: KEY, plan: "p", active, amount: 1, expiresAt: null, subjects: [SUBJECT] });
}

export function recordIsActive({ record }: VerifierEntry): boolean {
  return record.state === "active";
}

function tableOf(entry: VerifierEntry | null): KeyTable<object> {
  const table = createKeyTable<object>({ capacity: 1, seed: 1 });
  if (entry !== null) {
    const versions = [{ version: entry.version, state: "active", expiresAt: null }] as const;
    table.put(HASH, {
      record: { ...entry.record, versions },
      version: entry.version,
      accountNote: null,
      shared: NOTHING,
    });
  }
  return table;
}

/** Memory is either of these; what a verification counts in them is not looked at. */
const HOLDING = tableOf(entryFor(true));
const EMPTY = tableOf(null);

/** Whether a verification that begins now is accepted from memory. */
function accepts(held: boolean, now: Moment, decisionTime: (now: Moment) => number | null): boolean {
  const ports: VerifyPorts<object, null> = {
    table: held ? HOLDING : EMPTY,
    hashOf: () => HASH,
    now: () => now,
    decisionTime,
    catalogue: () => CATALOGUE,
    assess: () => "genuine",
    isCallers: () => true,
    spend: () => null,
  };
  const answer = verifyFromMemory(ports, SECRET, REQUEST);
  return answer.verdict?.valid === true;
}

export function acceptsAtVerifier(checked: Checked, model: Model, place: number): boolean {
  const { state, held, remembered } = model.verifiers[place] as ModelVerifier;
  if (!held) return false;
  const { rules } = checked;
  const now = makes(checked, "remembered-clock") ? remembered : verifierNow(checked, model, place);
  return accepts(held, now, (at) => (rules.standingOf(state, at) === "none" ? null : rules.decisionTime(state, at)));
}

export function acceptsAtNode(checked: Checked, model: Model, place: number): boolean {
  const { lease, held } = model.nodes[place] as ModelNode;
  if (!held) return false;
  const now = nodeNow(checked, model, place);
  return accepts(held, now, (at) => (checked.rules.leaseValid(lease, at) ? at.wall : null));
}

/** Whether a verification that begins now may wait for the look-up that is under way. */
export function mayJoin(checked: Checked, model: Model, place: number): boolean {
  const { state, asked } = model.verifiers[place] as ModelVerifier;
  return asked !== null && checked.rules.mayJoinLookup(state, asked.generation, verifierNow(checked, model, place));
}
