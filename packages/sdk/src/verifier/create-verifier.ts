import { mayFreeze } from "@claviger/core";
import { systemClock } from "../clock.ts";
import { checkCredential, checkNumber, checkUrl } from "../settings.ts";
import { thisPlatform } from "./platform.ts";
import { createRemoteVerifier } from "./remote-verifier.ts";
import type { Observer, Verifier, VerifierOptions } from "./verifier.ts";
import { rareWarning } from "./warn.ts";

/**
 * A verifier for the keys of one environment. Hand it to a middleware, or call `verify` yourself.
 *
 * @throws TypeError for options that cannot work; none names a secret
 */
export async function createVerifier(options: VerifierOptions): Promise<Verifier> {
  const { environment: variables, userAgent } = thisPlatform();
  const mode = options.mode ?? (mayFreeze(variables, userAgent) ? "remote" : "local");
  if (mode !== "local" && mode !== "remote") throw new TypeError('mode must be "local" or "remote"');
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(options.environment)) {
    throw new TypeError("environment must be the name of an environment, such as live");
  }
  const parts = {
    urls: urlsOf(options),
    credential: checkCredential("credential", options.credential),
    environment: options.environment,
    service: serviceOf(options.service),
    timeoutMs: checkNumber("timeoutMs", options.timeoutMs, 50, 30_000, 2_000),
    observer: observerOf(options),
    unavailable: options.onUnavailable ?? rareWarning(systemClock),
    fetch: options.fetch ?? globalThis.fetch,
  };
  const remote = createRemoteVerifier(parts);
  if (mode === "remote") return remote;
  // Loaded here, because platforms that only ask have no sockets to load.
  const { startLocalVerifier } = await import("./local/start-local-verifier.ts");
  return startLocalVerifier(options, { ...parts, remote });
}

function urlsOf({ url, allowPlaintext }: VerifierOptions): readonly string[] {
  const urls = typeof url === "string" ? [url] : [...url];
  if (urls.length === 0) throw new TypeError("url must name at least one address");
  return urls.map((each) => checkUrl(each, allowPlaintext === true));
}

const SERVICE = /^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/;

function serviceOf(service: string | undefined): string | null {
  if (service === undefined) return null;
  if (!SERVICE.test(service)) throw new TypeError("service must be 1-100 printable characters");
  return service;
}

function observerOf({ observe, onWouldRefuse }: VerifierOptions): Observer | null {
  if (observe !== true) return null;
  if (onWouldRefuse === undefined) throw new TypeError("observe needs onWouldRefuse, or nobody would ever know");
  return onWouldRefuse;
}
