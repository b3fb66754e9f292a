import { type CidrSet, compileCidrs, parseCidr } from "../network/cidr.ts";

/** Ranges, compiled so that asking about an IPv4 address allocates nothing. */
export class AddressSet {
  readonly #any: CidrSet;
  /** Mask and base of each IPv4 range, one after the other. */
  readonly #ranges: Int32Array;

  /** Ranges that cannot be read contain nothing. */
  constructor(list: readonly string[]) {
    this.#any = compileCidrs(list);
    const ranges: number[] = [];
    for (const text of list) {
      const range = parseCidr(text);
      if (range === null || range.address.family !== 4) continue;
      const mask = maskOf(range.prefixLength);
      ranges.push(mask, (range.address.words[0] ?? 0) & mask);
    }
    this.#ranges = Int32Array.from(ranges);
  }

  /** As `compileCidrs(list).contains(ip)`. Takes anything. */
  contains(ip: string): boolean {
    if (typeof ip !== "string" || ip.length > 15) return this.#any.contains(ip);
    let address = 0;
    let dots = 0;
    let octet = -1;
    for (let i = 0; i < ip.length; i++) {
      const code = ip.charCodeAt(i);
      if (code === 0x2e && octet !== -1 && octet <= 255) {
        address = (address << 8) | octet;
        octet = -1;
        dots++;
        continue;
      }
      // Whatever is not plainly four numbers is left to the reference; `octet === 0` here means a leading zero.
      if (code < 0x30 || code > 0x39 || octet === 0 || octet > 25) return this.#any.contains(ip);
      octet = (octet === -1 ? 0 : octet * 10) + code - 0x30;
    }
    if (dots !== 3 || octet === -1 || octet > 255) return this.#any.contains(ip);
    return this.#holds((address << 8) | octet);
  }

  #holds(address: number): boolean {
    const ranges = this.#ranges;
    for (let i = 0; i < ranges.length; i += 2) {
      if ((address & (ranges[i] ?? 0)) === ranges[i + 1]) return true;
    }
    return false;
  }
}

/** The first `bits` bits, 0 to 32. A shift by 32 is a shift by 0 in JavaScript. */
function maskOf(bits: number): number {
  return bits === 0 ? 0 : -1 << (32 - bits);
}
