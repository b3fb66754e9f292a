import type { Random } from "../../server/src/kernel/random.ts";
import { systemRandom } from "../../server/src/kernel/random.ts";

export interface SeededRandom extends Random {
  readonly seed: number;
  /** A whole number from 0 to `below` - 1. */
  int(below: number): number;
  pick<T>(items: readonly T[]): T;
}

/** What a test's context offers for notes that are printed with its result. */
interface Annotating {
  annotate(message: string): unknown;
}

/**
 * Randomness that can be repeated. The seed is `seed`, or that of the variable CLAVIGER_TEST_SEED, or a fresh one; it is
 * annotated to the test, so that a failure names it.
 */
export function seededRandom(context: Annotating, seed: number = freshSeed()): SeededRandom {
  void context.annotate(`CLAVIGER_TEST_SEED=${seed}`);
  let state = seed >>> 0;
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => next() & 0xff);
  const int = (below: number): number => Math.floor((next() / 2 ** 32) * below);
  return {
    seed,
    bytes,
    int,
    uuid: () => {
      const hex = Buffer.from(bytes(16)).toString("hex");
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
    pick: (items) => {
      const item = items[int(items.length)];
      if (item === undefined) throw new TypeError("nothing to pick from");
      return item;
    },
  };
}

function freshSeed(): number {
  const given = process.env.CLAVIGER_TEST_SEED;
  if (given !== undefined && given !== "") return Number(given) >>> 0;
  return Buffer.from(systemRandom.bytes(4)).readUInt32LE();
}
