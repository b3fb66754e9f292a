/** Deliveries over a bad day: receivers that hang, redirect, fail and are gone, and a node that is killed between attempts (I1). */
import {
  type Api,
  api,
  issueKey,
  makeAccount,
  makeScopes,
  startService,
  succeeded,
  type TestDatabase,
  testDatabase,
  type WebhookReceiver,
  waitFor,
  webhookReceiver,
} from "@claviger/testkit";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test } from "vitest";
import { asPlatform } from "../support/filler.ts";

const KEYS = 3;
/** The node is killed in each of them. */
const ROUNDS = 2;
const NAMES = ["healthy", "hanging", "redirecting", "failing", "gone"] as const;
type Name = (typeof NAMES)[number];
const RECOVERING = ["hanging", "redirecting", "failing"] as const;

interface Delivery {
  readonly event: string;
  readonly state: string;
  readonly attempts: readonly { readonly status: number | null }[];
}

const idsOf = ({ received }: WebhookReceiver): string[] => received.map(({ headers }) => String(headers["webhook-id"]));

async function hookAll(root: Api) {
  const receivers = {} as Record<Name, WebhookReceiver>;
  const secrets = {} as Record<Name, string>;
  for (const name of NAMES) {
    const receiver = await webhookReceiver();
    onTestFinished(() => receiver.close());
    receivers[name] = receiver;
    const hook = { url: receiver.url, events: ["key.created"] };
    secrets[name] = succeeded(await root.put<{ secret: string }>(`/v1/webhooks/${name}`, hook)).body.secret;
  }
  return { receivers, secrets };
}

/** While no node lives: what one that does has under way is not due again before its claim ends. */
function passTime(database: TestDatabase, hours: number): Promise<void> {
  return asPlatform(database, async (client) => {
    const by = `interval '${hours} hours'`;
    await client.query(`UPDATE delivery SET due_at = due_at - ${by}, created_at = created_at - ${by}
      WHERE state = 'waiting'`);
    await client.query(`UPDATE webhook SET failing_since = failing_since - ${by}`);
  });
}

test("for a day nothing is lost, nothing holds up anything else, and nothing comes again after it was accepted", async () => {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const env = { CLAVIGER_ALLOW_PRIVATE_TARGETS: "true" };
  const node = await startService({ database, env });
  onTestFinished(() => node.stop(), 30_000);
  const key = node.managementKey;
  let root: Api = api(node.url, key);
  await makeScopes(root);
  const account = (await makeAccount(root)).id;

  // What happened just before may be told to a webhook that is put now.
  await waitFor(() =>
    asPlatform(database, async (client) => {
      const { rowCount } = await client.query("SELECT FROM outbox_event WHERE dispatched_at IS NULL");
      return rowCount === 0;
    }),
  );
  const { receivers, secrets } = await hookAll(root);
  const { healthy, hanging, redirecting, failing, gone } = receivers;
  hanging.react(() => "hang");
  redirecting.react(() => ({ status: 307, headers: { location: healthy.url } }));
  failing.react(() => 500);
  gone.react(() => 410);
  const deliveries = async (name: Name): Promise<readonly Delivery[]> =>
    succeeded(await root.get<{ data: readonly Delivery[] }>(`/v1/webhooks/${name}/deliveries`)).body.data;
  // What each had received when it was last changed.
  const counts = new Map<Name, number>();
  for (let made = 0; made < KEYS; made += 1) await issueKey(root, account);
  await waitFor(() => idsOf(healthy).length === KEYS && hanging.received.length > 0, { timeoutMs: 15_000 });
  await waitFor(async () => (await root.get<{ status: string }>("/v1/webhooks/gone")).body.status === "disabled");
  for (let round = 1; round <= ROUNDS; round += 1) {
    await waitFor(
      async () => {
        const tried = [...(await deliveries("failing")), ...(await deliveries("redirecting"))];
        return tried.every(({ attempts }) => attempts.length >= round);
      },
      { timeoutMs: 15_000, what: `attempt ${round} of all` },
    );
    // It holds attempts at the one that hangs, and has just recorded some that failed.
    await node.kill9();
    await passTime(database, 12);
    if (round === ROUNDS) for (const name of RECOVERING) receivers[name].react(() => 204);
    for (const name of NAMES) counts.set(name, receivers[name].received.length);
    await node.restart();
    root = api(node.url, key);
    const before = healthy.received.length;
    await issueKey(root, account);
    await waitFor(() => healthy.received.length > before, { timeoutMs: 10_000, what: "the healthy one to hear of it" });
  }
  const waiting = ["healthy", ...RECOVERING] as const;
  await waitFor(
    async () => (await Promise.all(waiting.map(deliveries))).flat().every(({ state }) => state === "delivered"),
    { timeoutMs: 30_000, what: "everything to be delivered" },
  );
  const created = KEYS + ROUNDS;
  for (const name of waiting) {
    const ids = idsOf(receivers[name]);
    const accepted = name === "healthy" ? ids : ids.slice(counts.get(name));
    expect(new Set(ids).size, name).toBe(created);
    expect(accepted.toSorted(), name).toEqual([...new Set(ids)].toSorted());
  }
  expect((await deliveries("gone")).every(({ state }) => state === "failed")).toBe(true);
  expect(gone.received.length).toBeLessThanOrEqual(KEYS);
  for (const { body, headers } of healthy.received)
    new Webhook(secrets.healthy).verify(body, headers as Record<string, string>);
}, 120_000);
