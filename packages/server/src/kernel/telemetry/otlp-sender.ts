import { createOtlpHttpExportDelegate, httpAgentFactoryFromOptions } from "@opentelemetry/otlp-exporter-base/node-http";
import {
  type IExporterMetricsHelper,
  type ISerializer,
  JsonLogsSerializer,
  JsonTraceSerializer,
  LogsExporterMetricsHelper,
  TraceExporterMetricsHelper,
} from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { MOST_UNDER_WAY, type Rejection, type Send } from "./export-queue.ts";
import type { Destination } from "./read-telemetry.ts";

const LONGEST_REASON = 300;
const NOTHING: Rejection = { count: 0, why: "" };
const SUCCESS = 0;

export const sendSpans = (to: Destination): Send<ReadableSpan> =>
  sender(to, JsonTraceSerializer, TraceExporterMetricsHelper, ({ partialSuccess }) =>
    rejectionOf(partialSuccess?.rejectedSpans, partialSuccess?.errorMessage),
  );

export const sendLogRecords = (to: Destination): Send<ReadableLogRecord> =>
  sender(to, JsonLogsSerializer, LogsExporterMetricsHelper, ({ partialSuccess }) =>
    rejectionOf(partialSuccess?.rejectedLogRecords, partialSuccess?.errorMessage),
  );

/**
 * By OTLP over HTTP in JSON. Everything is said here: the exporters that OpenTelemetry has ready read the environment again by themselves, and
 * tell nobody what a receiver rejected.
 */
function sender<T, Response>(
  { url, headers, timeoutMs, compression, tls }: Destination,
  serializer: ISerializer<T[], Response>,
  helper: IExporterMetricsHelper<T[]>,
  rejectedBy: (response: Response) => Rejection,
): Send<T> {
  // Of the answer that was read last: its export is settled in the same turn.
  let rejection = NOTHING;
  const noting: ISerializer<T[], Response> = {
    serializeRequest: (batch) => serializer.serializeRequest(batch),
    deserializeResponse: (bytes) => {
      const response = serializer.deserializeResponse(bytes);
      rejection = rejectedBy(response ?? ({} as Response));
      return response;
    },
  };
  const options = {
    ...{ url, timeoutMillis: timeoutMs, compression, concurrencyLimit: MOST_UNDER_WAY },
    headers: async () => ({ ...headers, "Content-Type": "application/json" }),
    agentFactory: httpAgentFactoryFromOptions({ keepAlive: true, ...tls }),
  };
  const delegate = createOtlpHttpExportDelegate(options, noting, "claviger", helper, undefined);
  return (batch) =>
    new Promise((resolve, reject) => {
      delegate.export(batch, ({ code, error }) => {
        const own = rejection;
        rejection = NOTHING;
        if (code === SUCCESS) resolve(own);
        else reject(error ?? new TypeError("no reason was given"));
      });
    });
}

/** What a receiver says may be anything; a number of 64 bits comes as text. */
function rejectionOf(count: unknown, message: unknown): Rejection {
  const rejected = Number(count ?? 0);
  if (!(rejected > 0)) return NOTHING;
  return { count: Math.ceil(rejected), why: String(message ?? "").slice(0, LONGEST_REASON) };
}
