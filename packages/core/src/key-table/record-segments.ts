import { HASH_LENGTH, sameHash, wordAt, writeHash } from "./hash-text.ts";
import { IN_USE_FROM, RECORD_STRIDE } from "./record-layout.ts";

/** Records of about as many keys share a segment. One segment's growth is the longest pause there is. */
const KEYS_PER_SEGMENT = 2048;
const MAX_SEGMENTS = 8192;
/** A record's number is its segment's number and, in as many bits, its slot. */
const SLOT_BITS = 12;
const SLOT_MASK = (1 << SLOT_BITS) - 1;
const FIRST_SLOTS = 8;
/** Above it the search for a hash that nobody has becomes long; a look at one tag is one byte, so it may be high. */
const MAX_LOAD = 0.8;
/** Segments grow in small steps once they are large, so that little room lies idle. */
const SMALL_STEP_FROM = 512;

const EMPTY = 0;
const REMOVED = 1;

export interface Segment {
  /** By slot: empty, removed, or eight bits of the hash; so that a search touches hardly any record but the right one. */
  readonly tags: Uint8Array;
  /** Records, see `record-layout.ts`. */
  readonly words: Int32Array;
  readonly slots: number;
  used: number;
  /** Slots that are not empty. */
  filled: number;
}

/** Told before records move: each gets the number at the same place of the other list. */
export type Moving = (from: readonly number[], to: readonly number[]) => void;

/**
 * Records under their hashes, with open addressing: a record lies in the slot where its hash is looked for, so finding it
 * touches memory in two places, its tag and itself. Segments grow one at a time; a record keeps its number until its
 * segment grows.
 */
export class RecordSegments {
  readonly segments: Segment[] = [];
  /** The same arrays as in `segments`, one step nearer: every check goes through them. */
  readonly tags: Uint8Array[] = [];
  readonly words: Int32Array[] = [];
  used = 0;
  readonly #shift: number;
  readonly #seed: number;
  readonly #moving: Moving;

  constructor(capacity: number, seed: number, moving: Moving) {
    this.#seed = seed | 0;
    this.#moving = moving;
    const bits = Math.max(1, Math.ceil(Math.log2(Math.min(MAX_SEGMENTS, capacity / KEYS_PER_SEGMENT))));
    this.#shift = 32 - bits;
    for (let i = 0; i < 1 << bits; i++) this.#set(i, newSegment(FIRST_SLOTS));
  }

  /** The number of the record with this hash; -1 if there is none. All 256 bits are compared. */
  find(hash: string): number {
    if (hash.length !== HASH_LENGTH) return -1;
    let first = 0;
    let second = 0;
    for (let i = 0; i < 4; i += 2) {
      first = second;
      second = hash.charCodeAt(i) | (hash.charCodeAt(i + 1) << 16);
    }
    const place = this.#placeOf(first, second);
    const number = place >>> this.#shift;
    const tags = this.tags[number];
    const words = this.words[number];
    if (tags === undefined || words === undefined) return -1;
    const slots = tags.length;
    const tag = tagOf(first, second);
    for (let slot = slotOf(place, slots); ; ) {
      const found = tags[slot];
      if (found === EMPTY) return -1;
      if (found === tag && sameHash(words, slot * RECORD_STRIDE, hash, first, second)) {
        return (number << SLOT_BITS) | slot;
      }
      slot = slot + 1 === slots ? 0 : slot + 1;
    }
  }

