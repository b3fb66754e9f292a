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
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { RequestSpan, Telemetry, Tracing } from "../tracing.ts";
import { logRecordOf } from "./log-record.ts";
import type { TelemetryConfig } from "./telemetry-settings.ts";
import { parseTraceParent } from "./trace-context.ts";
import { type Report, watchExports } from "./watch-exports.ts";

const SCOPE = "claviger";
const STOP_MS = 2_000;
/** Spans or lines that wait at most; what comes while so many wait is left out. */
const QUEUE = { maxQueueSize: 2_048, maxExportBatchSize: 512, scheduledDelayMillis: 1_000 };
/** Characters of one value. */
const LONGEST_VALUE = 2_000;

/** `report` is told when a signal can no longer be sent, and when it can again. */
export function openTelemetry(config: TelemetryConfig, version: string, report: Report): Telemetry {
  const resource = resourceFromAttributes({
    ...{ "service.instance.id": `${hostname()}:${process.pid}`, ...config.resource },
    ...{ "service.name": config.service, "service.version": version },
  });
  const traces = config.tracesUrl === null ? null : openTraces(config, config.tracesUrl, resource, report);
  const logs = config.logsUrl === null ? null : openLogs(config, config.logsUrl, resource, report);
  const parts = [traces, logs].filter((part) => part !== null);
  return {
    tracing: traces?.tracing ?? null,
    fields: () => traces?.fields() ?? {},
    log: logs?.log ?? null,
    readings: () => Object.fromEntries(parts.map(({ signal, reading }) => [signal, reading()])),
    stop: async () => {
      const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_MS).unref());
      await Promise.race([Promise.allSettled(parts.map((part) => part.shutdown())), late]);
    },
  };
}

const exporting = ({ headers, timeoutMs }: TelemetryConfig, url: string) => ({
  ...{ url, headers: { ...headers }, timeoutMillis: timeoutMs, concurrencyLimit: 2 },
});

function openTraces(config: TelemetryConfig, url: string, resource: Resource, report: Report) {
  const watched = watchExports(new OTLPTraceExporter(exporting(config, url)), "traces", report);
  const provider = new TracerProvider({
    ...{ resource, sampler: samplerOf(config), spanLimits: { attributeValueLengthLimit: LONGEST_VALUE } },
    spanProcessors: [new BatchSpanProcessor({ ...QUEUE, exporter: watched.exporter })],
  });
  const under = new AsyncLocalStorage<Span>();
  const fields = (): object => {
    const { traceId, spanId, traceFlags } = under.getStore()?.spanContext() ?? {};
    return traceId === undefined ? {} : { trace_id: traceId, span_id: spanId, trace_flags: `0${traceFlags}` };
  };
  const tracing = createTracing(provider.getTracer(SCOPE), under, watched.given);
  return { signal: "traces", tracing, fields, reading: watched.reading, shutdown: () => provider.shutdown() };
}

function openLogs(config: TelemetryConfig, url: string, resource: Resource, report: Report) {
  const watched = watchExports(new OTLPLogExporter(exporting(config, url)), "logs", report);
  const processor = new BatchLogRecordProcessor({ ...QUEUE, exporter: watched.exporter });
  const logRecordLimits = { attributeValueLengthLimit: LONGEST_VALUE };
  const provider = new LoggerProvider({ resource, logRecordLimits, processors: [processor] });
  const logger = provider.getLogger(SCOPE);
  const log = (line: string): void => {
    const record = logRecordOf(line);
    if (record === null) return;
    watched.given();
    logger.emit(record);
  };
  return { signal: "logs", log, reading: watched.reading, shutdown: () => provider.shutdown() };
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

function createTracing(tracer: Tracer, under: AsyncLocalStorage<Span>, given: () => void): Tracing {
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
      return requestSpan(span, under, given);
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
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute("error.type", kindOf(error));
        throw error;
      } finally {
        if (span.isRecording()) given();
        span.end();
      }
    },
  };
}

function requestSpan(span: Span, under: AsyncLocalStorage<Span>, given: () => void): RequestSpan {
  return {
    within: (work) => under.run(span, work),
    end: (status) => {
      span.setAttribute("http.response.status_code", status);
      if (status >= 500) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute("error.type", String(status));
      }
      if (span.isRecording()) given();
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
