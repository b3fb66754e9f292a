export interface Limit {
  readonly name: string;
  readonly amount: number;
  readonly per: "second" | "minute" | "hour" | "day" | "month" | "lifetime";
  readonly shared?: "key" | "account" | "ip" | undefined;
  readonly refill?: { readonly amount: number; readonly every: "day" | "month" } | undefined;
}
export function checkLimits(_limits: unknown): { path: string; message: string }[] {
  throw new TypeError("not written yet");
}
