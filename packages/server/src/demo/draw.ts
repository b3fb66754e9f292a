/** Draws that are the same for the same seed. For demo data alone: nothing that must not be guessed comes from here. */
export interface Draw {
  /** From 0 up to but not 1. */
  unit(): number;
  /** A number from `low` up to but not `high`. */
  between(low: number, high: number): number;
  /** A whole number, both ends included. */
  whole(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** By weights, which need not add up to anything. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T;
  bytes(count: number): Uint8Array;
  /** Another sequence, which the draws from this one do not change. */
  fork(name: string): Draw;
}

export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const unit = (): number => next() / 2 ** 32;
  const between = (low: number, high: number): number => low + unit() * (high - low);
  const whole = (low: number, high: number): number => Math.floor(between(low, high + 1));
  return {
    unit,
    between,
    whole,
    chance: (probability) => unit() < probability,
    pick: (items) => taken(items[whole(0, items.length - 1)]),
    weighted: (items) => {
      let left = unit() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return taken(items.at(-1))[0];
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
    fork: (name) => createDraw([...name].reduce((mixed, letter) => Math.imul(mixed, 31) + letter.charCodeAt(0), seed)),
  };
}

function taken<T>(item: T | undefined): T {
  if (item === undefined) throw new TypeError("nothing to pick from");
  return item;
}
