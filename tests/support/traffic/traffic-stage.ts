import {
  type Api,
  issueManagementKey,
  type MadeKey,
  makeScopes,
  type ShiftedClock,
  shiftedClock,
  startApp,
  succeeded,
  type TestApp,
  type TestDatabase,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import { client } from "../client.ts";
import { asPlatform } from "../filler.ts";
import { actTime } from "./calendar.ts";
import type { Caller } from "./caller.ts";
import { CAST } from "./cast.ts";
import { loadFrameworks } from "./frameworks.ts";
import type { PlannedActs } from "./plan.ts";

/** Two nodes on one database, at a time that is simulated, and the keys of the cast as they are made. */
export interface TrafficStage {
  readonly clock: ShiftedClock;
  readonly database: TestDatabase;
  readonly nodes: readonly TestApp[];
  /** As the first management key; every answer is held against the contract. */
  readonly root: Api;
  readonly managementKey: string;
  /** Of a verifier, by environment. */
  readonly credentials: Readonly<Record<Caller["environment"], string>>;
  readonly keys: ReadonlyMap<Caller, MadeKey>;
  /** Our ids of the accounts, by the callers' own. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Makes it this time, and returns once the nodes hold leases under it. */
  moveTo(at: number): Promise<void>;
  carryOut(acts: PlannedActs): Promise<void>;
  /** Returns once so many requests of customers are recorded in every way that there is, and no more are. */
  untilRecorded(requests: number): Promise<void>;
  stop(): Promise<void>;
}

export const TERM_MS = 20_000;
/** Proxies of this machine tell where a request came from; and leases outlast whatever may hold up this one process. */
export const ENV = { CLAVIGER_TRUSTED_PROXIES: "127.0.0.0/8", CLAVIGER_LEASE_MS: `${TERM_MS}` };
const NODES = 2;

export async function openTrafficStage(): Promise<TrafficStage> {
  loadFrameworks();
  const clock = shiftedClock();
  // Before any of its keys is made.
  clock.moveTo(actTime(Math.max(...CAST.map(({ madeDaysAgo }) => madeDaysAgo)) + 1));
  const database = await testDatabase();
  const nodes: TestApp[] = [];
  for (let node = 0; node < NODES; node += 1) {
    nodes.push(await startApp({ database, env: ENV, house: { clock } }));
  }
  const { url, managementKey } = nodes[0] ?? { url: "", managementKey: "" };
  const root = client(url, managementKey);
  await makeScopes(root);
  const accounts = await makeAccounts(root);
  const credentialFor = async (environment: string): Promise<string> =>
    (await issueManagementKey(root, ["verify"], { environment, expiresAt: null })).secret;
  const keys = new Map<Caller, MadeKey>();
  return {
    ...{ clock, database, nodes, root, managementKey, keys, accounts },
    credentials: { live: await credentialFor("live"), test: await credentialFor("test") },
    moveTo: async (at) => {
      clock.moveTo(at);
      await Promise.all(nodes.map((node) => untilReady(node.url)));
    },
    carryOut: (acts) => carryOut(root, acts, keys),
    untilRecorded: (requests) => untilRecorded(database, requests),
    stop: async () => {
      for (const node of nodes) await node.stop();
      await database.drop();
    },
  };
}

async function untilReady(url: string): Promise<void> {
  const ready = async (): Promise<boolean> => (await client(url, null).get("/readyz")).status === 200;
  await waitFor(ready, { what: `a lease of ${url}`, timeoutMs: 15_000, everyMs: 10 });
}

async function makeAccounts(root: Api): Promise<Map<string, string>> {
  const accounts = new Map<string, string>();
  for (const external of new Set(CAST.map(({ account }) => account))) {
    const put = await root.put<{ account: { id: string } }>(`/v1/accounts/${external}`, { name: external.slice(4) });
    accounts.set(external, succeeded(put).body.account.id);
    for (const who of ["here", "gone"]) await putMember(root, external, who, "active");
  }
  return accounts;
}

async function putMember(root: Api, account: string, who: string, status: "active" | "deactivated"): Promise<void> {
  const person = { email: `${who}@one.example`, name: `The ${who}`, role: "developer", status };
  succeeded(await root.put(`/v1/accounts/${account}/members/ext:${who}`, person));
}

async function carryOut(root: Api, acts: PlannedActs, keys: Map<Caller, MadeKey>): Promise<void> {
  for (const caller of acts.made) {
    const made = await root.post<{ key: { id: string }; secret: string }>("/v1/keys", bodyOf(caller));
    keys.set(caller, { id: succeeded(made).body.key.id, secret: made.body.secret });
  }
  for (const caller of acts.revoked) {
    succeeded(await root.post(`/v1/keys/${keys.get(caller)?.id}/revoke`, { reason: "superseded" }));
  }
  if (!acts.leaving) return;
  const accounts = new Set(CAST.filter(({ maker }) => maker === "gone").map(({ account }) => account));
  for (const account of accounts) await putMember(root, account, "gone", "deactivated");
}

function bodyOf(caller: Caller): object {
  const { account, environment, name, tier, scopes, owner, maker, allowedIps, lifetime, expiresDaysAgo } = caller;
  return {
    ...{ account, environment, label: name, tier, scopes, owner, allowedIps, rationale: "for a test" },
    ...(maker === null ? {} : { createdBy: `ext:${maker}` }),
    limits: lifetime === null ? [] : [{ name: "credit", amount: lifetime, per: "lifetime" }],
    expiresAt: expiresDaysAgo === null ? null : new Date(actTime(expiresDaysAgo)).toISOString(),
  };
}

async function untilRecorded(database: TestDatabase, requests: number): Promise<void> {
  let found: unknown = null;
  const all = async (): Promise<boolean> => {
    const row = await asPlatform(database, async (client) => {
      const { rows } = await client.query<{ counted: number; used: number }>(
        `SELECT (SELECT coalesce(sum(requests), 0)::int FROM usage_total) AS counted,
           (SELECT coalesce(sum(u.accepted + u.refused), 0)::int FROM key_use u JOIN api_key k ON k.id = u.key_id
            WHERE k.kind = 'customer') AS used`,
      );
      return rows[0];
    });
    found = row;
    return row?.counted === requests && row.used === requests;
  };
  try {
    await waitFor(all, { timeoutMs: 15_000, everyMs: 50 });
  } catch {
    throw new TypeError(`${requests} requests should be recorded, and are not: ${JSON.stringify(found)}`);
  }
}
