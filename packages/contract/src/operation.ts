import type { ErrorCode } from "@claviger/core";
import type { z } from "zod";

/** What a management key may hold. Fixed, and disjoint from every platform's own catalogue. */
export const MANAGEMENT_SCOPES = {
  "claviger:accounts:read": "See accounts, members and services",
  "claviger:accounts:write": "Create, change, suspend and resume accounts, members and services",
  "claviger:accounts:close": "Close accounts for good",
  "claviger:accounts:export": "Export all that is known of an account, its people and its keys",
  "claviger:catalogue:read": "See environments, scopes and plans",
  "claviger:catalogue:write": "Create and change environments, scopes and plans",
  "claviger:keys:read": "See keys, never their secrets",
  "claviger:keys:write": "Create, change, rotate and resume keys",
  "claviger:keys:revoke": "Suspend and revoke keys",
  "claviger:keys:emergency":
    "With claviger:keys:write: rotate keys so that the old version ends before the new one is in use",
  "claviger:keys:reveal": "Reveal secrets of recoverable keys; in no wildcard, to be named",
  "claviger:scim:write": "Provision members over SCIM, of the account that the key is bound to",
  "claviger:approvals:read": "See what waits for approval, and what was decided",
  "claviger:approvals:decide": "Pass on what owners and admins of accounts have decided on what waits for approval",
  "claviger:approvals:staff": "With claviger:approvals:decide: decide for the platform",
  "claviger:policies:read": "See policies, and which hold for accounts and environments",
  "claviger:policies:write": "Set policies, also of accounts and environments",
  "claviger:usage:read": "See how keys are used, and on their pages what they are bound to and who acted on them",
  "claviger:budgets:write": "Set and remove budgets of accounts and keys",
  "claviger:webhooks:read": "See webhooks, never their secrets, and what was sent to them",
  "claviger:stores:read": "Read which secret stores there are, never what opens them",
  "claviger:stores:write": "Name, test and delete secret stores",
  "claviger:webhooks:write": "Create, change, test and delete webhooks, and send events again",
  "claviger:drills:read": "See drills, and whether one is overdue",
  "claviger:drills:write": "Hold a drill: a key that is made for it is rotated and revoked",
  "claviger:audit:read": "Read audit events",
  "claviger:nodes:read": "See the nodes of the cluster",
  "claviger:management:write": "Create, change, suspend and revoke management keys",
  verify: "Verify callers' keys, and nothing else",
} as const;

export type ManagementScope = keyof typeof MANAGEMENT_SCOPES;

/**
 * Who may call an operation.
 * `public`: anybody. `holder`: whoever presents a key, for that key alone; with `anyState` also one that does not work any more.
 * `management`: a management key that holds the scope.
 */
export type Access =
  | { readonly kind: "public" }
  | { readonly kind: "holder"; readonly anyState?: true }
  | { readonly kind: "management"; readonly scope: ManagementScope };

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface OperationResponse {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly contentType?: string;
}

/** One operation of the wire contract: everything that the router, the OpenAPI document, clients and tests need to know. */
export interface Operation {
  /** `<module>.<verb>`; also the name in the client, the CLI and the source tree. */
  readonly id: string;
  readonly method: Method;
  /** Template as OpenAPI writes it: `/v1/keys/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What `body` makes of JSON with this text, only sooner; undefined where `body` must be asked. */
  readonly plainBody?: (bytes: Uint8Array, text: string) => unknown;
  /** Instead of `body`: a stream of lines, each of this schema, in any of these media types. */
  readonly lines?: { readonly schema: z.ZodType; readonly types: readonly string[] };
  readonly responses: Readonly<Record<number, OperationResponse>>;
  /** Problem codes this operation can answer beyond those that every operation can. */
  readonly errors: readonly ErrorCode[];
  /** The audit actions it may write; empty for reads. */
  readonly audit: readonly string[];
  /**
   * `gives`: the answer has an `ETag`, which is `etag` in its body as well. `takes`: with it in `If-Match` the operation is carried out only
   * if nothing was done in between, and else answers PRECONDITION_FAILED, which is among `errors`.
   */
  readonly tag?: "gives" | "takes";
  /** True where it may take something away, so that it answers `effective` and passes the barrier. */
  readonly narrows: boolean;
  /** Errors are answered in the form of RFC 7644 (SCIM), and not as problems. */
  readonly errorsAs?: "scim";
}

/** Keeps the exact types of one operation's schemas, so that handlers are typed by them. */
export function operation<const T extends Operation>(definition: T): T {
  return definition;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
export type ParamsOf<T extends Operation> = Parsed<T["params"]>;
export type QueryOf<T extends Operation> = Parsed<T["query"]>;
export type BodyOf<T extends Operation> = Parsed<T["body"]>;
/** Of one line, where it takes lines. */
export type LineOf<T extends Operation> = T["lines"] extends { readonly schema: infer S } ? Parsed<S> : undefined;

/** One operation of a list by its id, with its own type. */
export function pick<L extends readonly Operation[], I extends L[number]["id"]>(
  list: L,
  id: I,
): Extract<L[number], { readonly id: I }> {
  const found = list.find((candidate) => candidate.id === id);
  if (found === undefined) throw new TypeError(`no operation ${id}`);
  return found as Extract<L[number], { readonly id: I }>;
}
