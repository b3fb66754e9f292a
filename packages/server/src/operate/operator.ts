import { hostname } from "node:os";
import type { Config } from "../config.ts";
import { KEYRING_SUBJECT } from "../db/index.ts";
import { type Act, type Acting, createAct } from "../kernel/act.ts";
import { systemClock } from "../kernel/clock.ts";
import { createIds } from "../kernel/ids.ts";
import type { Logger } from "../kernel/log.ts";
import { systemRandom } from "../kernel/random.ts";
import { createAnchorKeeper, createAuditWriter } from "../modules/audit/index.ts";
import { createOwnChanges, lockedSeq } from "../modules/changes/index.ts";
import { type Coherence, createCoherence } from "../modules/coherence/index.ts";
import { SOFTWARE_VERSION } from "../version.ts";
import type { Installation } from "./installation.ts";

/** The door for acts that an operator's command goes through, beside the service. */
export interface Operator {
  readonly act: Act;
  acting<T>(): Acting<T>;
  /** Gives the lease back where there is one, and writes the anchor where no service does. */
  stop(): Promise<void>;
}

/**
 * An operator who joins the cluster as one more node for the time of the command, so that acts which take something away
 * wait for every other node. Throws UNAVAILABLE where it cannot join.
 */
export async function joinAsOperator(
  config: Config,
  logger: Logger,
  installation: Installation,
  name: string,
): Promise<Operator> {
  const { database, keyring, direct } = installation;
  const coherence = createCoherence({
    ...{ database, logger, listenConnection: direct, clock: systemClock, random: systemRandom },
    termMs: config.leaseMs,
    name: `${hostname()}:${process.pid} (command)`,
    software: SOFTWARE_VERSION,
    onInvalidate: (subjects) => {
      if (subjects.includes(KEYRING_SUBJECT)) keyring.markStale();
    },
    onDropEverything: () => keyring.markStale(),
  });
  try {
    await coherence.start();
  } catch (error) {
    await coherence.stop();
    throw error;
  }
  const { stop, ...operator } = wire(config, logger, installation, name, coherence);
  return {
    ...operator,
    stop: async () => {
      await coherence.stop();
      await stop();
    },
  };
}

/** An operator whose acts take nothing away, so that nobody must be waited for. */
export function operatorAlone(config: Config, logger: Logger, installation: Installation, name: string): Operator {
  return wire(config, logger, installation, name, null);
}

/** The anchor belongs to the service; it is moved on here only where none runs. */
function wire(
  config: Config,
  logger: Logger,
  { database, keyring, wasRunning }: Installation,
  name: string,
  coherence: Coherence | null,
): Operator {
  const anchor = wasRunning ? null : createAnchorKeeper({ database, dataDir: config.dataDir, logger });
  const ownChanges = createOwnChanges();
  const act = createAct({
    ...{ database, lockedSeq, clock: systemClock, ids: createIds(systemClock, systemRandom) },
    appendAudit: createAuditWriter({ current: () => keyring.current("audit") }, () => anchor?.touch()),
    logChange: ownChanges.logChange,
    committed: (seq) => coherence?.committed(seq, ownChanges.take(seq)),
    barrier: (seq) => {
      if (coherence === null) throw new TypeError("an act beside the service must not take anything away");
      return coherence.barrier(seq);
    },
  });
  const source = { via: "cli", ip: null, userAgent: null, requestId: null } as const;
  return {
    act,
    acting: () => ({ actor: { type: "cli", id: name }, source }),
    stop: async () => anchor?.stop(),
  };
}
