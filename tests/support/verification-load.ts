/** Valid keys verified without a pause on several nodes, and new ones issued on one and verified on another at once. */
import { type Api, issueKey, type MadeKey } from "@claviger/testkit";

export interface Load {
  /** Verifications so far. */
  count(): number;
  /** What was not accepted, with what was answered. */
  readonly refused: readonly string[];
  /** Issued while it ran. */
  readonly issued: readonly MadeKey[];
  stop(): Promise<void>;
}

const WORKERS = 3;
/** One in so many rounds issues a key. */
const ISSUE_EVERY = 8;

/** Begins with `keys`, each on each node in turn, so that most of them are read from the database in the course of it. */
export function startLoad(nodes: readonly Api[], account: string, keys: readonly MadeKey[]): Load {
  const refused: string[] = [];
  const issued: MadeKey[] = [];
  let count = 0;
  let stopped = false;
  const verify = async (node: Api, { id, secret }: MadeKey): Promise<void> => {
    const body = { key: secret, environment: "live", scopes: ["contacts:read"] };
    try {
      const answer = await node.post<{ valid?: boolean }>("/v1/verify", body);
      if (answer.status !== 200 || answer.body.valid !== true) refused.push(`${id}: ${answer.status} ${answer.text}`);
    } catch (error) {
      refused.push(`${id}: ${String(error)}`);
    }
    count += 1;
  };
  const work = async (worker: number): Promise<void> => {
    for (let round = worker; !stopped; round += WORKERS) {
      const node = nodes[round % nodes.length];
      const other = nodes[(round + 1) % nodes.length];
      const key = keys[Math.floor(round / nodes.length) % keys.length];
      if (node === undefined || other === undefined || key === undefined) throw new Error("no node, or no key");
      await verify(node, key);
      if (round % ISSUE_EVERY !== 0) continue;
      try {
        const made = await issueKey(node, account);
        issued.push(made);
        await verify(other, made);
      } catch (error) {
        refused.push(`issuing: ${String(error)}`);
      }
    }
  };
  const workers = Array.from({ length: WORKERS }, (_, worker) => work(worker));
  return {
    count: () => count,
    refused,
    issued,
    stop: async () => {
      stopped = true;
      await Promise.all(workers);
    },
  };
}

/** Verifies each key on each node once; what was not accepted. */
export async function verifyAll(nodes: readonly Api[], keys: readonly MadeKey[]): Promise<string[]> {
  const refused: string[] = [];
  const checks = keys.map(({ secret }) => ({ key: secret, environment: "live", scopes: ["contacts:read"] }));
  for (const node of nodes) {
    const answer = await node.post<{ results: readonly { valid: boolean; code: string }[] }>("/v1/verify/batch", {
      checks,
    });
    if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${answer.text}`);
    answer.body.results.forEach(({ valid, code }, index) => {
      if (!valid) refused.push(`${keys[index]?.id}: ${code}`);
    });
  }
  return refused;
}
