import { pick, verificationOperations, type BodyOf } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import type { ManagementPrincipal } from "../../kernel/principal.ts";
import { type Route, route } from "../../kernel/route.ts";
import { authorize } from "./authorize.ts";
import type { KeySource } from "./key-source.ts";
import { showVerdict } from "./shown-verdict.ts";
import type { Check, VerifyKey } from "./verify-key.ts";

const VERIFY = pick(verificationOperations, "verification.verify");
const BATCH = pick(verificationOperations, "verification.verify-batch");
type VerifyBody = BodyOf<typeof VERIFY>;

/** A credential bound to an environment verifies for it alone; an unbound one must say which (B4). */
export function environmentFor(principal: ManagementPrincipal, asked: string | undefined, path: string): string {
  const { environment: bound } = principal;
  if (bound === null && asked === undefined) {
    throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path, message: "is required, because the credential is bound to none" }] });
  }
  if (bound !== null && asked !== undefined && asked !== bound) {
    throw new ClavigerError("FORBIDDEN", { publicDetail: "The credential is bound to another environment." });
  }
  return bound ?? asked ?? "";
}

function checkOf(principal: ManagementPrincipal, body: VerifyBody, prefix: string): Check {
  return { ...body, method: body.method?.toUpperCase(), environment: environmentFor(principal, body.environment, `${prefix}environment`) };
}

export function verificationRoutes(verify: VerifyKey, source: KeySource): Route[] {
  return [
    route(VERIFY, async (call) => {
      const outcome = await verify(checkOf(call.principal, call.body, ""));
      return { status: 200, body: showVerdict(outcome, source.peekCatalogue()) };
    }),
    route(BATCH, async (call) => {
      const checks = call.body.checks.map((body, index) => checkOf(call.principal, body, `checks[${index}].`));
      const results = [];
      for (const check of checks) results.push(showVerdict(await verify(check), source.peekCatalogue()));
      return { status: 200, body: { results } };
    }),
    ...(["verification.authorize", "verification.authorize-post"] as const).map((id) =>
      route(pick(verificationOperations, id), (call) => authorize(verify, source, call)),
    ),
  ];
}
