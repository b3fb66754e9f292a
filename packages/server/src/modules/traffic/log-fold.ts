import { type Database, isUnstorable, PLATFORM } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Random } from "../../kernel/random.ts";
import { beginMetering } from "../metering/index.ts";
import { type CountedGroup, CountFold } from "./count-fold.ts";
import type { KnownValues } from "./known-values.ts";
import { LOG_FORMAT, unpackGroup } from "./packed-group.ts";
import { claimLogged, deleteLogged, findLogged, type LoggedGroup, setAside } from "./queries/log.ts";
import { keepSourcesBounded, plansOf, writeCounts } from "./write-counts.ts";

export interface LogFoldPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly known: KnownValues;
}

/** Cells that are counted in one transaction, about. */
const CELLS_AT_ONCE = 300_000;
/** Cells that may wait in the log, about, before no more is logged. */
const MOST_CELLS = 3_000_000;
/** The longer it is from one folding to the next, in milliseconds, the more of it becomes the same rows. */
const EVERY_MS = 5_000;
/** Longer than any folding takes, in milliseconds. */
const CLAIM_MS = 60_000;
const TRANSACTION = { idleMs: 5_000 } as const;

/**
 * Counts what is in the log: some seconds' worth at once, so that most of it is of the same rows. A group goes from the log in the
 * transaction that counts it, so it is counted once, by whichever node. What a node leaves when it ends, another counts.
 *
 * States: nothing waits; something waits for its time; a folding is under way.
 */
export class LogFold {
  readonly #ports: LogFoldPorts;
  readonly #name: string;
  /** Groups that this node has logged and does not know to be counted, with when they came; monotonic. */
  #own = new Map<number, number>();
  /** In all of the log, as far as this node knows. */
  #cells = 0;
  #beganAt = Number.NEGATIVE_INFINITY;
  #running: Promise<boolean> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(ports: LogFoldPorts) {
    this.#ports = ports;
    this.#name = ports.random.uuid();
  }

  /** When the first of what this node has logged and is not counted came, monotonic, in milliseconds; null where there is nothing. */
  get waitingSince(): number | null {
    return this.#own.size === 0 ? null : Math.min(...this.#own.values());
  }

  /** Whether so much is in the log that no more must be added. */
  get isFull(): boolean {
    return this.#cells > MOST_CELLS;
  }

  /** This node has logged a group, which came at `since`. It is counted when it is time. */
  logged(id: number, cells: number, since: number): void {
    this.#own.set(id, since);
    this.#cells += cells;
    this.#plan();
  }

  /** Counts what is in the log now, as far as nobody else does. Returns whether that was possible. Never throws. */
  async fold(): Promise<boolean> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // What was logged since the one under way began is for the next one.
    await this.#running;
    this.#running ??= this.#foldAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  #plan(): void {
    if (this.#timer !== null || this.#running !== null) return;
    const after = Math.max(0, this.#beganAt + EVERY_MS - this.#ports.clock.mono());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.fold().then(() => {
        if (this.#own.size > 0) this.#plan();
      });
    }, after).unref();
  }

  async #foldAll(): Promise<boolean> {
    const { database, clock, logger } = this.#ports;
    this.#beganAt = clock.mono();
    const claim = { by: this.#name, format: LOG_FORMAT, cells: CELLS_AT_ONCE, forMs: CLAIM_MS };
    try {
      for (let more = true; more; ) {
        const groups = await database.transaction(PLATFORM, (tx) => claimLogged(tx, claim));
        more = groups.length > 0;
        if (more) await this.#count(groups);
      }
      await this.#look();
      return true;
    } catch (error) {
      logger.warn({ error }, "uses of keys that were logged could not be counted; it is tried again");
      return false;
    }
  }

  /** One that can never be counted must not keep the others waiting. */
  async #count(groups: readonly LoggedGroup[]): Promise<void> {
    try {
      await this.#write(groups);
    } catch (error) {
      if (!(error instanceof Unreadable || isUnstorable(error))) throw error;
      const [only] = groups;
      if (groups.length === 1 && only !== undefined) await this.#setAside(only.id, error);
      else for (const group of groups) await this.#count([group]);
    }
  }

  async #write(groups: readonly LoggedGroup[]): Promise<void> {
    const { database, known } = this.#ports;
    const ids = groups.map(({ id }) => id);
    const fold = new CountFold();
    for (const { packed } of groups) await fold.add(await readable(packed));
    const counts = await fold.finish();
    const plans = await plansOf(database, counts);
    const learned = known.begin();
    const newSources = await database.transaction(
      PLATFORM,
      async (tx) => {
        await beginMetering(tx);
        if (!(await deleteLogged(tx, ids))) throw new TypeError("what was claimed was counted by another");
        return writeCounts(tx, counts, plans, learned);
      },
      TRANSACTION,
    );
    learned.committed();
    for (const id of ids) this.#own.delete(id);
    await keepSourcesBounded(this.#ports, newSources);
  }

  /** Its raw events stay, so that counts and raw events do not agree from now on, and whoever compares them is told. */
  async #setAside(id: number, error: unknown): Promise<void> {
    this.#ports.logger.error({ error, id }, "uses of keys that were logged cannot be counted; they are set aside");
    await this.#ports.database.transaction(PLATFORM, (tx) => setAside(tx, id));
    this.#own.delete(id);
  }

  /** What others have counted of this node's. */
  async #look(): Promise<void> {
    const asked = [...this.#own.keys()];
    const { own, cells } = await this.#ports.database.transaction(PLATFORM, (tx) => findLogged(tx, asked));
    const left = new Set(own);
    for (const id of asked) if (!left.has(id)) this.#own.delete(id);
    this.#cells = cells;
  }
}

/** What is in the log is no group. */
class Unreadable extends Error {
  constructor(cause: unknown) {
    super("what was logged cannot be read", { cause });
    this.name = "Unreadable";
  }
}

async function readable(packed: Uint8Array): Promise<CountedGroup> {
  try {
    return await unpackGroup(packed);
  } catch (error) {
    throw new Unreadable(error);
  }
}
