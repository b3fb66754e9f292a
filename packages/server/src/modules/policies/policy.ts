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
