import { ClavigerError, epochName, type NodeRow } from "@claviger/core";
import { sql } from "kysely";
import pg from "pg";
import { clientConfig, type Database, isDoubt, PLATFORM, type Tx } from "../../db/index.ts";
import { changesAfterSql, type LoggedChange, parseChanges } from "../changes/index.ts";
import { within } from "./alarm.ts";

/** How to reach the database without a transaction pooler in between. */
export type DirectConnection = pg.ClientConfig;
export type Client = pg.Client;

/** Woken when a node has acknowledged or has gone. */
export const ACK_CHANNEL = "claviger_ack";
/** Entries of the change log that one read takes. */
export const CHANGES_READ = 1_000;

/** Head and epoch, of one primary. Reading them from a standby fails. */
export interface ClusterHead {
  readonly head: number;
  readonly epoch: string;
}

/** Everything a node follows, in one snapshot. */
export interface ClusterSnapshot extends ClusterHead {
  readonly nodes: readonly NodeRow[];
  readonly changes: readonly LoggedChange[];
}

export interface NewNode {
  readonly incarnation: string;
  readonly token: string;
  readonly name: string;
  readonly termMs: number;
  readonly software: string;
  readonly startedAt: Date;
  /** What this process has lent under earlier incarnations as well. */
  readonly lends: boolean;
  readonly maxStaleMs: number;
}

/** What a node says of itself: everything up to `ackedSeq` is visible to verification, here and at its verifiers. */
export interface Acknowledgement {
  readonly ackedSeq: number;
  /** Counting also verifiers that go on without a lease. */
  readonly vouchedSeq: number;
  readonly epoch: string;
  readonly verifiers: number;
}

/** pg_current_wal_lsn() fails on a standby, so no row can come from one. */
const EPOCH = "cluster.id::text AS cluster, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS timeline";

export async function insertNode(client: Client, node: NewNode): Promise<number> {
  const { rowCount } = await client.query(
    `INSERT INTO claviger.node (incarnation, name, token, acked_seq, acked_epoch, term_ms, software, started_at, lends, max_stale_ms)
     VALUES ($1, $2, $3, 0, '', $4, $5, $6, $7, $8)`,
    [
      ...[node.incarnation, node.name, node.token, node.termMs],
      ...[node.software, node.startedAt, node.lends, node.maxStaleMs],
    ],
  );
  return rowCount ?? 0;
}

/** Compare-and-set of the token; a fenced row is not renewed. Returns the number of rows changed. */
export async function renewNode(
  client: Client,
  incarnation: string,
  tokens: readonly string[],
  token: string,
): Promise<number> {
  const { rowCount } = await client.query({
    name: "renew",
    text: "UPDATE claviger.node SET token = $3 WHERE incarnation = $1 AND token = ANY($2::uuid[]) AND NOT fenced",
    values: [incarnation, tokens, token],
  });
  return rowCount ?? 0;
}

export async function readHead(client: Client): Promise<ClusterHead> {
  const { rows } = await client.query<{ head: number; cluster: string; timeline: string }>({
    name: "head",
    text: `SELECT head.seq AS head, ${EPOCH} FROM claviger.change_head head, claviger.cluster cluster`,
  });
  const row = rows[0];
  if (row === undefined) throw new TypeError("change_head or cluster has lost its row");
  return { head: row.head, epoch: epochName(row.cluster, row.timeline) };
}

type NodeTuple = [string, string, string, number, string, number, number, number, number, boolean];

/** All node rows, and the log after `applied`; null where the log is not followed. */
export async function readCluster(client: Client, applied: number | null): Promise<ClusterSnapshot> {
  const { rows } = await client.query<{
    head: number;
    cluster: string;
    timeline: string;
    nodes: NodeTuple[];
    changes: unknown;
  }>({
    name: "cluster",
    text: `SELECT head.seq AS head, ${EPOCH},
      (SELECT coalesce(json_agg(json_build_array(incarnation, name, token, acked_seq, acked_epoch, term_ms,
        max_stale_ms, verifiers, vouched_seq, fenced)), '[]') FROM claviger.node) AS nodes,
      ${changesAfterSql("$1", CHANGES_READ)} AS changes
      FROM claviger.change_head head, claviger.cluster cluster`,
    values: [applied ?? Number.MAX_SAFE_INTEGER],
  });
  const row = rows[0];
  if (row === undefined) throw new TypeError("change_head or cluster has lost its row");
  return {
    head: row.head,
    epoch: epochName(row.cluster, row.timeline),
    nodes: row.nodes.map(nodeOf),
    changes: parseChanges(row.changes),
  };
}

