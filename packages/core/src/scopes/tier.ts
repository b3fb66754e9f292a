import { normalMethod } from "../routes/method.ts";

/** The three tiers (B1), each of which includes the ones before it. */
export type Tier = "read" | "write" | "admin";

/** All tiers, weakest first. */
export const TIERS: readonly Tier[] = Object.freeze(["read", "write", "admin"] as const);

/** Whether a name is that of a tier. Total: takes anything. */
export function isTier(name: unknown): name is Tier {
  return name === "read" || name === "write" || name === "admin";
}

function rank(tier: Tier | null): number {
  // Written so that a value that is no tier ranks below all: corrupt data holds nothing.
  if (tier === "read") return 1;
  if (tier === "write") return 2;
  if (tier === "admin") return 3;
  return 0;
}

/** Whether tier `a` includes tier `b`. No tier (null) includes none. */
export function tierAtLeast(a: Tier | null, b: Tier): boolean {
  const needed = rank(b);
  return needed > 0 && rank(a) >= needed;
}

/**
 * Whether a tier by itself allows an HTTP method: `read` GET and HEAD; `write` and `admin` also POST, PUT, PATCH and
 * DELETE. Any other method needs a scope granted by name. The method counts in any case of its ASCII letters.
 */
export function tierAllowsMethod(tier: Tier, method: string): boolean {
  switch (normalMethod(method)) {
    case "GET":
    case "HEAD":
      return tierAtLeast(tier, "read");
    case "POST":
    case "PUT":
    case "PATCH":
    case "DELETE":
      return tierAtLeast(tier, "write");
  }
  return false;
}
