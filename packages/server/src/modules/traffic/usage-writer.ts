import type { KeyUse, UseBatch } from "@claviger/core";
import { isUnstorable } from "../../db/index.ts";
import { countable } from "./counted-uses.ts";
import { createLossLine } from "./loss-line.ts";
import type { Told, Unwritten } from "./prepare-group.ts";
import type { Loss } from "./queries/losses.ts";
import { earliest, requestsOf, sizeOf, type Waiting, WaitingBatches, withoutCopies } from "./waiting-batches.ts";
import { CountedBefore, GroupWriter, type GroupWriterPorts, type ReadyGroup } from "./write-group.ts";

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
  written(batches: number, written: Told): void;
  /** Batches that were not taken for want of memory, or can never be written. */
  refused(batches: number): void;
  /** Details of successes that were left out for want of memory; they are counted all the same. */
  leftOut(details: number): void;
  /** Uses that are missing in all counts: that verifiers told of, or that cannot be written. */
  lost(path: LostPath, uses: number): void;
}

type LostPath = "verifier" | "unwritable";

export interface UsageWriterPorts extends GroupWriterPorts {
  readonly metrics: UsageMetrics;
  /** What may wait at most, in bytes as estimated; default 64 MiB. */
  readonly mostBytes?: number;
  /** Milliseconds before what could not be written is tried again; default 1 000. */
  readonly retryMs?: number;
}

/** Batches that were taken to be written together, and what is made of them meanwhile; it rejects as preparing does. */
interface Taken {
  readonly group: readonly Waiting[];
  readonly ready: Promise<ReadyGroup>;
}

const MOST_BYTES = 64 * 1024 * 1024;
const RETRY_MS = 1_000;
/** Without any group written for so long, in milliseconds, an end does not wait for the next one. */
const STILL_MS = 3_000;
/** At least so long, in milliseconds, between two lines of log that say the same. */
const SAID_EVERY_MS = 60_000;

/**
 * Writes uses, of verifiers and of this node: each batch once, however often and to however many nodes it is sent, because its name is
 * noted in the transaction that writes it. A batch is acknowledged only after that. One transaction at a time, and the next one is prepared
 * meanwhile; what cannot be written waits, within a bound in bytes. From half of it on the details of successes are left out, which are
 * counted all the same; beyond it no batch is taken, and whoever sent it has to keep it.
 */
export class UsageWriter {
  readonly #ports: UsageWriterPorts;
  readonly #mostBytes: number;
  readonly #groups: GroupWriter;
  readonly #waiting = new WaitingBatches();
  /** What is being written, and what is prepared to be written next. */
  #underWay: readonly Waiting[] = [];
  #ahead: Taken | null = null;
  #running: Promise<void> | null = null;
  #stopped = false;
  /** Those that wait until what waits was tried once more. */
  #settling = 0;
  #wake: (() => void) | null = null;
  /** Whether a try is under way, and whether the last one failed. */
  #trying = false;
  #failing = false;
  /** Groups that were tried. */
  #tries = 0;
  #refusedSince = 0;
  #saidAt = Number.NEGATIVE_INFINITY;
  readonly #sayLost: (uses: number, path: string) => void;

  constructor(ports: UsageWriterPorts) {
    this.#ports = ports;
    this.#mostBytes = ports.mostBytes ?? MOST_BYTES;
    this.#groups = new GroupWriter(ports);
    this.#sayLost = createLossLine(ports.logger, ports.clock);
  }

  /** What waits, in bytes as estimated. */
  get waitingBytes(): number {
    return this.#waiting.bytes;
  }

