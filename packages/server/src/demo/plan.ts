import type { RefusalCode } from "@claviger/core";
import type { KeyDescription } from "../modules/keys/index.ts";

/** Milliseconds before (negative) or after the start of the demo. All that happens in it is planned in these. */
export type Offset = number;

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
/** How far the history reaches back. */
export const HISTORY_MS = 730 * DAY_MS;

/** How large the platform is; accounts are always the same forty. */
export interface DemoSize {
  /** At least two for each account. */
  readonly members: number;
  readonly keys: number;
}

export interface PlannedAccount {
  /** The caller's id, as `ext:…`. */
  readonly ref: string;
  readonly slug: string;
  readonly name: string;
  readonly plan: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly at: Offset;
  /** While it is suspended nobody makes keys. `until` is null where it still is. */
  readonly suspended: { readonly at: Offset; readonly until: Offset | null; readonly reason: string } | null;
  readonly maxKeys: number;
}

export interface PlannedMember {
  readonly ref: string;
  readonly account: string;
  readonly name: string;
  readonly email: string;
  readonly role: "owner" | "admin" | "developer" | "viewer";
  readonly at: Offset;
  readonly leftAt: Offset | null;
}

export interface PlannedService {
  readonly ref: string;
  readonly account: string;
  readonly name: string;
  readonly description: string;
  readonly at: Offset;
}

/** How a key is called, and by how much. */
export interface PlannedTraffic {
  readonly perDay: number;
  /** Share of weekday traffic on a weekend day. */
  readonly weekend: number;
  /** Between these two the key is accepted. */
  readonly from: Offset;
  readonly to: Offset;
  /** Share of calls that are refused meanwhile, and why. */
  readonly refused: { readonly share: number; readonly code: RefusalCode };
  /** Calls that go on after the key has ended, until when and why they are refused. */
  readonly after: { readonly perDay: number; readonly to: Offset; readonly code: RefusalCode } | null;
}

/** An endpoint as it is called. */
export interface CalledRoute {
  readonly method: string;
  readonly template: string;
}

/** What is seen of those who call with a key, beside how often they do. */
export interface PlannedCallers {
  readonly routes: readonly CalledRoute[];
  readonly agents: readonly string[];
  readonly addresses: readonly string[];
  /** Services of the platform that they call. */
  readonly services: readonly string[];
  readonly browser: boolean;
}

export interface PlannedKey {
  readonly account: string;
  readonly at: Offset;
  /** From its making to its expiry; null where it never expires. */
  readonly lifetime: number | null;
  readonly environment: string;
  readonly label: string;
  readonly createdBy: string | undefined;
  readonly description: KeyDescription;
  readonly revoked: {
    readonly at: Offset;
    readonly reason: "leaked" | "unused" | "superseded" | "offboarding" | "other";
    readonly comment: string;
  } | null;
  readonly suspended: { readonly at: Offset; readonly reason: string } | null;
  readonly changed: { readonly at: Offset; readonly fields: KeyDescription } | null;
  /** Null for a key that was never used. */
  readonly traffic: PlannedTraffic | null;
  /** What is known of its callers already; the rest is drawn. */
  readonly callers: Partial<PlannedCallers> | null;
  /** What it is an example of; its secret is printed. */
  readonly example: string | null;
}

export interface DemoPlan {
  readonly accounts: readonly PlannedAccount[];
  readonly members: readonly PlannedMember[];
  readonly services: readonly PlannedService[];
  /** In the order in which they are made; those of one account at one time are made in one act. */
  readonly keys: readonly PlannedKey[];
}
