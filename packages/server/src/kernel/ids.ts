import { V7Generator } from "uuidv7";
import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

export const ID_TYPES = [
  "acct",
  "apr",
  "bulk",
  "dlv",
  "drl",
  "enf",
  "evt",
  "hov",
  "imp",
  "key",
  "mail",
  "link",
  "mem",
  "out",
  "req",
  "spl",
  "svc",
] as const;
export type IdType = (typeof ID_TYPES)[number];

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Makes ids: `<type>_` and 26 characters of Crockford base32 over a UUIDv7, so that ids of one node sort by creation. */
export interface Ids {
  make(type: IdType): string;
}

/** Two characters for ten bits. */
const PAIRS = Array.from({ length: 1024 }, (_, bits) => CROCKFORD.charAt(bits >> 5) + CROCKFORD.charAt(bits & 31));

/** 128 bits as 26 characters of 5 bits, most significant first; two bits of nothing stand ahead, so that they divide by five. */
export function encodeCrockford(bytes: Uint8Array): string {
  let text = PAIRS[bytes[0] ?? 0] ?? "";
  for (let at = 1; at < 16; at += 5) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3], bytes[at + 4]];
    text += PAIRS[(a << 2) | (b >> 6)];
    text += PAIRS[((b & 63) << 4) | (c >> 4)];
    text += PAIRS[((c & 15) << 6) | (d >> 2)];
    text += PAIRS[((d & 3) << 8) | e];
  }
  return text;
}

export function createIds(clock: Clock, random: Random): Ids {
  const generator = new V7Generator({ nextUint32: drawsOf(random) });
  return {
    make: (type) => `${type}_${encodeCrockford(generator.generateOrResetWithTs(Math.floor(clock.wall())).bytes)}`,
  };
}

const DRAWS = 256;

/** Numbers of 32 bits, taken from the source by the kilobyte: asking for four bytes at a time would cost as much as the rest of an id. */
function drawsOf(random: Random): () => number {
  let drawn = new DataView(new ArrayBuffer(0));
  let at = 0;
  return () => {
    if (at === drawn.byteLength) {
      drawn = new DataView(Uint8Array.from(random.bytes(DRAWS * 4)).buffer);
      at = 0;
    }
    at += 4;
    return drawn.getUint32(at - 4);
  };
}
