import { timingSafeEqual } from "node:crypto";
import { ClavigerError } from "@claviger/core";
import { ConfigError, loadConfig } from "../../config.ts";
import { PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { createKeks, type Keks, kekUnavailable } from "../../kernel/kek/index.ts";
import { createLogger } from "../../kernel/log.ts";
import { systemRandom } from "../../kernel/random.ts";
import {
  countSecrets,
  type KeptSecret,
  type SecretPlace,
  saveWrapped,
  selectOtherwiseWrapped,
} from "../../modules/recovery/index.ts";
import { OperateError } from "../errors.ts";
import { type Installation, openExisting } from "../installation.ts";
import { type Operator, operatorAlone } from "../operator.ts";
import type { OperateOptions } from "../options.ts";

export interface RotateKekOptions extends OperateOptions {
  /** Who does it, for the audit trail: the name of the operating system's user. */
  readonly operator: string;
  /** Called from time to time with how many secrets were wrapped again and about how many there are. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface RotatedKek {
  /** The key-encryption key that wraps everything now, and its version where its keeper has versions. No secret. */
  readonly kek: string;
  /** Secrets whose data key was wrapped again. */
  readonly rewrapped: number;
  /** Secrets that open with none of the keys that are set: altered, or wrapped by a key that is not here. */
  readonly unopened: number;
}

/** Data keys wrapped again in one transaction; a run that is cut off loses at most so many calls of who keeps the key. */
const BATCH = 100;
/** Calls of who keeps the key at a time. */
const AT_ONCE = 8;

/**
 * Wraps the data key of every recoverable secret by CLAVIGER_KEK, while the service runs: those that CLAVIGER_KEK_OLD wrapped, and those that an
 * older version of the same key did. No secret is opened, no key ends. What is done stays done: a run that was cut off is gone on with by the
 * next. Walks until a whole walk finds nothing to do.
 *
 * Throws ConfigError without CLAVIGER_KEK, OperateError KEK_UNAVAILABLE where a keeper gives no answer or a row names a key that is not among the
 * settings, EngineError, DatabaseError.
 */
export async function rotateKek(options: RotateKekOptions): Promise<RotatedKek> {
  const config = loadConfig(options.environment, options.workingDirectory);
  if (config.recovery === null) {
    throw new ConfigError("CLAVIGER_KEK", "is not set; must be the key-encryption key that is to wrap everything");
  }
  const keks = createKeks(config.recovery, systemClock, systemRandom);
  const logger = createLogger("error");
  const installation = await openExisting(config, logger);
  try {
    const operator = operatorAlone(config, logger, installation, options.operator);
    try {
      return await wrapAll({ installation, operator, keks }, options);
    } catch (error) {
      throw isAway(error) ? new OperateError("KEK_UNAVAILABLE", `${error.internal}; ${GO_ON}`, error) : error;
    } finally {
      await operator.stop();
    }
  } finally {
    await installation.close();
  }
}

const GO_ON = "what was wrapped again stays so, and running the command again goes on";

const isAway = (error: unknown): error is ClavigerError =>
  error instanceof ClavigerError && error.code === "KEK_UNAVAILABLE";

interface Work {
  readonly installation: Installation;
  readonly operator: Operator;
  readonly keks: Keks;
}

async function wrapAll(work: Work, { onProgress }: Pick<RotateKekOptions, "onProgress">): Promise<RotatedKek> {
  const total = await work.installation.database.transaction(PLATFORM, countSecrets);
  let rewrapped = 0;
  for (;;) {
    // Anew for each walk: its keeper may have rotated it meanwhile.
    const kek = await nameOf(work.keks);
    let unopened = 0;
    let done = 0;
    let after: SecretPlace = null;
    for (;;) {
      const rows = await nextRows(work, kek, after);
      if (rows.length === 0) break;
      const wrapped = await wrapAgain(work.keks, rows);
      unopened += rows.length - wrapped.length;
      if (wrapped.length > 0) done += await save(work, kek, wrapped);
      onProgress?.(rewrapped + done, Math.max(total, rewrapped + done));
      after = rows.at(-1) ?? null;
    }
    rewrapped += done;
    if (done === 0) return { kek, rewrapped, unopened };
  }
}

function nextRows({ installation }: Work, kek: string, after: SecretPlace): Promise<readonly KeptSecret[]> {
  return installation.database.transaction(PLATFORM, (tx) => selectOtherwiseWrapped(tx, kek, after, BATCH));
}

/** What the key in use writes beside what it wraps. */
async function nameOf({ current }: Keks): Promise<string> {
  const { kek } = await current.wrap(systemRandom.bytes(32), { account: "none", key: "none" });
  return kek;
}

type Rewrapped = Parameters<typeof saveWrapped>[1][number];

async function wrapAgain(keks: Keks, rows: readonly KeptSecret[]): Promise<readonly Rewrapped[]> {
  const done: Rewrapped[] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = await Promise.all(rows.slice(from, from + AT_ONCE).map((row) => wrapOne(keks, row)));
    done.push(...some.filter((one) => one !== null));
  }
  return done;
}

async function wrapOne(keks: Keks, before: KeptSecret): Promise<Rewrapped | null> {
  const dataKey = await keks.unwrap({ kek: before.kek, bytes: before.wrapped }, before);
  if (dataKey === null) return null;
  const { kek, bytes: wrapped } = await keks.current.wrap(dataKey, before);
  // What it takes the place of is the only copy: whoever keeps the key has to open what it has wrapped.
  const read = await keks.current.unwrap({ kek, bytes: wrapped }, before);
  const same = read !== null && read.length === dataKey.length && timingSafeEqual(read, dataKey);
  dataKey.fill(0);
  read?.fill(0);
  if (!same) throw kekUnavailable(kek, "does not open what it has wrapped");
  return { before, kek, wrapped };
}

async function save({ operator }: Work, kek: string, rows: readonly Rewrapped[]): Promise<number> {
  const { value } = await operator.act(operator.acting<number>(), PLATFORM, async (unit) => {
    const saved = await saveWrapped(unit.tx, rows);
    unit.audits({ action: "kek.rotated", account: null, target: { type: "kek", id: kek }, after: { rows: saved } });
    return saved;
  });
  return value ?? 0;
}
