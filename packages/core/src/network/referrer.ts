export interface RequestSource {
  readonly origin?: string | undefined;
  readonly referrer?: string | undefined;
}
export interface ReferrerSet {
  matches(source: RequestSource): boolean;
}
export function checkReferrerPattern(_pattern: string): string | null {
  throw new TypeError("not written yet");
}
export function compileReferrers(_patterns: readonly string[]): ReferrerSet {
  throw new TypeError("not written yet");
}
export function matchesReferrer(_patterns: readonly string[], _source: RequestSource): boolean {
  throw new TypeError("not written yet");
}
