import type { KeyStatus } from "../keys/index.ts";

/** Views that every platform has; the contract lists the same. */
export const BUILT_IN_VIEWS = [
  "unused-30d",
  "unused-90d",
  "unused-180d",
  "never-used",
  "dormant",
  "accounts-over-10-keys",
  "over-10k-24h",
  "creator-inactive",
  "owner-inactive",
  "no-owner",
  "expiring-30d",
  "rotation-overdue",
  "never-expires",
  "dead-but-called",
  "used-from-browser",
  "shared-across-services",
  "admin-scope",
  "no-scope",
  "test-like-production",
] as const;
export type BuiltInView = (typeof BUILT_IN_VIEWS)[number];

const ACCOUNT_VIEW = "accounts-over-10-keys";
export type KeyViewName = Exclude<BuiltInView, typeof ACCOUNT_VIEW>;

const known: ReadonlySet<string> = new Set(BUILT_IN_VIEWS);

export function isBuiltInView(name: string): name is BuiltInView {
  return known.has(name);
}

/** All others have keys as rows. */
export function isAccountView(name: BuiltInView): name is typeof ACCOUNT_VIEW {
  return name === ACCOUNT_VIEW;
}

/** Views of what keys were granted: which sets of tier and scopes belong to one follows from the catalogue. */
export type GrantView = "admin-scope" | "no-scope";

export function isGrantView(name: KeyViewName): name is GrantView {
  return name === "admin-scope" || name === "no-scope";
}

const LIVE = ["active", "expiring", "rotating", "suspended"] as const;

/** The statuses that keys of a view can have; undefined: any. */
export function statusesOfView(name: KeyViewName): readonly KeyStatus[] | undefined {
  if (name === "over-10k-24h") return undefined;
  return name === "dead-but-called" ? ["expired", "revoked"] : LIVE;
}
