import { expect, test } from "vitest";
import { parseTraceParent } from "./trace-context.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test("a traceparent is read as the W3C says, of later versions what is known of them", () => {
  const parent = { traceId: TRACE, spanId: SPAN };
  expect(parseTraceParent(`00-${TRACE}-${SPAN}-01`)).toEqual({ ...parent, sampled: true });
  expect(parseTraceParent(`00-${TRACE}-${SPAN}-00`)).toEqual({ ...parent, sampled: false });
  expect(parseTraceParent(`00-${TRACE}-${SPAN}-03`)).toEqual({ ...parent, sampled: true });
  expect(parseTraceParent(`cc-${TRACE}-${SPAN}-01-what-will-be`)).toEqual({ ...parent, sampled: true });
});

test("what is no traceparent begins a new trace, whatever it is and however long", () => {
  const zeros = (count: number): string => "0".repeat(count);
  for (const wrong of [
    null,
    "",
    "-",
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${zeros(32)}-${SPAN}-01`,
    `00-${TRACE}-${zeros(16)}-01`,
    `00-${TRACE}x-${SPAN}-01`,
    ` 00-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01\n`,
    `cc-${TRACE}-${SPAN}-01-${"x".repeat(1_000_000)}`,
  ]) {
    expect(parseTraceParent(wrong), String(wrong).slice(0, 80)).toBeNull();
  }
});
