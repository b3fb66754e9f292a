import type { PolicyBody } from "@claviger/core";

/** What keys may and must be. `default` holds for all customers' keys, `management` for the platform's own; both are there from the start. */
export interface Policy {
  readonly name: string;
  readonly description: string | null;
  readonly body: PolicyBody;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Of an account: the policy that it refers to, and what is set for it alone. `updatedAt: null` where nothing was ever said. */
export interface AccountPolicy {
  readonly account: string;
  readonly policy: string | null;
  readonly overrides: PolicyBody;
  readonly updatedAt: Date | null;
}

export interface EnvironmentPolicy {
  readonly environment: string;
  readonly policy: string | null;
  readonly updatedAt: Date | null;
}

export const DEFAULT_POLICY = "default";
export const MANAGEMENT_POLICY = "management";

/** A change of what stands above keys, before or while it is made. */
export type PolicyChange =
  | { readonly kind: "policy"; readonly name: string; readonly body: PolicyBody }
  | {
      readonly kind: "account";
      readonly account: string;
      readonly policy: string | null;
      readonly overrides: PolicyBody;
    }
  | { readonly kind: "environment"; readonly environment: string; readonly policy: string | null };

/** Carries a policy that became stricter to the keys there are. */
export interface Enforcement {
  readonly id: string;
  readonly subject: string;
  /** No key ends sooner by it. */
  readonly graceUntil: Date;
  readonly looked: number;
  readonly shortened: number;
  /** A newer one of the same subject took its place, with its grace; where it was not finished, it ended then. */
  readonly superseded: boolean;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

export function subjectOfChange(change: PolicyChange): string {
  if (change.kind === "policy") return `policy:${change.name}`;
  return change.kind === "account" ? `account:${change.account}` : `environment:${change.environment}`;
}
