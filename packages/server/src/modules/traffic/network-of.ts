import { parseIp } from "@claviger/core";

/** An address and the network that it is counted under. */
export interface CallerAddress {
  /** In one spelling. */
  readonly ip: string;
  /** The /24 of an IPv4 address, the /48 of an IPv6 address, which is what one customer of a provider has. */
  readonly network: string;
}

/** Null for what is no address. */
export function networkOf(text: string): CallerAddress | null {
  const address = parseIp(text);
  if (address === null) return null;
  const [first = 0, second = 0] = address.words;
  if (address.family === 4) {
    const [a, b, c, d] = [first >>> 24, (first >>> 16) & 255, (first >>> 8) & 255, first & 255];
    return { ip: `${a}.${b}.${c}.${d}`, network: `${a}.${b}.${c}.0/24` };
  }
  const groups = address.words.flatMap((word) => [Math.floor(word / 0x10000), word % 0x10000]);
  const [a, b, c] = [Math.floor(first / 0x10000), first % 0x10000, Math.floor(second / 0x10000)].map(hex);
  return { ip: groups.map(hex).join(":"), network: `${a}:${b}:${c}::/48` };
}

function hex(group: number): string {
  return group.toString(16);
}
