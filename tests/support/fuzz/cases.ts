import { OPERATIONS, type Operation } from "@claviger/contract";
import type { SeededRandom } from "@claviger/testkit";
import { type Existing, sampleOf } from "../samples.ts";
import { anyBytes, anyText, anyValue, jsonBytes, mutate, randomBytes } from "./bytes.ts";

/** What the requests are made from. */
export interface Ground {
  readonly host: string;
  /** May do everything. */
  readonly root: string;
  /** May verify in `live`. */
  readonly verifier: string;
  /** Stays as it is: no case may change it, and it alone is ever accepted. */
  readonly mine: { readonly id: string; readonly secret: string };
  /** What cases may change as they like, each with a key of its own: some keys end on the way. */
  readonly victims: readonly Existing[];
}

export type Kind = (typeof KINDS)[number];
const KINDS = ["key in a body", "keys in a batch", "key in a header", "path", "headers", "body", "request"] as const;

export interface Case {
  readonly kind: Kind;
  readonly operation: Operation;
  readonly method: string;
  /** The whole request, as latin1. */
  readonly request: string;
  /** True where node:http finds its end, whatever it holds, so that another request can follow it on the same connection. */
  readonly framed: boolean;
}

interface Parts {
  method: string;
  target: string;
  headers: [name: string, value: string][];
  body: string;
}

/** How often each kind comes, of a hundred. */
const SHARES: Readonly<Record<Kind, number>> = {
  "key in a body": 26,
  "keys in a batch": 3,
  "key in a header": 26,
  path: 12,
  headers: 14,
  body: 12,
  request: 7,
};
const BY_SHARE = KINDS.flatMap((kind) => Array.from({ length: SHARES[kind] }, () => kind));

/** The ground of one case. */
type Plot = Omit<Ground, "victims"> & { readonly victim: Existing };

export function anyCase(random: SeededRandom, { victims, ...rest }: Ground): Case {
  const ground: Plot = { ...rest, victim: random.pick(victims) };
  const kind = random.pick(BY_SHARE);
  const { operation, parts } = MAKE[kind](random, ground);
  // What node:http itself refuses says little about us, and costs a connection.
  if (random.int(20) !== 0) makeCarriable(parts);
  const whole = written(ground, parts);
  const request = withHostOfUrl(kind === "request" ? mutate(random, whole) : whole, ground.host);
  return { kind, operation, method: parts.method, request, framed: kind !== "request" && isFramed(parts) };
}

/**
 * Leaves out a Host that no URL can have, such as 1.2.3.4.5: @hono/node-server lets some of those through, and the router's
 * `new URL(request.url)` then throws, which is answered 500.
 */
function withHostOfUrl(request: string, host: string): string {
  return request.replace(/^(host:)([^\r\n]*)/gim, (line, name: string, value: string) =>
    URL.canParse(`http://${value.trim()}`) ? line : `${name} ${host}`,
  );
}

/** Takes out what no header and no request line can carry. */
function makeCarriable(parts: Parts): void {
  parts.headers = parts.headers.map(([name, value]) => [name, value.replace(/[^\t\x20-\x7e\x80-\xff]/g, "?")]);
  const target = encoded(parts.target);
  parts.target = target.startsWith("/") ? target : `/${target}`;
}

type Made = { readonly operation: Operation; readonly parts: Parts };

