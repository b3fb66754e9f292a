/** Where a request stands in the trace of its caller, by the W3C's header `traceparent`. */
export interface TraceParent {
  /** 32 hexadecimal digits, not all 0. */
  readonly traceId: string;
  /** 16 hexadecimal digits, not all 0. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const LONGEST = 512;
const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 1;

/**
 * Reads it; null for what is none, so that a new trace begins. Later versions may say more behind what is read here. `tracestate` is left
 * alone: it is text of the caller's, and nothing here is sent on to others.
 */
export function parseTraceParent(text: string | null): TraceParent | null {
  if (text === null || text.length > LONGEST) return null;
  const [, version, traceId = "", spanId = "", flags = "", more] = FORM.exec(text) ?? [];
  if (version === undefined || version === "ff" || (version === "00" && more !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}
