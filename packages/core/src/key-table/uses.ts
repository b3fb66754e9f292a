import type { RefusalCode } from "../verdict/verdict.ts";
import { codeAt } from "./outcome.ts";
import { ACCEPTED, LAST_USED } from "./record-layout.ts";
import type { RecordSegments } from "./record-segments.ts";

/** What was seen of one version of a key since the last time it was taken. Times are milliseconds since the epoch. */
export interface KeyUse {
  readonly key: string;
  readonly version: number;
  readonly account: string;
  readonly accepted: number;
  readonly refused: number;
  readonly firstUsedAt: number | null;
  readonly lastUsedAt: number | null;
  readonly lastRefusedAt: number | null;
  readonly lastRefusedCode: RefusalCode | null;
}

/** Whose use it is. */
export type UseOwner = Pick<KeyUse, "key" | "version" | "account">;

interface Refusals {
  count: number;
  lastAt: number;
  lastCode: number;
}

/** The records of one segment that were accepted, each with the time of the first. */
interface AcceptedList {
  readonly records: number[];
  readonly firsts: number[];
}

/** Times in records are 32 bits, from a day before the first that was counted. */
const DAY = 86_400_000;
const LATEST = 2 ** 32 - 1;

/**
 * Uses are counted where they are at hand: in the record itself, which a check has just read. Beside the records there is
 * only a list of those that have such counts. Refusals are rarer, and counted apart.
 */
export class Uses {
  readonly #records: RecordSegments;
  readonly #ownerOf: (record: number) => UseOwner;
  readonly #accepted: (AcceptedList | undefined)[] = [];
  readonly #refused = new Map<number, Refusals>();
  /** Counts of records that have gone. */
  readonly #orphans: KeyUse[] = [];
  #since = 0;
  /** Records in all lists. */
  #listed = 0;

  constructor(records: RecordSegments, ownerOf: (record: number) => UseOwner) {
    this.#records = records;
    this.#ownerOf = ownerOf;
  }

  /** One use of this record, accepted. */
  accept(record: number, now: number): void {
    const words = this.#records.wordsOf(record);
    const at = this.#records.startOf(record);
    const count = words[at + ACCEPTED] ?? 0;
    if (count === 0) this.#list(record, now);
    words[at + ACCEPTED] = count + 1;
    words[at + LAST_USED] = Math.min(Math.max(now - this.#since, 0), LATEST);
  }

  /** One refusal; `code` is the number of an outcome's code. */
  refuse(record: number, code: number, now: number): void {
    const known = this.#refused.get(record);
    if (known === undefined) this.#refused.set(record, { count: 1, lastAt: now, lastCode: code });
    else {
      known.count++;
      known.lastAt = now;
      known.lastCode = code;
    }
  }

  /** The record is about to go; its counts stay until they are taken. */
  leave(record: number): void {
    const words = this.#records.wordsOf(record);
    const accepted = words[this.#records.startOf(record) + ACCEPTED] !== 0;
    if (!accepted && !this.#refused.has(record)) return;
    const list = this.#accepted[this.#records.segmentNumberOf(record)];
    const index = accepted && list !== undefined ? list.records.indexOf(record) : -1;
    const first = list?.firsts[index] ?? 0;
    if (list !== undefined && index !== -1) removeAt(list, index);
    if (index !== -1) this.#listed--;
    this.#orphans.push(this.#read(record, first));
  }

  /** Records of one segment are about to get other numbers. */
  move(from: readonly number[], to: readonly number[]): void {
    const list = this.#accepted[this.#records.segmentNumberOf(from[0] ?? 0)];
    if (list !== undefined && list.records.length > 0) {
      const targets = new Map(from.map((record, i) => [record, to[i] ?? 0]));
      for (const [i, record] of list.records.entries()) list.records[i] = targets.get(record) ?? record;
    }
    if (this.#refused.size === 0) return;
    const moved: [number, Refusals][] = [];
    for (const [i, record] of from.entries()) {
      const refusals = this.#refused.get(record);
      if (refusals === undefined) continue;
      moved.push([to[i] ?? 0, refusals]);
      this.#refused.delete(record);
    }
    for (const [record, refusals] of moved) this.#refused.set(record, refusals);
  }

  /** Hands over the counts of at most `limit` records, and forgets them. */
  take(limit: number): KeyUse[] {
    const taken = this.#orphans.splice(0, limit);
    for (const list of this.#accepted) {
      while (list !== undefined && taken.length < limit && list.records.length > 0) {
        const record = list.records.pop() ?? 0;
        this.#listed--;
        taken.push(this.#read(record, list.firsts.pop() ?? 0));
      }
    }
    for (const record of this.#refused.keys()) {
      if (taken.length >= limit) break;
      taken.push(this.#read(record, 0));
    }
    return taken;
  }

  /** Records with counts, at most; one may be counted twice. */
  get size(): number {
    return this.#orphans.length + this.#listed + this.#refused.size;
  }

  #list(record: number, now: number): void {
    if (this.#listed === 0) this.#since = now - DAY;
    this.#listed++;
    const number = this.#records.segmentNumberOf(record);
    const list = this.#accepted[number];
    if (list === undefined) this.#accepted[number] = { records: [record], firsts: [now] };
    else {
      list.records.push(record);
      list.firsts.push(now);
    }
  }

  /** Reads what was counted of a record, and sets it back to nothing. */
  #read(record: number, first: number): KeyUse {
    const words = this.#records.wordsOf(record);
    const at = this.#records.startOf(record);
    const accepted = words[at + ACCEPTED] ?? 0;
    const last = this.#since + ((words[at + LAST_USED] ?? 0) >>> 0);
    words[at + ACCEPTED] = 0;
    words[at + LAST_USED] = 0;
    const refusals = this.#refused.get(record);
    this.#refused.delete(record);
    return {
      ...this.#ownerOf(record),
      accepted,
      refused: refusals?.count ?? 0,
      firstUsedAt: accepted === 0 ? null : first,
      lastUsedAt: accepted === 0 ? null : last,
      lastRefusedAt: refusals?.lastAt ?? null,
      lastRefusedCode: refusals === undefined ? null : refusalAt(refusals.lastCode),
    };
  }
}

function refusalAt(number: number): RefusalCode | null {
  const code = codeAt(number);
  return code === "VALID" ? null : code;
}

/** The last one takes the place of the one that goes. */
function removeAt({ records, firsts }: AcceptedList, index: number): void {
  const record = records.pop() ?? 0;
  const first = firsts.pop() ?? 0;
  if (index === records.length) return;
  records[index] = record;
  firsts[index] = first;
}
