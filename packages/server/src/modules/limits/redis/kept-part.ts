import type { Gone, Inheritance, PartAct } from "@claviger/core";
import type { Logger } from "../../../kernel/log.ts";
import type { Random } from "../../../kernel/random.ts";
import type { HolderRecord, PartRecord } from "../queries/registry.ts";
import type { Registry } from "../registry.ts";
import type { Look, RedisEpoch, RedisPart } from "./redis-part.ts";
import { Sweep } from "./sweep.ts";

export interface KeptPartOptions {
  readonly part: RedisPart;
  readonly registry: Registry;
  readonly random: Random;
  readonly logger: Logger;
  /** Told of each look: whether there was an answer. */
  looked(answered: boolean): void;
  /** Told when a record is found to be gone. */
  lost(): void;
}

/** One part in Redis, as this node follows it. */
export class KeptPart {
  readonly part: RedisPart;
  readonly #options: KeptPartOptions;
  readonly #sweep: Sweep;
  #looking: Promise<void> | null = null;
  /** What was found last and nobody has taken note of. */
  #found: Look | null = null;

  constructor(options: KeptPartOptions) {
    this.#options = options;
    this.part = options.part;
    this.#sweep = new Sweep(options.part);
  }

  /** Looks what is in Redis, one look at a time; `holders` are asked for. Never rejects. */
  look(holders: readonly string[]): Promise<void> {
    this.#looking ??= this.#look(holders).finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** The part as PostgreSQL has it once what was found in Redis has been taken note of; and what is wanted of whom. */
  async follow(record: PartRecord): Promise<{ readonly record: PartRecord; readonly wanted: Look["wanted"] }> {
    const found = this.#found;
    this.#found = null;
    if (found === null) return { record, wanted: [] };
    const { registry, logger, lost } = this.#options;
    if (found.record === record.record && found.seq <= record.seq) return { record, wanted: found.wanted };
    const current = await registry.beginEpoch(record, found.record, found.seq);
    if (record.record !== "" && current.record !== record.record) {
      logger.warn({ part: record.number, epoch: current.seq }, LOST);
      lost();
    }
    return { record: current, wanted: [] };
  }

  /** Whether holders are gone whose shares are to be taken over. */
  isHeirless(epoch: RedisEpoch, holders: readonly HolderRecord[]): boolean {
    return this.#sweep.isDue(epoch, holders);
  }

  isSwept(holder: string): boolean {
    return this.#sweep.isSwept(holder);
  }

  inherit(act: PartAct, epoch: RedisEpoch): Promise<readonly Inheritance[] | Gone> {
    return this.#sweep.inherit(act, epoch);
  }

  /** Finds holders in Redis that the registry does not know, in case it has forgotten them. */
  async findStrays(): Promise<void> {
    const named = await this.part.holders();
    // Read after: whoever is named has joined before.
    this.#sweep.noteNamed(named, await this.#options.registry.holders());
  }

  async #look(holders: readonly string[]): Promise<void> {
    const { part, random, looked } = this.#options;
    try {
      this.#found = await part.look(random.uuid(), holders);
      looked(true);
    } catch {
      // The client tells of an outage once; who needs an answer is refused.
      this.#found = null;
      looked(false);
    }
  }
}

const LOST =
  "Redis has lost what is recorded of limits, or another server has taken over; " +
  "nobody is given more until all nodes have written down what they hold, or the windows have passed";