  /** When the first of what is not counted yet came, monotonic, in milliseconds; null where there is nothing. */
  get waitingSince(): number | null {
    const taken = [...this.#underWay, ...(this.#ahead?.group ?? [])];
    const times = [earliest(taken), this.#waiting.since, this.#groups.log.waitingSince].filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** `done` is called once it is written and will be counted, now or before. False where too much waits already: `done` is never called. */
  add({ credential, environment }: UsageSender, given: GivenUses, done: () => void): boolean {
    const told = given.uses ?? null;
    const uses = this.#waiting.bytes < this.#mostBytes / 2 ? told : this.#withoutDetails(told);
    const bytes = sizeOf(given.rows, uses);
    // One batch alone is always taken, so that none is too large for ever.
    if (this.#stopped) return false;
    if (this.#waiting.bytes > 0 && this.#waiting.bytes + bytes > this.#mostBytes) {
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

  /**
   * Resolves when what waits now was tried once more, where it is not written already, and what is written is counted, or the database says
   * nothing. Never throws.
   */
  async settle(): Promise<void> {
    this.#settling += 1;
    const underWay = this.#trying;
    this.#wake?.();
    await this.#untilStill();
    // A try that has failed just now is that one.
    if (this.#waiting.size > 0 && !(underWay && this.#failing)) this.#start();
    await this.#untilStill();
    await within(STILL_MS, this.countLogged());
    this.#settling -= 1;
    if (this.#waiting.size > 0 && !this.#stopped) this.#start();
  }

  /** Counts what was written and is not counted yet, if there is any of this node, or `all`. Never throws. */
  async countLogged(all = false): Promise<void> {
    if (all || this.#groups.log.waitingSince !== null) await this.#groups.log.fold();
  }

  /** Takes no more; tries once more to write what waits, unless the last try failed. Never throws. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.settle();
    await this.#running;
    await this.countLogged();
    if (this.#waiting.size > 0) {
      this.#ports.logger.error({ batches: this.#waiting.size }, "uses of keys could not be written before the stop");
    }
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // What comes in the same turn is written together.
    await Promise.resolve();
    try {
      while (this.#ahead !== null || this.#waiting.size > 0) {
        // An end must not wait for a database that is away more often than it has to.
        if (this.#stopped && this.#failing) return;
        const taken = this.#ahead ?? this.#take();
        this.#ahead = null;
        this.#underWay = taken.group;
        this.#trying = true;
        this.#failing = !(await this.#writeAndPrepare(taken));
        this.#trying = false;
        this.#underWay = [];
        this.#tries += 1;
        if (!this.#failing) continue;
        this.#untake();
        this.#waiting.putBack(taken.group);
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

  #take(): Taken {
    const group = withoutCopies(this.#waiting.take());
    const ready = this.#groups.prepare(group, earliest(group) ?? 0);
    // Whoever writes it is told.
    ready.catch(() => undefined);
    return { group, ready };
  }

  /** What was to be next comes after what could not be written. */
  #untake(): void {
    if (this.#ahead !== null) this.#waiting.putBack(this.#ahead.group);
    this.#ahead = null;
  }

  /** While one is in its transaction, the next one is prepared, if much waits. */
  async #writeAndPrepare(taken: Taken): Promise<boolean> {
    const writing = this.#write(taken);
    await taken.ready.catch(() => undefined);
    if (this.#waiting.isMuch && !this.#stopped) this.#ahead = this.#take();
    return writing;
  }

  /** While groups are written, one after the other. */
  async #untilStill(): Promise<void> {
    for (let seen = -1; this.#running !== null && seen !== this.#tries; ) {
      seen = this.#tries;
      await within(STILL_MS, this.#running);
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

  /** False where it should be tried again. */
  async #write({ group, ready }: Taken): Promise<boolean> {
    const { logger, metrics } = this.#ports;
    try {
      const prepared = await ready;
      if (this.#groups.log.isFull && !(await this.#groups.log.fold())) return false;
      metrics.written(group.length, await this.#groups.write(prepared));
      for (const { losses } of group) if (losses?.path === "verifier") this.#tellLost(losses.path, losses.requests);
    } catch (error) {
      if (error instanceof CountedBefore) return this.#without(group, error.batches);
      this.#groups.forget();
      if (isUnstorable(error)) return this.#apart(group, error);
      // A commit in doubt as well: what was counted is found by its name.
      logger.warn({ error, batches: group.length }, "uses of keys could not be written; it is tried again");
      return false;
    }
    for (const { done } of group) done();
    return true;
  }

  #writeAgain(group: readonly Waiting[]): Promise<boolean> {
    return this.#write({ group, ready: this.#groups.prepare(group, earliest(group) ?? 0) });
  }

  /** Acknowledges what was counted before, and writes the others. */
  async #without(group: readonly Waiting[], before: readonly Unwritten[]): Promise<boolean> {
    const others = group.filter((waiting) => !before.includes(waiting));
    for (const waiting of group) if (!others.includes(waiting)) waiting.done();
    if (others.length === 0 || (await this.#writeAgain(others))) return true;
    for (const waiting of others) this.#waiting.push(waiting);
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
      if (!(await this.#writeAgain([waiting]))) this.#waiting.push(waiting);
    }
    return true;
  }

  /** It is missing from now on, and that is written down in its place. Whoever sent it need not send it again. */
  #leaveOut(waiting: Waiting, error: unknown): void {
    const { credential, losses, done } = waiting;
    this.#ports.logger.error({ error, credential }, "a batch of uses cannot be written; it is left out");
    this.#ports.metrics.refused(1);
    const requests = requestsOf(waiting);
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
    this.#push({ ...named, rows: [], uses: null, bytes: sizeOf([], null), done: () => undefined, losses });
  }

  #push(waiting: Omit<Waiting, "since">): void {
    this.#waiting.push({ ...waiting, since: this.#ports.clock.mono() });
    this.#start();
  }

  #tellLost(path: LostPath, uses: number): void {
    this.#ports.metrics.lost(path, uses);
    this.#sayLost(uses, path);
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
      { batches: this.#refusedSince, waitingBytes: this.#waiting.bytes },
      "uses of keys are not taken: too much waits to be written; senders must keep them",
    );
    [this.#saidAt, this.#refusedSince] = [now, 0];
  }
}

/** Waits for it, and no longer than so many milliseconds. */
async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
