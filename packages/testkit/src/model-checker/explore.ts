/**
 * Goes through every state that a system can reach, breadth first, so that the first thing found to be wrong is reached
 * by as few moves as any. A state is remembered by a fingerprint of 64 bits alone; how it was reached, as one number for
 * each move.
 */
import { FingerprintSet } from "./fingerprint.ts";

/**
 * `given`: somebody does what it does when nothing fails; `others`: the same, by somebody that may stand still for ever;
 * `fault`: something fails.
 */
export type MoveKind = "given" | "others" | "fault";

export interface Move<S> {
  /** What happens, in words. */
  readonly words: string;
  readonly kind: MoveKind;
  readonly next: S;
}

export interface System<S> {
  readonly first: S;
  /** All that can happen next, always in the same order. */
  readonly moves: (state: S) => readonly Move<S>[];
  /** Two numbers of 32 bits. Equal for states that can not be told apart by anything that happens from there on. */
  readonly fingerprint: (state: S) => readonly [number, number];
  /** What must never be so, in words; null: all is well. */
  readonly wrong: (state: S) => string | null;
  /** What must be reachable from every state by moves that are `given`. */
  readonly isGoal: (state: S) => boolean;
  /** Nothing that may happen from here on can be wrong, nor lead away from the goal. */
  readonly isOver: (state: S) => boolean;
  /** Told of each move to a state that was not known before. */
  readonly found: (before: S, move: Move<S>) => void;
}

export interface Trace {
  readonly what: string;
  /** The moves from the first state on, in words. */
  readonly steps: readonly string[];
}

export interface Explored {
  readonly states: number;
  readonly moves: number;
  /** Moves from the first state to the one that is farthest from it. */
  readonly depth: number;
  /** Something wrong, by the shortest way; null: nothing is. */
  readonly violation: Trace | null;
  /** A state from which the goal can not be reached by what is given, by the shortest way; null: there is none. */
  readonly deadEnd: Trace | null;
}

/** Explores all of it, or up to the first thing that is wrong. Throws RangeError beyond `mostStates`. */
export function explore<S>(system: System<S>, mostStates: number): Explored {
  return new Exploration(system, mostStates).run();
}

class Exploration<S> {
  readonly #system: System<S>;
  readonly #known: FingerprintSet;
  readonly #parents: Int32Array;
  /** Which of the moves of its parent led to it. */
  readonly #by: Uint16Array;
  readonly #goal: Uint8Array;
  readonly #edges = new Edges();
  #moves = 0;

  constructor(system: System<S>, mostStates: number) {
    this.#system = system;
    this.#known = new FingerprintSet(mostStates);
    this.#parents = new Int32Array(mostStates);
    this.#by = new Uint16Array(mostStates);
    this.#goal = new Uint8Array(mostStates);
  }

  run(): Explored {
    const { first, fingerprint, isGoal } = this.#system;
    this.#known.add(...fingerprint(first));
    this.#parents[0] = -1;
    this.#goal[0] = isGoal(first) ? 1 : 0;
    let layer: (S | null)[] = [first];
    let id = 0;
    for (let depth = 0; ; depth += 1) {
      const next: S[] = [];
      for (let index = 0; index < layer.length; index += 1) {
        const what = this.#expand(layer[index] as S, id, next);
        if (what !== null) return this.#explored(depth + 1, what, null);
        // It is needed no more, and there are many.
        layer[index] = null;
        id += 1;
      }
      if (next.length === 0) return this.#explored(depth, null, this.#deadEnd());
      layer = next;
    }
  }

  /** Adds what can follow; returns what is wrong. */
  #expand(state: S, id: number, next: S[]): Trace | null {
    const { moves, fingerprint, wrong, isGoal, isOver, found } = this.#system;
    if (isOver(state)) {
      this.#goal[id] = 1;
      return null;
    }
    const possible = moves(state);
    for (let by = 0; by < possible.length; by += 1) {
      const move = possible[by] as Move<S>;
      this.#moves += 1;
      const known = this.#known.add(...fingerprint(move.next));
      const to = known < 0 ? this.#known.size - 1 : known;
      if (move.kind === "given" && to !== id) this.#edges.add(id, to);
      if (known >= 0) continue;
      this.#parents[to] = id;
      this.#by[to] = by;
      found(state, move);
      const what = wrong(move.next);
      if (what !== null) return { what, steps: this.#stepsTo(to) };
      this.#goal[to] = isGoal(move.next) ? 1 : 0;
      next.push(move.next);
    }
    return null;
  }

  #deadEnd(): Trace | null {
    const reaching = this.#edges.reaching(this.#goal, this.#known.size);
    const id = reaching.indexOf(0);
    if (id === -1 || id >= this.#known.size) return null;
    return {
      what: "from here on the goal can not be reached, though nothing fails any more",
      steps: this.#stepsTo(id),
    };
  }

  /** States are not kept, so the way is gone once more. */
  #stepsTo(id: number): string[] {
    const by: number[] = [];
    for (let at = id; at > 0; at = this.#parents[at] ?? -1) by.push(this.#by[at] ?? 0);
    let state = this.#system.first;
    return by.reverse().map((index) => {
      const move = this.#system.moves(state)[index];
      if (move === undefined) throw new TypeError("the moves of a state are not always the same");
      state = move.next;
      return move.words;
    });
  }

  #explored(depth: number, violation: Trace | null, deadEnd: Trace | null): Explored {
    return { states: this.#known.size, moves: this.#moves, depth, violation, deadEnd };
  }
}

/** Moves from state to state. */
class Edges {
  #from = new Int32Array(1 << 16);
  #to = new Int32Array(1 << 16);
  #count = 0;

  add(from: number, to: number): void {
    if (this.#count === this.#from.length) {
      this.#from = grown(this.#from);
      this.#to = grown(this.#to);
    }
    this.#from[this.#count] = from;
    this.#to[this.#count] = to;
    this.#count += 1;
  }

  /** Those of `states` from which one that is marked in `goal` can be reached, itself included. */
  reaching(goal: Uint8Array, states: number): Uint8Array {
    const reaching = goal.slice(0, states);
    // Most moves go from lower numbers to higher ones, so few rounds from the end to the beginning are enough.
    for (let changed = true; changed; ) {
      changed = false;
      for (let edge = this.#count - 1; edge >= 0; edge -= 1) {
        const from = this.#from[edge] as number;
        if (reaching[from] === 1 || reaching[this.#to[edge] as number] === 0) continue;
        reaching[from] = 1;
        changed = true;
      }
    }
    return reaching;
  }
}

function grown(list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(list.length * 2);
  longer.set(list);
  return longer;
}
