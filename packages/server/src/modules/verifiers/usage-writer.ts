import type { KeyUse, Usage } from "@claviger/core";
import { type Database, isUnstorable, PLATFORM, type Tx } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { selectVersionOwners } from "../keys/index.ts";
import { addMergedUses } from "../traffic/index.ts";
import { byDay, countable, creditedTo } from "./counted-uses.ts";
import { noteBatches } from "./verifiers.store.ts";

/** Whose counts they are. */
export interface UsageSender {
  /** The id of the credential. */
  readonly credential: string;
  /** Only keys of this environment count; null: of any. */
  readonly environment: string | null;
}

export interface UsageWriterPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** So many batches were written. */
  written(batches: number): void;
}

interface Waiting extends UsageSender {
  readonly batch: string;
  readonly rows: readonly KeyUse[];
  readonly done: () => void;
}

/** Rows in one transaction, so that none holds its rows for long. */
const ROWS_AT_ONCE = 10_000;
/** Rows that wait at most; what comes beyond is not taken and must be sent again. */
const MOST_ROWS = 300_000;
const RETRY_MS = 1_000;

/**
 * Writes what verifiers counted: each batch once, however often and to however many nodes it is sent, because its name is
 * noted in the transaction that counts it. A batch is acknowledged only after that. One transaction at a time; what
 * cannot be written waits.
 */
export class UsageWriter {
  readonly #ports: UsageWriterPorts;
  #waiting: Waiting[] = [];
  #rows = 0;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(ports: UsageWriterPorts) {
    this.#ports = ports;
  }

  /** `done` is called once it was counted, now or before. False where too much waits already: `done` is never called. */
  add(sender: UsageSender, { batch, rows }: Usage, done: () => void): boolean {
    if (this.#stopped || this.#rows + rows.length > MOST_ROWS) return false;
    this.#waiting.push({ ...sender, batch, rows: countable(rows), done });
    this.#rows += rows.length;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return true;
  }

  /** Takes no more; tries once more to write what waits. Never throws. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    if (this.#waiting.length > 0) await this.#run();
  }

  async #run(): Promise<void> {
    // What comes in the same turn is written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#take();
      if (await this.#write(group)) continue;
      this.#waiting.unshift(...group);
      for (const { rows } of group) this.#rows += rows.length;
      if (this.#stopped) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }

  #take(): Waiting[] {
    let rows = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      rows += waiting.rows.length;
      return index > 0 && rows > ROWS_AT_ONCE;
    });
    const group = this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
    for (const waiting of group) this.#rows -= waiting.rows.length;
    return group;
  }

  /** False where it should be tried again. */
  async #write(group: readonly Waiting[]): Promise<boolean> {
    const { database, logger, written } = this.#ports;
    try {
      await database.transaction(PLATFORM, (tx) => this.#count(tx, group));
    } catch (error) {
      if (isUnstorable(error)) return this.#apart(group, error);
      // A commit in doubt as well: what was counted is found by its name.
      logger.warn({ error, batches: group.length }, "what verifiers counted could not be written; it is tried again");
      return false;
    }
    written(group.length);
    for (const { done } of group) done();
    return true;
  }

  async #count(tx: Tx, group: readonly Waiting[]): Promise<void> {
    const now = new Date(this.#ports.clock.wall());
    const fresh = await noteBatches(tx, group, now);
    const uses = group
      .filter((waiting) => fresh.has(waiting))
      .flatMap(({ rows, environment }) => rows.map((use) => ({ use, environment })));
    const owners = await selectVersionOwners(
      tx,
      uses.map(({ use }) => use),
    );
    for (const [day, counted] of byDay(creditedTo(owners, uses), now)) await addMergedUses(tx, counted, day);
  }

  /** One that can never be written must not keep the others waiting. */
  async #apart(group: readonly Waiting[], error: unknown): Promise<boolean> {
    const [only] = group;
    if (group.length === 1 && only !== undefined) {
      this.#ports.logger.error(
        { error, credential: only.credential },
        "a batch of counts cannot be written; it is left out",
      );
      return true;
    }
    for (const waiting of group) {
      if (!(await this.#write([waiting]))) this.#putBack(waiting);
    }
    return true;
  }

  #putBack(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#rows += waiting.rows.length;
  }
}
