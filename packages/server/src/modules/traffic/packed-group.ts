import { promisify } from "node:util";
import { constants, deflateRaw, inflateRaw } from "node:zlib";
import type { KeyUse, StrangerCount } from "@claviger/core";
import { nextTurn } from "../../kernel/next-turn.ts";
import type { CountedGroup } from "./count-fold.ts";
import type { CellSums } from "./counted-cell.ts";

/** What `packGroup` writes. A node leaves alone what it does not know. */
export const LOG_FORMAT = 1;

/** In front of the columns, as JSON. Texts are numbered from 1; 0 is none. */
interface Head {
  readonly now: number;
  readonly cells: number;
  readonly texts: readonly string[];
  /** Day, key, version, account, accepted, refused, first and last use, last refusal and its code. */
  readonly uses: readonly (readonly (number | null)[])[];
  /** ip, code, count. */
  readonly strangers: readonly (readonly number[])[];
}

/** More than any group takes, in bytes as they are before they are compressed. */
const MOST_BYTES = 512 * 1024 * 1024;
const IN_ONE_TURN = 2_000;
const [MAPPED, MERGED, BROWSER] = [1, 2, 4];
/** Columns of 32 bits: numbers of texts, flags, the version, and times by how long they were before `now`. */
const WORDS = 17;
/** Columns of 64 bits: sums, and when the last of it happened. */
const SUMS = 10;
const ALIGNED = 8;

const [deflate, inflate] = [promisify(deflateRaw), promisify(inflateRaw)];

/** What a group counts, without its raw events, as it is written to the log. */
export async function packGroup({ cells, uses, strangers, now }: CountedGroup): Promise<Buffer> {
  const texts = new Texts();
  const sums = new Float64Array(SUMS * cells.length);
  const words = new Int32Array(WORDS * cells.length);
  for (const [at, cell] of cells.entries()) {
    putWords(words, cells.length, at, cell, texts, now);
    putSums(sums, cells.length, at, cell);
    if (at % IN_ONE_TURN === IN_ONE_TURN - 1) await nextTurn();
  }
  const head: Head = {
    ...{ now, cells: cells.length },
    uses: [...uses].flatMap(([day, those]) => those.map((use) => useRow(use, day, texts))),
    strangers: strangers.map(({ ip, code, count }) => [texts.numberOf(ip), texts.numberOf(code), count]),
    texts: texts.all,
  };
  const json = Buffer.from(JSON.stringify(head));
  const start = Buffer.alloc(alignedAfter(json.length));
  start.writeUInt32LE(json.length);
  json.copy(start, 4);
  const whole = Buffer.concat([start, Buffer.from(sums.buffer), Buffer.from(words.buffer)]);
  return deflate(whole, { level: constants.Z_BEST_SPEED });
}

/** The same again. Throws where it is something else. */
export async function unpackGroup(packed: Uint8Array): Promise<CountedGroup> {
  const whole = await inflate(packed, { maxOutputLength: MOST_BYTES });
  const length = whole.readUInt32LE();
  const head = JSON.parse(whole.toString("utf8", 4, 4 + length)) as Head;
  // A copy of its own, at an address that arrays of numbers can begin at.
  const columns = new Uint8Array(whole.subarray(alignedAfter(length))).buffer;
  const sums = new Float64Array(columns, 0, SUMS * head.cells);
  const words = new Int32Array(columns, sums.byteLength, WORDS * head.cells);
  const cells: CellSums[] = [];
  for (let at = 0; at < head.cells; at += 1) {
    cells.push(cellOf(head, words, sums, at));
    if (at % IN_ONE_TURN === IN_ONE_TURN - 1) await nextTurn();
  }
  const uses = new Map<number, KeyUse[]>();
  for (const row of head.uses) {
    const [day, use] = useOf(row, head.texts);
    const those = uses.get(day);
    if (those === undefined) uses.set(day, [use]);
    else those.push(use);
  }
  const strangers = head.strangers.map(([ip = 0, code = 0, count = 0]) => {
    return { ip: textAt(head.texts, ip), code: textAt(head.texts, code) as StrangerCount["code"], count };
  });
  return { cells, uses, strangers, now: head.now };
}

function alignedAfter(length: number): number {
  return Math.ceil((4 + length) / ALIGNED) * ALIGNED;
}

