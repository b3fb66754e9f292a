import type { Answer } from "../kernel/route.ts";

const SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";
/** Faults that the standard has a word for, where the one who raised them gave none. */
const TYPES: Readonly<Record<string, string>> = { MALFORMED_JSON: "invalidSyntax", CONFLICT: "uniqueness" };

interface Problem {
  readonly status?: unknown;
  readonly detail?: unknown;
  readonly code?: unknown;
  readonly scimType?: unknown;
  readonly requestId?: unknown;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** A problem in the form of RFC 7644, section 3.12, under the same status and headers. */
export function asScimError(answer: Answer): Answer {
  const { detail, code, scimType, errors = [] } = answer.body as Problem;
  const known = scimType ?? TYPES[String(code)] ?? (answer.status === 400 ? "invalidValue" : undefined);
  const faults = errors.map(({ path, message }) => `${path === "" ? "It" : path} ${message}.`).join(" ");
  return {
    ...{ status: answer.status, headers: answer.headers ?? {}, contentType: "application/scim+json" },
    body: {
      ...{ schemas: [SCHEMA], status: String(answer.status) },
      ...(known === undefined ? {} : { scimType: known }),
      detail: faults === "" ? detail : `${String(detail)} ${faults}`,
    },
  };
}
