import { setTimeout as pause } from "node:timers/promises";
import { type Config, loadConfig } from "../../config.ts";
import {
  addFirstVersions,
  type Database,
  KEY_BYTES,
  KEYRING_SUBJECT,
  PLATFORM,
  replaceMasterKey,
  unwrap,
  wrap,
} from "../../db/index.ts";
import type { Unit } from "../../kernel/act.ts";
import { systemClock } from "../../kernel/clock.ts";
import { createLogger } from "../../kernel/log.ts";
import { systemRandom } from "../../kernel/random.ts";
import { OperateError } from "../errors.ts";
import { openExisting } from "../installation.ts";
import { joinAsOperator, type Operator, operatorAlone } from "../operator.ts";
import type { OperateOptions } from "../options.ts";
import { holdKeyring, type KeyringRow, nodesFromBeforeMasterKey, setWraps } from "./queries.ts";
import { targetOf } from "./rotate-version.ts";

export interface RotateMasterKeyOptions extends OperateOptions {
  /** Who does it, for the audit trail: the name of the operating system's user. */
  readonly operator: string;
  /** 32 bytes in base64. Null: one is made, which only a data directory can keep. */
  readonly newMasterKey: string | null;
  /** What to do where the master key is kept in the settings; a data directory needs only `begin`. */
  readonly step: "begin" | "finish" | "abandon";
}

export interface RotatedMasterKey {
  /** `both`: until the finish, the old master key and the new one open the keyring. `one`: that of the settings or of the data directory alone. */
  readonly opensWith: "both" | "one";
  readonly keptIn: "data directory" | "settings";
}

/**
 * Replaces the master key. What it wraps stays the same, so no key ends and running nodes notice nothing.
 *
 * 1. Every key of the keyring is wrapped under the new master key as well, in one transaction: both open it.
 * 2. The new one is put where the service looks: into the data directory by this command, into the settings by the operator.
 * 3. The wraps under the old one are taken away, in one transaction.
 *
 * Wherever this is cut off, the master key that the service finds opens the keyring. In a data directory one run does all
 * three, and the next run goes on with one that was cut off; with CLAVIGER_MASTER_KEY set, `begin` does 1 and `finish` 3.
 * Throws ConfigError, EngineError, DatabaseError, OperateError MASTER_KEY_UNSUITABLE.
 */
export async function rotateMasterKey(options: RotateMasterKeyOptions): Promise<RotatedMasterKey> {
  const config = loadConfig(options.environment, options.workingDirectory);
  const given = options.newMasterKey === null ? null : parseMasterKey(options.newMasterKey);
  const logger = createLogger("error");
  const installation = await openExisting(config, logger);
  try {
    // As a node, it sees to it that the rows of dead ones go, which would be taken for nodes that still run.
    const operator =
      options.step === "finish"
        ? await joinAsOperator(config, logger, installation, options.operator)
        : operatorAlone(config, logger, installation, options.operator);
    try {
      const { masterKey, database } = installation;
      const work = { operator, config, masterKey, given, database };
      return config.masterKey === null ? await inDataDirectory(work) : await inSettings(work, options.step);
    } finally {
      await operator.stop();
    }
  } finally {
    await installation.close();
  }
}

const POLL_MS = 250;
/** Lease terms after which a node that still has its row is alive. */
const TERMS = 3;

interface Work {
  readonly database: Database;
  readonly operator: Operator;
  readonly config: Config;
  /** The one that the service finds now. */
  readonly masterKey: Uint8Array;
  readonly given: Uint8Array | null;
}

function parseMasterKey(text: string): Uint8Array {
  const key = Buffer.from(text, "base64");
  if (key.length === KEY_BYTES) return key;
  throw unsuitable(
    `CLAVIGER_NEW_MASTER_KEY: the value of ${text.length} characters is no key; must be 32 bytes in base64`,
  );
}

async function inDataDirectory(work: Work): Promise<RotatedMasterKey> {
  const next = work.given ?? systemRandom.bytes(KEY_BYTES);
  const begun = await change(work, (unit, rows) => {
    // An earlier run was cut off after it had written the file.
    if (stateOf(rows, work.masterKey) === "with-the-new") return finish(unit, rows, work.masterKey);
    return addNext(unit, rows, work.masterKey, next);
  });
  if (begun === "both") {
    await replaceMasterKey(work.config.dataDir, next);
    await change(work, (unit, rows) => finish(unit, rows, next));
  }
  return { opensWith: "one", keptIn: "data directory" };
}

async function inSettings(work: Work, step: RotateMasterKeyOptions["step"]): Promise<RotatedMasterKey> {
  const steps = {
    begin: () => change(work, (unit, rows) => begin(work, unit, rows)),
    finish: async () => {
      await waitUntilGone(work);
      return change(work, async (unit, rows) => {
        const state = stateOf(rows, work.masterKey);
        if (state === "settled") throw unsuitable("no new master key was begun with; nothing is to be finished");
        if (state === "with-the-old") {
          throw unsuitable(
            "CLAVIGER_MASTER_KEY: is still the old one; give the new one to every node and to this command, then finish",
          );
        }
        await requireRestarted(unit);
        return finish(unit, rows, work.masterKey);
      });
    },
    abandon: () =>
      change(work, (unit, rows) => {
        if (stateOf(rows, work.masterKey) !== "with-the-old")
          throw unsuitable("no new master key is waiting beside the one in CLAVIGER_MASTER_KEY");
        return abandon(unit, rows, work.masterKey);
      }),
  };
  return { opensWith: await steps[step](), keptIn: "settings" };
}

