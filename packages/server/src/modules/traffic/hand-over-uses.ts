import type { UseBatch, UseLog } from "@claviger/core";
import type { Logger } from "../../kernel/log.ts";
import { NODE, type UsageSender, type UsageWriter } from "./usage-writer.ts";

export interface HandOverPorts {
  readonly log: Pick<UseLog, "take" | "lost">;
  readonly writer: Pick<UsageWriter, "add">;
  readonly logger: Logger;
}

const THIS_NODE: UsageSender = Object.freeze({ credential: NODE, environment: null });

/**
 * Returns a function that hands what this node has noted to the writer. What the writer does not take is kept: one batch here, and the rest
 * in the log, which counts it ever more coarsely and exactly all the same. The function returns whether everything was taken.
 */
export function createHandOver({ log, writer, logger }: HandOverPorts): () => boolean {
  let kept: UseBatch | null = null;
  let lost = 0;
  /** Of what was lost, how much the writer was told. */
  let told = 0;
  const hand = (uses: UseBatch | null): boolean => {
    const fresh = log.lost - told;
    if (!writer.add(THIS_NODE, { batch: null, rows: [], uses, lost: fresh }, () => undefined)) return false;
    told += fresh;
    return true;
  };
  return () => {
    for (let uses = kept ?? log.take(); uses !== null; uses = log.take()) {
      kept = null;
      if (hand(uses)) continue;
      kept = uses;
      break;
    }
    if (log.lost > told) hand(null);
    if (log.lost > lost)
      logger.error({ uses: log.lost }, "uses of keys are missing in what is recorded, since the start");
    lost = log.lost;
    return kept === null && log.lost === told;
  };
}
