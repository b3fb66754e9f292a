import {
  type KeyUse,
  type PackedUses,
  packUses,
  type UseBatch,
  usesIn,
  type VerifierMessage,
  WIRE_LIMITS,
} from "@claviger/core";

export interface UsageBatchesPorts {
  /** Hands over at most so many counts, and forgets them. */
  take(limit: number): KeyUse[];
  /** Hands over uses, and forgets them; null where there are no more. */
  takeUses(): UseBatch | null;
  /** Uses that found no room where they were counted, since the beginning. */
  lost(): number;
  send(message: VerifierMessage): boolean;
  /** A name for a batch that nobody else gives: random. */
  nextName(): string;
}

interface Batch {
  readonly name: string;
  readonly rows: readonly KeyUse[];
  readonly uses: PackedUses | undefined;
  /** Told with it; 0: nothing. */
  readonly lost: number;
  /** In which turn it was sent last. */
  sentIn: number;
}

/** Batches that wait for their acknowledgement at most: 64 000 versions of keys. Beyond it counts stay where they were counted. */
const OPEN_BATCHES = 64;
/**
 * Turns, each about a second, after which a batch without an answer is sent again: a node that had no room for it says nothing. So many
 * in one turn, at most.
 */
const AGAIN_AFTER = 15;
const AGAIN_AT_ONCE = 4;
/** Bytes of uses in one message, so that they fit into a frame with so many counts beside them. */
const USES_BYTES = 180_000;
const ROWS_BESIDE = 200;

/**
 * Counts on their way to a node: each batch is sent until it is acknowledged, on whichever connection, and under the same
 * name each time, so that it is counted once (C7).
 */
export class UsageBatches {
  readonly #ports: UsageBatchesPorts;
  readonly #open = new Map<string, Batch>();
  /** Parts of a batch of uses that are still to be sent. */
  #parts: PackedUses[] = [];
  #settled: (() => void) | null = null;
  #lostUses = 0;
  /** Of all that was lost, what is told in batches. */
  #toldLost = 0;
  #turn = 0;

  constructor(ports: UsageBatchesPorts) {
    this.#ports = ports;
  }

  /** A turn: sends what was counted since the last time, and again what was not answered for long. */
  flush(): void {
    this.#turn += 1;
    this.#sendAgain();
    this.#sendFresh();
  }

  #sendFresh(): void {
    while (this.#open.size < OPEN_BATCHES) {
      const rows = this.#ports.take(WIRE_LIMITS.usageRows).map(inWholeMilliseconds);
      const uses = rows.length > ROWS_BESIDE ? undefined : this.#nextUses();
      const lost = this.lostUses - this.#toldLost;
      if (rows.length === 0 && uses === undefined && lost === 0) return;
      this.#toldLost += lost;
      const batch: Batch = { name: this.#ports.nextName(), rows, uses, lost, sentIn: this.#turn };
      this.#open.set(batch.name, batch);
      this.#send(batch);
    }
  }

  /** A new connection: what was sent on the last one may never have arrived. */
  resend(): void {
    for (const batch of this.#open.values()) this.#send(batch);
  }

  acknowledged(name: string): void {
    this.#open.delete(name);
    if (this.#settled === null) return;
    this.#sendFresh();
    if (this.#open.size === 0) this.#settled();
  }

  /** A node cannot read what was sent: sent again, it would end every connection. What was counted in it is lost. */
  refused(): void {
    this.#lostUses += this.#usesOpen();
    // What they told of losses is told again.
    for (const { lost } of this.#open.values()) this.#toldLost -= lost;
    for (const name of [...this.#open.keys()]) this.acknowledged(name);
  }

  /** Resolves once everything is sent and acknowledged, or after so many milliseconds. */
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

  /** Uses that are recorded nowhere: those in batches that were given up, and those that found no room; since the beginning. */
  get lostUses(): number {
    return this.#lostUses + this.#ports.lost();
  }

  /** Nothing more is sent: what was not acknowledged may be lost, and is counted so. */
  giveUp(): void {
    this.#lostUses += this.#usesOpen() + this.#parts.reduce((sum, part) => sum + usesIn(part), 0);
    this.#open.clear();
    this.#parts = [];
  }

  #usesOpen(): number {
    return [...this.#open.values()].reduce((sum, { uses }) => sum + (uses === undefined ? 0 : usesIn(uses)), 0);
  }

  #nextUses(): PackedUses | undefined {
    if (this.#parts.length === 0) {
      const batch = this.#ports.takeUses();
      if (batch !== null) this.#parts = packUses(batch, USES_BYTES);
    }
    return this.#parts.shift();
  }

  #sendAgain(): void {
    let sent = 0;
    for (const batch of this.#open.values()) {
      if (this.#turn - batch.sentIn < AGAIN_AFTER) continue;
      this.#send(batch);
      sent += 1;
      if (sent === AGAIN_AT_ONCE) return;
    }
  }

  #send(batch: Batch): void {
    const { name, rows, uses, lost } = batch;
    batch.sentIn = this.#turn;
    const more = { ...(uses === undefined ? {} : { uses }), ...(lost === 0 ? {} : { lost }) };
    this.#ports.send({ kind: "usage", batch: name, rows, ...more });
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
