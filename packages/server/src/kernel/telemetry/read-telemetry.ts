import {
  EXPORTER,
  SAMPLERS,
  type SamplerName,
  type Signal,
  type SignalOption,
  TELEMETRY_SETTINGS,
  type TelemetryName,
} from "./telemetry-settings.ts";

/** Where traces and logs go by OpenTelemetry, read from its own standard variables. */
export interface TelemetryConfig {
  /** Null where the signal is off. */
  readonly traces: Destination | null;
  readonly logs: Destination | null;
  readonly service: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly sampler: SamplerName;
  /** Share of traces that are kept, 0 to 1, of samplers by ratio. */
  readonly ratio: number;
}

/** Where one signal goes, and how. */
export interface Destination {
  /** The full address; may hold a credential in its query. */
  readonly url: string;
  /** Sent with each export, names in lower case; may hold a credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly compression: "none" | "gzip";
  /** Certificates and key in PEM, where they are set. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

export interface ReadSettings {
  /** Of all variables, those that are set. */
  readonly names: readonly string[];
  /** Null where it is not set. */
  read(name: TelemetryName): string | null;
  /** The text of a file; null where it cannot be read. */
  readFile(path: string): string | null;
  /** What is thrown for a value that cannot work. */
  wrong(name: TelemetryName, value: string): Error;
  /** What is thrown for a variable that is set and would do nothing. */
  unsupported(name: string): Error;
}

const LOCAL = "http://localhost:4318";

/** Null where nothing is to be sent. Throws what `wrong` or `unsupported` makes, for the first variable that cannot work. */
export function readTelemetry(settings: ReadSettings): TelemetryConfig | null {
  const disabled = settings.read("OTEL_SDK_DISABLED")?.toLowerCase();
  if (choice(settings, "OTEL_SDK_DISABLED", ["true", "false"], disabled) === "true") return null;
  refuseUnsupported(settings);
  const resource = attributes(settings);
  const config = {
    traces: destination(settings, "TRACES", "v1/traces"),
    logs: destination(settings, "LOGS", "v1/logs"),
    service: service(settings, resource),
    resource,
    sampler: choice(settings, "OTEL_TRACES_SAMPLER", SAMPLERS) ?? "parentbased_always_on",
    ratio: number(settings, "OTEL_TRACES_SAMPLER_ARG", /^[0-9.]{1,20}$/, { least: 0, most: 1 }) ?? 1,
  };
  return config.traces === null && config.logs === null ? null : config;
}

/** Those of other signals are for other programs. */
const ELSEWHERE = /^OTEL_EXPORTER_OTLP_(METRICS|PROFILES)_/;

/** An address or credential that is read by nobody would be missed when it is needed. */
function refuseUnsupported({ names, unsupported }: ReadSettings): void {
  const known = new Set(TELEMETRY_SETTINGS.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])));
  for (const name of names)
    if (name.startsWith(EXPORTER) && !ELSEWHERE.test(name) && !known.has(name)) throw unsupported(name);
}

function destination(settings: ReadSettings, signal: Signal, path: string): Destination | null {
  /** What is set for the signal stands instead of what is set for all. */
  const of = <T>(option: SignalOption, parse: (name: TelemetryName) => T | null): T | null => {
    const common = parse(`${EXPORTER}${option}`);
    return parse(`${EXPORTER}${signal}_${option}`) ?? common;
  };
  const base = url(settings, `${EXPORTER}ENDPOINT`, true);
  const address = url(settings, `${EXPORTER}${signal}_ENDPOINT`, false) ?? (base === null ? null : below(base, path));
  of("PROTOCOL", (name) => choice(settings, name, ["http/json"]));
  const range = { least: 100, most: 60_000 };
  const sending = {
    headers: of("HEADERS", (name) => headers(settings, name)) ?? {},
    timeoutMs: of("TIMEOUT", (name) => number(settings, name, /^\d{3,5}$/, range)) ?? 10_000,
    compression: of("COMPRESSION", (name) => choice(settings, name, ["none", "gzip"])) ?? "none",
    tls: tls(settings, of),
  };
  const exporter =
    choice(settings, `OTEL_${signal}_EXPORTER`, ["otlp", "none"]) ?? (address === null ? "none" : "otlp");
  return exporter === "none" ? null : { url: address ?? `${LOCAL}/${path}`, ...sending };
}

type Of = <T>(option: SignalOption, parse: (name: TelemetryName) => T | null) => T | null;

