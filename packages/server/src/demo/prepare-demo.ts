import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "@claviger/core";
import { type Config, ConfigError } from "../config.ts";
import { type Database, masterKeyOf, PLATFORM } from "../db/index.ts";
import { systemClock } from "../kernel/clock.ts";
import type { Logger } from "../kernel/log.ts";
import { systemRandom } from "../kernel/random.ts";
import { findAccount } from "../modules/accounts/index.ts";
import { seedDemo } from "./seed-demo.ts";

/** The file in the data directory that says that its database holds a whole demo. */
const MARKER_FILE = "demo.json";
const LARGEST_SEED = 2 ** 32 - 1;

/** An installation that is open and listens, and is not served yet. */
export interface Prepared {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  readonly url: string;
}

export interface DemoOptions {
  /** From `readDemoSeed`. */
  readonly seed: number;
  print(line: string): void;
  onProgress(done: number, total: number): void;
}

/** CLAVIGER_DEMO_SEED, 1 where it is not set. Throws ConfigError. */
export function readDemoSeed(environment: Readonly<Record<string, string | undefined>>): number {
  const text = environment.CLAVIGER_DEMO_SEED?.trim() ?? "";
  if (text === "") return 1;
  if (/^\d{1,10}$/.test(text) && Number(text) <= LARGEST_SEED) return Number(text);
  throw new ConfigError(
    "CLAVIGER_DEMO_SEED",
    `${JSON.stringify(text.slice(0, 100))} is not valid; must be an integer from 0 to ${LARGEST_SEED}`,
  );
}

/**
 * Seeds an installation that is empty, and leaves one that was seeded as it is. Throws ConfigError for one that holds anything else:
 * a demo never mixes with what somebody works with.
 */
export async function prepareDemo(prepared: Prepared, options: DemoOptions): Promise<void> {
  const { config, database, logger, url } = prepared;
  options.print(
    "This is a demo: an invented platform with invented companies and people. Keep nothing of value in it.",
  );
  const marker = join(config.dataDir, MARKER_FILE);
  const used = (await database.transaction(PLATFORM, (tx) => findAccount(tx, "platform"))) !== null;
  if (used && (await isThere(marker))) {
    options.print(
      `The demo is there already; its secrets were shown when it was made. To begin anew, stop it and delete ${config.dataDir}`,
    );
    return;
  }
  if (used) {
    throw new ConfigError(
      config.databaseUrl === null ? "CLAVIGER_DATA_DIR" : "DATABASE_URL",
      "the database is in use, or an earlier demo was not finished; the demo needs an empty one",
    );
  }
  const seeded = await seedDemo({
    ...{ database, logger, clock: systemClock, random: systemRandom },
    ...{ seed: options.seed, keyPrefix: config.keyPrefix, onProgress: options.onProgress },
    masterKey: config.masterKey ?? (await masterKeyOf(config.dataDir, systemRandom)),
    managementKey: config.managementKey === null ? null : new Secret(config.managementKey),
  });
  await writeFile(
    marker,
    `${JSON.stringify({ seed: options.seed, seededAt: new Date(systemClock.wall()).toISOString() })}\n`,
  );
  if (seeded.managementKey !== null) options.print(`management key (shown once): ${seeded.managementKey.reveal()}`);
  for (const { state, secret } of seeded.examples) options.print(`example key, ${state}: ${secret.reveal()}`);
  options.print(`Try one: curl -s ${url}/v1/verify -H 'Authorization: Bearer <management key>' -H 'Content-Type: application/json' \\
  -d '{"key":"<example key>","environment":"live","method":"GET","path":"/v2/contacts"}'`);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await readFile(path);
    return true;
  } catch {
    return false;
  }
}
