import type pg from "pg";

/**
 * A commit whose wait for synchronous standbys was cut short, by a time-out or an administrator. It is in force on this primary and a
 * failover may undo it, so it is neither done nor undone: whoever asked for it asks again.
 */
export class UncertainCommitError extends Error {
  constructor() {
    super("the wait of a commit for its standbys was cut short, so a failover may undo it");
    this.name = "UncertainCommitError";
  }
}

/** SQLSTATEs of warnings, and of what an administrator does. */
const WARNING = /^(01|57)/;
const doubted = new WeakSet<object>();

/**
 * Watches a new connection for the warning that is all PostgreSQL says of such a commit: the statement itself succeeds. It is told by
 * its code, since the text and even the word WARNING come in the server's language.
 */
export function watchForDoubt(client: pg.ClientBase): void {
  client.on("notice", ({ code }) => {
    if (isDoubt(code)) doubted.add(client);
  });
}

/** Runs a commit. Throws `UncertainCommitError` where it is in doubt; no other warning is known to come with a commit. */
export async function certainly<T>(client: pg.ClientBase, commit: () => Promise<T>): Promise<T> {
  doubted.delete(client);
  const result = await commit();
  if (doubted.delete(client)) throw new UncertainCommitError();
  return result;
}

/** Whether a notice of this code puts the commit under way in doubt. */
export function isDoubt(code: string | undefined): boolean {
  return WARNING.test(code ?? "");
}
