import type { Secret } from "@claviger/core";
import { EXIT } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { readSecret } from "../input/secrets.ts";
import type { Io } from "../io.ts";

/** Where the service is: an address without a slash at the end. */
export interface Service {
  readonly url: string;
}

const DEFAULT_URL = "http://127.0.0.1:4700";
const MANAGEMENT_KEY = "CLAVIGER_MANAGEMENT_KEY";

/** From `--url`, else CLAVIGER_URL. Throws `Failure` for an address that is none, or over which keys would travel in the clear. */
export function findService(io: Io, flag: string | undefined): Service {
  const name = flag === undefined ? "CLAVIGER_URL" : "--url";
  const set = (flag ?? io.env.CLAVIGER_URL ?? "").trim();
  const text = set === "" ? DEFAULT_URL : set;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "" || url.hash !== "") {
    throw new Failure(
      EXIT.settings,
      `${name}: "${url === null ? text : url.host}" is not valid; must be http:// or https:// with a host, and no user in it`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname) && io.env.CLAVIGER_ALLOW_PLAINTEXT !== "true") {
    throw new Failure(
      EXIT.settings,
      `${name}: "${url.origin}" would carry keys in the clear; use https:// or declare it with CLAVIGER_ALLOW_PLAINTEXT=true`,
    );
  }
  return { url: `${url.origin}${url.pathname}`.replace(/\/+$/, "") };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** From CLAVIGER_MANAGEMENT_KEY or the file of CLAVIGER_MANAGEMENT_KEY_FILE; never a flag, which others could see. Throws `Failure`. */
export function requireManagementKey(io: Io): Secret {
  const key = readSecret(io, MANAGEMENT_KEY);
  if (key !== null) return key;
  throw new Failure(
    EXIT.settings,
    `${MANAGEMENT_KEY}: is not set; must be a management key, or set ${MANAGEMENT_KEY}_FILE to a file that holds one`,
  );
}
