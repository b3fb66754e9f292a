/**
 * The power goes while the whole service works, its database, master key and audit anchor on a disk that keeps for sure only
 * what was flushed. Where this machine allows no such disk, `kill -9` stands for it and a line on stderr says so.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { seededRandom, startService, type VolatileDisk, volatileDisk, waitFor } from "@claviger/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCommand } from "../support/command.ts";
import { expectChainWhole, killUnderLoad } from "../support/killing.ts";

const ROUNDS = 10;
const TIMEOUT_MS = 900_000;
const MANAGEMENT_KEY = "management-key-of-the-power-loss-tests";

async function openDisk(): Promise<VolatileDisk> {
  const disk = await volatileDisk();
  onTestFinished(() => disk.close(), 60_000);
  return disk;
}

test(
  "no acknowledged act is lost, none is half done, and the audit chain is whole and agrees with its anchor",
  async (context) => {
    const random = seededRandom(context);
    const disk = await openDisk();
    const service = await startService({ dataDir: join(disk.path, "data"), env: { CLAVIGER_LEASE_MS: "1000" } });
    onTestFinished(() => service.stop(), 30_000);
    const { keys, acts } = await killUnderLoad(service, random, ROUNDS, async () => {
      await context.annotate(await disk.cut(random.int(2 ** 31)));
      await service.kill9();
      await disk.restore();
      await service.restart();
    });
    await context.annotate(`${acts} acts on ${keys} keys, ${ROUNDS} cuts, disk: ${disk.kind}`);
    expect(acts).toBeGreaterThan(ROUNDS * 20);
  },
  TIMEOUT_MS,
);

describe("when it goes in the middle of the service's first start", () => {
  const exists = (path: string): Promise<boolean> =>
    stat(path).then(
      () => true,
      () => false,
    );
  /** Moments, told by what is on the disk. */
  const moments: Record<string, (dir: string) => Promise<boolean>> = {
    "as soon as the database runs": (dir) => exists(join(dir, "postgres", "data", "postmaster.pid")),
    "as soon as there is a master key": (dir) => exists(join(dir, "master-key")),
    "as soon as there is an audit anchor": (dir) => exists(join(dir, "audit-anchor.json")),
  };

  test.for(Object.entries(moments))(
    "%s, the next start opens what is there or makes it anew",
    { timeout: TIMEOUT_MS },
    async ([, reached], context) => {
      const random = seededRandom(context);
      const disk = await openDisk();
      const dataDir = join(disk.path, "data");
      const env = { CLAVIGER_DATA_DIR: dataDir, CLAVIGER_PORT: "0", CLAVIGER_MANAGEMENT_KEY: MANAGEMENT_KEY };
      const command = startCommand(["serve"], env);
      const ended = command.finished.then(({ stderr }) => Promise.reject(new TypeError(stderr)));
      const there = waitFor(() => reached(dataDir), { timeoutMs: 60_000, everyMs: 1, what: "that moment" });
      await Promise.race([there, ended]);
      await context.annotate(await disk.cut(random.int(2 ** 31)));
      await command.kill9();
      await disk.restore();
      const service = await startService({ dataDir, env: { CLAVIGER_MANAGEMENT_KEY: MANAGEMENT_KEY } });
      onTestFinished(() => service.stop(), 30_000);
      const answer = await fetch(`${service.url}/v1/keys`, { headers: { authorization: `Bearer ${MANAGEMENT_KEY}` } });
      expect(answer.status).toBe(200);
      await expectChainWhole(service);
    },
  );
});
