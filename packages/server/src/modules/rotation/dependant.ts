import { type Key, type RegisteredDependant, registeredDependants } from "../keys/index.ts";

/** Somebody who was registered with a key when its rotation began. */
export interface Dependant extends RegisteredDependant {
  /** When they were said to use the new version, in milliseconds since the epoch, and by whom. */
  readonly doneAt: number | null;
  readonly doneBy: { readonly type: string; readonly id: string } | null;
}

/** Of a key as it is now, of whom nobody uses the new version yet. */
export const dependantsOf = (key: Pick<Key, "dependants">): Dependant[] =>
  registeredDependants(key).map((registered) => ({ ...registered, doneAt: null, doneBy: null }));

export const waitingOf = (dependants: readonly Dependant[]): Dependant[] =>
  dependants.filter(({ doneAt }) => doneAt === null);