  /** Room for a record with this hash, which is written and nothing else. -1: its segment can not grow any more. */
  add(hash: string): number {
    const first = wordAt(hash, 0);
    const second = wordAt(hash, 2);
    const place = this.#placeOf(first, second);
    const number = place >>> this.#shift;
    if (!this.#makeRoom(number)) return -1;
    const segment = this.at(number);
    const slot = freeSlot(segment.tags, slotOf(place, segment.slots), segment.slots);
    if (segment.tags[slot] === EMPTY) segment.filled++;
    segment.tags[slot] = tagOf(first, second);
    writeHash(segment.words, slot * RECORD_STRIDE, hash);
    segment.used++;
    this.used++;
    return (number << SLOT_BITS) | slot;
  }

  /** Wipes the record, so that nothing of a key outlives it. */
  free(record: number): void {
    const segment = this.segmentOf(record);
    const slot = record & SLOT_MASK;
    segment.words.fill(0, slot * RECORD_STRIDE, (slot + 1) * RECORD_STRIDE);
    const next = slot + 1 === segment.slots ? 0 : slot + 1;
    // A search ends at an empty slot, so this one may be empty only if the next one is.
    if (segment.tags[next] === EMPTY) {
      segment.tags[slot] = EMPTY;
      segment.filled--;
    } else segment.tags[slot] = REMOVED;
    segment.used--;
    this.used--;
  }

  /** A record of the segment that a record with this hash belongs to, from number `from` on where one is; -1: it is empty. */
  neighbour(hash: string, from: number): number {
    const number = this.#placeOf(wordAt(hash, 0), wordAt(hash, 2)) >>> this.#shift;
    const inside = from >>> SLOT_BITS === number ? this.#nextIn(number, from & SLOT_MASK) : -1;
    return inside === -1 ? this.#nextIn(number, 0) : inside;
  }

  /** The words of the segment that a record is in. */
  wordsOf(record: number): Int32Array {
    const words = this.words[record >>> SLOT_BITS];
    if (words === undefined) throw new TypeError(`there is no record ${record}`);
    return words;
  }

  segmentOf(record: number): Segment {
    return this.at(record >>> SLOT_BITS);
  }

  segmentNumberOf(record: number): number {
    return record >>> SLOT_BITS;
  }

  /** Where the record starts in its segment's `words`. */
  startOf(record: number): number {
    return (record & SLOT_MASK) * RECORD_STRIDE;
  }

  /** The first record in use from number `from` on, round the end; -1 if there is none. */
  next(from: number): number {
    for (let seen = 0; seen <= this.segments.length; seen++) {
      const number = ((from >>> SLOT_BITS) + seen) % this.segments.length;
      const record = this.#nextIn(number, seen === 0 ? from & SLOT_MASK : 0);
      if (record !== -1) return record;
    }
    return -1;
  }

  /** The records of a segment. */
  inSegment(number: number): number[] {
    const records: number[] = [];
    for (let record = this.#nextIn(number, 0); record !== -1; record = this.#nextIn(number, (record & SLOT_MASK) + 1)) {
      records.push(record);
    }
    return records;
  }

  get bytes(): number {
    return this.segments.reduce((sum, { slots }) => sum + slots * (1 + 4 * RECORD_STRIDE), 0);
  }

  at(number: number): Segment {
    const segment = this.segments[number];
    if (segment === undefined) throw new TypeError(`there is no segment ${number}`);
    return segment;
  }

  /** The first record of a segment from this slot on, or -1. */
  #nextIn(number: number, from: number): number {
    const { tags, slots } = this.at(number);
    for (let slot = from; slot < slots; slot++) {
      if ((tags[slot] ?? 0) >= IN_USE_FROM) return (number << SLOT_BITS) | slot;
    }
    return -1;
  }

  /** 32 bits that choose the segment (the highest) and the slot (the lowest 16). */
  #placeOf(first: number, second: number): number {
    let place = Math.imul(first ^ this.#seed, 0x9e3779b1) + Math.imul((second + this.#seed) | 0, 0x85ebca77);
    place = Math.imul(place ^ (place >>> 15), 0x2c1b3c6d);
    return place ^ (place >>> 13);
  }

  #makeRoom(number: number): boolean {
    const { filled, used, slots } = this.at(number);
    if (filled + 1 <= slots * MAX_LOAD) return true;
    // Where much of it was removed, the same room will do again.
    const roomy = used + 1 <= slots * MAX_LOAD * 0.8;
    const wanted = roomy ? slots : slots >= SMALL_STEP_FROM ? Math.ceil(slots * 1.25) : slots * 2;
    const allowed = Math.min(wanted, SLOT_MASK + 1);
    if (used + 1 > allowed * MAX_LOAD) return false;
    this.#rebuild(number, allowed);
    return true;
  }

  #rebuild(number: number, slots: number): void {
    const old = this.at(number);
    const segment = newSegment(slots);
    const from: number[] = [];
    const to: number[] = [];
    for (let slot = 0; slot < old.slots; slot++) {
      const tag = old.tags[slot] ?? EMPTY;
      if (tag < IN_USE_FROM) continue;
      const at = slot * RECORD_STRIDE;
      const place = this.#placeOf(old.words[at] ?? 0, old.words[at + 1] ?? 0);
      const target = freeSlot(segment.tags, slotOf(place, slots), slots);
      segment.tags[target] = tag;
      copyWords(old.words, at, segment.words, target * RECORD_STRIDE, RECORD_STRIDE);
      from.push((number << SLOT_BITS) | slot);
      to.push((number << SLOT_BITS) | target);
    }
    segment.used = from.length;
    segment.filled = from.length;
    this.#moving(from, to);
    old.words.fill(0);
    this.#set(number, segment);
  }

  #set(number: number, segment: Segment): void {
    this.segments[number] = segment;
    this.tags[number] = segment.tags;
    this.words[number] = segment.words;
  }
}

function newSegment(slots: number): Segment {
  return {
    tags: new Uint8Array(slots),
    words: new Int32Array(slots * RECORD_STRIDE),
    ...{ slots, used: 0, filled: 0 },
  };
}

/** A loop, because so few words are copied faster than two views are made. */
function copyWords(from: Int32Array, at: number, to: Int32Array, target: number, count: number): void {
  for (let i = 0; i < count; i++) to[target + i] = from[at + i] ?? 0;
}

/** The slot where a search begins; `slots` need not be a power of two. */
function slotOf(place: number, slots: number): number {
  return ((place & 0xffff) * slots) >>> 16;
}

function freeSlot(tags: Uint8Array, from: number, slots: number): number {
  let slot = from;
  while ((tags[slot] ?? 0) >= IN_USE_FROM) slot = slot + 1 === slots ? 0 : slot + 1;
  return slot;
}

function tagOf(first: number, second: number): number {
  const tag = ((first >>> 24) ^ second) & 0xff;
  return tag < IN_USE_FROM ? tag + IN_USE_FROM : tag;
}
