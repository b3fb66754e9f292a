import { hostname } from "node:os";
import { threadId } from "node:worker_threads";
import { systemClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import { checkNumber } from "../../settings.ts";
import type { Verifier, VerifierOptions, WarmUpStore } from "../verifier.ts";
import { rareWarning } from "../warn.ts";
import { hashFile } from "./hash-file.ts";
import type { LocalVerifierParts } from "./local-types.ts";
import { LocalVerifier } from "./local-verifier.ts";

/** What operators read is printable ASCII and bounded. */
const NAME = /^[\x20-\x7e]{1,200}$/;

/**
 * A verifier in this process, once it may decide. Rejects where no node grants it a lease in time.
 *
 * @throws TypeError for options that cannot work
 */
export async function startLocalVerifier(
  options: VerifierOptions,
  parts: Pick<
    LocalVerifierParts,
    "urls" | "credential" | "environment" | "service" | "timeoutMs" | "observer" | "unavailable" | "remote"
  >,
): Promise<Verifier> {
  const name = options.name ?? nameOfThis();
  if (!NAME.test(name)) throw new TypeError("name must be 1-200 printable characters");
  const verifier = new LocalVerifier({
    ...parts,
    ...{ name, software: "claviger-sdk", clock: systemClock, random: systemRandom },
    termMs: checkNumber("termMs", options.termMs, 250, 60_000, 5_000),
    startTimeoutMs: checkNumber("startTimeoutMs", options.startTimeoutMs, 100, 600_000, 10_000),
    staleIfUnreachableMs: checkNumber("staleIfUnreachableMs", options.staleIfUnreachableMs, 0, 3_600_000, 0),
    usesLost: options.onUsesLost ?? warnOfLoss(),
    warmUp: storeOf(options.warmUp),
    cachedKeys: Math.floor(checkNumber("cachedKeys", options.cachedKeys, 1, 16_000_000, 100_000)),
  });
  await verifier.start();
  return verifier;
}

function warnOfLoss(): (total: number) => void {
  const warn = rareWarning(systemClock, "uses of keys are missing in what is recorded");
  return (total) => warn(`${total} since the start, because no node took them in time`);
}

function storeOf(warmUp: VerifierOptions["warmUp"]): WarmUpStore | null {
  if (warmUp === undefined) return null;
  if (typeof warmUp === "string" && warmUp !== "") {
    return hashFile(warmUp, () => Buffer.from(systemRandom.bytes(6)).toString("hex"));
  }
  if (typeof warmUp === "object" && typeof warmUp.load === "function" && typeof warmUp.save === "function")
    return warmUp;
  throw new TypeError("warmUp must be the path of a file, or a store with load and save");
}

/** Of this process, and of this thread in it where it is not the first. */
function nameOfThis(): string {
  const thread = threadId === 0 ? "" : `/${threadId}`;
  return `${hostname()}:${process.pid}${thread}`.replace(/[^\x20-\x7e]/g, "?");
}
