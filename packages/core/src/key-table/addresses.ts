import { compileCidrs, parseCidr } from "../network/cidr.ts";

/** Ranges, compiled so that asking about an IPv4 address allocates nothing. */
export interface AddressSet {
  /** As `compileCidrs(list).contains(ip)`. */
  contains(ip: string): boolean;
}

/** Compiles ranges; those that cannot be read contain nothing. */
export function compileAddresses(list: readonly string[]): AddressSet {
  const any = compileCidrs(list);
  const ranges = list.map(parseCidr).filter((range) => range !== null && range.address.family === 4);
  const masks = Int32Array.from(ranges, (range) => maskOf(range?.prefixLength ?? 32));
  const bases = Int32Array.from(ranges, (range, i) => (range?.address.words[0] ?? 0) & (masks[i] ?? 0));
  return {
    contains(ip: string): boolean {
      const address = ipv4Of(ip);
      if (address === NOT_IPV4) return any.contains(ip);
      for (let i = 0; i < masks.length; i++) {
        if ((address & (masks[i] ?? 0)) === bases[i]) return true;
      }
      return false;
    },
  };
}

/** The first `bits` bits, 0 to 32. A shift by 32 is a shift by 0 in JavaScript. */
function maskOf(bits: number): number {
  return bits === 0 ? 0 : -1 << (32 - bits);
}

/** Outside the range of 32 bits. */
const NOT_IPV4 = 2 ** 40;

/** Dotted decimal as 32 bits, signed; anything else is left to `parseIp`. Takes anything. */
function ipv4Of(text: string): number {
  if (typeof text !== "string" || text.length > 15) return NOT_IPV4;
  let address = 0;
  let dots = 0;
  let octet = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      if (octet === -1) return NOT_IPV4;
      address = (address << 8) | octet;
      octet = -1;
      dots++;
    } else {
      // `octet === 0` here means a leading zero.
      if (code < 0x30 || code > 0x39 || octet === 0) return NOT_IPV4;
      octet = (octet === -1 ? 0 : octet * 10) + code - 0x30;
      if (octet > 255) return NOT_IPV4;
    }
  }
  return dots === 3 && octet !== -1 ? (address << 8) | octet : NOT_IPV4;
}
