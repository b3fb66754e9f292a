import { refusedAlone, type ShownVerdict, showVerdict, type VerificationRequest, type Verifier } from "@claviger/core";
import type { Logger } from "../../kernel/log.ts";
import type { KeySource } from "./key-source.ts";
import type { Check, Outcome, VerifyKey } from "./verify-key.ts";

export interface OwnVerifierPorts {
  readonly verify: VerifyKey;
  readonly source: Pick<KeySource, "peekCatalogue">;
  readonly logger: Logger;
}

const MOST_COST = 1_000_000;
const UNAVAILABLE: ShownVerdict = refusedAlone("UNAVAILABLE");

/**
 * The verifier of whoever runs in the process of this node: the node's own memory, under the node's own lease. Closed, it refuses
 * everything; the node goes on.
 */
export function createOwnVerifier(ports: OwnVerifierPorts, environment: string): Verifier {
  const { verify, source, logger } = ports;
  let closed = false;
  const show = (outcome: Outcome): ShownVerdict => showVerdict(outcome, source.peekCatalogue(), false, null);
  return {
    ...{ mode: "local", environment, observer: null },
    verify: (secret, request = {}) => {
      if (closed) return UNAVAILABLE;
      const check = checkOf(secret, request, environment);
      if (!isCost(check.cost)) {
        logger.warn({ cost: check.cost }, `a cost must be a whole number from 1 to ${MOST_COST}; the key is refused`);
        return UNAVAILABLE;
      }
      const outcome = verify(check);
      if (!(outcome instanceof Promise)) return show(outcome);
      return outcome.then(show, (error: unknown) => {
        logger.error({ error }, "a key could not be verified");
        return UNAVAILABLE;
      });
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
function checkOf(key: string, request: VerificationRequest, environment: string): Check {
  const { method, path, scopes, account, audience, ip, referrer, origin, cost } = request;
  return {
    ...{ key, environment, scopes, method: method?.toUpperCase(), path },
    ...{ account, audience, ip, referrer, origin, cost },
  };
}
