import { VERSION_SHIFT } from "./record-layout.ts";
import { type KeyFacts, partsOf, type ToldParts } from "./told-verdict.ts";

interface Remembered<Made> {
  readonly parts: ToldParts;
  readonly beside: object | undefined;
  readonly made: Made;
}

/** Keys that are remembered: a power of two. */
const PLACES = 1 << 15;

/**
 * Makes something of who a key is, and gives the same again for a key that is told by the same parts, `beside` being the same object. `make`
 * may read what `KeyFacts` tells, and of an accepted verdict version and expiry; nothing of the request. Each key has two places, which its id
 * gives it, so that no more than `PLACES` are remembered. Nothing is decided by it: it is asked about a verdict that was just given.
 */
export function createToldMemo<Key extends KeyFacts, Beside extends object, Made>(
  make: (key: Key, beside: Beside | undefined) => Made,
): (key: Key, beside: Beside | undefined) => Made {
  const remembered = new Array<Remembered<Made> | undefined>(PLACES).fill(undefined);
  return (key, beside) => {
    const parts = partsOf(key);
    // What words could not hold is rare.
    if (parts === null || (parts.side !== undefined && parts.side.record !== null)) return make(key, beside);
    const place = (parts.key3 ^ (parts.flags >>> VERSION_SHIFT)) & (PLACES - 1);
    const known = remembered[place];
    if (known !== undefined && known.beside === beside && areSame(known.parts, parts)) return known.made;
    const other = remembered[place ^ 1];
    if (other !== undefined && other.beside === beside && areSame(other.parts, parts)) return other.made;
    const made = make(key, beside);
    // The one that was there last goes on.
    remembered[place ^ 1] = known;
    remembered[place] = { parts, beside, made };
    return made;
  };
}

function areSame(a: ToldParts, b: ToldParts): boolean {
  return (
    a.key3 === b.key3 &&
    a.flags === b.flags &&
    a.expiryLow === b.expiryLow &&
    a.expiryHigh === b.expiryHigh &&
    a.profile === b.profile &&
    a.side === b.side &&
    a.key2 === b.key2 &&
    a.key1 === b.key1 &&
    a.key0 === b.key0 &&
    a.account3 === b.account3 &&
    a.account2 === b.account2 &&
    a.account1 === b.account1 &&
    a.account0 === b.account0 &&
    a.oddAccount === b.oddAccount
  );
}