class Texts {
  readonly all: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(text: string | null): number {
    if (text === null) return 0;
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.all.push(text));
    return this.all.length;
  }
}

function textAt(texts: readonly string[], number: number | undefined): string | null {
  return texts[(number ?? 0) - 1] ?? null;
}

function putWords(words: Int32Array, count: number, at: number, cell: CellSums, texts: Texts, now: number): void {
  let place = at;
  const put = (value: number): void => {
    words[place] = value;
    place += count;
  };
  put(texts.numberOf(cell.key));
  put(texts.numberOf(cell.account));
  put(texts.numberOf(cell.environment));
  put(texts.numberOf(cell.code));
  put(texts.numberOf(cell.method));
  put(texts.numberOf(cell.route));
  put(texts.numberOf(cell.asked));
  put(texts.numberOf(cell.network));
  put(texts.numberOf(cell.country));
  put(texts.numberOf(cell.agent));
  put(texts.numberOf(cell.service));
  put((cell.mapped ? MAPPED : 0) | (cell.merged ? MERGED : 0) | (cell.browser ? BROWSER : 0));
  put(cell.version);
  put(now - cell.firstAt);
  put(now - cell.lastAt);
  put(now - cell.used.firstAt);
  put(now - cell.used.lastAt);
}

function putSums(sums: Float64Array, count: number, at: number, cell: CellSums): void {
  let place = at;
  const put = (value: number): void => {
    sums[place] = value;
    place += count;
  };
  put(cell.happenedAt);
  put(cell.requests);
  put(cell.cost);
  for (const each of cell.statuses) put(each);
  put(cell.durations.count);
  put(cell.durations.totalMs);
  put(cell.durations.maxMs);
}

function cellOf({ cells, texts, now }: Head, words: Int32Array, sums: Float64Array, at: number): CellSums {
  const word = (column: number): number => words[column * cells + at] ?? 0;
  const sum = (column: number): number => sums[column * cells + at] ?? 0;
  const flags = word(11);
  return {
    key: textAt(texts, word(0)) ?? "",
    version: word(12),
    account: textAt(texts, word(1)) ?? "",
    environment: textAt(texts, word(2)) ?? "",
    code: textAt(texts, word(3)) ?? "",
    method: textAt(texts, word(4)) ?? "",
    route: textAt(texts, word(5)) ?? "",
    mapped: (flags & MAPPED) !== 0,
    asked: textAt(texts, word(6)),
    merged: (flags & MERGED) !== 0,
    network: textAt(texts, word(7)),
    country: textAt(texts, word(8)),
    agent: textAt(texts, word(9)),
    service: textAt(texts, word(10)),
    browser: (flags & BROWSER) !== 0,
    requests: sum(1),
    cost: sum(2),
    firstAt: now - word(13),
    lastAt: now - word(14),
    used: { firstAt: now - word(15), lastAt: now - word(16) },
    happenedAt: sum(0),
    statuses: [sum(3), sum(4), sum(5), sum(6)],
    durations: { count: sum(7), totalMs: sum(8), maxMs: sum(9) },
  };
}

function useRow(use: KeyUse, day: number, texts: Texts): (number | null)[] {
  const { key, version, account, accepted, refused, firstUsedAt, lastUsedAt, lastRefusedAt, lastRefusedCode } = use;
  const who = [texts.numberOf(key), version, texts.numberOf(account)];
  return [day, ...who, accepted, refused, firstUsedAt, lastUsedAt, lastRefusedAt, texts.numberOf(lastRefusedCode)];
}

function useOf(row: readonly (number | null)[], texts: readonly string[]): [day: number, use: KeyUse] {
  const [day, key, version, account, accepted, refused] = row.map((value) => value ?? 0);
  const [firstUsedAt = null, lastUsedAt = null, lastRefusedAt = null, code = 0] = row.slice(6);
  const use = {
    ...{ key: textAt(texts, key) ?? "", version: version ?? 0, account: textAt(texts, account) ?? "" },
    ...{ accepted: accepted ?? 0, refused: refused ?? 0, firstUsedAt, lastUsedAt, lastRefusedAt },
    lastRefusedCode: textAt(texts, code ?? 0) as KeyUse["lastRefusedCode"],
  };
  return [day ?? 0, use];
}
