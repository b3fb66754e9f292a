import { V7Generator } from "uuidv7";
import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

export const ID_TYPES = ["acct", "evt", "key", "mem", "out", "req", "svc"] as const;
export type IdType = (typeof ID_TYPES)[number];

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Makes ids: `<type>_` and 26 characters of Crockford base32 over a UUIDv7, so that ids of one node sort by creation. */
export interface Ids {
  make(type: IdType): string;
}

/** 128 bits as 26 characters of 5 bits, most significant first; the first character holds the top 3 bits. */
export function encodeCrockford(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  // The 128 bits stand behind two bits of nothing, so that they divide by five.
  let bits = 2;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += CROCKFORD.charAt((held >>> bits) & 31);
      held &= (1 << bits) - 1;
    }
  }
  return text;
}

export function createIds(clock: Clock, random: Random): Ids {
  const generator = new V7Generator({ nextUint32: drawsOf(random) });
  return {
    make: (type) => `${type}_${encodeCrockford(generator.generateOrResetCore(Math.floor(clock.wall()), 10_000).bytes)}`,
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
