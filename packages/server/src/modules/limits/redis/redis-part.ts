import type { Gone, PartAct, ShareAnswer, ShareClaim, ShareRequest, SpentGroup } from "@claviger/core";
import { ClavigerError } from "@claviger/core";
import type { RedisClient, RedisScript } from "./redis-client.ts";
import { CLAIM, EXCHANGE, FORGET, HOLDERS, INHERIT, LOOK, SETTLE } from "./scripts.ts";

/** An epoch as PostgreSQL has it: its number, and the record that it is of. */
export interface RedisEpoch {
  readonly seq: number;
  readonly record: string;
}

/** What is found in Redis. */
export interface Look {
  readonly record: string;
  /** The newest epoch in which anybody has written something down; 0 before. */
  readonly seq: number;
  /** Counters of the holders asked for of which others lack something. */
  readonly wanted: readonly { readonly holder: string; readonly counter: string; readonly askers: number }[];
}

/** What one holder that is gone had of one counter. */
export interface RedisEstate {
  readonly holder: string;
  readonly counter: string;
  readonly windowMs: number;
  readonly share: number;
  readonly ceiling: number;
  /** As it was noted, and when by the holder's clock; null where nothing was noted. */
  readonly noted: { readonly at: number; readonly journal: readonly SpentGroup[] } | null;
}

/** A record that nobody looks at is dropped by Redis after so many milliseconds. */
const KEPT_MS = 7 * 86_400_000;
const FIELDS_OF_ANSWER = 5;
const FIELDS_OF_ESTATE = 6;
const FIELDS_SCANNED = 1_000;

/** One part of the counters, in Redis: see `scripts.ts` for what each act does. Rejects as `RedisClient.run` does. */
export class RedisPart {
  readonly #client: RedisClient;
  readonly #keys: readonly string[];

  constructor(client: RedisClient, installation: string, index: number) {
    this.#client = client;
    const slot = `claviger:{${installation}:${index}}`;
    this.#keys = [`${slot}:record`, `${slot}:holders`, `${slot}:wanted`];
  }

  /** Begins a record under the name `fresh` where there is none that counts. */
  async look(fresh: string, holders: readonly string[]): Promise<Look> {
    const [record, seq, wanted] = listOf(await this.#run(LOOK, [fresh, KEPT_MS, ...holders]));
    const found = inGroups(listOf(wanted), 3, ([index, counter, askers]) => {
      const holder = holders[Number(index)];
      return holder === undefined ? [] : [{ holder, counter: String(counter), askers: Number(askers) }];
    });
    return { record: String(record), seq: Number(seq), wanted: found };
  }

  async claim(
    act: PartAct,
    epoch: RedisEpoch,
    claims: readonly ShareClaim[],
    last: boolean,
  ): Promise<boolean[] | Gone> {
    const args = claims.flatMap(({ counter, windowMs, units, ceiling }) => [counter, windowMs, units, ceiling]);
    const answer = await this.#run(CLAIM, [...headOf(act, epoch), last ? 1 : 0, ...args]);
    return goneOf(answer) ?? listOf(answer).map((each) => Number(each) === 1);
  }

  async exchange(act: PartAct, epoch: RedisEpoch, requests: readonly ShareRequest[]): Promise<ShareAnswer[] | Gone> {
    const args = requests.flatMap((each) => [
      ...[each.counter, each.windowMs, each.amount, each.used, each.demand, each.have, each.recorded, each.headroom],
      ...[each.mayGrow ? 1 : 0, each.journal === null ? "" : JSON.stringify(each.journal)],
    ]);
    const answer = await this.#run(EXCHANGE, [...headOf(act, epoch), act.now, ...args]);
    return (
      goneOf(answer) ??
      inGroups(listOf(answer), FIELDS_OF_ANSWER, (group) => {
        const [share = 0, recorded = 0, others = 0, unmet = 0, surplus = 0] = group.map(Number);
        return [{ share, recorded, others, unmet, surplus }];
      })
    );
  }

  /** One page, from `cursor` on; the first page ends these holders here as well. The next cursor is `0` at the end. */
  async inherit(
    act: PartAct,
    epoch: RedisEpoch,
    cursor: string,
    dead: readonly string[],
  ): Promise<{ readonly cursor: string; readonly estates: readonly RedisEstate[] } | Gone> {
    const answer = await this.#run(INHERIT, [...headOf(act, epoch), cursor, FIELDS_SCANNED, ...dead]);
    const gone = goneOf(answer);
    if (gone !== null) return gone;
    const [next, taken] = listOf(answer);
    return { cursor: String(next), estates: inGroups(listOf(taken), FIELDS_OF_ESTATE, estateOf) };
  }

  /** Whether it is written down now. */
  async settle({ record, seq }: RedisEpoch, windowMs: number): Promise<boolean> {
    return (await this.#run(SETTLE, [record, seq, windowMs])) === "done";
  }

  async forget({ record, seq }: RedisEpoch, holders: readonly string[]): Promise<void> {
    await this.#run(FORGET, [record, seq, ...holders]);
  }

  /** All that have taken part in this record and are not forgotten. */
  async holders(): Promise<string[]> {
    return listOf(await this.#run(HOLDERS, [])).map(String);
  }

  #run(script: RedisScript, args: readonly (string | number)[]): Promise<unknown> {
    return this.#client.run(script, this.#keys, args);
  }
}

function headOf({ holder, order }: PartAct, { record, seq }: RedisEpoch): (string | number)[] {
  return [record, seq, holder, order];
}

function goneOf(answer: unknown): Gone | null {
  if (answer === "late") throw new ClavigerError("UNAVAILABLE", { internal: "a later act came before this one" });
  return answer === "ended" || answer === "moved" ? answer : null;
}

function listOf(answer: unknown): readonly unknown[] {
  if (!Array.isArray(answer)) throw new ClavigerError("UNAVAILABLE", { internal: "Redis gave no answer of this form" });
  return answer;
}

function inGroups<T>(list: readonly unknown[], size: number, read: (group: readonly unknown[]) => readonly T[]): T[] {
  const groups: T[] = [];
  for (let at = 0; at < list.length; at += size) groups.push(...read(list.slice(at, at + size)));
  return groups;
}

function estateOf([counter, windowMs, ceiling, share, holder, noted]: readonly unknown[]): RedisEstate[] {
  const text = String(noted);
  const blank = text.indexOf(" ");
  return [
    {
      ...{ holder: String(holder), counter: String(counter), windowMs: Number(windowMs) },
      ...{ share: Number(share), ceiling: Number(ceiling) },
      noted:
        blank === -1
          ? null
          : { at: Number(text.slice(0, blank)), journal: JSON.parse(text.slice(blank + 1)) as SpentGroup[] },
    },
  ];
}
