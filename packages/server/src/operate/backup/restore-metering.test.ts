/** What was billed is in a backup, closed months stay closed, and what cannot be vouched for is open again (F6, J10). */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { externalSettings, openMeteringStage, type TestDatabase, tamper, testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { reconcileUsage } from "../../modules/traffic/index.ts";
import { createBackup } from "./create-backup.ts";
import { restoreBackup } from "./restore-backup.ts";

const HOUR = 3_600_000;
const SECRET = { key: Buffer.alloc(32, 3).toString("base64"), passphrase: null };

async function stageOf() {
  const stage = await openMeteringStage();
  onTestFinished(() => stage.drop());
  const key = await stage.newKey(await stage.newAccount("pro"));
  for (const month of [0, 1]) {
    stage.at(month, 50 * HOUR);
    await stage.close();
    await stage.use(key, { requests: 3 + month, cost: 5 });
  }
  stage.at(2, 50 * HOUR);
  await stage.close();
  const late = (stage.months[2] ?? 0) - HOUR;
  await stage.use(key, { requests: 9, cost: 1, firstAt: late, lastAt: late });
  return stage;
}

/** A new installation that is made of a backup of this one. */
async function copyOf(source: TestDatabase): Promise<TestDatabase> {
  const dir = await mkdtemp(join(tmpdir(), "claviger-metering-"));
  const target = await testDatabase();
  onTestFinished(async () => {
    await target.drop();
    await rm(dir, { recursive: true, force: true });
  });
  const operating = (database: TestDatabase, name: string) => ({
    environment: { ...externalSettings(database), CLAVIGER_DATA_DIR: join(dir, name) },
    ...{ workingDirectory: dir, operator: "tester" },
  });
  const to = join(dir, "backup");
  await createBackup({ ...operating(source, "from"), to, secret: SECRET, keyring: "with", resume: false });
  await restoreBackup({ ...operating(target, "to"), from: to, keyringFrom: null, secret: SECRET, resume: false });
  return target;
}

function rowsOf(database: TestDatabase, table: "metering" | "metering_period"): Promise<readonly object[]> {
  return database.database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<object>`SELECT t::text FROM ${sql.table(table)} t ORDER BY t`.execute(tx);
    return rows;
  });
}

test("a restored installation has what was metered, carried rows too, once; its closed months are closed", async () => {
  const { home, months, clock } = await stageOf();
  const target = await copyOf(home);
  const metered = await rowsOf(home, "metering");
  expect(metered).toHaveLength(3);
  expect(await rowsOf(target, "metering")).toEqual(metered);
  // The one before metering began, and two that are closed.
  expect(await rowsOf(home, "metering_period")).toHaveLength(3);
  expect(await rowsOf(target, "metering_period")).toEqual(await rowsOf(home, "metering_period"));
  expect(await reconcileUsage(target.database, months[0] ?? 0, clock.wall())).toMatchObject({ ok: true, months: 3 });
  const change = target.database.transaction(PLATFORM, (tx) => sql`UPDATE metering SET accepted = 1`.execute(tx));
  await expect(change).rejects.toMatchObject({ code: "CV004" });
});

test("a month that closed while its rows were being copied is open again, with all that closed after it", async () => {
  const { home, names } = await stageOf();
  const [june, july] = names;
  // As if they had been copied before the last of them was written.
  await tamper(home.owner, "metering", `UPDATE metering SET accepted = accepted - 1 WHERE period = '${june}-01'`);
  const target = await copyOf(home);
  expect(await rowsOf(target, "metering_period")).toHaveLength(1);
  await target.database.transaction(PLATFORM, (tx) =>
    sql`UPDATE metering SET accepted = accepted + 1 WHERE period IN (${`${june}-01`}, ${`${july}-01`})`.execute(tx),
  );
});
