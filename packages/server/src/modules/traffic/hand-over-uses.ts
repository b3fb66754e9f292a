import type { UseBatch, UseLog } from "@claviger/core";
import type { Logger } from "../../kernel/log.ts";
import type { UsageSender, UsageWriter } from "./usage-writer.ts";

export interface HandOverPorts {
  readonly log: Pick<UseLog, "take" | "lost">;
  readonly writer: Pick<UsageWriter, "add">;
  readonly logger: Logger;
}

/** No credential is called that. */
const THIS_NODE: UsageSender = Object.freeze({ credential: "node", environment: null });

/**
 * Returns a function that hands what this node has noted to the writer. What the writer does not take is kept: one batch here, and the rest
 * in the log, which counts it ever more coarsely and exactly all the same.
 */
export function createHandOver({ log, writer, logger }: HandOverPorts): () => void {
  let kept: UseBatch | null = null;
  let lost = 0;
  return () => {
    for (let uses = kept ?? log.take(); uses !== null; uses = log.take()) {
      kept = null;
      if (writer.add(THIS_NODE, { batch: null, rows: [], uses }, () => undefined)) continue;
      kept = uses;
      break;
    }
    if (log.lost > lost)
      logger.error({ uses: log.lost }, "uses of keys are missing in what is recorded, since the start");
    lost = log.lost;
  };
}
