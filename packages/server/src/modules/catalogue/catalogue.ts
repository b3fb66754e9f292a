import type { Limit, Tier } from "@claviger/core";

/** What a key may be allowed to do, as the platform defines it, with the endpoints that it opens. */
export interface Scope {
  readonly name: string;
  readonly description: string;
  readonly tier: Tier;
  readonly sensitive: boolean;
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Where keys are valid. Its tag is part of every key made for it, so it never changes. `scopes: null` allows all. */
export interface Environment {
  readonly name: string;
  readonly tag: string;
  readonly class: "production" | "staging" | "development";
  readonly scopes: readonly string[] | null;
  readonly limits: readonly Limit[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What an account has bought: limits, keys at most, and what its keys may be granted. `scopes: null` allows all. */
export interface Plan {
  readonly name: string;
  readonly limits: readonly Limit[];
  readonly maxActiveKeys: number | null;
  readonly scopes: readonly string[] | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The subject of every record, since every decision may depend on the catalogue. */
export const CATALOGUE_SUBJECT = "catalogue";
export const environmentSubject = (name: string): string => `environment:${name}`;
export const planSubject = (name: string): string => `plan:${name}`;

/** Tags that mean something else: `mgmt` marks management keys. */
export const RESERVED_TAGS: ReadonlySet<string> = new Set(["mgmt"]);
