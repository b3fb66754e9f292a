import type { Gone, Inheritance, PartAct } from "@claviger/core";
import { inheritancesOf } from "../inheritances.ts";
import type { HolderRecord } from "../queries/registry.ts";
import type { RedisEpoch, RedisEstate, RedisPart } from "./redis-part.ts";

/** Pages looked at in one call, so that it ends in time; what is left comes with the next. */
const PAGES = 100;

interface UnderWay {
  readonly dead: readonly string[];
  cursor: string;
}

/**
 * What holders left in one part that are gone. A sweep goes once through the whole record, for all of them together; what
 * they had is the heir's when it is found.
 */
export class Sweep {
  readonly #part: RedisPart;
  #epoch = 0;
  #underWay: UnderWay | null = null;
  /** Of these nothing is left in this epoch. */
  readonly #swept = new Set<string>();
  /** Named in the record, and unknown to the registry. */
  #strays: readonly string[] = [];
  #known: ReadonlyMap<string, HolderRecord> = new Map();

  constructor(part: RedisPart) {
    this.#part = part;
  }

  /** Takes in who there is; whether anybody is gone whose shares are to be taken over. */
  isDue({ seq }: RedisEpoch, holders: readonly HolderRecord[]): boolean {
    if (seq !== this.#epoch) {
      this.#epoch = seq;
      this.#underWay = null;
      this.#swept.clear();
      this.#strays = [];
    }
    this.#known = new Map(holders.map((holder) => [holder.id, holder]));
    for (const id of this.#swept) if (!this.#known.has(id)) this.#swept.delete(id);
    return this.#underWay !== null || this.#dead().length > 0;
  }

  /** `ids` are in the record; those that the registry, read since, does not know are nobody's any more. */
  noteNamed(ids: readonly string[], holders: readonly HolderRecord[]): void {
    const known = new Set(holders.map(({ id }) => id));
    this.#strays = ids.filter((id) => !known.has(id));
  }

  /** Some of what they left; nothing where no more is to be had now. */
  async inherit(act: PartAct, epoch: RedisEpoch): Promise<readonly Inheritance[] | Gone> {
    if (epoch.seq !== this.#epoch) return "moved";
    for (let page = 0; page < PAGES; page += 1) {
      const sweep = this.#underWay ?? this.#begin();
      if (sweep === null) return [];
      const found = await this.#part.inherit(act, epoch, sweep.cursor, sweep.dead);
      if (typeof found === "string") return found;
      sweep.cursor = found.cursor;
      if (found.cursor === "0") this.#finish(sweep);
      if (found.estates.length > 0) return inheritancesOf(found.estates.map((each) => this.#estateOf(each)));
    }
    return [];
  }

  /** Whether nothing of this ended holder is left. */
  isSwept(id: string): boolean {
    return this.#swept.has(id);
  }

  #dead(): string[] {
    const ended = [...this.#known.values()].filter(({ id, ended: gone }) => gone && !this.#swept.has(id));
    return [...ended.map(({ id }) => id), ...this.#strays];
  }

  #begin(): UnderWay | null {
    const dead = this.#dead();
    this.#underWay = dead.length === 0 ? null : { dead, cursor: "0" };
    return this.#underWay;
  }

  #finish(sweep: UnderWay): void {
    if (this.#underWay !== sweep) return;
    this.#underWay = null;
    for (const id of sweep.dead) if (this.#known.has(id)) this.#swept.add(id);
    this.#strays = this.#strays.filter((id) => !sweep.dead.includes(id));
  }

  #estateOf({ holder, noted, ...estate }: RedisEstate) {
    const gone = this.#known.get(holder);
    // Without either nobody knows how long ago it was spent, and all of it counts from now.
    if (noted === null || gone === undefined) return { ...estate, journal: [], afterMs: 0 };
    return { ...estate, journal: noted.journal, afterMs: gone.renewedAt + gone.termMs - noted.at };
  }
}
