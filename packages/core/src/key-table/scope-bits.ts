import type { Catalogue, ScopeDefinition } from "../scopes/catalogue.ts";
import type { ScopeQuery } from "../scopes/query.ts";
import { type Grant, isNamed, satisfies, satisfiesName } from "../scopes/satisfies.ts";
import { isTier, type Tier, tierAllowsMethod, tierAtLeast } from "../scopes/tier.ts";
import { frozen } from "./frozen.ts";
import type { Interned } from "./interner.ts";

/** What many keys are granted, with the answers for each scope of one catalogue. */
export interface SharedGrant extends Interned, Grant {
  /** The edition of the catalogue that the two bit lists are about. */
  edition: number;
  /** Bit `n`: scope number `n` is held by its name or a wildcard, so with any method. */
  named: Int32Array;
  /** Bit `n`: it comes with the tier, so with that tier's methods. */
  byTier: Int32Array;
}

const NONE = new Int32Array(0);

export function shareGrant(name: string, tier: Tier | null, scopes: readonly string[]): SharedGrant {
  return { name, references: 0, tier, scopes: frozen(scopes), edition: -1, named: NONE, byTier: NONE };
}

/** A power of two. */
const LATELY = 64;

/** The scopes of a catalogue by number. Each catalogue object that comes up is a new edition. */
export class ScopeNumbers {
  #catalogue: Catalogue | null = null;
  #edition = 0;
  #scopes: readonly ScopeDefinition[] = [];
  readonly #numbers = new Map<string, number>();
  /** Names asked for lately: a name in a program's text is the same object each time, which is told at a glance. */
  readonly #lately = new Array<string>(LATELY).fill("");
  readonly #latelyNumbers = new Int32Array(LATELY);

  /**
   * As `satisfiesName`, by looking at one bit where the name is one of the catalogue. Whatever else is asked, tiers,
   * wildcards and unknown names, goes to `satisfiesName` itself.
   */
  holds(grant: SharedGrant, name: string, catalogue: Catalogue, method: string | undefined): boolean {
    if (catalogue !== this.#catalogue) this.#adopt(catalogue);
    const number = this.#numberOf(name);
    if (number === undefined) return satisfiesName(grant, name, catalogue, method);
    if (grant.edition !== this.#edition) this.#answer(grant);
    const word = number >>> 5;
    // One look instead of two: which of the two it is differs from key to key, and no processor can foresee it.
    const byTier = method === undefined || tierMayUse(grant.tier, method) ? (grant.byTier[word] ?? 0) : 0;
    return ((((grant.named[word] ?? 0) | byTier) >>> (number & 31)) & 1) === 1;
  }

  /** As `satisfies`. */
  satisfies(grant: SharedGrant, query: ScopeQuery, catalogue: Catalogue, method: string | undefined): boolean {
    if (!Array.isArray(query)) return satisfies(grant, query, catalogue, method);
    const names: readonly string[] = query;
    if (names.length === 0) return false;
    for (let i = 0; i < names.length; i++) if (!this.holds(grant, names[i] as string, catalogue, method)) return false;
    return true;
  }

  #numberOf(name: string): number | undefined {
    if (typeof name !== "string" || name.length === 0) return undefined;
    const place = (name.charCodeAt(0) + name.length * 8) & (LATELY - 1);
    if (this.#lately[place] === name) return this.#latelyNumbers[place];
    const number = this.#numbers.get(name);
    if (number === undefined) return undefined;
    this.#lately[place] = name;
    this.#latelyNumbers[place] = number;
    return number;
  }

  #adopt(catalogue: Catalogue): void {
    this.#catalogue = catalogue;
    this.#edition++;
    this.#numbers.clear();
    this.#lately.fill("");
    // A scope with the name of a tier never counts as a scope: `satisfiesName` takes it for the tier.
    this.#scopes = [...catalogue.scopes.values()].filter(({ name }) => !isTier(name));
    for (const [number, { name }] of this.#scopes.entries()) this.#numbers.set(name, number);
  }

  #answer(grant: SharedGrant): void {
    const words = (this.#scopes.length + 31) >>> 5;
    grant.edition = this.#edition;
    grant.named = new Int32Array(words);
    grant.byTier = new Int32Array(words);
    for (const [number, scope] of this.#scopes.entries()) {
      const bit = 1 << (number & 31);
      const word = number >>> 5;
      if (isNamed(grant.scopes, scope)) grant.named[word] = (grant.named[word] ?? 0) | bit;
      if (!scope.sensitive && tierAtLeast(grant.tier, scope.tier)) grant.byTier[word] = (grant.byTier[word] ?? 0) | bit;
    }
  }
}

function tierMayUse(tier: Tier | null, method: string): boolean {
  return tier !== null && tierAllowsMethod(tier, method);
}
