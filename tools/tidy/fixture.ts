import type { Source } from "./source.ts";

/** Files in memory, for proving that a rule finds what breaks it. */
export function files(contents: Readonly<Record<string, string>>): Source[] {
  return Object.entries(contents).map(([path, text]) => ({ path, text }));
}
