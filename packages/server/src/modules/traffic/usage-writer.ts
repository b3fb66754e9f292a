import type { KeyUse, UseBatch } from "@claviger/core";
import { type Database, isUnstorable, PLATFORM } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Random } from "../../kernel/random.ts";
import { countable } from "./counted-uses.ts";
import type { Countries } from "./countries.ts";
import type { EventStore } from "./event-store.ts";
import { createLossLine } from "./loss-line.ts";
import type { Loss } from "./queries/losses.ts";
import {
  CountedBefore,
  ensurePartitions,
  keepSourcesBounded,
  prepareBatches,
  type Unwritten,
  type Written,
  writePrepared,
} from "./write-batches.ts";

/** What a node's own uses are sent by: no credential is called that. */
export const NODE = "node";

/** Whose counts they are. */
export interface UsageSender {
  /** The id of the credential; of a node's own uses any name that no credential has. */
  readonly credential: string;
  /** Only keys of this environment count; null: of any. */
  readonly environment: string | null;
}

export interface GivenUses {
  /** The sender's own name for it, under which it is counted once; null for what is handed over once, inside this process. */
  readonly batch: string | null;
  readonly rows: readonly KeyUse[];
  readonly uses?: UseBatch | null | undefined;
  /** Verifications that the sender knows to be in no batch, since it told last. */
  readonly lost?: number | undefined;
}

/** Told of what happens; nothing in it names a key. */
export interface UsageMetrics {
  /** Batches that were written, and what of them. */
  written(batches: number, written: Written): void;
  /** Batches that were not taken for want of memory, or can never be written. */
  refused(batches: number): void;
  /** Details of successes that were left out for want of memory; they are counted all the same. */
  leftOut(details: number): void;
  /** Uses that are missing in all counts: that verifiers told of, or that cannot be written. */
  lost(path: LostPath, uses: number): void;
}

type LostPath = "verifier" | "unwritable";

export interface UsageWriterPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly events: EventStore;
  readonly countries: Countries;
  readonly metrics: UsageMetrics;
  /** What may wait at most, in bytes as estimated; default 64 MiB. */
  readonly mostBytes?: number;
  /** Milliseconds before what could not be written is tried again; default 1 000. */
  readonly retryMs?: number;
}

interface Waiting extends Unwritten {
  readonly bytes: number;
  /** When it came; monotonic. */
  readonly since: number;
  readonly done: () => void;
}

/**
 * Cells, details and rows in one transaction, so that none holds its rows for long. The more waits, the more of it is of the same keys
 * and becomes the same rows.
 */
const ITEMS_AT_ONCE = 60_000;
const MOST_BYTES = 64 * 1024 * 1024;
const RETRY_MS = 1_000;
/** Without any group written for so long, in milliseconds, an end does not wait for the next one. */
const STILL_MS = 3_000;
/** While it waits for its next statement it holds up other writers of usage at most. */
const TRANSACTION = { idleMs: 5_000 } as const;
/** What a part of a batch takes in memory, about. */
const BYTES = { row: 250, cell: 600, detail: 150, stranger: 100, batch: 300 } as const;
/** At least so long, in milliseconds, between two lines of log that say the same. */
const SAID_EVERY_MS = 60_000;

/**
 * Writes uses, of verifiers and of this node: each batch once, however often and to however many nodes it is sent, because its name is
 * noted in the transaction that counts it. A batch is acknowledged only after that. One transaction at a time; what cannot be
 * written waits, within a bound in bytes. From half of it on the details of successes are left out, which are
 * counted all the same; beyond it no batch is taken, and whoever sent it has to keep it.
 */
export class UsageWriter {
  readonly #ports: UsageWriterPorts;
  readonly #mostBytes: number;
  /** UTC days that have partitions. */
  readonly #made = new Set<number>();
  #waiting: Waiting[] = [];
  #bytes = 0;
  #running: Promise<void> | null = null;
  #stopped = false;
  /** Those that wait until what waits was tried once more. */
  #settling = 0;
  #wake: (() => void) | null = null;
  /** Whether a try is under way, and whether the last one failed. */
  #trying = false;
  #failing = false;
  /** Groups that were tried. */
  #groups = 0;
  #refusedSince = 0;
  #saidAt = Number.NEGATIVE_INFINITY;
  /** Of what is being written, when the first of it came. */
  #writingSince: number | null = null;
  readonly #sayLost: (uses: number, path: string) => void;

  constructor(ports: UsageWriterPorts) {
    this.#ports = ports;
    this.#mostBytes = ports.mostBytes ?? MOST_BYTES;
    this.#sayLost = createLossLine(ports.logger, ports.clock);
  }

