import { parseIp, Secret } from "@claviger/core";

/** Settings that client and verifier check alike, when they are made. Every finding is a TypeError that names no secret. */

/**
 * The address of a service, without a slash at the end. Plain HTTP would show credentials and keys to whoever is on the way, so
 * beyond this machine it has to be declared.
 */
export function checkUrl(url: string, allowPlaintext: boolean): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new TypeError("url must be the address of Claviger, such as https://claviger.example.com");
  }
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") throw new TypeError("url must be http or https");
  if (parsed.username !== "" || parsed.password !== "") throw new TypeError("url must hold no user and no password");
  if (parsed.search !== "" || parsed.hash !== "") throw new TypeError("url must have no query and no fragment");
  if (parsed.protocol === "http:" && !allowPlaintext && !isLoopback(parsed.hostname)) {
    throw new TypeError("url is plain HTTP beyond this machine; use https, or say allowPlaintext: true");
  }
  return `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, "");
}

function isLoopback(hostname: string): boolean {
  if (hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]") return true;
  return hostname.startsWith("127.") && parseIp(hostname) !== null;
}

/** A credential as it goes into a header. What no header can hold would else turn up in the error of whoever tries. */
export function checkCredential(name: string, value: string): Secret {
  if (typeof value !== "string" || !/^[\x21-\x7e]{16,4096}$/.test(value)) {
    throw new TypeError(`${name} must be 16-4096 printable characters without blanks`);
  }
  return new Secret(value);
}

/** A number of a stated unit within bounds, or its default. */
export function checkNumber(name: string, value: number | undefined, least: number, most: number, usual: number) {
  const number = value ?? usual;
  if (!(number >= least && number <= most)) throw new TypeError(`${name} must be a number from ${least} to ${most}`);
  return number;
}
