/** An address as numbers, so that no spelling of it can matter. */
export interface IpAddress {
  readonly family: 4 | 6;
  /** Unsigned 32-bit words, most significant first: one for IPv4, four for IPv6. */
  readonly words: readonly number[];
}

/** `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255` */
const MAX_LENGTH = 45;

/**
 * Reads an IPv4 or IPv6 address; null if it is none. IPv4-mapped IPv6 (`::ffff:192.0.2.1`, also in hexadecimal) gives
 * the IPv4 address, because that is how a dual-stack socket names an IPv4 caller. Refused: leading zeros (octal to
 * some), fewer than four parts, zone ids, brackets, ports and blanks. Takes anything, never throws.
 */
export function parseIp(text: string): IpAddress | null {
  if (typeof text !== "string" || text.length > MAX_LENGTH) return null;
  if (!text.includes(":")) {
    const word = parseIpv4(text);
    return word === null ? null : { family: 4, words: [word] };
  }
  const groups = parseIpv6(text);
  if (groups === null) return null;
  const words = [0, 2, 4, 6].map((i) => (groups[i] ?? 0) * 0x10000 + (groups[i + 1] ?? 0));
  return isMapped(words) ? { family: 4, words: words.slice(3) } : { family: 6, words };
}

/** Whether the words of an IPv6 address are in `::ffff:0:0/96`. */
function isMapped(words: readonly number[]): boolean {
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}

/** Dotted decimal, exactly four parts without leading zeros, as an unsigned 32-bit number. */
function parseIpv4(text: string): number | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  let word = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part)) return null;
    const octet = Number(part);
    if (octet > 255) return null;
    word = word * 256 + octet;
  }
  return word;
}

/** The eight 16-bit groups. */
function parseIpv6(text: string): number[] | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? "", halves.length === 1);
  const tail = halves.length === 1 ? [] : parseGroups(halves[1] ?? "", true);
  if (head === null || tail === null) return null;
  const gap = 8 - head.length - tail.length;
  // `::` stands for at least one group; without it all eight must be there.
  if (halves.length === 2 ? gap < 1 : gap !== 0) return null;
  return [...head, ...new Array<number>(gap).fill(0), ...tail];
}

/** Groups between colons; dotted decimal may stand for the last two, where the address ends. */
function parseGroups(text: string, ends: boolean): number[] | null {
  if (text === "") return [];
  const parts = text.split(":");
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes(".")) {
      const word = ends && index === parts.length - 1 ? parseIpv4(part) : null;
      if (word === null) return null;
      groups.push(Math.floor(word / 0x10000), word % 0x10000);
    } else {
      if (!/^[0-9A-Fa-f]{1,4}$/.test(part)) return null;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}
