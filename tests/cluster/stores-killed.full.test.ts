/** kill -9 at any moment while secrets are delivered: what was promised arrives, once, and nothing is left behind. */
import {
  type Api,
  api,
  makeAccount,
  makeScopes,
  seededRandom,
  startService,
  succeeded,
  testDatabase,
  vaultServer,
  waitFor,
} from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { asPlatform } from "../support/filler.ts";

const KEYS = 12;
const ROUNDS = 3;

interface Made {
  readonly key: { readonly id: string };
  readonly handOver: { readonly id: string };
}

test("every secret that was to be delivered is in the store, and works", async (context) => {
  const random = seededRandom(context);
  const [database, vault] = [await testDatabase(), await vaultServer()];
  const env = { CLAVIGER_LEASE_MS: "1000", CLAVIGER_ALLOW_PRIVATE_TARGETS: "true" };
  const service = await startService({ database, env });
  onTestFinished(async () => {
    await service.stop();
    await vault.close();
    await database.drop();
  }, 30_000);
  const root = (): Api => api(service.url, service.managementKey);
  await makeScopes(root());
  const account = (await makeAccount(root())).id;
  succeeded(await root().put("/v1/stores/vault", { vault: { address: vault.url, token: "hvs.of-a-test" } }));
  for (let round = 0; round < ROUNDS; round += 1) {
    const from = vault.asked.length;
    vault.react(() => random.pick(["answer", "answer", "lose-answer"] as const));
    const making = Array.from({ length: KEYS }, (_, index) => {
      const deliverTo = { store: "vault", path: `r${round}/k${index}` };
      const body = { account, environment: "live", label: "killed", scopes: ["contacts:read"], deliverTo };
      return root()
        .post<Made>("/v1/keys", body)
        .then(({ status }) => (status === 201 ? deliverTo.path : null))
        .catch(() => null);
    });
    const goal = 1 + random.int(KEYS * 2);
    await waitFor(() => vault.asked.length - from >= goal, { timeoutMs: 30_000, everyMs: 1, what: `${goal} requests` });
    await service.kill9();
    const promised = (await Promise.all(making)).filter((path) => path !== null);
    vault.react(() => "answer");
    await service.restart();
    // What the dead process had claimed is taken over once that is over.
    await asPlatform(database, (sql) => sql.query("UPDATE hand_over SET due_at = now() WHERE state = 'waiting'"));
    await waitFor(
      async () => {
        const left = await asPlatform(database, (sql) =>
          sql.query("SELECT FROM hand_over WHERE state <> 'delivered' OR sealed IS NOT NULL"),
        );
        return left.rowCount === 0;
      },
      { timeoutMs: 60_000, everyMs: 200, what: "everything to be delivered" },
    );
    for (const path of promised) {
      const held = vault.read(path);
      const verdict = await root().post<{ valid: boolean }>("/v1/verify", { key: held?.secret, environment: "live" });
      expect(verdict.body.valid, path).toBe(true);
      expect(vault.versions(path)).toBe(1);
    }
  }
}, 180_000);
