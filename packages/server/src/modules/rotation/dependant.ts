import type { Key } from "../keys/index.ts";

/** Somebody who was registered with a key when its rotation began. */
export interface Dependant {
  readonly name: string;
  /** An address or the id of a member, as it was registered. */
  readonly contact: string | null;
  /** When they were said to use the new version, in milliseconds since the epoch, and by whom. */
  readonly doneAt: number | null;
  readonly doneBy: { readonly type: string; readonly id: string } | null;
}

/** Of a key as it is now, of whom nobody uses the new version yet. */
export function dependantsOf({ dependants }: Pick<Key, "dependants">): Dependant[] {
  return dependants.flatMap((registered) => {
    if (typeof registered === "string") return [{ name: registered, contact: null, doneAt: null, doneBy: null }];
    const { name, contact } = registered as { name?: unknown; contact?: unknown };
    if (typeof name !== "string") return [];
    return [{ name, contact: typeof contact === "string" ? contact : null, doneAt: null, doneBy: null }];
  });
}

export const waitingOf = (dependants: readonly Dependant[]): Dependant[] =>
  dependants.filter(({ doneAt }) => doneAt === null);
