import {
  refusedAlone,
  type ShownVerdict,
  showVerdict,
  useOfVerdict,
  type VerificationRequest,
  type Verifier,
} from "@claviger/core";
import type { Logger } from "../../kernel/log.ts";
import type { KeySource } from "./key-source.ts";
import type { NoteUse } from "./noting.ts";
import type { ServiceLogs } from "./service-logs.ts";
import type { Check, Outcome, Verified, VerifyKey } from "./verify-key.ts";

export interface OwnVerifierPorts {
  readonly verify: VerifyKey;
  readonly source: Pick<KeySource, "peekCatalogue">;
  readonly logger: Logger;
  readonly logs: ServiceLogs;
  readonly note: NoteUse;
  /** Told of what could not be verified; what was is told by `verify`. */
  readonly verified: Verified;
}

const MOST_COST = 1_000_000;
const UNAVAILABLE: ShownVerdict = refusedAlone("UNAVAILABLE");

/**
 * The verifier of whoever runs in the process of this node: the node's own memory, under the node's own lease. Closed, it refuses
 * everything; the node goes on.
 */
export function createOwnVerifier(
  ports: OwnVerifierPorts,
  { environment, service }: { readonly environment: string; readonly service?: string | undefined },
): Verifier {
  const { verify, source, logger, logs, note, verified } = ports;
  let closed = false;
  const show = (outcome: Outcome, check: Check): ShownVerdict =>
    showVerdict(outcome, source.peekCatalogue(), false, note(outcome, check));
  return {
    ...{ mode: "local", environment, observer: null },
    verify: (secret, request = {}) => {
      if (closed) return UNAVAILABLE;
      const check = checkOf(secret, request, environment, service);
      if (!isCost(check.cost)) {
        logger.warn({ cost: check.cost }, `a cost must be a whole number from 1 to ${MOST_COST}; the key is refused`);
        return UNAVAILABLE;
      }
      const outcome = verify(check);
      if (!(outcome instanceof Promise)) return show(outcome, check);
      return outcome.then(
        (settled) => show(settled, check),
        (error: unknown) => {
          logger.error({ error }, "a key could not be verified");
          verified("UNAVAILABLE", null);
          return UNAVAILABLE;
        },
      );
    },
    answered: (verdict, status, durationMs) => {
      const use = useOfVerdict(verdict);
      if (use !== null) logs.of(service).answered(use, status, durationMs);
    },
    close: async () => {
      closed = true;
    },
  };
}

function isCost(cost: number | undefined): boolean {
  return cost === undefined || (Number.isSafeInteger(cost) && cost >= 1 && cost <= MOST_COST);
}

/** Field by field, so that all checks have one form and nothing else comes along. */
function checkOf(key: string, request: VerificationRequest, environment: string, service: string | undefined): Check {
  const { method, path, scopes, account, audience, ip, referrer, origin, cost } = request;
  const { userAgent, requestId, seenMethod, seenPath, browser } = request;
  return {
    ...{ key, environment, scopes, method: method?.toUpperCase(), path },
    ...{ account, audience, ip, referrer, origin, cost },
    ...{ userAgent, requestId, seenMethod, seenPath, browser, service },
  };
}
