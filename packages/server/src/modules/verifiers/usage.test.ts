/** What verifiers counted is counted once and for whom it is, whichever nodes it is sent to and however often (C7). */
import type { KeyUse } from "@claviger/core";
import {
  type Api,
  api,
  issueKey,
  issueManagementKey,
  type MadeKey,
  makeAccount,
  makeScopes,
  type RawVerifier,
  rawVerifier,
  startApp,
  type TestApp,
} from "@claviger/testkit";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";

let nodes: TestApp[];
let root: Api;
let account: string;
const open: RawVerifier[] = [];

beforeAll(async () => {
  const first = await startApp();
  nodes = [first, await startApp({ database: first.database })];
  root = api(first.url, first.managementKey);
  await makeScopes(root);
  account = (await makeAccount(root)).id;
});
afterEach(() => Promise.all(open.splice(0).map((verifier) => verifier.cut())));
afterAll(async () => {
  for (const node of nodes.reverse()) await node.stop();
});

async function connected(credential: string, node = 0): Promise<RawVerifier> {
  const verifier = await rawVerifier({ url: nodes[node]?.url ?? "", credential });
  open.push(verifier);
  await verifier.greet();
  return verifier;
}

const credentialOf = async (fields: object = {}): Promise<string> =>
  (await issueManagementKey(root, ["verify"], { ...fields })).secret;

function used(key: MadeKey, change: Partial<KeyUse> = {}): KeyUse {
  const now = systemClock.wall();
  return {
    ...{ key: key.id, version: 1, account, accepted: 3, refused: 1, firstUsedAt: now, lastUsedAt: now },
    ...{ lastRefusedAt: now, lastRefusedCode: "EXPIRED" },
    ...change,
  };
}

interface Shown {
  /** Accepted and refused. */
  readonly requests30d: number;
  readonly lastUsedAt: string | null;
  readonly lastRefusedCode: string | null;
}
const shown = async ({ id }: MadeKey): Promise<Shown> => (await root.get<Shown>(`/v1/keys/${id}`)).body as Shown;

/** Sends it and waits until it is said to be written. */
async function send(verifier: RawVerifier, batch: string, rows: readonly KeyUse[]): Promise<void> {
  const from = verifier.received.length;
  verifier.send({ kind: "usage", batch, rows });
  expect(await verifier.next("usage-ok", from)).toEqual({ kind: "usage-ok", batch });
}

test("a batch is counted once: sent again, over a new connection, to another node, and to two at the same time", async () => {
  const key = await issueKey(root, account);
  const credential = await credentialOf();
  const [one, other] = [await connected(credential), await connected(credential, 1)];
  await Promise.all([send(one, "batch-of-one", [used(key)]), send(other, "batch-of-one", [used(key)])]);
  await send(one, "batch-of-one", [used(key)]);
  await one.cut();
  await send(await connected(credential), "batch-of-one", [used(key)]);
  expect(await shown(key)).toMatchObject({ requests30d: 4, lastRefusedCode: "EXPIRED" });
  await send(other, "batch-of-two", [used(key, { accepted: 4 })]);
  expect((await shown(key)).requests30d).toBe(9);
});

test("the name of a batch is the sender's own: two credentials may give the same", async () => {
  const key = await issueKey(root, account);
  for (const credential of [await credentialOf(), await credentialOf()]) {
    await send(await connected(credential), "same-name", [used(key)]);
  }
  expect((await shown(key)).requests30d).toBe(8);
});

test("nobody is credited with what is not theirs: keys of other environments, unknown ones, other accounts", async () => {
  const [live, foreign] = [await issueKey(root, account), await issueKey(root, account, { environment: "test" })];
  const unknown = { id: "key_01K0000000000000000000000A", secret: "" };
  const stranger = "acct_01K0000000000000000000000A";
  await send(await connected(await credentialOf()), "mixed-batch", [
    used(live, { account: stranger }),
    used(foreign),
    used(unknown),
    used(live, { version: 9 }),
  ]);
  expect((await shown(live)).requests30d).toBe(4);
  expect(await shown(foreign)).toMatchObject({ requests30d: 0, lastUsedAt: null });
});

test("times from another clock never lie in the future", async () => {
  const key = await issueKey(root, account);
  const ahead = systemClock.wall() + 86_400_000;
  await send(await connected(await credentialOf()), "from-the-future", [used(key, { lastUsedAt: ahead })]);
  expect(Date.parse((await shown(key)).lastUsedAt ?? "")).toBeLessThanOrEqual(systemClock.wall());
});
