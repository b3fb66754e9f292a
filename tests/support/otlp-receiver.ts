/** A receiver of OpenTelemetry by OTLP/HTTP in JSON, as a collector is one. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Value = { readonly stringValue?: string; readonly intValue?: number | string; readonly boolValue?: boolean };
type Pair = { readonly key: string; readonly value: Value };
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ReceivedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Attributes;
  readonly resource: Attributes;
  readonly status: { readonly code?: number };
}

export interface ReceivedLine {
  readonly body: string;
  readonly severityText: string;
  readonly traceId: string;
  readonly attributes: Attributes;
}

export interface Receiver {
  readonly url: string;
  /** What every request brought: its address, and its body as it came. */
  readonly bodies: readonly string[];
  readonly headers: readonly IncomingHttpHeaders[];
  spans(): ReceivedSpan[];
  lines(): ReceivedLine[];
  /** From now on answers as said; `hang` not at all. */
  behave(how: "well" | "refuse" | "hang"): void;
  stop(): Promise<void>;
}

interface Received {
  readonly path: string;
  readonly body: string;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const waiting: ServerResponse[] = [];
  let how: "well" | "refuse" | "hang" = "well";
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ path: request.url ?? "", body: Buffer.concat(chunks).toString() });
      headers.push(request.headers);
      if (how === "hang") waiting.push(response);
      else response.writeHead(how === "well" ? 200 : 400, { "Content-Type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get bodies() {
      return received.map(({ path, body }) => `${path}\n${body}`);
    },
    headers,
    spans: () => received.filter(({ path }) => path === "/v1/traces").flatMap(({ body }) => spansOf(body)),
    lines: () => received.filter(({ path }) => path === "/v1/logs").flatMap(({ body }) => linesOf(body)),
    behave: (now) => {
      how = now;
      if (now !== "hang") for (const response of waiting.splice(0)) response.writeHead(200).end("{}");
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Traces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Pair[] };
    readonly scopeSpans: readonly { readonly spans: readonly (ReceivedSpan & { attributes: readonly Pair[] })[] }[];
  }[];
}

function spansOf(body: string): ReceivedSpan[] {
  return (JSON.parse(body) as Traces).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...{ ...span, parentSpanId: span.parentSpanId ?? "" },
        ...{ attributes: attributesOf(span.attributes), resource: attributesOf(resource.attributes) },
      })),
    ),
  );
}

interface Logs {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly body: Value;
        readonly severityText: string;
        readonly traceId?: string;
        readonly attributes: readonly Pair[];
      }[];
    }[];
  }[];
}

function linesOf(body: string): ReceivedLine[] {
  return (JSON.parse(body) as Logs).resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ body: text, severityText, traceId = "", attributes }) => ({
        ...{ body: text.stringValue ?? "", severityText, traceId, attributes: attributesOf(attributes) },
      })),
    ),
  );
}

function attributesOf(pairs: readonly Pair[]): Attributes {
  return Object.fromEntries(
    pairs.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? Number(value.intValue)]),
  );
}
