import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Clock } from "../kernel/clock.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

export interface SecurityPorts {
  /** Address that callers use; asked at each request, because it is known only once the service listens. */
  publicUrl(): string;
  readonly clock: Pick<Clock, "wall">;
  /**
   * Where weaknesses of this installation are reported: an `https:`, `mailto:` or `tel:` URI. Default: the mailbox
   * `security` at the host of the public URL, which RFC 2142 reserves for this.
   */
  readonly securityContact?: string;
}

export type PageHandler = (request: Request) => Promise<Response>;

/**
 * What a browser is shown of the API, by path, for GET: the interactive reference and the files it is made of. Everything comes
 * from this server; the page's policy lets the browser ask nobody else. The page names its files by where they stand beside
 * it, because the whole may be mounted below any path.
 */
export function referenceRoutes(): Readonly<Record<string, PageHandler>> {
  const bundle = loadOnce(readBundle);
  const start = loadOnce(async () => compress(Buffer.from(START)));
  return {
    "/docs": async () => new Response(PAGE, { headers: PAGE_HEADERS }),
    "/docs/start.js": async (request) => script(request, await start()),
    "/docs/reference.js": async (request) => script(request, await bundle()),
  };
}

/** Where weaknesses of this installation are reported, as RFC 9116 has it: by host, so a matter of whoever owns the host. */
export function securityRoutes(ports: SecurityPorts): Readonly<Record<string, PageHandler>> {
  return {
    "/.well-known/security.txt": async () =>
      new Response(securityText(ports), {
        headers: { ...SECURITY_HEADERS, "Content-Type": "text/plain; charset=utf-8" },
      }),
  };
}

/**
 * Scripts are files of ours, so none stands in the page. Styles are: the reference makes them while it runs, in elements
 * and in attributes.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const PAGE_HEADERS = {
  ...SECURITY_HEADERS,
  "Content-Security-Policy": POLICY,
  "Content-Type": "text/html; charset=utf-8",
};

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>Claviger API reference</title>
    <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='none' stroke='%230b7285' stroke-width='2.4' d='M7 8.5a3.2 3.2 0 1 1-.6-1.9L14 6.6v3M11 6.6v2.4'/%3E%3C/svg%3E">
    <style>
      body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
      #waiting { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }
    </style>
  </head>
  <body>
    <div id="reference"></div>
    <div id="waiting">
      <h1>Claviger API reference</h1>
      <p>The same contract for programs: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
      <noscript><p>The interactive reference needs JavaScript. Everything it shows is in the document above.</p></noscript>
    </div>
    <script src="docs/reference.js" defer></script>
    <script src="docs/start.js" defer></script>
  </body>
</html>
`;

/** Fonts, telemetry, the assistant, the request proxy and everything else that would ask another host is off. */
const START = `"use strict";
Scalar.createApiReference("#reference", {
  url: new URL("openapi.json", location.href).href,
  servers: [{ url: new URL(".", location.href).href.replace(/\\/$/, "") }],
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: "never",
  hideClientButton: true,
  persistAuth: false,
  authentication: { preferredSecurityScheme: "managementKey" },
  orderSchemaPropertiesBy: "preserve",
  documentDownloadType: "direct",
  localization: { locale: "en", translations: { clientLibraries: { heading: "Examples in" } } },
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  onLoaded: () => document.getElementById("waiting")?.remove(),
});
`;

interface ScriptFile {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

async function readBundle(): Promise<ScriptFile> {
  const entry = import.meta.resolve("@scalar/api-reference");
  return compress(await readFile(new URL("./browser/standalone.js", entry)));
}

async function compress(content: Uint8Array): Promise<ScriptFile> {
  const etag = `W/"${hash("sha256", content, "base64url").slice(0, 22)}"`;
  return { plain: Uint8Array.from(content), gzipped: Uint8Array.from(await promisify(gzip)(content)), etag };
}

/** Reads at the first use, and again where that failed. */
function loadOnce(load: () => Promise<ScriptFile>): () => Promise<ScriptFile> {
  let loading: Promise<ScriptFile> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

/** Kept by browsers, and asked about at each use: after an upgrade nobody runs the scripts of two versions. */
function script(request: Request, file: ScriptFile): Response {
  const headers = new Headers({
    ...SECURITY_HEADERS,
    "Cache-Control": "no-cache",
    "Content-Type": "text/javascript; charset=utf-8",
    ETag: file.etag,
    Vary: "Accept-Encoding",
  });
  if (namesTag(request.headers.get("if-none-match"), file.etag)) return new Response(null, { status: 304, headers });
  if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(request.headers.get("accept-encoding") ?? ""))
    return new Response(file.plain, { headers });
  headers.set("Content-Encoding", "gzip");
  return new Response(file.gzipped, { headers });
}

function namesTag(header: string | null, etag: string): boolean {
  return (header ?? "").split(",").some((tag) => tag.trim() === etag || tag.trim() === "*");
}

const DAY_MS = 86_400_000;
/** RFC 9116 advises less than a year. */
const GOOD_FOR_DAYS = 364;

function securityText({ publicUrl, clock, securityContact }: SecurityPorts): string {
  const url = new URL(publicUrl());
  const today = clock.wall() - (clock.wall() % DAY_MS);
  const mailHost = /^[\d.]+$|^\[/.test(url.hostname) ? "localhost" : url.hostname;
  const lines = [
    `Contact: ${securityContact ?? `mailto:security@${mailHost}`}`,
    `Expires: ${new Date(today + GOOD_FOR_DAYS * DAY_MS).toISOString()}`,
    "Preferred-Languages: en",
    // The standard wants web addresses in it to be https.
    ...(url.protocol === "https:" ? [`Canonical: ${url.origin}/.well-known/security.txt`] : []),
  ];
  return `${lines.join("\n")}\n`;
}
