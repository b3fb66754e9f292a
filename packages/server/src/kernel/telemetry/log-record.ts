import { type Attributes, type Context, type LogRecord, ROOT_CONTEXT, SeverityNumber, trace } from "@opentelemetry/api";

const SEVERITIES: Readonly<Record<string, readonly [SeverityNumber, string]>> = {
  20: [SeverityNumber.DEBUG, "DEBUG"],
  30: [SeverityNumber.INFO, "INFO"],
  40: [SeverityNumber.WARN, "WARN"],
  50: [SeverityNumber.ERROR, "ERROR"],
};

/** A line of the log as a record of OpenTelemetry; what it says was redacted when it was written. Null for what is no line of ours. */
export function logRecordOf(line: string): LogRecord | null {
  const fields = parse(line);
  if (fields === null) return null;
  const { level, time, msg, trace_id, span_id, trace_flags, ...rest } = fields;
  const [severityNumber, severityText] = SEVERITIES[String(level)] ?? [SeverityNumber.UNSPECIFIED, "UNSPECIFIED"];
  return {
    ...{ severityNumber, severityText, body: String(msg ?? "") },
    ...(typeof time === "number" ? { timestamp: time } : {}),
    attributes: attributesOf(rest),
    context: contextOf(trace_id, span_id, trace_flags),
  };
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Errors by the names that OpenTelemetry has for their parts, other objects as JSON. */
function attributesOf(fields: Readonly<Record<string, unknown>>): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === "error" && typeof value === "object" && value !== null) {
      const { name: type, message, stack, code } = value as Readonly<Record<string, unknown>>;
      const parts = {
        "exception.type": type,
        "exception.message": message,
        "exception.stacktrace": stack,
        "error.code": code,
      };
      for (const [part, text] of Object.entries(parts)) if (typeof text === "string") attributes[part] = text;
    } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      attributes[name] = value;
    } else if (value !== null && value !== undefined) attributes[name] = JSON.stringify(value);
  }
  return attributes;
}

function contextOf(traceId: unknown, spanId: unknown, flags: unknown): Context {
  if (typeof traceId !== "string" || typeof spanId !== "string") return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(String(flags), 16) });
}
