import { type IpAddress, parseIp } from "./ip.ts";

/** A range of addresses: those that share the first `prefixLength` bits with `address`. */
export interface Cidr {
  readonly address: IpAddress;
  /** 0-32 for IPv4, 0-128 for IPv6. */
  readonly prefixLength: number;
}

/** Ranges, compiled. */
export interface CidrSet {
  /** Whether an address, as text, is in any of the ranges. What is no address is in none. */
  contains(ip: string): boolean;
}

/** Says what is wrong with a range, or null. */
export function checkCidr(text: string): string | null {
  const cidr = read(text);
  return typeof cidr === "string" ? cidr : null;
}

/**
 * Reads `203.0.113.0/24`, `2001:db8::/32` or a single address. A mapped IPv6 range is the IPv4 range it maps. Bits set
 * beyond the prefix are refused (`203.0.113.7/24`): whoever wrote that meant one of two things. IPv4 callers are in
 * IPv4 ranges only, so `::/0` does not let them in.
 */
export function parseCidr(text: string): Cidr | null {
  const cidr = read(text);
  return typeof cidr === "string" ? null : cidr;
}

/** Whether a range contains an address, given as text or parsed. What is no address is in no range. */
export function cidrContains(cidr: Cidr, ip: string | IpAddress): boolean {
  const address = typeof ip === "string" ? parseIp(ip) : ip;
  if (address === null || address.family !== cidr.address.family) return false;
  let bits = cidr.prefixLength;
  for (let i = 0; bits > 0; i++, bits -= 32) {
    const differing = ((cidr.address.words[i] ?? 0) ^ (address.words[i] ?? 0)) & mask(bits);
    if (differing !== 0) return false;
  }
  return true;
}

/** Compiles ranges. One that cannot be read contains nothing; a list of nothing else admits nobody. */
export function compileCidrs(list: readonly string[]): CidrSet {
  const ranges = list.map(parseCidr).filter((cidr) => cidr !== null);
  return Object.freeze({
    contains(ip: string): boolean {
      const address = parseIp(ip);
      return address !== null && ranges.some((range) => cidrContains(range, address));
    },
  });
}

function read(text: string): Cidr | string {
  if (typeof text !== "string") return "an address range is a text";
  const slash = text.indexOf("/");
  const base = slash === -1 ? text : text.slice(0, slash);
  const address = parseIp(base);
  if (address === null) return "this is no IPv4 or IPv6 address or CIDR range";
  const width = address.family === 4 ? 32 : 128;
  let prefixLength = width;
  if (slash !== -1) {
    const digits = text.slice(slash + 1);
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(digits)) return "the prefix length is a decimal number";
    // A mapped range is written with the 96 bits that all mapped addresses share.
    const shared = address.family === 4 && base.includes(":") ? 96 : 0;
    prefixLength = Number(digits) - shared;
    if (prefixLength < 0 || prefixLength > width) return `the prefix length is ${shared} to ${shared + width}`;
  }
  if (hasBitsBeyond(address, prefixLength)) return "the address has bits set beyond its prefix length";
  return Object.freeze({ address, prefixLength });
}

function hasBitsBeyond(address: IpAddress, prefixLength: number): boolean {
  return address.words.some((word, i) => (word & ~mask(prefixLength - 32 * i)) !== 0);
}

/** The 32-bit mask with the first `bits` bits set; all for 32 and more, none for 0 and less. */
function mask(bits: number): number {
  // A shift by 32 is a shift by 0 in JavaScript, so the ends are apart.
  if (bits <= 0) return 0;
  return bits >= 32 ? -1 : -1 << (32 - bits);
}
