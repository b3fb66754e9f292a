import type { Database } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Random } from "../../kernel/random.ts";
import { createCountries } from "./countries.ts";
import { postgresEvents } from "./queries/events.ts";
import { Senders } from "./senders.ts";
import { type UsageMetrics, UsageWriter } from "./usage-writer.ts";

export interface WritingPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** What writes the uses of a node and its verifiers, and what tells until when that is done. */
export function openWriting(ports: WritingPorts, metrics: UsageMetrics) {
  const usage = new UsageWriter({
    ...{ ...ports, metrics, countries: createCountries(ports.logger), events: postgresEvents },
  });
  const senders = new Senders({
    ...{ ...ports, name: ports.random.uuid() },
    waitingSince: () => usage.waitingSince,
  });
  /** To be called every some seconds. pg errors pass through. */
  const tellWritten = async (): Promise<void> => {
    try {
      await senders.tell();
    } finally {
      // What nodes have left that are gone, as well.
      await usage.countLogged(true);
    }
  };
  return { usage, senders, tellWritten };
}

export interface OpenWriting {
  readonly usage: Pick<UsageWriter, "settle" | "stop">;
  readonly senders: Pick<Senders, "leave">;
  /** From `createHandOver`. */
  handOver(): boolean;
}

/** Hands over what this node has noted, and writes what waits. Where that cannot be done, the node is missed. Never throws. */
export async function closeWriting({ usage, senders, handOver }: OpenWriting): Promise<void> {
  let handed = handOver();
  if (!handed) {
    await usage.settle();
    handed = handOver();
  }
  await usage.stop();
  if (handed) await senders.leave();
}