function tls(settings: ReadSettings, of: Of): Destination["tls"] {
  const file = (option: SignalOption) => of(option, (name) => pem(settings, name));
  const [ca, cert, key] = [file("CERTIFICATE"), file("CLIENT_CERTIFICATE"), file("CLIENT_KEY")];
  const missing = cert === null ? "CLIENT_CERTIFICATE" : "CLIENT_KEY";
  if ((cert === null) !== (key === null)) throw settings.wrong(`${EXPORTER}${missing}`, "");
  return { ...(ca === null ? {} : { ca: ca.text }), ...(cert && key ? { cert: cert.text, key: key.text } : {}) };
}

function pem({ read, readFile, wrong }: ReadSettings, name: TelemetryName): { readonly text: string } | null {
  const path = read(name);
  if (path === null) return null;
  const text = readFile(path);
  if (text === null || !text.includes("-----BEGIN ")) throw wrong(name, path);
  return { text };
}

function choice<const T extends string>(
  { read, wrong }: ReadSettings,
  name: TelemetryName,
  options: readonly T[],
  value: string | null | undefined = read(name),
): T | null {
  if (value === null || value === undefined) return null;
  const found = options.find((option) => option === value);
  if (found === undefined) throw wrong(name, value);
  return found;
}

interface Range {
  readonly least: number;
  readonly most: number;
}

function number(
  { read, wrong }: ReadSettings,
  name: TelemetryName,
  form: RegExp,
  { least, most }: Range,
): number | null {
  const text = read(name);
  if (text === null) return null;
  const value = Number(text);
  if (!form.test(text) || !(value >= least && value <= most)) throw wrong(name, text);
  return value;
}

const LONGEST_URL = 2_000;
/** The parser of addresses takes more, and leaves out what it does not like. */
const ADDRESS = /^https?:\/\/[^\s\p{C}#]+$/iu;

function url({ read, wrong }: ReadSettings, name: TelemetryName, isBase: boolean): string | null {
  const value = read(name);
  if (value === null) return null;
  const parsed = value.length <= LONGEST_URL && ADDRESS.test(value) && URL.canParse(value) ? new URL(value) : null;
  if (parsed === null || parsed.username !== "" || parsed.password !== "") throw wrong(name, value);
  if (isBase && value.includes("?")) throw wrong(name, value);
  return value;
}

const below = (base: string, path: string): string => `${base.replace(/\/+$/, "")}/${path}`;

const SERVICE = /^[^\p{C}]{1,100}$/u;
const SERVICE_NAME = "service.name";

function service({ read, wrong }: ReadSettings, resource: Readonly<Record<string, string>>): string {
  const named = read("OTEL_SERVICE_NAME");
  const value = named ?? resource[SERVICE_NAME] ?? "claviger";
  if (SERVICE.test(value)) return value;
  throw named === null
    ? wrong("OTEL_RESOURCE_ATTRIBUTES", read("OTEL_RESOURCE_ATTRIBUTES") ?? "")
    : wrong("OTEL_SERVICE_NAME", named);
}

/** A name of W3C's Baggage, which is one of HTTP's headers. */
const PAIR = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]{1,200})\s*=\s*([\x20-\x7e]{0,4096}?)\s*$/;
const PRINTABLE = /^[^\p{Cc}]*$/u;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
/** What says how an export is framed is the exporter's to say. */
const FRAMING: ReadonlySet<string> = new Set([
  ...["connection", "content-encoding", "content-length", "content-type", "expect", "keep-alive"],
  ...["te", "trailer", "transfer-encoding", "upgrade"],
]);

function headers(settings: ReadSettings, name: TelemetryName): Readonly<Record<string, string>> | null {
  const found = pairs(
    settings,
    name,
    (header, value) => HEADER_VALUE.test(value) && !FRAMING.has(header.toLowerCase()),
  );
  return found === null ? null : Object.fromEntries(found.map(([header, value]) => [header.toLowerCase(), value]));
}

function attributes(settings: ReadSettings): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs(settings, "OTEL_RESOURCE_ATTRIBUTES", (_, value) => PRINTABLE.test(value)) ?? []);
}

/** Null where it is not set. `fits`: whether a pair may stand there. */
function pairs(
  { read, wrong }: ReadSettings,
  name: TelemetryName,
  fits: (name: string, value: string) => boolean,
): readonly (readonly [string, string])[] | null {
  const text = read(name);
  if (text === null) return null;
  return text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const [, key = "", encoded = ""] = PAIR.exec(part) ?? [];
      const value = decoded(encoded);
      if (key === "" || value === null || !fits(key, value)) throw wrong(name, text);
      return [key, value] as const;
    });
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
