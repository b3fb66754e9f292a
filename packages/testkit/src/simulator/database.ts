import { epochName } from "@claviger/core";
import type { Tables } from "./tables.ts";
import type { World } from "./world.ts";

/** What a write comes to. `unknown`: a commit whose wait for the standby was cancelled, which says that it succeeded. */
export type Written = "committed" | "unknown";

interface Entry {
  readonly apply: (tables: Tables) => Tables;
  readonly durable: boolean;
  readonly done: (written: Written) => void;
  visible: boolean;
}

export interface DatabaseOptions {
  /** Whether there is a standby that commits wait for. */
  readonly standby: boolean;
  /** The longest that the standby is behind, in milliseconds. */
  readonly longestLag: number;
}

/**
 * One primary, and a standby where there is one. Writes become visible on the primary in the order of the log: durable
 * ones once the standby has them, others at once if nothing durable is before them. The standby applies the same log.
 */
export class Database {
  readonly world: World;
  readonly options: DatabaseOptions;
  tables: Tables;
  /** What the standby has applied; without one, what the primary has. */
  standby: Tables;
  up = true;
  #timeline = 1;
  #log: Entry[] = [];
  #delivered = 0;
  /** Who waits for the row of the head, which each change locks last. */
  #lockQueue: (() => void)[] = [];
  #locked = false;
  /** Goes up when all transactions under way are lost. */
  #lives = 0;

  constructor(world: World, options: DatabaseOptions, tables: Tables) {
    this.world = world;
    this.options = options;
    this.tables = tables;
    this.standby = tables;
  }

  get epoch(): string {
    return epochName(this.tables.cluster, String(this.#timeline).padStart(8, "0"));
  }

  write(apply: (tables: Tables) => Tables, durable: boolean, done: (written: Written) => void): void {
    const entry: Entry = { apply, durable, done, visible: false };
    if (!this.options.standby) {
      this.#show(entry, "committed");
      this.standby = this.tables;
      return;
    }
    this.#log.push(entry);
    this.#showWhatMay();
    this.#replicate(entry);
  }

  /** Runs `work` under the lock of the head; it calls what it is given when its transaction has ended. */
  lockHead(work: (unlock: () => void) => void): void {
    if (this.#locked) {
      this.#lockQueue.push(() => this.lockHead(work));
      return;
    }
    this.#locked = true;
    const lives = this.#lives;
    let held = true;
    work(() => {
      if (!held || lives !== this.#lives) return;
      held = false;
      this.#locked = false;
      this.#lockQueue.shift()?.();
    });
  }

  /** The first commit that waits for the standby is cancelled: it shows, and says that it succeeded. */
  cancelWait(): void {
    const first = this.#log.find(({ visible }) => !visible);
    if (first?.durable === true) this.#show(first, "unknown");
    this.#showWhatMay();
  }

  /** The primary is lost and the standby takes over; what it had not received is gone, and nobody is answered. */
  failOver(downFor: number): void {
    this.#loseTransactions();
    this.tables = this.standby;
    this.#timeline += 1;
    this.stop(downFor);
  }

  stop(downFor: number): void {
    this.up = false;
    this.world.after(downFor, () => {
      this.up = true;
    });
  }

  /** What is here now is replaced by an earlier state, as another database. */
  restore(earlier: Tables, cluster: string): void {
    this.#loseTransactions();
    this.tables = { ...earlier, cluster };
    this.standby = this.tables;
  }

  #loseTransactions(): void {
    this.#log = [];
    this.#lockQueue = [];
    this.#locked = false;
    this.#lives += 1;
  }

  #show(entry: Entry, written: Written): void {
    entry.visible = true;
    this.tables = entry.apply(this.tables);
    entry.done(written);
  }

  #showWhatMay(): void {
    for (const entry of [...this.#log]) {
      if (entry.visible) continue;
      if (entry.durable) return;
      this.#show(entry, "committed");
    }
  }

  #replicate(entry: Entry): void {
    const { dice, now } = this.world;
    const at = Math.max(this.#delivered, now + dice.between(0, this.options.longestLag));
    this.#delivered = at;
    this.world.after(at - now, () => {
      const index = this.#log.indexOf(entry);
      if (index === -1) return;
      this.standby = entry.apply(this.standby);
      this.#log.splice(index, 1);
      if (!entry.visible) this.#show(entry, "committed");
      this.#showWhatMay();
    });
  }
}
