/** A receiver of OpenTelemetry by OTLP/HTTP in JSON, as a collector is one. */
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

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
  /** Nanoseconds since 1970. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
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
  /** From now on answers as said; `hang` not at all. `reject` takes each export and rejects one span or line of it. */
  behave(how: Behaviour): void;
  stop(): Promise<void>;
}

type Behaviour = "well" | "refuse" | "hang" | "reject";

/** What a receiver by TLS shows, and asks of others: certificate and key in PEM. */
export interface ReceiverTls {
  readonly cert: string;
  readonly key: string;
  /** Whoever shows no certificate of this one is not let in. */
  readonly ca: string;
}

const REJECTED = { rejectedSpans: "1", rejectedLogRecords: "1", errorMessage: "one is too old" };
const ANSWERS: Readonly<Record<Exclude<Behaviour, "hang">, string>> = {
  ...{ well: "{}", refuse: "{}", reject: JSON.stringify({ partialSuccess: REJECTED }) },
};

interface Received {
  readonly path: string;
  readonly body: string;
}

export async function startReceiver(tls?: ReceiverTls): Promise<Receiver> {
  const received: Received[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const waiting: ServerResponse[] = [];
  let how: Behaviour = "well";
  const receive: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      received.push({ path: request.url ?? "", body: plain.toString() });
      headers.push(request.headers);
      if (how === "hang") waiting.push(response);
      else response.writeHead(how === "refuse" ? 400 : 200, { "Content-Type": "application/json" }).end(ANSWERS[how]);
    });
  };
  const server =
    tls === undefined
      ? createServer(receive)
      : createSecureServer({ ...tls, requestCert: true, rejectUnauthorized: true }, receive);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
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
