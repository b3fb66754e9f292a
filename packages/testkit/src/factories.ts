import { systemRandom } from "../../server/src/index.ts";
import type { Answer, Api } from "./api.ts";

export const ROLES = ["owner", "admin", "developer", "viewer"] as const;

/** Eight characters that make names of one test unlike those of every other. */
export function uniqueSuffix(): string {
  return Buffer.from(systemRandom.bytes(4)).toString("hex");
}

/** An account with one member of each role and one service. All ids are ours; `externalId` is the caller's. */
export interface MadeAccount {
  readonly id: string;
  readonly externalId: string;
  readonly members: Readonly<Record<(typeof ROLES)[number], string>>;
  readonly service: string;
}

export interface MadeKey {
  readonly id: string;
  readonly secret: string;
}

/** The catalogue that tests share: two ordinary scopes, one of the tier admin, one sensitive, each with routes. */
const SCOPES = {
  "contacts:read": { tier: "read", routes: ["GET /contacts", "GET /contacts/{id}"] },
  "contacts:write": { tier: "write", routes: ["POST /contacts", "DELETE /contacts/{id}"] },
  "billing:manage": { tier: "admin", routes: ["PUT /billing"] },
  "users:write": { tier: "admin", sensitive: true, routes: ["POST /users"] },
} as const;

/** Puts the shared catalogue; may be repeated. */
export async function makeScopes(api: Api): Promise<void> {
  for (const [name, { routes, ...scope }] of Object.entries(SCOPES)) {
    const body = { description: `May use ${name}`, ...scope, routes: routes.map(routeOf) };
    succeeded(await api.put(`/v1/scopes/${name}`, body));
  }
}

function routeOf(text: string): { method: string; path: string } {
  const [method = "", path = ""] = text.split(" ");
  return { method, path };
}

export async function makeAccount(api: Api, plan: string | null = null): Promise<MadeAccount> {
  const externalId = `ext:acme-${uniqueSuffix()}`;
  const put = await api.put<{ account: { id: string } }>(`/v1/accounts/${externalId}`, { name: "Acme", plan });
  const { id } = succeeded(put).body.account;
  const members: Partial<Record<(typeof ROLES)[number], string>> = {};
  for (const role of ROLES) {
    const person = { email: `${role}@acme.example`, name: `The ${role}`, role };
    const answer = await api.put<{ member: { id: string } }>(`/v1/accounts/${id}/members/ext:${role}`, person);
    members[role] = succeeded(answer).body.member.id;
  }
  const service = await api.put<{ id: string }>(`/v1/accounts/${id}/services/ext:crm`, { name: "CRM" });
  return { id, externalId, members: members as MadeAccount["members"], service: succeeded(service).body.id };
}

/** A key of the account; by default it may read contacts in the environment `live`. */
export async function issueKey(
  api: Api,
  account: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<MadeKey> {
  const grant = fields.tier === undefined && fields.scopes === undefined ? { scopes: ["contacts:read"] } : {};
  const body = { account, environment: "live", label: `key ${uniqueSuffix()}`, ...grant, ...fields };
  const answer = await api.post<{ key: { id: string }; secret: string }>("/v1/keys", body);
  return { id: succeeded(answer).body.key.id, secret: answer.body.secret };
}

/** A management key with these scopes; one that verifies is bound to `environment`. */
export function issueManagementKey(
  api: Api,
  scopes: readonly string[],
  fields: Readonly<Record<string, unknown>> = {},
): Promise<MadeKey> {
  const bound = scopes.includes("verify") ? { environment: "live" } : { environment: undefined };
  return issueKey(api, "platform", { ...bound, scopes, rationale: "for a test", ...fields });
}

/** Throws where the answer is none of success. */
export function succeeded<T>(answer: Answer<T>): Answer<T> {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new Error(`answered ${answer.status}: ${answer.text}`);
}
