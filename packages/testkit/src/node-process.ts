/** A node as a process of its own, which tests freeze and kill. Told what to be in NODE_SETTINGS; answers on stdout. */
import { createInterface } from "node:readline";
import type pg from "pg";
import { openDatabase, type RoleNames } from "../../server/src/db/index.ts";
import { testNode } from "./node.ts";

/** What the variable NODE_SETTINGS holds as JSON. */
export interface NodeSettings {
  readonly connection: pg.ClientConfig;
  readonly roles: RoleNames;
  readonly name: string;
  readonly termMs: number;
}

/** One line of stdout for each line of stdin, and a first one once the node has joined. */
export interface NodeReport {
  readonly incarnation: string | null;
  readonly appliedSeq: number;
  readonly leaseValid: boolean;
  readonly drops: number;
}

const settings = JSON.parse(process.env.NODE_SETTINGS ?? "") as NodeSettings;
const database = openDatabase({ connection: settings.connection, roles: settings.roles, onIdleError: () => undefined });
const node = testNode({ ...settings, database });

function report(): void {
  const { incarnation, appliedSeq } = node.coherence.state();
  const line: NodeReport = { incarnation, appliedSeq, leaseValid: node.coherence.leaseValid(), drops: node.drops() };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function stop(): Promise<void> {
  await node.coherence.stop();
  await database.close();
  process.exit(0);
}

await node.coherence.start();
report();
createInterface({ input: process.stdin })
  .on("line", report)
  // The test is gone.
  .on("close", () => void stop());
process.on("SIGTERM", () => void stop());