function nodeOf(tuple: NodeTuple): NodeRow {
  const [incarnation, name, token, ackedSeq, ackedEpoch, termMs, maxStaleMs, verifiers, vouchedSeq, fenced] = tuple;
  const row = { incarnation, name, token, ackedSeq, ackedEpoch, termMs, maxStaleMs, verifiers, fenced };
  // A version of the software that lends nothing does not write it.
  return maxStaleMs === 0 ? row : { ...row, vouchedSeq };
}

/** A node as operators see it. */
export interface ListedNode {
  readonly incarnation: string;
  readonly name: string;
  readonly software: string;
  readonly startedAt: Date;
  readonly termMs: number;
  readonly ackedSeq: number;
  /** Null where it acknowledged changes of another epoch than the present one. */
  readonly lag: number | null;
  readonly fenced: boolean;
  readonly verifiers: number;
}

/** All nodes, oldest first. */
export async function selectNodes(tx: Tx): Promise<readonly ListedNode[]> {
  const { rows } = await sql<ListedNode & { ackedEpoch: string; head: number; cluster: string; timeline: string }>`
    SELECT incarnation::text, name, software, started_at AS "startedAt", term_ms AS "termMs", acked_seq AS "ackedSeq",
      acked_epoch AS "ackedEpoch", fenced, verifiers, head.seq AS head, ${sql.raw(EPOCH)}
    FROM node, change_head head, cluster ORDER BY started_at, incarnation`.execute(tx);
  return rows.map(({ ackedEpoch, head, cluster, timeline, ...node }) => ({
    ...node,
    lag: ackedEpoch === epochName(cluster, timeline) ? Math.max(0, head - node.ackedSeq) : null,
  }));
}

/** Writes an acknowledgement, and wakes those who wait. Never lowers what this epoch acknowledged. */
export async function ackNode(client: Client, incarnation: string, ack: Acknowledgement): Promise<void> {
  await client.query({
    name: "ack",
    text: `WITH acked AS (
        UPDATE claviger.node SET acked_epoch = $3, verifiers = $4, vouched_seq = $5,
          acked_seq = CASE WHEN acked_epoch = $3 THEN greatest(acked_seq, $2::bigint) ELSE $2::bigint END
        WHERE incarnation = $1
          AND (acked_epoch <> $3 OR acked_seq < $2::bigint OR verifiers <> $4 OR vouched_seq <> $5) RETURNING 1)
      SELECT pg_notify('${ACK_CHANNEL}', $2::bigint::text) FROM acked`,
    values: [incarnation, ack.ackedSeq, ack.epoch, ack.verifiers, ack.vouchedSeq],
  });
}

/**
 * Writes down, before the first lease that needs it, that this node lends leases to verifiers, and for how long the most
 * daring of them may go on without one. Returns the number of rows changed.
 */
export async function markLender(client: Client, incarnation: string, maxStaleMs: number): Promise<number> {
  const { rowCount } = await client.query(
    "UPDATE claviger.node SET lends = true, max_stale_ms = greatest(max_stale_ms, $2::integer) WHERE incarnation = $1",
    [incarnation, maxStaleMs],
  );
  return rowCount ?? 0;
}

/** Removes a row whose lease was given back, and wakes those who wait for it. */
export async function removeNode(client: Client, incarnation: string): Promise<void> {
  await client.query(
    `WITH gone AS (DELETE FROM claviger.node WHERE incarnation = $1 RETURNING 1)
     SELECT pg_notify('${ACK_CHANNEL}', '') FROM gone`,
    [incarnation],
  );
}

