/** OpenTelemetry's own variables, as far as they are read. */
const SIGNALS = ["TRACES", "LOGS"] as const;
export type Signal = (typeof SIGNALS)[number];

/** What is set for all signals, or for one of them. */
export type SignalOption =
  | "ENDPOINT"
  | "HEADERS"
  | "PROTOCOL"
  | "TIMEOUT"
  | "COMPRESSION"
  | "CERTIFICATE"
  | "CLIENT_CERTIFICATE"
  | "CLIENT_KEY";

export const EXPORTER = "OTEL_EXPORTER_OTLP_";
type CommonName = `${typeof EXPORTER}${SignalOption}`;
export type SignalName = `${typeof EXPORTER}${Signal}_${SignalOption}`;
type OwnName =
  | "OTEL_SDK_DISABLED"
  | "OTEL_TRACES_EXPORTER"
  | "OTEL_LOGS_EXPORTER"
  | "OTEL_TRACES_SAMPLER"
  | "OTEL_TRACES_SAMPLER_ARG"
  | "OTEL_SERVICE_NAME"
  | "OTEL_RESOURCE_ATTRIBUTES";
export type TelemetryName = CommonName | SignalName | OwnName;

export const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;
export type SamplerName = (typeof SAMPLERS)[number];

interface TelemetrySetting<Name extends string = TelemetryName> {
  readonly name: Name;
  readonly unit: string;
  readonly default: string;
  readonly bounds: string;
  readonly meaning: string;
  readonly secret: boolean;
}

type Row = readonly [unit: string, fallback: string, bounds: string, meaning: string];
const setting = <Name extends string>(name: Name, [unit, fallback, bounds, meaning]: Row, secret = false) => ({
  ...{ name, unit, default: fallback, bounds, meaning, secret },
});

const LIST = "name=value, separated by commas, values percent-encoded, without control characters";
const ADDRESS = "http:// or https://, without user, password or fragment";
const PEM = "a file of PEM that this process may read";
const OPTIONS: Readonly<Record<SignalOption, Row>> = {
  ENDPOINT: [
    ...(["URL", "none: OpenTelemetry is off", `${ADDRESS}, and without a query`] as const),
    "Where traces and logs are sent, below /v1/traces and /v1/logs. Setting it switches both on",
  ],
  HEADERS: [
    ...(["list", "none", `${LIST}; values in ASCII`] as const),
    "Headers of each export, such as a token of the receiver",
  ],
  PROTOCOL: ["choice", "http/json", "http/json", "How it is sent; only this is spoken"],
  TIMEOUT: [
    ...(["milliseconds", "10000", "an integer from 100 to 60000"] as const),
    "How long an export may take, tries again included",
  ],
  COMPRESSION: ["choice", "none", "gzip or none", "How it is compressed"],
  CERTIFICATE: ["path", "those of Node.js", PEM, "Certificates by which the receiver is trusted"],
  CLIENT_CERTIFICATE: ["path", "none", `${PEM}, with the key set too`, "Certificate that is shown to the receiver"],
  CLIENT_KEY: ["path", "none", `${PEM}, with the certificate set too`, "Key of that certificate"],
};
/** An address may hold a token in its query, or a password that was set there by mistake. */
const SECRETS: ReadonlySet<string> = new Set<SignalOption>(["ENDPOINT", "HEADERS"]);

const optionsOf = Object.entries(OPTIONS) as [SignalOption, Row][];
const common = optionsOf.map(([option, row]) => setting(`${EXPORTER}${option}` as const, row, SECRETS.has(option)));
const ofSignal = SIGNALS.flatMap((signal) =>
  optionsOf.map(([option, [unit, , bounds]]) => {
    const name = `${EXPORTER}${signal}_${option}` as const;
    const what = signal.toLowerCase();
    return option === "ENDPOINT"
      ? setting(name, [unit, "none", ADDRESS, `The same for ${what} alone, taken as it is`], true)
      : setting(name, [unit, "the common one", bounds, `The same for ${what} alone`], SECRETS.has(option));
  }),
);

/** As the reference lists them. */
export const TELEMETRY_SETTINGS: readonly TelemetrySetting[] = [
  ...common,
  ...ofSignal,
  setting("OTEL_SDK_DISABLED", [
    ...(["flag", "false", "true or false"] as const),
    "Switches OpenTelemetry off whatever else is set",
  ]),
  setting("OTEL_TRACES_EXPORTER", [
    ...(["choice", "otlp where an address is set", "otlp or none"] as const),
    "none leaves out traces; otlp without an address sends to http://localhost:4318",
  ]),
  setting("OTEL_LOGS_EXPORTER", [
    ...(["choice", "otlp where an address is set", "otlp or none"] as const),
    "none leaves out logs, which are written to stderr in any case",
  ]),
  setting("OTEL_TRACES_SAMPLER", [
    ...(["choice", "parentbased_always_on", SAMPLERS.join(", ")] as const),
    "Which requests are traced; parentbased_… follows what the caller's traceparent says",
  ]),
  setting("OTEL_TRACES_SAMPLER_ARG", [
    ...(["share", "1", "a number from 0 to 1"] as const),
    "Share of traces that …traceidratio keeps",
  ]),
  setting("OTEL_SERVICE_NAME", [
    ...(["text", "service.name of the attributes, else claviger", "1 to 100 printable characters"] as const),
    "service.name of what is sent",
  ]),
  setting("OTEL_RESOURCE_ATTRIBUTES", [
    ...(["list", "none", `${LIST}; service.name as OTEL_SERVICE_NAME`] as const),
    "More attributes of what is sent, such as deployment.environment.name",
  ]),
];
