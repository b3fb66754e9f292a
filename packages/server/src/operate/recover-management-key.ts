import { hash } from "node:crypto";
import type { Secret } from "@claviger/core";
import { type Config, loadConfig } from "../config.ts";
import { type Act, createAct } from "../kernel/act.ts";
import { systemClock } from "../kernel/clock.ts";
import { createIds } from "../kernel/ids.ts";
import { createLogger, type Logger } from "../kernel/log.ts";
import { systemRandom } from "../kernel/random.ts";
import { createAnchorKeeper, createAuditWriter } from "../modules/audit/index.ts";
import { lockedSeq, logChange } from "../modules/changes/index.ts";
import { recoverManagementKey as recover } from "../modules/keys/index.ts";
import { type Installation, openExisting } from "./installation.ts";
import type { OperateOptions } from "./options.ts";

export interface RecoverOptions extends OperateOptions {
  /** Who does it, for the audit trail: the name of the operating system's user. */
  readonly operator: string;
}

export interface RecoveredKey {
  readonly id: string;
  readonly preview: string;
  /** In this answer and nowhere else. */
  readonly secret: Secret;
}

/**
 * Makes one more management key, with every right, for whoever lost the last one (J12). It needs the database and the
 * master key, and is on record. Works while the service runs, which knows the key at once. Throws ConfigError, EngineError or DatabaseError.
 */
export async function recoverManagementKey(options: RecoverOptions): Promise<RecoveredKey> {
  const config = loadConfig(options.environment, options.workingDirectory);
  const logger = createLogger("error");
  const installation = await openExisting(config, logger);
  try {
    const { act, stop } = wireAct(config, logger, installation);
    try {
      const ports = {
        ...{ act, sha256, random: systemRandom, keyring: installation.keyring, keyPrefix: config.keyPrefix },
        ids: createIds(systemClock, systemRandom),
      };
      const actor = { type: "cli", id: options.operator } as const;
      const source = { via: "cli", ip: null, userAgent: null, requestId: null } as const;
      const { value } = await recover(ports, { actor, source });
      if (value === null) throw new TypeError("an act without an idempotency key is never replayed");
      return { id: value.key.id, preview: value.key.preview, secret: value.secret };
    } finally {
      await stop();
    }
  } finally {
    await installation.close();
  }
}

/**
 * The door for acts, outside of a node. What it does can only widen: nobody must be waited for, and the nodes follow the
 * change log as ever. The anchor belongs to the service; it is moved on here only where none runs.
 */
function wireAct(
  config: Config,
  logger: Logger,
  { database, keyring, wasRunning }: Installation,
): { act: Act; stop: () => Promise<void> } {
  const anchor = wasRunning ? null : createAnchorKeeper({ database, dataDir: config.dataDir, logger });
  const act = createAct({
    ...{ database, lockedSeq, logChange, clock: systemClock, ids: createIds(systemClock, systemRandom) },
    appendAudit: createAuditWriter({ current: () => keyring.current("audit") }, () => anchor?.touch()),
    committed: () => undefined,
    barrier: () => {
      throw new TypeError("an act beside the service must not take anything away");
    },
  });
  return { act, stop: async () => anchor?.stop() };
}

function sha256(data: Uint8Array): Uint8Array {
  return hash("sha256", data, "buffer");
}
