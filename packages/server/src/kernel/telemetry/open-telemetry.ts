/** OpenTelemetry itself. Imported only where it is switched on: nothing else may import it, or what it imports. */
import { AsyncLocalStorage } from "node:async_hooks";
import { hostname } from "node:os";
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider, type ReadableLogRecord } from "@opentelemetry/sdk-logs";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { isFault } from "../is-fault.ts";
import { systemTimers } from "../timers.ts";
import type { RequestSpan, Telemetry, Tracing } from "../tracing.ts";
import { ExportQueue, type Report, type Send } from "./export-queue.ts";
import { logRecordOf } from "./log-record.ts";
import { sendLogRecords, sendSpans } from "./otlp-sender.ts";
import type { Destination, TelemetryConfig } from "./read-telemetry.ts";
import { parseTraceParent } from "./trace-context.ts";

const SCOPE = "claviger";
/** Characters of one value. */
const LONGEST_VALUE = 2_000;

export function openTelemetry(config: TelemetryConfig, version: string, report: Report): Telemetry {
  const resource = resourceFromAttributes({
    ...{ "service.instance.id": `${hostname()}:${process.pid}`, ...config.resource },
    ...{ "service.name": config.service, "service.version": version },
  });
  const traces = config.traces === null ? null : openTraces(config, config.traces, resource, report);
  const logs = config.logs === null ? null : openLogs(config.logs, resource, report);
  const parts = [traces, logs].filter((part) => part !== null);
  return {
    tracing: traces?.tracing ?? null,
    fields: () => traces?.fields() ?? {},
    log: logs?.log ?? null,
    readings: () => Object.fromEntries(parts.map(({ signal, queue }) => [signal, queue.reading()])),
    stop: async () => void (await Promise.all(parts.map(({ queue }) => queue.stop()))),
  };
}

function queueOf<T>(signal: string, send: Send<T>, { timeoutMs }: Destination, report: Report): ExportQueue<T> {
  // With the last try, an export may take twice as long.
  return new ExportQueue({ signal, send, timers: systemTimers, report, patienceMs: 2 * timeoutMs });
}

/** What the SDK asks of those who are given what was made. */
const PROCESSOR = { onStart: () => undefined, forceFlush: async () => undefined, shutdown: async () => undefined };

function openTraces(config: TelemetryConfig, to: Destination, resource: Resource, report: Report) {
  const queue = queueOf<ReadableSpan>("traces", sendSpans(to), to, report);
  const provider = new TracerProvider({
    ...{ resource, sampler: samplerOf(config), spanLimits: { attributeValueLengthLimit: LONGEST_VALUE } },
    spanProcessors: [{ ...PROCESSOR, onEnd: (span) => queue.add(span) }],
  });
  const under = new AsyncLocalStorage<Span>();
  const fields = (): object => {
    const { traceId, spanId, traceFlags } = under.getStore()?.spanContext() ?? {};
    return traceId === undefined ? {} : { trace_id: traceId, span_id: spanId, trace_flags: `0${traceFlags}` };
  };
  return { signal: "traces", tracing: createTracing(provider.getTracer(SCOPE), under), fields, queue };
}

function openLogs(to: Destination, resource: Resource, report: Report) {
  const queue = queueOf<ReadableLogRecord>("logs", sendLogRecords(to), to, report);
  const processors = [{ ...PROCESSOR, onEmit: (record: ReadableLogRecord) => queue.add(record) }];
  const logRecordLimits = { attributeValueLengthLimit: LONGEST_VALUE };
  const logger = new LoggerProvider({ resource, logRecordLimits, processors }).getLogger(SCOPE);
  const log = (line: string): void => {
    const record = logRecordOf(line);
    if (record !== null) logger.emit(record);
  };
  return { signal: "logs", log, queue };
}

function samplerOf({ sampler, ratio }: TelemetryConfig): Sampler {
  const by: Record<TelemetryConfig["sampler"], () => Sampler> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
    parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
    parentbased_traceidratio: () => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
  };
  return by[sampler]();
}

function createTracing(tracer: Tracer, under: AsyncLocalStorage<Span>): Tracing {
  return {
    request: ({ id, method, path }, headers) => {
      const attributes = {
        ...{ "http.request.method": method, "http.route": path, "url.scheme": "http", "claviger.operation": id },
      };
      const span = tracer.startSpan(
        `${method} ${path}`,
        { kind: SpanKind.SERVER, attributes },
        contextOf(headers.get("traceparent")),
      );
      return requestSpan(span, under);
    },
    step: async ({ name, kind, attributes = {}, outcome }, work) => {
      const parent = under.getStore();
      if (parent === undefined) return work();
      const options = { kind: kind === "client" ? SpanKind.CLIENT : SpanKind.INTERNAL, attributes };
      const span = tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, parent));
      try {
        const value = await under.run(span, work);
        if (outcome !== undefined) span.setAttributes({ ...outcome(value) });
        return value;
      } catch (error) {
        if (isFault(error)) {
          span.setStatus({ code: SpanStatusCode.ERROR });
          span.setAttribute("error.type", kindOf(error));
        }
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

function requestSpan(span: Span, under: AsyncLocalStorage<Span>): RequestSpan {
  return {
    within: (work) => under.run(span, work),
    end: (status) => {
      span.setAttribute("http.response.status_code", status);
      if (status >= 500) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute("error.type", String(status));
      }
      span.end();
    },
  };
}

/** The name or code of an error, never its text, which may hold anything. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

function contextOf(header: string | null): Context {
  const parent = parseTraceParent(header);
  if (parent === null) return ROOT_CONTEXT;
  const traceFlags = parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags, isRemote: true });
}
