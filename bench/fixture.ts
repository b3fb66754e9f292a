import { hash } from "node:crypto";
import {
  type Catalogue,
  type CatalogueSource,
  compileCatalogue,
  type HashTextFn,
  type KeyRecord,
  type KeyTableEntry,
  makeKey,
  type VerifyRequest,
} from "@claviger/core";

export const NOW = Date.UTC(2030, 0, 15, 12);
/** Inputs are visited in an order of this many places; a power of two. */
export const PLACES = 1 << 20;
const KEYS_PER_ACCOUNT = 10;
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// The type definitions do not know "latin1", of which "binary" is another name.
export const sha256Text: HashTextFn = (data) => hash("sha256", data, "binary");
/** As a key table takes it. */
export const hashOf = (secret: string): string => hash("sha256", secret, TABLE_ENCODING);
// The type definitions do not know it either; the documentation of crypto.hash names all encodings of Buffer.
const TABLE_ENCODING = "utf16le" as "binary";

/** A repeatable generator of 32-bit numbers (xorshift), so that every run measures the same keys in the same order. */
export function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function bytes(next: () => number, n: number): Uint8Array {
  return Uint8Array.from({ length: n }, () => next() >>> 24);
}

export const TAG_KEY = bytes(generator(77), 32);

/** Keys as they come from a request: each a flat string of its own. */
export function secrets(count: number, tagKey: Uint8Array, seed: number): string[] {
  const next = generator(seed);
  const randomBytes = (n: number) => bytes(next, n);
  return Array.from({ length: count }, () =>
    flat(makeKey({ prefix: "acme", tag: "live", tagKey, randomBytes, sha256: sha256Text })),
  );
}

export function flat(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

/** Places in random order below `count`. */
export function order(count: number): Uint32Array {
  const next = generator(4711);
  return Uint32Array.from({ length: PLACES }, () => next() % count);
}

/** An id in the form of ours: it sorts by `n`, and the rest is random. */
export function idOf(type: string, n: number, next: () => number): string {
  let text = n.toString(32).padStart(10, "0").toUpperCase();
  text = [...text].map((digit) => CROCKFORD.charAt(Number.parseInt(digit, 32))).join("");
  while (text.length < 26) text += CROCKFORD.charAt(next() & 31);
  return flat(`${type}_${text}`);
}

const SCOPES = ["contacts", "invoices", "orders", "files", "webhooks"].flatMap((resource) => [
  { name: `${resource}:read`, tier: "read" as const, sensitive: false },
  { name: `${resource}:write`, tier: "write" as const, sensitive: false },
  { name: `${resource}:export`, tier: "read" as const, sensitive: true },
]);

export const CATALOGUE_SOURCE: CatalogueSource = {
  scopes: SCOPES,
  routes: [
    ...["contacts", "invoices", "orders", "files"].flatMap((name) => [
      { method: "GET", path: `/v1/${name}/{id}`, scope: `${name}:read` },
      { method: "GET", path: `/v1/${name}`, scope: `${name}:read` },
      { method: "POST", path: `/v1/${name}`, scope: `${name}:write` },
    ]),
  ],
  unmapped: "refuse",
};
export const CATALOGUE: Catalogue = compileCatalogue(CATALOGUE_SOURCE);

/** A request as an adapter makes it: every field is there, so that all of them have one shape. */
function request(asked: Partial<VerifyRequest>): VerifyRequest {
  const { scopes, method, path, account, audience, ip, referrer, origin } = asked;
  return { environment: "live", scopes, method, path, account, audience, ip, referrer, origin };
}

const READING = ["contacts:read", "orders:read", "invoices:read", "files:read"] as const;
const CALLERS = ["203.0.113.77", "203.0.113.8", "203.0.113.191", "203.0.113.40"] as const;

/** What is asked of a key: its environment, a scope and the caller's address, the last two in turn. */
export const REQUESTS = READING.map((scope, i) => request({ scopes: [scope], ip: CALLERS[i] }));
/** The same by method and path. */
export const ROUTE_REQUESTS = READING.map((scope, i) =>
  request({ method: "GET", path: `/v1/${scope.slice(0, scope.indexOf(":"))}/4711`, ip: CALLERS[i] }),
);

/** Networks that customers bind keys to; the caller's address is in every list. */
const ADDRESS_LISTS = Array.from({ length: 32 }, (_, i) => [`198.51.100.${i * 8}/29`, "203.0.113.0/24"]);
const GRANTS: readonly Pick<KeyRecord, "tier" | "scopes">[] = [
  { tier: "read", scopes: [] },
  { tier: "write", scopes: ["invoices:export"] },
  { tier: null, scopes: ["contacts:read", "orders:read", "invoices:read", "files:read"] },
  { tier: null, scopes: ["contacts:*", "orders:*", "invoices:read", "files:*"] },
];

/** What verification remembers that many keys have in common. */
export interface Shared {
  readonly kind: "customer";
}
const CUSTOMER: Shared = { kind: "customer" };

/** The entry of key number `n`. Every second key is bound to addresses; nearly all expire some day, each on its own. */
export function entryOf(n: number, keysPerAccount = KEYS_PER_ACCOUNT): KeyTableEntry<Shared> {
  const account = Math.floor(n / keysPerAccount);
  const keyId = idOf("key", n, generator(n + 1));
  const accountId = idOf("acct", account, generator(account + 7));
  const plan = `plan:${["free", "team", "pro"][account % 3]}`;
  const grant = GRANTS[n % GRANTS.length] ?? { tier: "read", scopes: [] };
  const record: KeyRecord = {
    ...{ keyId, account: accountId, environment: "live", state: "active", accountState: "active" },
    expiresAt: n % 16 === 0 ? null : NOW + 86_400_000 + n,
    ...grant,
    versions: [{ version: 1, state: "active", expiresAt: null }],
    allowedIps: n % 2 === 0 ? [] : (ADDRESS_LISTS[n % ADDRESS_LISTS.length] ?? []),
    ...{ allowedReferrers: [], audiences: [], metadata: {} },
    subjects: [`key:${keyId}`, `account:${accountId}`, "environment:live", plan],
  };
  return { record, version: 1, accountNote: flat(`cus_${account}`), shared: CUSTOMER, handle: n };
}