const MAKE: Readonly<Record<Kind, (random: SeededRandom, ground: Plot) => Made>> = {
  "key in a body": (random, ground) => {
    const operation = named("verification.verify");
    const body = { ...(random.int(3) === 0 ? QUESTION : {}), key: null, environment: "live" };
    return made(operation, ground, withKeys(random, ground, JSON.stringify(body)));
  },
  "keys in a batch": (random, ground) => {
    const checks = Array.from({ length: 1 + random.int(20) }, () => ({ key: null, environment: "live" }));
    return made(named("verification.verify-batch"), ground, withKeys(random, ground, JSON.stringify({ checks })));
  },
  "key in a header": (random, ground) => {
    const operation = random.int(4) === 0 ? named("verification.authorize-post") : named("verification.authorize");
    const { parts } = made(operation, ground, "");
    const key = anyBytes(random, [ground.mine.secret, ground.verifier, ground.root]);
    parts.headers = [
      ["claviger-credential", ground.verifier],
      ["x-original-method", random.int(8) === 0 ? anyBytes(random, ["GET"]) : "GET"],
      ["x-original-uri", random.int(4) === 0 ? anyBytes(random, ["/contacts", "/contacts/7?a=b"]) : "/contacts"],
      random.int(2) === 0 ? ["x-api-key", key] : ["authorization", random.int(6) === 0 ? key : `Bearer ${key}`],
    ];
    if (random.int(12) === 0) parts.headers.push(["authorization", `Bearer ${anyBytes(random, [ground.root])}`]);
    return { operation, parts };
  },
  path: (random, ground) => {
    const operation = random.pick(OPERATIONS);
    const { parts } = made(operation, ground, undefined);
    parts.method =
      random.int(4) === 0 ? random.pick(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) : parts.method;
    parts.target = anyBytes(random, [parts.target, operation.path, `${parts.target}?limit=1&cursor=WyJpZCIsIngiXQ`]);
    if (random.int(2) === 0) parts.headers = parts.headers.filter(([name]) => name !== "authorization");
    if (parts.method === "GET") parts.body = "";
    return { operation, parts: spared(parts, ground) };
  },
  headers: (random, ground) => {
    const operation = random.pick(OPERATIONS.filter(({ access }) => access.kind !== "public"));
    const { parts } = made(operation, ground, undefined);
    parts.headers = HEADERS.filter((name) => random.int(name === "host" ? 12 : 3) === 0).map((name) => [
      name,
      anyBytes(random, [`Bearer ${mutate(random, ground.root)}x`, ground.root.slice(1), ...GOOD_HEADERS]),
    ]);
    if (random.int(8) === 0) parts.headers.push([random.pick(HEADERS), anyBytes(random, GOOD_HEADERS)]);
    if (random.int(8) === 0) parts.headers.push([`x-${randomBytes(random, 8).replace(/[^a-z]/gi, "")}`, "1"]);
    return { operation, parts };
  },
  body: (random, ground) => {
    const operation = random.pick(OPERATIONS.filter(({ id }) => !DEAR.has(id)));
    const { lines, body: whole } = sampleOf(operation, ground.victim);
    const good = lines?.[0] ?? whole;
    const body = random.int(8) === 0 ? anyBytes(random, ['{"a":1}']) : jsonBytes(random, bodyOf(random, good));
    const { parts } = made(operation, ground, operation.method === "GET" && random.int(9) !== 0 ? "" : body);
    if (random.int(2) === 0) parts.target = targetOf(random, operation, ground);
    if (random.int(3) === 0) parts.headers.push(["idempotency-key", anyBytes(random, ["a-b-c", ground.victim.key])]);
    return { operation, parts: spared(parts, ground) };
  },
  request: (random, ground) => {
    const { operation, parts } = MAKE[random.pick(KINDS.slice(0, -1))](random, ground);
    parts.headers.push(["Connection", "close"]);
    if (random.int(2) === 0) {
      const [name, value] = random.pick(FRAMING);
      parts.headers.push([name, random.int(3) === 0 ? anyBytes(random, [value]) : value]);
    }
    return { operation, parts };
  },
};

const QUESTION = { scopes: ["contacts:read"], ip: "192.0.2.1", origin: "https://a.example", userAgent: "curl/8" };

/** Answers of these are large or slow, and hold nothing of what was sent. */
const DEAR = new Set(["system.metrics", "system.openapi"]);

const HEADERS = [
  "authorization",
  "x-api-key",
  "claviger-credential",
  "x-original-uri",
  "x-original-method",
  "x-forwarded-uri",
  "x-forwarded-method",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "host",
  "content-type",
  "content-encoding",
  "idempotency-key",
  "user-agent",
  "accept",
  "accept-encoding",
  "cookie",
  "origin",
  "referer",
  "range",
  "if-none-match",
];
const GOOD_HEADERS = ["application/json", "/contacts", "GET", "127.0.0.1", "a.example:80", "203.0.113.9, 10.0.0.1"];

/** Headers that say where a request ends, or what the connection is for. */
const FRAMING: readonly [string, string][] = [
  ["Content-Length", "5"],
  ["Content-Length", "0"],
  ["Transfer-Encoding", "chunked"],
  ["Transfer-Encoding", "gzip, chunked"],
  ["Expect", "100-continue"],
  ["Upgrade", "websocket"],
  ["Upgrade", "h2c"],
  ["Trailer", "x-api-key"],
  ["Host", "a.example"],
  ["Host", ""],
  ["X-Long", "a".repeat(41_000)],
];

const named = (id: string): Operation => {
  const found = OPERATIONS.find((operation) => operation.id === id);
  if (found === undefined) throw new TypeError(`no operation ${id}`);
  return found;
};