  /** What waits, in bytes as estimated. */
  get waitingBytes(): number {
    return this.#bytes;
  }

  /** When the first of what is not written yet came, monotonic, in milliseconds; null where there is nothing. */
  get waitingSince(): number | null {
    return this.#waiting.reduce<number | null>(earlier, this.#writingSince);
  }

  /** `done` is called once it was counted, now or before. False where too much waits already: `done` is never called. */
  add({ credential, environment }: UsageSender, given: GivenUses, done: () => void): boolean {
    const uses = this.#bytes < this.#mostBytes / 2 ? (given.uses ?? null) : this.#withoutDetails(given.uses ?? null);
    const bytes = sizeOf(given.rows, uses);
    // One batch alone is always taken, so that none is too large for ever.
    if (this.#stopped) return false;
    if (this.#bytes > 0 && this.#bytes + bytes > this.#mostBytes) {
      this.#refuse();
      return false;
    }
    const batch = given.batch ?? this.#ports.random.uuid();
    const lost = given.lost ?? 0;
    const path = credential === NODE ? "node" : "verifier";
    this.#push({
      ...{ credential, environment, batch, rows: countable(given.rows), uses, bytes, done },
      losses: lost > 0 ? { path, requests: lost } : null,
    });
    return true;
  }

  /** Resolves when what waits now was tried once more, where it is not written already, or the database says nothing. Never throws. */
  async settle(): Promise<void> {
    this.#settling += 1;
    const underWay = this.#trying;
    this.#wake?.();
    await this.#untilStill();
    // A try that has failed just now is that one.
    if (this.#waiting.length > 0 && !(underWay && this.#failing)) this.#start();
    await this.#untilStill();
    this.#settling -= 1;
    if (this.#waiting.length > 0 && !this.#stopped) this.#start();
  }

  /** Takes no more; tries once more to write what waits, unless the last try failed. Never throws. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.settle();
    await this.#running;
    if (this.#waiting.length > 0) {
      this.#ports.logger.error({ batches: this.#waiting.length }, "uses of keys could not be written before the stop");
    }
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // What comes in the same turn is written together.
    await Promise.resolve();
    try {
      while (this.#waiting.length > 0) {
        // An end must not wait for a database that is away more often than it has to.
        if (this.#stopped && this.#failing) return;
        const group = this.#take();
        this.#writingSince = group.reduce<number | null>(earlier, null);
        this.#trying = true;
        this.#failing = !(await this.#write(withoutCopies(group)));
        this.#trying = false;
        this.#writingSince = null;
        this.#groups += 1;
        if (!this.#failing) continue;
        this.#waiting.unshift(...group);
        for (const { bytes } of group) this.#bytes += bytes;
        if (this.#stopped || this.#settling > 0) return;
        await this.#pause(this.#ports.retryMs ?? RETRY_MS);
        // Whoever waits for the end of this has the next try made.
        if (this.#settling > 0) return;
      }
    } finally {
      // In the same turn in which nothing waits any more: what is added later starts it anew, and is not left to wait for others.
      this.#running = null;
    }
  }

  /** While groups are written, one after the other. */
  async #untilStill(): Promise<void> {
    for (let seen = -1; this.#running !== null && seen !== this.#groups; ) {
      seen = this.#groups;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STILL_MS);
      });
      await Promise.race([this.#running, late]);
      clearTimeout(timer);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** What is under way counts no longer as waiting, but it is bounded by what one transaction takes. */
  #take(): Waiting[] {
    let items = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      items += itemsOf(waiting);
      return index > 0 && items > ITEMS_AT_ONCE;
    });
    const group = this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
    for (const { bytes } of group) this.#bytes -= bytes;
    return group;
  }

  /** False where it should be tried again. */
  async #write(group: readonly Waiting[]): Promise<boolean> {
    const { database, logger, metrics, clock } = this.#ports;
    const now = clock.wall();
    try {
      await this.#ports.countries.load();
      await ensurePartitions(this.#made, database, group, now);
      const prepared = await prepareBatches(this.#ports, group, now);
      const written = await database.transaction(
        PLATFORM,
        (tx) => writePrepared(this.#ports.events, tx, prepared),
        TRANSACTION,
      );
      metrics.written(group.length, written);
      for (const { losses } of group) if (losses?.path === "verifier") this.#tellLost(losses.path, losses.requests);
      await keepSourcesBounded(this.#ports, written);
    } catch (error) {
      if (error instanceof CountedBefore) return this.#without(group, error.batches);
      this.#made.clear();
      if (isUnstorable(error)) return this.#apart(group, error);
      // A commit in doubt as well: what was counted is found by its name.
      logger.warn({ error, batches: group.length }, "uses of keys could not be written; it is tried again");
      return false;
    }
    for (const { done } of group) done();
    return true;
  }

  /** Acknowledges what was counted before, and writes the others. */
  async #without(group: readonly Waiting[], before: readonly Unwritten[]): Promise<boolean> {
    const others = group.filter((waiting) => !before.includes(waiting));
    for (const waiting of group) if (!others.includes(waiting)) waiting.done();
    if (others.length === 0 || (await this.#write(others))) return true;
    for (const waiting of others) this.#putBack(waiting);
    return true;
  }

  /** One that can never be written must not keep the others waiting. */
  async #apart(group: readonly Waiting[], error: unknown): Promise<boolean> {
    const [only] = group;
    if (group.length === 1 && only !== undefined) {
      this.#leaveOut(only, error);
      return true;
    }
    for (const waiting of group) {
      if (!(await this.#write([waiting]))) this.#putBack(waiting);
    }
    return true;
  }

  /** It is missing from now on, and that is written down in its place. Whoever sent it need not send it again. */
  #leaveOut({ credential, rows, uses, losses, done }: Waiting, error: unknown): void {
    this.#ports.logger.error({ error, credential }, "a batch of uses cannot be written; it is left out");
    this.#ports.metrics.refused(1);
    const requests = requestsOf(rows, uses);
    if (requests > 0) {
      this.#noteLoss({ path: "unwritable", requests });
      this.#tellLost("unwritable", requests);
      // What it told of itself stands.
      if (losses !== null && losses !== undefined) this.#noteLoss(losses);
    }
    done();
  }

  /** In a batch of its own, so that it is written once. */
  #noteLoss(losses: Loss): void {
    const named = { credential: NODE, environment: null, batch: this.#ports.random.uuid() };
    this.#push({ ...named, rows: [], uses: null, bytes: BYTES.batch, done: () => undefined, losses });
  }

  #push(waiting: Omit<Waiting, "since">): void {
    this.#waiting.push({ ...waiting, since: this.#ports.clock.mono() });
    this.#bytes += waiting.bytes;
    this.#start();
  }

  #tellLost(path: LostPath, uses: number): void {
    this.#ports.metrics.lost(path, uses);
    this.#sayLost(uses, path);
  }

  #putBack(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#bytes += waiting.bytes;
  }

  /** Only refusals keep their details: they are what somebody will ask about. */
  #withoutDetails(uses: UseBatch | null): UseBatch | null {
    if (uses === null) return null;
    const details = uses.details.filter(({ cell }) => uses.cells[cell]?.code !== "VALID");
    const left = uses.details.length - details.length;
    if (left > 0) this.#ports.metrics.leftOut(left);
    return { ...uses, details, sampledOut: uses.sampledOut + left };
  }

  #refuse(): void {
    this.#ports.metrics.refused(1);
    this.#refusedSince += 1;
    const now = this.#ports.clock.mono();
    if (now - this.#saidAt < SAID_EVERY_MS) return;
    this.#ports.logger.error(
      { batches: this.#refusedSince, waitingBytes: this.#bytes },
      "uses of keys are not taken: too much waits to be written; senders must keep them",
    );
    [this.#saidAt, this.#refusedSince] = [now, 0];
  }
}

