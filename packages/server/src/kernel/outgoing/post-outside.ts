import { type LookupAddress, promises } from "node:dns";
import { type ClientRequest, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "./public-address.ts";

/** What became of one call to a receiver outside. `reason` is a line for logs and people and holds nothing that the receiver sent. */
export type Outcome =
  | { readonly kind: "answered"; readonly status: number }
  /** Not tried: the target is not one that may be called. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Nobody answered, or not in time. */
  | { readonly kind: "failed"; readonly reason: string };

/** The same, with what was answered. */
export type Answered =
  | { readonly kind: "answered"; readonly status: number; readonly body: string }
  | Exclude<Outcome, { readonly kind: "answered" }>;

export interface Call extends Post {
  readonly method: "GET" | "POST";
}

export type CallOutside = (call: Call) => Promise<Answered>;

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
}

export type PostOutside = (post: Post) => Promise<Outcome>;

export interface OutsideOptions {
  /** CLAVIGER_ALLOW_PRIVATE_TARGETS: plain HTTP and addresses that are not public may be called. */
  readonly allowPrivate: boolean;
  /** For one call from resolving the name to the last byte of the answer, in milliseconds; default 15 000. */
  readonly timeoutMs?: number;
  /** Default `resolveName`. */
  readonly resolve?: ResolveName;
}

/** All addresses of a name. */
export type ResolveName = (host: string) => Promise<readonly LookupAddress[]>;

const TIMEOUT_MS = 15_000;
/** Of an answer, whose content nobody reads, so much is taken before the connection is cut. */
const ANSWER_BYTES = 65_536;
const HEADER_BYTES = 16_384;

/** As the operating system resolves it. */
export const resolveName: ResolveName = (host) => promises.lookup(host, { all: true });

/**
 * Posts to a receiver that somebody named. A name is resolved once for each call, every address it has must be public, and the
 * connection goes to the address that was checked, whatever the name resolves to a moment later. No redirect is followed, no proxy
 * is asked, the answer's body is not kept.
 */
export function createPostOutside(options: OutsideOptions): PostOutside {
  const call = createCallOutside(options);
  return async (post) => {
    const outcome = await call({ ...post, method: "POST" });
    return outcome.kind === "answered" ? { kind: "answered", status: outcome.status } : outcome;
  };
}

/** The same for any method; of the answer's body the first 64 KiB are kept. */
export function createCallOutside(options: OutsideOptions): CallOutside {
  const { allowPrivate, timeoutMs = TIMEOUT_MS, resolve = resolveName } = options;
  return async (post) => {
    const late = AbortSignal.timeout(timeoutMs);
    const signal = post.signal === undefined ? late : AbortSignal.any([late, post.signal]);
    const url = URL.canParse(post.url) ? new URL(post.url) : null;
    const refusal = url === null ? "is no URL" : refusedUrl(url, allowPrivate);
    if (url === null || refusal !== null) return { kind: "refused", reason: refusal ?? "is no URL" };
    try {
      const found = await withinSignal(addressesOf(url, resolve), signal);
      const [first] = found;
      if (first === undefined) return { kind: "failed", reason: "the name has no address" };
      if (!allowPrivate && !found.every(({ address }) => isPublicAddress(address)))
        return { kind: "refused", reason: "the address is not public" };
      return { kind: "answered", ...(await send(url, first, post, signal)) };
    } catch (error) {
      return { kind: "failed", reason: late.aborted ? `no answer in ${timeoutMs / 1000} s` : reasonOf(error) };
    }
  };
}

/** Why a URL may not be called, whatever its name resolves to; null where it may. */
export function refusedUrl(url: URL, allowPrivate: boolean): string | null {
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with https://";
  if (url.protocol === "http:" && !allowPrivate) return "must begin with https://";
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  const literal = bareHost(url);
  if (isIP(literal) !== 0 && !allowPrivate && !isPublicAddress(literal)) return "the address is not public";
  return null;
}

const bareHost = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, "$1");

async function addressesOf(url: URL, resolve: ResolveName): Promise<readonly LookupAddress[]> {
  const host = bareHost(url);
  const family = isIP(host);
  return family === 0 ? resolve(host) : [{ address: host, family }];
}

/** A resolver does not hear of signals. */
function withinSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

interface Got {
  readonly status: number;
  readonly body: string;
}

function send(url: URL, pinned: LookupAddress, post: Call, signal: AbortSignal): Promise<Got> {
  const lookup = ((_host, { all }, found) =>
    all === true ? found(null, [pinned]) : found(null, pinned.address, pinned.family)) as LookupFunction;
  return new Promise((resolve, reject) => {
    const headers = { ...post.headers, "content-length": String(Buffer.byteLength(post.body)) };
    const options = {
      method: post.method,
      headers,
      lookup,
      signal,
      agent: false,
      maxHeaderSize: HEADER_BYTES,
    } as const;
    const begin = url.protocol === "https:" ? requestTls : requestPlain;
    const call: ClientRequest = begin(url, options, (answer) => {
      const status = answer.statusCode ?? 0;
      const chunks: Buffer[] = [];
      let taken = 0;
      const done = (): void => resolve({ status, body: Buffer.concat(chunks).toString("utf8") });
      answer.on("data", (bytes: Buffer) => {
        taken += bytes.length;
        if (taken > ANSWER_BYTES) call.destroy();
        else chunks.push(bytes);
      });
      answer.on("error", done);
      answer.on("close", done);
      // The status is what counts; what follows is waited for only so that the receiver may finish.
      signal.addEventListener("abort", done, { once: true });
    });
    call.on("error", reject);
    call.end(post.body);
  });
}

/** Errors of the network by their code: the message may quote what the receiver sent. */
function reasonOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const code = inner instanceof Error && "code" in inner ? String(inner.code) : "";
  return code === "" ? "the connection broke" : `the connection broke: ${code.slice(0, 60)}`;
}
