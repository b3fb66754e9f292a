export type Tier = "read" | "write" | "admin";
export const TIERS: readonly Tier[] = Object.freeze(["read", "write", "admin"] as const);
export function isTier(_name: unknown): _name is Tier {
  throw new TypeError("not written yet");
}
export function tierAtLeast(_a: Tier | null, _b: Tier): boolean {
  throw new TypeError("not written yet");
}
export function tierAllowsMethod(_tier: Tier, _method: string): boolean {
  throw new TypeError("not written yet");
}