function earlier(first: number | null, { since }: Waiting): number {
  return first === null ? since : Math.min(first, since);
}

/** Verifications that a batch tells of: its rows and its cells are of the same ones. */
function requestsOf(rows: readonly KeyUse[], uses: UseBatch | null): number {
  const inRows = rows.reduce((sum, { accepted, refused }) => sum + accepted + refused, 0);
  return Math.max(inRows, uses?.cells.reduce((sum, { requests }) => sum + requests, 0) ?? 0);
}

/** Each batch once; one that came several times at once is acknowledged as often. */
function withoutCopies(group: readonly Waiting[]): Waiting[] {
  const alike = Map.groupBy(group, ({ credential, batch }) => `${credential} ${batch}`);
  return [...alike.values()].flatMap(([first, ...copies]) => {
    if (first === undefined) return [];
    const done = (): void => {
      for (const each of [first, ...copies]) each.done();
    };
    return copies.length === 0 ? [first] : [{ ...first, done }];
  });
}

function itemsOf({ rows, uses }: Unwritten): number {
  return rows.length + (uses === null ? 0 : uses.cells.length + uses.details.length);
}

function sizeOf(rows: readonly KeyUse[], uses: UseBatch | null): number {
  const own = BYTES.batch + rows.length * BYTES.row;
  if (uses === null) return own;
  const { cells, details, strangers } = uses;
  return own + cells.length * BYTES.cell + details.length * BYTES.detail + strangers.length * BYTES.stranger;
}
