import type { NodeLeaseEffect, NodeRow } from "@claviger/core";
import { makes } from "./cluster.ts";
import type { OwnNode } from "./own-node.ts";

type Outcome = "renewed" | "lost" | "failed";
type Write = Extract<NodeLeaseEffect, { kind: "write-join" | "write-renewal" }>;

interface Head {
  readonly head: number;
  readonly epoch: string;
}

/** One renewal, or one attempt to join: the token is committed, and the head is read after that. */
export function renewOnce(node: OwnNode, done: (outcome: Outcome) => void): void {
  const { cluster, options } = node;
  const token = cluster.newName("token");
  const incarnation = makes(cluster, "row-reused") ? `row of ${options.name}` : cluster.newName("incarnation");
  const at = node.now();
  const effects =
    node.lease.phase === "in"
      ? node.step({ kind: "renewal-started", at, token })
      : node.step({ kind: "join-started", at, incarnation, token });
  const write = effects.find((effect): effect is Write => effect.kind.startsWith("write-"));
  if (write === undefined) {
    done("failed");
    return;
  }
  const failed = (): void => {
    node.step({ kind: "renewal-failed", token });
    done("failed");
  };
  const commit = (readHead: (then: (head: Head) => void) => void): void => {
    node.ask<number>(
      (answer) => writeRow(node, write, answer),
      (rows) => {
        if (rows === null) {
          failed();
          return;
        }
        const committed = node.step({ kind: "renewal-committed", token, rows });
        if (!committed.some(({ kind }) => kind === "read-head")) {
          done("lost");
          return;
        }
        readHead(({ head, epoch }) => {
          const read = node.step({ kind: "head-read", token, head, epoch });
          if (node.lease.phase === "in") node.sessions.afterEvents();
          done(read.some(({ kind }) => kind === "rejoin") ? "lost" : "renewed");
        });
      },
    );
  };
  const readHead = (then: (head: Head) => void): void => {
    const { database } = cluster;
    const read = (answer: (head: Head) => void): void => answer({ head: database.tables.head, epoch: database.epoch });
    node.ask<Head>(read, (head) => (head === null ? failed() : then(head)));
  };
  if (makes(cluster, "head-before-token")) readHead((head) => commit((then) => then(head)));
  else commit(readHead);
}

function writeRow(node: OwnNode, write: Write, answer: (rows: number) => void): void {
  const { cluster } = node;
  const reuses = makes(cluster, "row-reused");
  let rows = 0;
  cluster.database.write(
    (tables) => {
      const row = tables.nodes.get(write.incarnation);
      const next = write.kind === "write-join" ? joining(row, write, node, reuses) : renewed(row, write);
      rows = next === null ? 0 : 1;
      return next === null ? tables : { ...tables, nodes: new Map(tables.nodes).set(write.incarnation, next) };
    },
    true,
    // A commit whose wait was cancelled may not have been replicated: that is no renewal.
    (written) => {
      if (written === "committed") answer(rows);
    },
  );
}

function joining(row: NodeRow | undefined, write: Write, node: OwnNode, reuses: boolean): NodeRow | null {
  const { incarnation, token } = write;
  if (row !== undefined) return reuses && !row.fenced ? { ...row, token } : null;
  const { name, termMs, maxStaleMs } = node.options;
  return { incarnation, name, token, ackedSeq: 0, ackedEpoch: "", termMs, maxStaleMs, fenced: false };
}

function renewed(row: NodeRow | undefined, write: Write): NodeRow | null {
  if (row === undefined || row.fenced || write.kind !== "write-renewal") return null;
  return write.tokens.includes(row.token) ? { ...row, token: write.token } : null;
}
