import { type BodyOf, pick, verificationOperations } from "@claviger/contract";
import type { ManagementPrincipal } from "../../kernel/principal.ts";
import { type Answer, type Route, route } from "../../kernel/route.ts";
import { authorize } from "./authorize.ts";
import { environmentFor } from "./environment-for.ts";
import type { KeySource } from "./key-source.ts";
import { showVerdict } from "./shown-verdict.ts";
import type { Check, Outcome, VerifyKey } from "./verify-key.ts";

const VERIFY = pick(verificationOperations, "verification.verify");
const BATCH = pick(verificationOperations, "verification.verify-batch");
type VerifyBody = BodyOf<typeof VERIFY>;

function checkOf(principal: ManagementPrincipal, body: VerifyBody, prefix: string): Check {
  return {
    ...body,
    method: body.method?.toUpperCase(),
    environment: environmentFor(principal, body.environment, `${prefix}environment`),
  };
}

/** Also who asks cannot be known without a lease; then the verdict is that there is none. */
function withVerdict(verify: Route): Route {
  return { ...verify, whenUnavailable: { status: 200, body: { valid: false, code: "UNAVAILABLE" } } };
}

export function verificationRoutes(verify: VerifyKey, source: KeySource): Route[] {
  return [
    withVerdict(
      route(VERIFY, (call) => {
        const shown = (outcome: Outcome): Answer => ({
          status: 200,
          body: showVerdict(outcome, source.peekCatalogue()),
        });
        const outcome = verify(checkOf(call.principal, call.body, ""));
        return outcome instanceof Promise ? outcome.then(shown) : shown(outcome);
      }),
    ),
    route(BATCH, async (call) => {
      const checks = call.body.checks.map((body, index) => checkOf(call.principal, body, `checks[${index}].`));
      const results = [];
      for (const check of checks) {
        const outcome = verify(check);
        results.push(showVerdict(outcome instanceof Promise ? await outcome : outcome, source.peekCatalogue()));
      }
      return { status: 200, body: { results } };
    }),
    ...(["verification.authorize", "verification.authorize-post"] as const).map((id) =>
      route(pick(verificationOperations, id), (call) => authorize(verify, source, call)),
    ),
  ];
}
