import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Random } from "../../kernel/random.ts";
import { beginMetering } from "../metering/index.ts";
import { CountFold } from "./count-fold.ts";
import { dayOf, placed } from "./counted-cell.ts";
import type { Countries } from "./countries.ts";
import type { EventStore } from "./event-store.ts";
import { KnownValues } from "./known-values.ts";
import { LogFold } from "./log-fold.ts";
import { Owners } from "./owners.ts";
import { LOG_FORMAT, packGroup } from "./packed-group.ts";
import { type Prepared, prepareGroup, type Told, type Unwritten } from "./prepare-group.ts";
import { noteBatches } from "./queries/batches.ts";
import { insertLogged } from "./queries/log.ts";
import { addLosses } from "./queries/losses.ts";
import { makePartitions } from "./queries/partitions.ts";
import { createReadings, type Readings } from "./readings.ts";
import { keepSourcesBounded, plansOf, writeCounts } from "./write-counts.ts";

export interface GroupWriterPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly events: EventStore;
  readonly countries: Countries;
  /** Cells of a group from which on it is counted by way of the log; default 1 000. */
  readonly loggedFrom?: number;
}

/** Says which batches of a group were counted before; nothing was written. */
export class CountedBefore extends Error {
  readonly batches: readonly Unwritten[];
  constructor(batches: readonly Unwritten[]) {
    super("some of these batches were counted before");
    this.name = "CountedBefore";
    this.batches = batches;
  }
}

/** A group that is ready for its transaction. */
export interface ReadyGroup extends Prepared {
  /** When the first of it came; monotonic. */
  readonly since: number;
  /** Writes what it counts, and is told when that is committed. */
  readonly counting: Counting;
}

interface Counting {
  write(tx: Tx): Promise<void>;
  committed(): Promise<void>;
}

const LOGGED_FROM = 1_000;
/** While it waits for its next statement it holds up other writers of usage at most. */
const TRANSACTION = { idleMs: 5_000 } as const;

/**
 * Writes groups of batches: names, raw events and counts, all or nothing. A small group is counted at once; a large one is written to the
 * log in the same transaction, and counted from there together with others.
 */
export class GroupWriter {
  readonly #ports: GroupWriterPorts;
  readonly #owners: Owners;
  readonly #readings: Readings;
  readonly #known = new KnownValues();
  /** UTC days that have partitions. */
  readonly #made = new Set<number>();
  readonly log: LogFold;

  constructor(ports: GroupWriterPorts) {
    this.#ports = ports;
    this.#owners = new Owners(ports.database);
    this.#readings = createReadings((ip) => ports.countries.of(ip));
    this.log = new LogFold({ ...ports, known: this.#known });
  }

  /** What takes time, before any row is held. pg errors pass through. */
  async prepare(group: readonly Unwritten[], since: number): Promise<ReadyGroup> {
    const now = this.#ports.clock.wall();
    await this.#ports.countries.load();
    await this.#ensurePartitions(group, now);
    const prepared = await prepareGroup(this.#owners, this.#readings, group, now);
    const { cells, uses } = prepared.counted;
    const items = [...uses.values()].reduce((sum, those) => sum + those.length, cells.length);
    const isLarge = items >= (this.#ports.loggedFrom ?? LOGGED_FROM);
    const counting = isLarge ? await this.#byLog(prepared, items, since) : await this.#atOnce(prepared);
    return { ...prepared, since, counting };
  }

  /** Throws CountedBefore where some of it was; pg errors pass through. */
  async write({ group, counted, counting, told }: ReadyGroup): Promise<Told> {
    const at = new Date(counted.now);
    await this.#ports.database.transaction(
      PLATFORM,
      async (tx) => {
        await beginMetering(tx);
        const fresh = await noteBatches(tx, group, at);
        const before = group.filter((batch) => !fresh.has(batch));
        if (before.length > 0) throw new CountedBefore(before);
        await this.#ports.events.append(tx, counted.cells);
        await counting.write(tx);
        const losses = group.flatMap(({ losses: own }) => own ?? []);
        await addLosses(tx, losses, at);
      },
      TRANSACTION,
    );
    await counting.committed();
    return told;
  }

  /** Something went wrong: what is known of the database may not be so any more. */
  forget(): void {
    this.#made.clear();
  }

  async #atOnce({ counted }: Prepared): Promise<Counting> {
    const fold = new CountFold();
    await fold.add(counted);
    const counts = await fold.finish();
    const plans = await plansOf(this.#ports.database, counts);
    const learned = this.#known.begin();
    let newSources: readonly string[] = [];
    return {
      write: async (tx) => {
        newSources = await writeCounts(tx, counts, plans, learned);
      },
      committed: async () => {
        learned.committed();
        await keepSourcesBounded(this.#ports, newSources);
      },
    };
  }

  async #byLog({ counted }: Prepared, items: number, since: number): Promise<Counting> {
    const packed = await packGroup(counted);
    let id = 0;
    return {
      write: async (tx) => {
        id = await insertLogged(tx, LOG_FORMAT, items, packed);
      },
      committed: async () => this.log.logged(id, items, since),
    };
  }

  /** Makes room for the days of these batches; the database is asked for those alone that are not known to have it. */
  async #ensurePartitions(group: readonly Unwritten[], now: number): Promise<void> {
    const days = new Set([dayOf(now)]);
    for (const { uses } of group) for (const { lastAt } of uses?.cells ?? []) days.add(dayOf(placed(lastAt, now)));
    const missing = [...days].filter((day) => !this.#made.has(day)).sort((a, b) => a - b);
    if (missing.length === 0) return;
    await makePartitions(this.#ports.database, missing);
    for (const day of missing) this.#made.add(day);
  }
}