/** Makes a row unrenewable, unless it acknowledges `seq` in this epoch first. */
export async function fenceNode(database: Database, incarnation: string, seq: number, epoch: string): Promise<void> {
  await database.transaction(PLATFORM, async (tx) => {
    await sql`UPDATE node SET fenced = true WHERE incarnation = ${incarnation}
      AND (acked_epoch <> ${epoch} OR acked_seq < ${seq})`.execute(tx);
  });
}

/** Deletes a dead row, if nobody has renewed it since. */
export async function reapNode(database: Database, incarnation: string, token: string): Promise<void> {
  await database.transaction(PLATFORM, async (tx) => {
    await sql`DELETE FROM node WHERE incarnation = ${incarnation} AND token = ${token}`.execute(tx);
  });
}

/** The role that platform-wide work takes on, for connections beside the pool. */
export function platformRole(database: Database): Promise<string> {
  return database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ role: string }>`SELECT current_user AS role`.execute(tx);
    const row = rows[0];
    if (row === undefined) throw new TypeError("current_user yielded no row");
    return row.role;
  });
}

/**
 * One connection of our own beside the pool, opened when it is needed and given up at the first fault. Who uses it tries
 * again; there is no reconnecting behind the scenes.
 */
export interface Line {
  /** Runs `work` on the connection, `timeoutMs` at most. After any fault the connection is gone and this rejects. */
  use<T>(work: (client: pg.Client) => Promise<T>, timeoutMs: number): Promise<T>;
  close(): void;
}

export interface LineOptions {
  readonly connection: DirectConnection;
  /** The role to take on. */
  readonly role: () => Promise<string>;
  /** `off`: commits may be lost when the server crashes. `on`: never less than on disk here and on synchronous standbys. */
  readonly durable: "on" | "off";
  readonly channels: readonly string[];
  readonly onNotification?: (channel: string) => void;
  /** The outcome of the statement under way is not certain, though it succeeds. */
  readonly onDoubt?: () => void;
  readonly onLost?: () => void;
}

export function createLine(options: LineOptions): Line {
  let current: pg.Client | null = null;
  let closed = false;

  const giveUp = (client: pg.Client): void => {
    // With a query under way, pg destroys the socket; the promise may never settle and nobody waits for it.
    client.end().catch(() => undefined);
    if (current !== client) return;
    current = null;
    if (!closed) options.onLost?.();
  };

  const connect = async (timeoutMs: number): Promise<pg.Client> => {
    const role = await options.role();
    const client = new pg.Client({ ...clientConfig(options.connection), connectionTimeoutMillis: timeoutMs });
    client.on("error", () => giveUp(client));
    client.on("end", () => giveUp(client));
    client.on("notification", ({ channel }) => options.onNotification?.(channel));
    client.on("notice", ({ code }) => {
      if (isDoubt(code)) options.onDoubt?.();
    });
    try {
      await client.connect();
      await prepare(client, role, options);
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
    // Nobody waited for this one any more, and there may be another by now.
    if (closed || current !== null) {
      client.end().catch(() => undefined);
      throw new ClavigerError("UNAVAILABLE", { internal: "the connection came too late" });
    }
    current = client;
    return client;
  };

  return {
    use: async (work, timeoutMs) => {
      const late = (): Error => new ClavigerError("UNAVAILABLE", { internal: "the database did not answer in time" });
      if (closed) throw new ClavigerError("UNAVAILABLE", { internal: "the connection was closed" });
      const client = current ?? (await within(connect(timeoutMs), timeoutMs, late));
      try {
        return await within(work(client), timeoutMs, late);
      } catch (error) {
        giveUp(client);
        throw error;
      }
    },
    close: () => {
      closed = true;
      if (current !== null) giveUp(current);
    },
  };
}

/** `local` and `off` promise less than a renewal needs; stronger settings of the server stay as they are. */
async function prepare(client: pg.Client, role: string, options: LineOptions): Promise<void> {
  const commit =
    options.durable === "off"
      ? "'off'"
      : "CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN 'on' ELSE current_setting('synchronous_commit') END";
  await client.query(
    `SELECT set_config('role', $1, false), set_config('claviger.reach', 'platform', false),
      set_config('idle_session_timeout', '0', false), set_config('synchronous_commit', ${commit}, false)`,
    [role],
  );
  for (const channel of options.channels) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
}