/** A request that would succeed; `body` instead of its own where it is given. */
function made(operation: Operation, ground: Plot, body: string | undefined): Made {
  const sample = sampleOf(operation, ground.victim);
  const credential = CREDENTIAL[operation.access.kind](ground);
  const headers: Parts["headers"] = Object.entries(sample.headers ?? {});
  if (credential !== null) {
    const name = operation.id.startsWith("verification.authorize") ? "claviger-credential" : "authorization";
    headers.push([name, name === "authorization" ? `Bearer ${credential}` : credential]);
  }
  const own = sample.body === undefined || sample.lines !== undefined ? sample.body : JSON.stringify(sample.body);
  return {
    operation,
    parts: spared({ method: operation.method, target: sample.path, headers, body: body ?? String(own ?? "") }, ground),
  };
}

const CREDENTIAL: Readonly<Record<Operation["access"]["kind"], (ground: Plot) => string | null>> = {
  public: () => null,
  holder: ({ victim }) => victim.secret,
  management: ({ root }) => root,
};

/** Cases may change everything but what `mine` depends on: its environment is left alone, another is changed. */
function spared(parts: Parts, { mine, victim }: Plot): Parts {
  const touches = parts.target.includes("/environments/live") || parts.target.includes(mine.id);
  const target = parts.target.replaceAll("/environments/live", "/environments/fuzzed").replaceAll(mine.id, victim.key);
  return touches ? { ...parts, target } : parts;
}

/** Puts a key of any bytes in each place that holds null: mostly as text of JSON, sometimes as it is. */
function withKeys(random: SeededRandom, { mine, root }: Plot, json: string): string {
  return json.replaceAll('"key":null', () => {
    if (random.int(8) === 0) return `"key":${jsonBytes(random, anyValue(random, [mine.secret]))}`;
    const bytes = anyBytes(random, [mine.secret, root]);
    if (random.int(6) === 0) return `"key":"${bytes}"`;
    return `"key":${Buffer.from(JSON.stringify(Buffer.from(bytes, "latin1").toString("utf8"))).toString("latin1")}`;
  });
}

/** Percent-encodes what a request line cannot hold. */
const encoded = (bytes: string): string =>
  bytes.replace(/[^\x21-\x7e]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`);

function targetOf(random: SeededRandom, operation: Operation, { victim }: Plot): string {
  const asPart = (bytes: string): string => encoded(bytes).replace(/[/?#]/g, (byte) => encodeURIComponent(byte));
  const path = operation.path.replace(
    /\{\w+\}/g,
    () => asPart(anyBytes(random, [victim.account.externalId, victim.key, "contacts:read"])) || "x",
  );
  const names = Object.keys(operation.query?.shape ?? { limit: 1 }).filter(() => random.int(2) === 0);
  const query = names.map((name) => `${name}=${asPart(anyBytes(random, [...GOOD_VALUES, victim.account.id]))}`);
  return query.length === 0 ? path : `${path}?${query.join("&")}`;
}

const GOOD_VALUES = ["1", "live", "WyItaWQiLCJ4Il0", "2031-01-01T00:00:00Z", "team:a", "-createdAt", "active"];

/** A good body with one field of any kind, or something else altogether. */
function bodyOf(random: SeededRandom, good: unknown): unknown {
  if (typeof good !== "object" || good === null || random.int(5) === 0) return anyValue(random, GOOD_TEXTS);
  const name = random.int(2) === 0 ? random.pick(Object.keys(good)) : random.pick(FIELDS);
  return { ...good, [name]: random.int(2) === 0 ? anyText(random, GOOD_TEXTS) : anyValue(random, GOOD_TEXTS, 1) };
}

const GOOD_TEXTS = ["live", "contacts:read", "2031-01-01T00:00:00Z", "10.0.0.0/8", "team:a", "https://a.example"];
const FIELDS = [
  "label",
  "scopes",
  "tier",
  "purpose",
  "owner",
  "service",
  "expiresAt",
  "expiresInDays",
  "allowedIps",
  "allowedReferrers",
  "audiences",
  "limits",
  "runbookUrl",
  "dependants",
  "tags",
  "metadata",
  "name",
  "email",
  "routes",
  "environment",
  "path",
  "ip",
];

const isFramed = ({ target, headers }: Parts): boolean =>
  /^\/[\x21-\x7e]*$/.test(target) && headers.every(([, value]) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value));

function written({ host }: Plot, { method, target, headers, body }: Parts): string {
  const has = (name: string): boolean => headers.some(([given]) => given.toLowerCase() === name);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(has("host") ? [] : [`Host: ${host}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === "" || has("content-type") ? [] : ["Content-Type: application/json"]),
    ...(body === "" ? [] : [`Content-Length: ${body.length}`]),
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
