import type { Rules } from "../simulator/rules.ts";
import { RULES } from "../simulator/rules.ts";
import { type Explored, explore } from "./explore.ts";
import type { Bounds, Model, ModelNode } from "./model.ts";
import { movesOf } from "./moves.ts";
import { type Checked, firstModel, nodeName, nodeNow, verifierName } from "./parts.ts";
import { StatePrint } from "./state-print.ts";
import { acceptsAtNode, acceptsAtVerifier, recordIsActive } from "./verifications.ts";

/** What was seen on the way. Where one of them is 0, nothing was tried. */
export interface ModelCounts {
  /** States in which a verifier accepts. */
  accepting: number;
  /** States in which one accepts what is taken away already, and not confirmed yet: what the barrier is for. */
  acceptingInWindow: number;
  /** The same of nodes. */
  nodesAcceptingInWindow: number;
  /** Confirmations, and those among them that were told of verifiers which acknowledged. */
  confirmed: number;
  confirmedByVerifiers: number;
  /** Confirmations while a verifier still holds what it was not told of, so that its lease had to end. */
  confirmedAfterLapse: number;
  /** Confirmations while a verifier has a lease from after the change, and has not acknowledged it. */
  confirmedUnderNewLease: number;
  /** Confirmations without the word of a node. */
  confirmedAfterNodeLapse: number;
}

export interface ModelReport extends Explored {
  readonly counts: ModelCounts;
}

/** Goes through all that can happen within these bounds. */
export function checkModel(bounds: Bounds, rules: Rules = RULES, mostStates = 4_000_000): ModelReport {
  const checked: Checked = { bounds, rules };
  const first = firstModel(checked);
  const print = new StatePrint(checked, first);
  const counts: ModelCounts = {
    ...{ accepting: 0, acceptingInWindow: 0, nodesAcceptingInWindow: 0, confirmed: 0 },
    ...{ confirmedByVerifiers: 0, confirmedAfterLapse: 0, confirmedUnderNewLease: 0, confirmedAfterNodeLapse: 0 },
  };
  const explored = explore<Model>(
    {
      first,
      moves: (model) => movesOf(checked, model),
      fingerprint: (model) => print.of(model),
      wrong: (model) => wrongIn(checked, model),
      isGoal: ({ act }) => act.index === bounds.acts.length,
      isOver: (model) => isOver(checked, model),
      found: (before, { next }) => count(checked, counts, before, next),
    },
    mostStates,
  );
  return { ...explored, counts };
}

/** Whatever is presented now, everywhere: nothing is accepted that was confirmed to be taken away. */
export function wrongIn(checked: Checked, model: Model): string | null {
  if (model.wrong !== null || !model.act.confirmed) return model.wrong;
  for (const { place } of model.verifiers) {
    if (acceptsAtVerifier(checked, model, place))
      return `${verifierName(place)} accepts what was confirmed to be taken away`;
  }
  for (const { place } of model.nodes) {
    if (acceptsAtNode(checked, model, place)) return `${nodeName(place)} accepts what was confirmed to be taken away`;
  }
  return null;
}

/** Nothing is left that says that the key is good, and nothing will be. */
export function isOver({ bounds }: Checked, { act, database, nodes, verifiers, lines }: Model): boolean {
  if (database.active || bounds.acts.slice(act.index).includes("give")) return false;
  if (bounds.progress && act.index < bounds.acts.length) return false;
  if (nodes.some(({ held, reading }) => held || reading?.active === true)) return false;
  if (verifiers.some(({ held }) => held)) return false;
  return lines.every(({ toVerifier }) =>
    toVerifier.every(
      (message) => message.kind !== "record" || message.outcome !== "entry" || !recordIsActive(message.entry),
    ),
  );
}

function count(checked: Checked, counts: ModelCounts, before: Model, next: Model): void {
  const accepting = next.verifiers.some(({ place }) => acceptsAtVerifier(checked, next, place));
  if (accepting) counts.accepting += 1;
  if (!next.database.active && !next.act.confirmed) {
    if (accepting) counts.acceptingInWindow += 1;
    if (next.nodes.some(({ place }) => acceptsAtNode(checked, next, place))) counts.nodesAcceptingInWindow += 1;
  }
  if (before.act.confirmed || !next.act.confirmed) return;
  const { told, seq } = next.act;
  counts.confirmed += 1;
  if ((told?.verifiers ?? 0) > 0) counts.confirmedByVerifiers += 1;
  if ((told?.lapsed ?? 0) > 0) counts.confirmedAfterNodeLapse += 1;
  if (next.verifiers.some(({ held, state }) => held && state.applied < seq)) counts.confirmedAfterLapse += 1;
  if (next.nodes.some((node) => lendsToUnacknowledged(checked, next, node, seq))) counts.confirmedUnderNewLease += 1;
}

/** Such a lease is one for who has applied the change, so that nobody waits for it. */
function lendsToUnacknowledged(checked: Checked, model: Model, node: ModelNode, seq: number): boolean {
  const now = nodeNow(checked, model, node.place).mono;
  return node.sessions.some(
    ({ acked, grants }) => acked < seq && grants.some((grant) => grant.seq >= seq && grant.deadline > now),
  );
}
