import type { KeyFacts } from "../key-table/told-verdict.ts";
import type { LimitState } from "../limits/limit-state.ts";
import type { AppliedLimit } from "../limits/resolve-limits.ts";
import type { Catalogue } from "../scopes/catalogue.ts";
import { expandedScopes } from "../scopes/grant.ts";
import type { Tier } from "../scopes/tier.ts";
import type { NotedUse } from "../usage/noted-use.ts";
import type { LimitStanding, RefusedKey, ShownVerdict, VerifiedKey } from "../verdict/shown-verdict.ts";
import { timeText } from "../verdict/time-text.ts";
import type { ValidVerdict } from "../verdict/verdict.ts";
import type { Verification } from "./verify-from-memory.ts";

/** How the limits of a key stand after a request. */
export interface ShownStanding {
  readonly limits: readonly AppliedLimit[];
  readonly states: readonly LimitState[];
  /** What refused it, where a limit did. */
  readonly refusal: { readonly retryAfterMs: number | null } | null;
}

const NO_LIMITS: readonly LimitStanding[] = Object.freeze([]);

/**
 * An accepted key. What is seldom read (ids, scopes, times as text) is made when it is read, because the verdict itself
 * takes less time than any of it.
 */
class AcceptedKey implements VerifiedKey {
  readonly valid = true;
  readonly code = "VALID";
  readonly checked: VerifiedKey["checked"];
  readonly version: number;
  declare readonly stale?: true;
  readonly #verdict: ValidVerdict;
  readonly #key: KeyFacts;
  readonly #standing: ShownStanding | null;
  readonly #catalogue: Catalogue | undefined;
  readonly #use: NotedUse | null;

  constructor(
    verdict: ValidVerdict,
    key: KeyFacts,
    standing: ShownStanding | null,
    catalogue: Catalogue | undefined,
    stale: boolean,
    use: NotedUse | null,
  ) {
    this.#use = use;
    this.checked = verdict.checked;
    this.version = verdict.version;
    if (stale) this.stale = true;
    this.#verdict = verdict;
    this.#key = key;
    this.#standing = standing;
    this.#catalogue = catalogue;
  }

  static useOf(verdict: ShownVerdict): NotedUse | null {
    return #use in verdict ? verdict.#use : null;
  }

  get keyId(): string {
    return this.#key.keyId;
  }

  get account(): string {
    return this.#key.account;
  }

  get environment(): string {
    return this.#key.environment;
  }

  get scopes(): readonly string[] {
    return this.#catalogue === undefined ? this.#key.scopes : expandedScopes(this.#key.scopes, this.#catalogue);
  }

  get tier(): Tier | null {
    return this.#key.tier;
  }

  get expiresAt(): string | null {
    return timeOf(this.#verdict.expiresAt);
  }

  get retiresAt(): string | undefined {
    return timeOf(this.#key.retiresAt) ?? undefined;
  }

  get limits(): readonly LimitStanding[] {
    return this.#standing === null ? NO_LIMITS : standings(this.#standing);
  }

  get metadata(): Readonly<Record<string, unknown>> {
    return this.#key.metadata;
  }

  get route(): string | undefined {
    return this.#verdict.route ?? undefined;
  }

  /** As an answer of the API would have it. */
  toJSON(): VerifiedKey {
    const { valid, code, checked, keyId, version, account, environment, scopes, tier, expiresAt, limits, metadata } =
      this;
    const { retiresAt, route, stale } = this;
    return {
      ...{ valid, code, checked, keyId, version, account, environment, scopes, tier, expiresAt },
      ...(retiresAt === undefined ? {} : { retiresAt }),
      ...{ limits, metadata },
      ...(route === undefined ? {} : { route }),
      ...(stale === undefined ? {} : { stale }),
    };
  }
}

/** A refusal of a key that is known. */
class RefusedUse implements RefusedKey {
  readonly valid = false;
  readonly code: RefusedKey["code"];
  declare readonly keyId?: string;
  declare readonly account?: string;
  declare readonly environment?: string;
  readonly #use: NotedUse | null;

  constructor(code: RefusedKey["code"], rest: Partial<RefusedKey>, use: NotedUse | null) {
    this.code = code;
    this.#use = use;
    Object.assign(this, rest);
    Object.freeze(this);
  }

  static useOf(verdict: ShownVerdict): NotedUse | null {
    return #use in verdict ? verdict.#use : null;
  }
}

/** The verdict as an application in the same process is told it: as the contract shows it. `use`: what it was noted as. */
export function showVerdict(
  { verdict, key, standing }: Verification<ShownStanding>,
  catalogue: Catalogue | undefined,
  stale: boolean,
  use: NotedUse | null,
): ShownVerdict {
  if (verdict.valid && key !== null) return new AcceptedKey(verdict, key, standing, catalogue, stale, use);
  if (verdict.valid || key === null) return refusedAlone(verdict.valid ? "UNAVAILABLE" : verdict.code);
  const { code, missing, route } = verdict;
  const retryAfterMs = standing?.refusal?.retryAfterMs;
  const rest = {
    ...{ keyId: key.keyId, account: key.account, environment: key.environment },
    ...(missing === undefined ? {} : { missing }),
    ...(route === undefined ? {} : { route }),
    ...(standing === null ? {} : { limits: standings(standing) }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs: retryAfterMs === null ? null : Math.ceil(retryAfterMs) }),
  };
  return new RefusedUse(code, rest, use);
}

/** What a verdict was noted as; null where it was not, or comes from somewhere else. */
export function useOfVerdict(verdict: ShownVerdict): NotedUse | null {
  return verdict.valid ? AcceptedKey.useOf(verdict) : RefusedUse.useOf(verdict);
}

const ALONE = new Map<RefusedKey["code"], RefusedKey>();

/** A refusal of no key that is known: one frozen object for each code. */
export function refusedAlone(code: RefusedKey["code"]): RefusedKey {
  let refused = ALONE.get(code);
  if (refused === undefined) {
    refused = Object.freeze({ valid: false, code });
    ALONE.set(code, refused);
  }
  return refused;
}

function standings({ limits, states }: ShownStanding): LimitStanding[] {
  return states.map((state: LimitState, index) => ({
    ...{ name: state.name, per: limits[index]?.per ?? "second", limit: state.limit, remaining: state.remaining },
    resetAt: timeOf(state.resetAt),
  }));
}

function timeOf(time: number | null): string | null {
  return time === null ? null : timeText(time);
}
