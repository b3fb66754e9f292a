import { isDeepStrictEqual } from "node:util";

/** The fields in which two states of one thing differ, as they were and as they are; for the audit record. */
export function changed<T extends object>(before: T, after: T): { before: Partial<T>; after: Partial<T> } | null {
  const was: Partial<T> = {};
  const is: Partial<T> = {};
  for (const name of Object.keys(after) as (keyof T)[]) {
    if (isDeepStrictEqual(before[name], after[name])) continue;
    was[name] = before[name];
    is[name] = after[name];
  }
  return Object.keys(is).length === 0 ? null : { before: was, after: is };
}
