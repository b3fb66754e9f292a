import { systemClock } from "../clock.ts";
import { checkCredential, checkNumber, checkUrl } from "../settings.ts";
import { mayFreeze, thisPlatform } from "./platform.ts";
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
    url: checkUrl(options.url, options.allowPlaintext === true),
    credential: checkCredential("credential", options.credential),
    environment: options.environment,
    timeoutMs: checkNumber("timeoutMs", options.timeoutMs, 50, 30_000, 2_000),
    observer: observerOf(options),
    unavailable: options.onUnavailable ?? rareWarning(systemClock),
    fetch: options.fetch ?? globalThis.fetch,
  };
  if (mode === "remote") return createRemoteVerifier(parts);
  throw new TypeError('mode "local" is not part of this version; say mode: "remote"');
}

function observerOf({ observe, onWouldRefuse }: VerifierOptions): Observer | null {
  if (observe !== true) return null;
  if (onWouldRefuse === undefined) throw new TypeError("observe needs onWouldRefuse, or nobody would ever know");
  return onWouldRefuse;
}
