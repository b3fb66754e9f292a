import { AsyncLocalStorage } from "node:async_hooks";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import type pg from "pg";
import { certainly } from "./uncertain-commit.ts";

/** The transaction under way: milliseconds that one of its statements may go unanswered, and the connection it was given. */
interface UnderWay {
  readonly deadlineMs: number;
  client: pg.PoolClient | undefined;
}
const underWay = new AsyncLocalStorage<UnderWay>();

/**
 * Runs `work` so that each of its statements is given up after `deadlineMs` without an answer. The server's own time-outs
 * end a statement that is slow; this ends the wait for a server that says nothing any more, such as one behind a cut network.
 */
export function withinDeadline<T>(deadlineMs: number, work: () => Promise<T>): Promise<T> {
  return underWay.run({ deadlineMs, client: undefined }, work);
}

/** The connection of the transaction under way. */
export function clientUnderWay(): pg.PoolClient | undefined {
  return underWay.getStore()?.client;
}

/**
 * A pool whose connections are cut, and so never used again, when a statement goes unanswered, and on which a commit that is not certain
 * fails with `UncertainCommitError`.
 */
export function withDeadlines(pool: pg.Pool): PostgresPool {
  return {
    connect: async () => watched(await pool.connect()),
    end: () => pool.end(),
    options: pool.options,
  };
}

function watched(client: pg.PoolClient): PostgresPoolClient {
  const transaction = underWay.getStore();
  if (transaction !== undefined) transaction.client = client;
  const deadlineMs = transaction?.deadlineMs;
  const query = async (...parameters: unknown[]): Promise<unknown> => {
    const cut = deadlineMs === undefined ? undefined : setTimeout(() => cutOff(client), deadlineMs);
    try {
      const ask = () => (client.query as (...values: unknown[]) => Promise<unknown>)(...parameters);
      return await (parameters[0] === "commit" ? certainly(client, ask) : ask());
    } finally {
      clearTimeout(cut);
    }
  };
  return { query, release: () => client.release() } as unknown as PostgresPoolClient;
}

/** Everything that waits for this connection fails at once as a connection error; the pool drops it. */
export function cutOff(client: pg.PoolClient): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  connection.stream.destroy();
}
