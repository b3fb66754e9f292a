import type { Key } from "./key.ts";

/** Somebody who relies on a key, as they were registered with it. */
export interface RegisteredDependant {
  readonly name: string;
  /** An address or the id of a member, where one was given. */
  readonly contact: string | null;
}

/** The contract takes a name alone, or a name with a contact. */
export function registeredDependants({ dependants }: Pick<Key, "dependants">): RegisteredDependant[] {
  return dependants.map((registered) => {
    if (typeof registered === "string") return { name: registered, contact: null };
    const { name, contact } = registered as { readonly name: string; readonly contact?: string };
    return { name, contact: contact ?? null };
  });
}
