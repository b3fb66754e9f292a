/** Where traces and logs go by OpenTelemetry, read from its own standard variables. */
export interface TelemetryConfig {
  /** Full addresses; null where the signal is off. */
  readonly tracesUrl: string | null;
  readonly logsUrl: string | null;
  /** Sent with each export; may hold a credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly service: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly sampler: Sampler;
  /** Share of traces that are kept, 0 to 1, of samplers by ratio. */
  readonly ratio: number;
}

const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;
type Sampler = (typeof SAMPLERS)[number];

const URL_BOUNDS = "http:// or https://, with a path where one is needed";
const setting = (name: string, unit: string, fallback: string, bounds: string, meaning: string, secret = false) => ({
  ...{ name, unit, default: fallback, bounds, meaning, secret },
});

/** As the reference lists them. */
export const TELEMETRY_SETTINGS = [
  setting(
    ...(["OTEL_EXPORTER_OTLP_ENDPOINT", "URL", "none: OpenTelemetry is off", URL_BOUNDS] as const),
    "Where traces and logs are sent, below /v1/traces and /v1/logs. Setting it switches both on",
  ),
  setting("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "URL", "none", URL_BOUNDS, "The same for traces alone, taken as it is"),
  setting("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "URL", "none", URL_BOUNDS, "The same for logs alone, taken as it is"),
  setting(
    ...([
      "OTEL_EXPORTER_OTLP_HEADERS",
      "list",
      "none",
      "name=value, separated by commas, values percent-encoded",
    ] as const),
    "Headers of each export, such as a token of the receiver",
    true,
  ),
  setting("OTEL_EXPORTER_OTLP_PROTOCOL", "choice", "http/json", "http/json", "How it is sent; only this is spoken"),
  setting(
    ...(["OTEL_EXPORTER_OTLP_TIMEOUT", "milliseconds", "10000", "an integer from 100 to 60000"] as const),
    "How long an export may take, tries again included",
  ),
  setting("OTEL_SDK_DISABLED", "flag", "false", "true or false", "Switches OpenTelemetry off whatever else is set"),
  setting(
    ...(["OTEL_TRACES_EXPORTER", "choice", "otlp where an address is set", "otlp or none"] as const),
    "none leaves out traces; otlp without an address sends to http://localhost:4318",
  ),
  setting(
    ...(["OTEL_LOGS_EXPORTER", "choice", "otlp where an address is set", "otlp or none"] as const),
    "none leaves out logs, which are written to stderr in any case",
  ),
  setting(
    ...(["OTEL_TRACES_SAMPLER", "choice", "parentbased_always_on", SAMPLERS.join(", ")] as const),
    "Which requests are traced; parentbased_… follows what the caller's traceparent says",
  ),
  setting("OTEL_TRACES_SAMPLER_ARG", "share", "1", "a number from 0 to 1", "Share of traces that …traceidratio keeps"),
  setting("OTEL_SERVICE_NAME", "text", "claviger", "1 to 100 printable characters", "service.name of what is sent"),
  setting(
    ...([
      "OTEL_RESOURCE_ATTRIBUTES",
      "list",
      "none",
      "name=value, separated by commas, values percent-encoded",
    ] as const),
    "More attributes of what is sent, such as deployment.environment.name",
  ),
] as const;

type Name = (typeof TELEMETRY_SETTINGS)[number]["name"];

export interface ReadSettings {
  /** Null where it is not set. */
  read(name: Name): string | null;
  /** What is thrown for a value that cannot work. */
  wrong(name: Name, value: string): Error;
}

const LOCAL = "http://localhost:4318";

/** Null where nothing is to be sent. Throws what `wrong` makes, for the first setting that cannot work. */
export function readTelemetry(settings: ReadSettings): TelemetryConfig | null {
  const { read } = settings;
  const endpoint = url(settings, "OTEL_EXPORTER_OTLP_ENDPOINT");
  const below = (path: string): string | null =>
    endpoint === null ? null : `${endpoint.replace(/\/+$/, "")}/v1/${path}`;
  const tracesUrl = url(settings, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") ?? below("traces");
  const logsUrl = url(settings, "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT") ?? below("logs");
  choice(settings, "OTEL_EXPORTER_OTLP_PROTOCOL", ["http/json"], "http/json");
  const config = {
    tracesUrl: sent(settings, "OTEL_TRACES_EXPORTER", tracesUrl, `${LOCAL}/v1/traces`),
    logsUrl: sent(settings, "OTEL_LOGS_EXPORTER", logsUrl, `${LOCAL}/v1/logs`),
    headers: pairs(settings, "OTEL_EXPORTER_OTLP_HEADERS"),
    timeoutMs: number(settings, "OTEL_EXPORTER_OTLP_TIMEOUT", /^\d{3,5}$/, {
      least: 100,
      most: 60_000,
      fallback: 10_000,
    }),
    service: matching(settings, "OTEL_SERVICE_NAME", /^[\x20-\x7e]{1,100}$/, "claviger"),
    resource: pairs(settings, "OTEL_RESOURCE_ATTRIBUTES"),
    sampler: choice(settings, "OTEL_TRACES_SAMPLER", SAMPLERS, "parentbased_always_on"),
    ratio: number(settings, "OTEL_TRACES_SAMPLER_ARG", /^[0-9.]{1,20}$/, { least: 0, most: 1, fallback: 1 }),
  };
  const disabled = choice(
    settings,
    "OTEL_SDK_DISABLED",
    ["true", "false"],
    "false",
    read("OTEL_SDK_DISABLED")?.toLowerCase(),
  );
  return disabled === "true" || (config.tracesUrl === null && config.logsUrl === null) ? null : config;
}

function sent(settings: ReadSettings, name: Name, address: string | null, local: string): string | null {
  const exporter = choice(settings, name, ["otlp", "none"], address === null ? "none" : "otlp");
  return exporter === "none" ? null : (address ?? local);
}

function choice<const T extends string>(
  { read, wrong }: ReadSettings,
  name: Name,
  options: readonly T[],
  fallback: T,
  value = read(name) ?? fallback,
): T {
  const found = options.find((option) => option === value);
  if (found === undefined) throw wrong(name, value);
  return found;
}

function matching({ read, wrong }: ReadSettings, name: Name, pattern: RegExp, fallback: string): string {
  const value = read(name) ?? fallback;
  if (!pattern.test(value)) throw wrong(name, value);
  return value;
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly fallback: number;
}

function number({ read, wrong }: ReadSettings, name: Name, form: RegExp, { least, most, fallback }: Range): number {
  const text = read(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!form.test(text) || !(value >= least && value <= most)) throw wrong(name, text);
  return value;
}

function url({ read, wrong }: ReadSettings, name: Name): string | null {
  const value = read(name);
  if (value === null) return null;
  const parsed = URL.canParse(value) ? new URL(value) : null;
  const bare = parsed !== null && parsed.username === "" && parsed.password === "" && parsed.hash === "";
  // Without what may be a credential in it.
  if (!bare || !/^https?:$/.test(parsed.protocol)) throw wrong(name, value.replace(/\/\/[^/]*@/, "//***@"));
  return value;
}

const PAIR = /^\s*([A-Za-z0-9._-]{1,200})\s*=\s*([\x20-\x7e]{0,4096}?)\s*$/;

function pairs({ read, wrong }: ReadSettings, name: Name): Readonly<Record<string, string>> {
  const text = read(name) ?? "";
  const found: [string, string][] = [];
  for (const part of text.split(",").filter((each) => each.trim() !== "")) {
    const [, key = "", encoded = ""] = PAIR.exec(part) ?? [];
    const value = decoded(encoded);
    if (key === "" || value === null) throw wrong(name, text);
    found.push([key, value]);
  }
  return Object.fromEntries(found);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
