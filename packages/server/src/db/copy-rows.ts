import { once } from "node:events";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { cutOff } from "./deadlines.ts";

/** By transaction. */
const clients = new WeakMap<object, pg.PoolClient>();

/** Remembers on which connection a transaction runs: a COPY is no query that the query builder could send. */
export function runsOn(tx: object, client: pg.PoolClient): void {
  clients.set(tx, client);
}

/** How long a COPY may go unanswered, in milliseconds. */
const DEADLINE_MS = 30_000;

/**
 * Runs `COPY … FROM STDIN` in the transaction, with the lines of its text format in `chunks`. pg errors pass through; the
 * transaction can then do nothing more.
 */
export async function copyRows(tx: object, statement: string, chunks: Iterable<string>): Promise<void> {
  const client = clients.get(tx);
  if (client === undefined) throw new TypeError("no transaction is under way");
  const stream = client.query(copyFrom(statement));
  const done = once(stream, "finish");
  const cut = setTimeout(() => cutOff(client), DEADLINE_MS);
  try {
    // What fails is told by `done`; a stream that has failed never drains.
    for (const chunk of chunks) if (!stream.write(chunk)) await Promise.race([once(stream, "drain"), done]);
    stream.end();
    await done;
  } finally {
    clearTimeout(cut);
    done.catch(() => undefined);
  }
}
