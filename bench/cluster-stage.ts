/** Nodes on one PostgreSQL, as processes of their own, for benchmarks of more than one. */
import {
  type Api,
  api,
  issueKey,
  issueManagementKey,
  type MadeKey,
  makeAccount,
  makeScopes,
  type Service,
  startService,
  type TestDatabase,
} from "@claviger/testkit";
import { asOwner, type RunningPostgres, startPostgres } from "../packages/testkit/src/postgres.ts";

export interface ClusterStage {
  readonly nodes: readonly Service[];
  /** A management key that verifies. */
  readonly credential: string;
  /** The account that `issue` makes keys for. */
  readonly account: string;
  on(node: number): Api;
  issue(count: number): Promise<MadeKey[]>;
  stop(): Promise<void>;
}

/** Starts them, with the catalogue that tests share and one account. */
export async function openCluster(count: number, termMs: number): Promise<ClusterStage> {
  const postgres = await startPostgres(undefined);
  const nodes: Service[] = [];
  const stop = async (): Promise<void> => {
    for (const node of nodes) await node.stop();
    await postgres.stop();
  };
  try {
    const database = await makeDatabase(postgres);
    for (let index = 0; index < count; index += 1) {
      nodes.push(
        await startService({ database, env: { CLAVIGER_LEASE_MS: String(termMs), CLAVIGER_LOG_LEVEL: "error" } }),
      );
    }
    const managementKey = nodes[0]?.managementKey ?? "";
    const on = (node: number): Api => api(nodes[node]?.url ?? "", managementKey);
    await makeScopes(on(0));
    const { id: account } = await makeAccount(on(0));
    const { secret: credential } = await issueManagementKey(on(0), ["verify"]);
    const issue = async (many: number): Promise<MadeKey[]> => {
      const made: MadeKey[] = [];
      for (let index = 0; index < many; index += 1) made.push(await issueKey(on(0), account));
      return made;
    };
    return { nodes, credential, account, on, issue, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeDatabase({ provided }: RunningPostgres): Promise<TestDatabase> {
  const { owner, node, roles, template, prefix } = provided;
  const name = `${prefix}cluster`;
  await asOwner(owner, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  // Nobody here asks the database past the service.
  return { owner: { ...owner, database: name }, node: { ...node, database: name }, roles } as TestDatabase;
}
