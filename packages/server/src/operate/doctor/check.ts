/** `warn`: works, but not as it should. `fail`: the service does not start, or a promise does not hold. */
export type CheckStatus = "ok" | "warn" | "fail";

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found, in one line. */
  readonly detail: string;
  /** What to do; null where nothing has to be done. */
  readonly action: string | null;
}

export function ok(name: string, detail: string): Check {
  return { name, status: "ok", detail, action: null };
}

export function warn(name: string, detail: string, action: string): Check {
  return { name, status: "warn", detail, action };
}

export function fail(name: string, detail: string, action: string): Check {
  return { name, status: "fail", detail, action };
}

export function messageOf(error: unknown): string {
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return (inner instanceof Error ? inner.message : String(inner)).replace(/\s*[\r\n]+\s*/g, " | ").trim();
}
