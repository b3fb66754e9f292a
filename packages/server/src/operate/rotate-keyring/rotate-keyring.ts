import { type Config, loadConfig } from "../../config.ts";
import { PLATFORM, type Purpose } from "../../db/index.ts";
import { createLogger, type Logger } from "../../kernel/log.ts";
import { systemRandom } from "../../kernel/random.ts";
import { type Installation, openExisting } from "../installation.ts";
import { joinAsOperator, type Operator } from "../operator.ts";
import type { OperateOptions } from "../options.ts";
import { estimateDigests, holdKeyring, setStage } from "./queries.ts";
import { bringIntoUse, newestOf, targetOf } from "./rotate-version.ts";
import { wrapDigests } from "./wrap-digests.ts";

export interface RotateOptions extends OperateOptions {
  /** Who does it, for the audit trail: the name of the operating system's user. */
  readonly operator: string;
  /** Called from time to time with how many keys were looked at and about how many there are. Peppers only. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Rotated {
  /** In use now. */
  readonly version: number;
  /** Rows of keys that were wrapped again; 0 for what wraps none. */
  readonly wrapped: number;
  /** True where an earlier run had begun this rotation and this one finished it. */
  readonly resumed: boolean;
}

/**
 * New tag key: keys issued from now on carry a tag made with it; those in the field stay genuine under theirs.
 * Throws ConfigError, EngineError, DatabaseError, OperateError, and ClavigerError where the cluster cannot be heard.
 */
export function rotateTagKey(options: RotateOptions): Promise<Rotated> {
  return onInstallation(options, (work) => rotateSimple(work, "tag"));
}

/** New key of the audit chain: later events are chained with it, earlier ones stay verifiable. Throws as `rotateTagKey`. */
export function rotateAuditKey(options: RotateOptions): Promise<Rotated> {
  return onInstallation(options, (work) => rotateSimple(work, "audit"));
}

/**
 * New pepper: what the database holds of every key is wrapped once more, while verification goes on, and no key ends. A run
 * that was cut off is finished by the next. Throws as `rotateTagKey`.
 */
export function rotatePepper(options: RotateOptions): Promise<Rotated> {
  return onInstallation(options, async (work) => {
    const begun = await stageOfNewest(work, "pepper");
    const version = begun.stage === "used" ? begun.version : await bringIntoUse(work, "pepper", "used");
    const { database, keyring } = work.installation;
    await keyring.refresh();
    const total = await estimateDigests(database);
    const wrapped = await wrapDigests({ database, keyring, operator: work.operator }, version, (done) =>
      options.onProgress?.(done, Math.max(done, total)),
    );
    await finishPepper(work, version, wrapped);
    return { version, wrapped, resumed: begun.stage !== "done" };
  });
}

interface Work {
  readonly installation: Installation;
  readonly operator: Operator;
  readonly masterKey: Uint8Array;
  readonly random: typeof systemRandom;
}

async function onInstallation<T>(options: RotateOptions, work: (work: Work) => Promise<T>): Promise<T> {
  const config: Config = loadConfig(options.environment, options.workingDirectory);
  const logger: Logger = createLogger("error");
  const installation = await openExisting(config, logger);
  try {
    const operator = await joinAsOperator(config, logger, installation, options.operator);
    try {
      return await work({ installation, operator, masterKey: installation.masterKey, random: systemRandom });
    } finally {
      await operator.stop();
    }
  } finally {
    await installation.close();
  }
}

async function rotateSimple(work: Work, purpose: Purpose): Promise<Rotated> {
  const begun = await stageOfNewest(work, purpose);
  const version = await bringIntoUse(work, purpose, "done");
  return { version, wrapped: 0, resumed: begun.stage !== "done" };
}

function stageOfNewest({ installation }: Work, purpose: Purpose) {
  return installation.database.transaction(PLATFORM, async (tx) => newestOf(await holdKeyring(tx), purpose));
}

async function finishPepper({ operator }: Work, version: number, wrapped: number): Promise<void> {
  await operator.act(operator.acting<void>(), PLATFORM, async (unit) => {
    await holdKeyring(unit.tx);
    await setStage(unit.tx, "pepper", version, "done");
    unit.audits({
      action: "pepper.applied",
      account: null,
      target: targetOf("pepper"),
      after: { version, rows: wrapped, everywhere: true },
    });
  });
}