/** A node that runs with the old master key could open nothing that the keyring is given later. */
async function requireRestarted({ tx }: Unit): Promise<void> {
  const nodes = await nodesFromBeforeMasterKey(tx);
  if (nodes.length === 0) return;
  const names = nodes.map(({ name }) => name).join(", ");
  throw unsuitable(
    `these nodes have run since before the new master key was begun with: ${names}; restart or stop them, then finish`,
  );
}

/** Nodes that stop are gone at once, nodes that died after their term; one that renews its lease lives, and is not waited for. */
async function waitUntilGone({ database, config }: Work): Promise<void> {
  const until = systemClock.mono() + TERMS * config.leaseMs;
  const seen = new Map<string, string>();
  while (systemClock.mono() < until) {
    const nodes = await database.transaction(PLATFORM, nodesFromBeforeMasterKey);
    const lives = nodes.some(({ name, token }) => (seen.get(name) ?? token) !== token);
    if (nodes.length === 0 || lives) return;
    for (const { name, token } of nodes) seen.set(name, token);
    await pause(POLL_MS);
  }
}

async function begin({ masterKey, given }: Work, unit: Unit, rows: readonly KeyringRow[]): Promise<"both"> {
  if (given === null) {
    throw unsuitable(
      "CLAVIGER_NEW_MASTER_KEY: is not set; must be 32 bytes in base64, made with: openssl rand -base64 32",
    );
  }
  const state = stateOf(rows, masterKey);
  if (state === "settled") return addNext(unit, rows, masterKey, given);
  if (state === "with-the-old" && rows.every((row) => opens(given, row, row.wrappedNext))) {
    unit.audits({ action: "master-key.added", account: null, target: TARGET, after: { already: true } });
    return "both";
  }
  throw unsuitable("another new master key was begun with; finish with that one, or abandon it with --abandon");
}

type State = "settled" | "with-the-old" | "with-the-new";

/** How far a rotation is, seen with the master key that the service finds. */
function stateOf(rows: readonly KeyringRow[], masterKey: Uint8Array): State {
  if (rows.every(({ wrappedNext }) => wrappedNext === null)) return "settled";
  return rows.every((row) => opens(masterKey, row, row.wrapped)) ? "with-the-old" : "with-the-new";
}

function opens(masterKey: Uint8Array, row: KeyringRow, wrapped: Uint8Array | null): boolean {
  return wrapped !== null && unwrap(masterKey, row.purpose, row.version, wrapped) !== null;
}

const TARGET = { type: "master-key", id: "master-key" } as const;

async function change<T>(
  { operator }: Work,
  work: (unit: Unit, rows: readonly KeyringRow[]) => Promise<T>,
): Promise<T> {
  const done = await operator.act(operator.acting<T>(), PLATFORM, async (unit) =>
    work(unit, await holdKeyring(unit.tx)),
  );
  if (done.replayed) throw new TypeError("an act without an idempotency key is never replayed");
  return done.value;
}

async function addNext(
  unit: Unit,
  rows: readonly KeyringRow[],
  masterKey: Uint8Array,
  next: Uint8Array,
): Promise<"both"> {
  if (Buffer.from(masterKey).equals(next)) throw unsuitable("CLAVIGER_NEW_MASTER_KEY: is the one in use; make another");
  for (const row of rows) {
    const key = unwrap(masterKey, row.purpose, row.version, row.wrapped);
    if (key === null) throw new TypeError("an opened keyring holds a row that does not open");
    await setWraps(unit.tx, { ...row, wrappedNext: wrap(next, row.purpose, row.version, key, systemRandom) });
  }
  unit.audits({ action: "master-key.added", account: null, target: TARGET, after: { rows: rows.length } });
  return "both";
}

async function finish(unit: Unit, rows: readonly KeyringRow[], masterKey: Uint8Array): Promise<"one"> {
  for (const row of rows)
    await setWraps(unit.tx, { ...row, wrapped: row.wrappedNext ?? row.wrapped, wrappedNext: null });
  await addMissing(unit, masterKey);
  unit.audits({ action: "master-key.rotated", account: null, target: TARGET, after: { rows: rows.length } });
  return "one";
}

async function abandon(unit: Unit, rows: readonly KeyringRow[], masterKey: Uint8Array): Promise<"one"> {
  for (const row of rows) await setWraps(unit.tx, { ...row, wrappedNext: null });
  await addMissing(unit, masterKey);
  unit.audits({ action: "master-key.abandoned", account: null, target: TARGET });
  return "one";
}

/** Nodes of a newer version that started meanwhile made nothing that one of two master keys alone would open. */
async function addMissing(unit: Unit, masterKey: Uint8Array): Promise<void> {
  for (const purpose of await addFirstVersions(unit.tx, masterKey, systemRandom, unit.now)) {
    unit.audits({ action: "keyring.extended", account: null, target: targetOf(purpose), after: { version: 1 } });
    unit.narrows(KEYRING_SUBJECT);
  }
}

function unsuitable(message: string): OperateError {
  return new OperateError("MASTER_KEY_UNSUITABLE", message);
}
