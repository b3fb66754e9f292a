import { compileCidrs } from "../network/cidr.ts";
import { parseIp } from "../network/ip.ts";

export type SourceAddress = (peer: string | undefined, forwardedFor: string | null) => string | null;

const MOST_PEERS = 1_000;

/**
 * Where a request came from (C10). Only a peer that is a configured proxy may say so; then the chain of `X-Forwarded-For` is read from
 * the right, and the first address that is no configured proxy is the source. What cannot be parsed ends the reading.
 */
export function createSourceAddress(trustedProxies: readonly string[]): SourceAddress {
  const trusted = compileCidrs(trustedProxies);
  // Connections come from few peers, again and again.
  const peers = new Map<string, string | null>();
  const peerOf = (peer: string | undefined): string | null => {
    if (peer === undefined) return null;
    const known = peers.get(peer);
    if (known !== undefined) return known;
    if (peers.size >= MOST_PEERS) peers.clear();
    const source = normalise(peer);
    peers.set(peer, source);
    return source;
  };
  return (peer, forwardedFor) => {
    let source = peerOf(peer);
    if (source === null || forwardedFor === null) return source;
    for (const hop of forwardedFor.split(",").reverse()) {
      if (!trusted.contains(source)) return source;
      const address = normalise(hop.trim());
      if (address === null) return source;
      source = address;
    }
    return source;
  };
}

/** Mapped v6 addresses, which dual-stack sockets give, as the v4 address they are. */
function normalise(text: string | undefined): string | null {
  if (text === undefined || parseIp(text) === null) return null;
  return text.toLowerCase().startsWith("::ffff:") && text.includes(".") ? text.slice("::ffff:".length) : text;
}
