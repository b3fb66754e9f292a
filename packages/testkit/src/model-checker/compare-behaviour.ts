/**
 * Whether fingerprints merge only states that behave the same. Of each fingerprint the states by which it is reached are
 * compared with the first: they must allow the same moves, which lead to the same fingerprints, and answer whoever
 * verifies the same. A fingerprint that leaves out something that matters would else hide what comes after it.
 */
import { RULES } from "../simulator/rules.ts";
import { isOver, wrongIn } from "./check-model.ts";
import type { Move } from "./explore.ts";
import type { Bounds, Model } from "./model.ts";
import { movesOf } from "./moves.ts";
import { type Checked, firstModel } from "./parts.ts";
import { StatePrint } from "./state-print.ts";
import { acceptsAtNode, acceptsAtVerifier } from "./verifications.ts";

/** States of one fingerprint from which it is gone on, so that what differs between them has time to show. */
const FOLLOWED = 2;

export interface Comparison {
  /** Fingerprints, and how often a state was compared with another one of the same. */
  readonly states: number;
  readonly compared: number;
  /** Whether all that can be reached was. */
  readonly complete: boolean;
  /** What differs, in words; null: nothing does. */
  readonly difference: string | null;
}

/** Compares breadth first, up to `mostStates` fingerprints. */
export function compareBehaviour(bounds: Bounds, mostStates: number): Comparison {
  const checked: Checked = { bounds, rules: RULES };
  const first = firstModel(checked);
  const print = new StatePrint(checked, first);
  const known = new Map<string, { readonly behaviour: string; followed: number }>();
  let layer: Model[] = [first];
  let compared = 0;
  while (layer.length > 0) {
    const next: Model[] = [];
    for (const model of layer) {
      const moves = movesOf(checked, model);
      const behaviour = behaviourOf(checked, model, moves, print);
      const name = print.of(model).join();
      const same = known.get(name);
      if (same !== undefined) {
        compared += 1;
        if (same.behaviour !== behaviour) {
          const difference = firstDifference(same.behaviour, behaviour);
          return { states: known.size, compared, complete: false, difference };
        }
        same.followed += 1;
        if (same.followed > FOLLOWED) continue;
      } else if (known.size === mostStates) return { states: known.size, compared, complete: false, difference: null };
      else known.set(name, { behaviour, followed: 1 });
      if (!isOver(checked, model)) for (const move of moves) next.push(move.next);
    }
    layer = next;
  }
  return { states: known.size, compared, complete: true, difference: null };
}

/** One line for what is answered in this state, and one for each move. */
function behaviourOf(checked: Checked, model: Model, moves: readonly Move<Model>[], print: StatePrint): string {
  const verifiers = model.verifiers.map(({ place }) => acceptsAtVerifier(checked, model, place));
  const nodes = model.nodes.map(({ place }) => acceptsAtNode(checked, model, place));
  const answers = [verifiers, nodes, wrongIn(checked, model), isOver(checked, model)].join(";");
  return [answers, ...moves.map(({ words, next }) => `${words} ${print.of(next).join()} ${next.wrong}`)].join("\n");
}

function firstDifference(a: string, b: string): string {
  const others = b.split("\n");
  const line = a.split("\n").find((each, index) => each !== others[index]);
  return `the first: ${line ?? "fewer moves"}; another: ${others.find((each) => !a.includes(each)) ?? "fewer moves"}`;
}
