import { compileCidrs, parseIp } from "@claviger/core";

export type SourceAddress = (peer: string | undefined, forwardedFor: string | null) => string | null;

/**
 * Where a request came from (C10). Only a peer that is a configured proxy may say so; then the chain of `X-Forwarded-For` is read from
 * the right, and the first address that is no configured proxy is the source. What cannot be parsed ends the reading.
 */
export function createSourceAddress(trustedProxies: readonly string[]): SourceAddress {
  const trusted = compileCidrs(trustedProxies);
  return (peer, forwardedFor) => {
    let source = normalise(peer);
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
