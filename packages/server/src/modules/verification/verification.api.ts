import { type BodyOf, pick, verificationOperations } from "@claviger/contract";
import type { HeaderReader } from "@claviger/core";
import type { ManagementPrincipal } from "../../kernel/principal.ts";
import { type Answer, type Route, route } from "../../kernel/route.ts";
import { authorize, createAllowed } from "./authorize.ts";
import { environmentFor } from "./environment-for.ts";
import type { KeySource } from "./key-source.ts";
import { createShowVerdict } from "./shown-verdict.ts";
import type { Check, Outcome, Verified, VerifyKey } from "./verify-key.ts";

const VERIFY = pick(verificationOperations, "verification.verify");
const BATCH = pick(verificationOperations, "verification.verify-batch");
type VerifyBody = BodyOf<typeof VERIFY>;

/** Field by field, so that all checks have one form and nothing else of the body comes along. `index`: its place in a batch. */
function checkOf(
  { principal, headers }: { readonly principal: ManagementPrincipal; readonly headers: HeaderReader },
  body: VerifyBody,
  index?: number,
): Check {
  return {
    key: body.key,
    environment: environmentFor(principal, body.environment, index),
    scopes: body.scopes,
    method: body.method?.toUpperCase(),
    path: body.path,
    account: body.account,
    audience: body.audience,
    ip: body.ip,
    referrer: body.referrer,
    origin: body.origin,
    cost: body.cost,
    userAgent: body.userAgent,
    requestId: body.requestId,
    // As a header, which a node of an older version passes over.
    service: headers.get("claviger-service") ?? undefined,
    hurries: index !== undefined,
  };
}

const UNAVAILABLE: Answer = { status: 200, body: { valid: false, code: "UNAVAILABLE" } };

/** `verified`: told of what is refused before it comes to a verdict, a batch as one. */
export function verificationRoutes(verify: VerifyKey, source: KeySource, verified: Verified): Route[] {
  const showVerdict = createShowVerdict();
  const allowed = createAllowed();
  /** Also who asks cannot be known without a lease; then the verdict is that there is none. */
  const counted = (asked: Route, instead?: Answer): Route => ({
    ...asked,
    whenUnavailable: () => {
      verified("UNAVAILABLE", null);
      return instead;
    },
  });
  return [
    counted(
      route(VERIFY, (call) => {
        const shown = (outcome: Outcome): Answer => ({
          status: 200,
          json: showVerdict(outcome, source.peekCatalogue()),
        });
        const outcome = verify(checkOf(call, call.body));
        return outcome instanceof Promise ? outcome.then(shown) : shown(outcome);
      }),
      UNAVAILABLE,
    ),
    counted(
      route(BATCH, async (call) => {
        const checks = call.body.checks.map((body, index) => checkOf(call, body, index));
        const results: string[] = [];
        for (const check of checks) {
          const outcome = verify(check);
          results.push(showVerdict(outcome instanceof Promise ? await outcome : outcome, source.peekCatalogue()));
        }
        return { status: 200, json: `{"results":[${results.join(",")}]}` };
      }),
    ),
    ...(["verification.authorize", "verification.authorize-post"] as const).map((id) =>
      counted(route(pick(verificationOperations, id), (call) => authorize({ verify, source, allowed }, call))),
    ),
  ];
}
