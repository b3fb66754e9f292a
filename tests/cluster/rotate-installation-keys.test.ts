import { waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand, startCommand } from "../support/command.ts";
import { asPlatform } from "../support/filler.ts";
import {
  countVersions,
  expectAuditHolds,
  type RotationCluster,
  startRotationCluster,
  underLoad,
} from "../support/rotation-cluster.ts";

const TIMEOUT_MS = 120_000;

let cluster: RotationCluster;

beforeAll(async () => {
  cluster = await startRotationCluster(3_000);
});
afterAll(() => cluster.stop());

describe("the installation's own keys are rotated under load, and no key ends (security 3)", () => {
  test(
    "pepper: every row is wrapped again while both nodes verify, also after a kill -9 in the middle",
    async () => {
      const { settings } = cluster;
      await underLoad(cluster, async () => {
        const killed = startCommand(["rotate-pepper"], settings);
        await waitFor(async () => (await countVersions(cluster, "pepper_version = 2")) >= 1_000, { timeoutMs: 60_000 });
        await killed.kill9();
        expect(await countVersions(cluster, "pepper_version = 1")).toBeGreaterThan(0);
        const { stdout, stderr } = await runCommand(["rotate-pepper", "--json"], settings);
        const rotated = JSON.parse(stdout) as { version: number; wrapped: number; resumed: boolean };
        expect(rotated).toMatchObject({ version: 2, resumed: true });
        expect(rotated.wrapped).toBeGreaterThan(0);
        expect(stderr).toContain("begun before");
        expect(await countVersions(cluster, "pepper_version < 2")).toBe(0);
      });
    },
    TIMEOUT_MS,
  );

  test(
    "tag key and audit key: what was made before stays genuine, and what is made under the new ones is known on every node at once",
    async () => {
      const before = cluster.keys.length;
      await underLoad(cluster, async (load) => {
        for (const command of ["rotate-tag-key", "rotate-audit-key"]) {
          const { stdout } = await runCommand([command, "--json"], cluster.settings);
          expect(JSON.parse(stdout)).toMatchObject({ version: 2, resumed: false });
        }
        const issued = load.issued.length;
        await waitFor(() => load.issued.length > issued + 5, { timeoutMs: 60_000 });
      });
      expect(cluster.keys.length).toBeGreaterThan(before);
      const versions = await asPlatform(cluster.database, async (client) => {
        const { rows } = await client.query<{ key_version: number }>(
          "SELECT key_version FROM audit_event ORDER BY seq DESC LIMIT 6",
        );
        return rows.map(({ key_version }) => key_version);
      });
      expect(new Set(versions)).toEqual(new Set([2]));
      await expectAuditHolds(cluster.settings);
    },
    TIMEOUT_MS,
  );
});
