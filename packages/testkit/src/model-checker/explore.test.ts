import { expect, test } from "vitest";
import { explore, type Move, type MoveKind, type System } from "./explore.ts";

/** Numbers from 0 on, with the moves that `edges` names: from, to, kind. */
function graph(
  edges: readonly (readonly [number, number, MoveKind?])[],
  { bad = -1, goal = 99 } = {},
): System<number> & { readonly seen: number[] } {
  const seen: number[] = [];
  const moves = (state: number): Move<number>[] =>
    edges.filter(([from]) => from === state).map(([, to, kind = "given"]) => ({ words: `to ${to}`, kind, next: to }));
  return {
    ...{ first: 0, moves, seen, fingerprint: (state) => [state, 7] },
    ...{ wrong: (state) => (state === bad ? "bad" : null), isGoal: (state) => state === goal, isOver: () => false },
    found: (_, { next }) => seen.push(next),
  };
}

test("every state is reached once, and what is wrong by the shortest way", () => {
  const edges = [
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 4],
    [4, 3],
    [3, 0],
    [3, 99],
    [1, 99],
  ] as const;
  const system = graph(edges);
  expect(explore(system, 100)).toEqual({ states: 6, moves: 8, depth: 2, violation: null, deadEnd: null });
  expect(system.seen.sort()).toEqual([1, 2, 3, 4, 99]);
  expect(explore(graph(edges, { bad: 3 }), 100).violation).toEqual({ what: "bad", steps: ["to 4", "to 3"] });
});

test("a state from which the goal is not reached, unless something fails or somebody else moves, is a dead end", () => {
  const ways = (kind: MoveKind) =>
    explore(
      graph([
        [0, 1],
        [1, 2],
        [2, 99, kind],
        [0, 99],
      ]),
      100,
    ).deadEnd;
  expect(ways("given")).toBeNull();
  expect(ways("fault")?.steps).toEqual(["to 1"]);
  expect(ways("others")?.steps).toEqual(["to 1"]);
});

test("more states than there is room for are an error, not the end", () => {
  expect(() =>
    explore(
      graph([
        [0, 1],
        [1, 2],
        [2, 3],
      ]),
      3,
    ),
  ).toThrow(RangeError);
});
