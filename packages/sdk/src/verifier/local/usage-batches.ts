import { type KeyUse, type VerifierMessage, WIRE_LIMITS } from "@claviger/core";

export interface UsageBatchesPorts {
  /** Hands over at most so many counts, and forgets them. */
  take(limit: number): KeyUse[];
  send(message: VerifierMessage): boolean;
  /** A name for a batch that nobody else gives: random. */
  nextName(): string;
}

interface Batch {
  readonly name: string;
  readonly rows: readonly KeyUse[];
}

/** Batches that wait for their acknowledgement at most: 64 000 versions of keys. Beyond it counts stay where they were counted. */
const OPEN_BATCHES = 64;

/**
 * Counts on their way to a node: each batch is sent until it is acknowledged, on whichever connection, and under the same
 * name each time, so that it is counted once (C7).
 */
export class UsageBatches {
  readonly #ports: UsageBatchesPorts;
  readonly #open = new Map<string, Batch>();
  #settled: (() => void) | null = null;

  constructor(ports: UsageBatchesPorts) {
    this.#ports = ports;
  }

  /** Sends what was counted since the last time. */
  flush(): void {
    while (this.#open.size < OPEN_BATCHES) {
      const rows = this.#ports.take(WIRE_LIMITS.usageRows).map(inWholeMilliseconds);
      if (rows.length === 0) return;
      const batch: Batch = { name: this.#ports.nextName(), rows };
      this.#open.set(batch.name, batch);
      this.#send(batch);
      if (rows.length < WIRE_LIMITS.usageRows) return;
    }
  }

  /** A new connection: what was sent on the last one may never have arrived. */
  resend(): void {
    for (const batch of this.#open.values()) this.#send(batch);
  }

  acknowledged(name: string): void {
    this.#open.delete(name);
    if (this.#open.size === 0) this.#settled?.();
  }

  /** A node cannot read what was sent: sent again, it would end every connection. What was counted in it is lost. */
  refused(): void {
    for (const name of this.#open.keys()) this.acknowledged(name);
  }

  /** Resolves once everything is acknowledged, or after so many milliseconds. */
  settled(withinMs: number): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const late = setTimeout(resolve, withinMs);
      this.#settled = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  /** Batches not yet acknowledged. */
  get size(): number {
    return this.#open.size;
  }

  #send({ name, rows }: Batch): void {
    this.#ports.send({ kind: "usage", batch: name, rows });
  }
}

/** The time that decisions are made by has fractions. */
function inWholeMilliseconds(use: KeyUse): KeyUse {
  const whole = (time: number | null): number | null => (time === null ? null : Math.floor(time));
  const { firstUsedAt, lastUsedAt, lastRefusedAt } = use;
  return {
    ...use,
    firstUsedAt: whole(firstUsedAt),
    lastUsedAt: whole(lastUsedAt),
    lastRefusedAt: whole(lastRefusedAt),
  };
}
