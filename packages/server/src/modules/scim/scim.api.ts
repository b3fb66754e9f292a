import { pick, scimAttributes, scimCredentialOperations, scimOperations } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import type { ManagementPrincipal } from "../../kernel/principal.ts";
import { type Answer, actingOf, type Route, route } from "../../kernel/route.ts";
import { findAccount } from "../accounts/index.ts";
import { removeCredential } from "./delete-credential.ts";
import {
  type CheckAttributes,
  changeUser,
  createUser,
  type Provisioned,
  removeUser,
  type ScimPorts,
} from "./provision-user.ts";
import { putCredential, requireAccountOf } from "./put-credential.ts";
import { readFilter } from "./read-filter.ts";
import { readPatch } from "./read-patch.ts";
import { readResource } from "./read-user.ts";
import { findCredential, findUser, type ScimCredential, selectCredentials, selectUsers } from "./scim.store.ts";
import { scimFault } from "./scim-error.ts";
import { LIST_SCHEMA, resourceOf } from "./scim-user.ts";

export interface ScimRoutePorts extends ScimPorts {
  /** The address of the service, without a slash at the end; empty while it is not known. */
  publicUrl(): string;
}

const MOST_USERS = 200;
const CONTENT_TYPE = "application/scim+json";

const answer = (status: number, body: object, location?: string): Answer => ({
  ...{ status, body, contentType: CONTENT_TYPE },
  ...(location === undefined ? {} : { headers: { Location: location } }),
});

/** The account that the credential is bound to. Throws INSUFFICIENT_SCOPE where it is bound to none: then it provisions nobody. */
async function accountOf(tx: Tx, { keyId }: ManagementPrincipal): Promise<string> {
  const bound = await findCredential(tx, keyId);
  const account = bound === null ? null : await findAccount(tx, bound.account);
  if (account !== null && account.closedAt === null) return account.id;
  throw new ClavigerError("INSUFFICIENT_SCOPE", {
    publicDetail: "The credential is bound to no open account: see /v1/accounts/{id}/scim-credentials.",
    extra: { scope: "claviger:scim:write" },
  });
}

const check: CheckAttributes = (attributes) => {
  const parsed = scimAttributes.safeParse(attributes);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw scimFault("invalidValue", `${issue?.path.join(".") ?? "A value"}: ${issue?.message ?? "is not right"}.`);
};

export function scimRoutes(ports: ScimRoutePorts): Route[] {
  return [...readRoutes(ports), ...writeRoutes(ports), ...credentialRoutes(ports)];
}

const baseOf = ({ publicUrl }: ScimRoutePorts): string => `${publicUrl()}/scim/v2`;

function readRoutes(ports: ScimRoutePorts): Route[] {
  const { database } = ports;
  return [
    route(pick(scimOperations, "scim.config"), () => answer(200, CONFIG)),
    route(pick(scimOperations, "scim.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const account = await accountOf(tx, call.principal);
        const filter = call.query.filter === undefined ? null : readFilter(call.query.filter);
        const startIndex = Math.max(1, call.query.startIndex);
        const count = Math.min(MOST_USERS, Math.max(0, call.query.count));
        const { users, total } = await selectUsers(tx, account, filter, startIndex - 1, count);
        return answer(200, {
          ...{ schemas: [LIST_SCHEMA], totalResults: total, startIndex, itemsPerPage: users.length },
          Resources: users.map((user) => resourceOf(user, baseOf(ports))),
        });
      }),
    ),
    route(pick(scimOperations, "scim.get"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const user = await findUser(tx, await accountOf(tx, call.principal), call.params.id, false);
        if (user === null) throw new ClavigerError("NOT_FOUND");
        return answer(200, resourceOf(user, baseOf(ports)));
      }),
    ),
  ];
}

function writeRoutes(ports: ScimRoutePorts): Route[] {
  const { database } = ports;
  const ofCaller = (principal: ManagementPrincipal): Promise<string> =>
    database.transaction(PLATFORM, (tx) => accountOf(tx, principal));
  /** Waits for what becomes of the keys of somebody who left; it goes on by itself. */
  const finished = async (acting: Acting<Provisioned>, done: Done<Provisioned>): Promise<Provisioned> => {
    if (done.value === null) throw new TypeError("provisioning is no replay");
    const bulkAct = done.value.left?.bulkAct ?? null;
    if (bulkAct !== null) await ports.leaving?.finish(acting, bulkAct);
    return done.value;
  };
  const actingAs = (call: Parameters<typeof actingOf>[0]): Acting<Provisioned> => ({
    ...actingOf<Provisioned>(call, async () => null),
    // Providers send none; a creation that is repeated is told of by its name.
    idempotency: undefined,
  });
  const changed = ({ user }: Provisioned): Answer => answer(200, resourceOf(user, baseOf(ports)));
  return [
    route(pick(scimOperations, "scim.create"), async (call) => {
      const acting = actingAs(call);
      const account = await ofCaller(call.principal);
      const { user } = await finished(acting, await createUser(ports, acting, account, readResource(call.body), check));
      const base = baseOf(ports);
      return answer(201, resourceOf(user, base), `${base}/Users/${user.member.id}`);
    }),
    route(pick(scimOperations, "scim.replace"), async (call) => {
      const acting = actingAs(call);
      const given = readResource(call.body);
      if (given.userName === undefined) throw scimFault("invalidValue", "userName: is missing.");
      const account = await ofCaller(call.principal);
      return changed(await finished(acting, await changeUser(ports, acting, account, call.params.id, given, check)));
    }),
    route(pick(scimOperations, "scim.patch"), async (call) => {
      const acting = actingAs(call);
      const given = readPatch(call.body);
      const account = await ofCaller(call.principal);
      return changed(await finished(acting, await changeUser(ports, acting, account, call.params.id, given, check)));
    }),
    route(pick(scimOperations, "scim.delete"), async (call) => {
      const acting = actingAs(call);
      await finished(acting, await removeUser(ports, acting, await ofCaller(call.principal), call.params.id));
      return { status: 204 };
    }),
  ];
}

const showCredential = ({ key, account, createdAt }: ScimCredential) => ({
  ...{ key, account, createdAt: createdAt.toISOString() },
});

function credentialRoutes(ports: ScimPorts): Route[] {
  return [
    route(pick(scimCredentialOperations, "scim-credentials.put"), async (call) => {
      const acting = actingOf<ScimCredential>(call, async (bound) => showCredential(bound));
      const done = await putCredential(ports, acting, call.principal, call.params.id, call.params.key);
      return { status: 200, body: done.body };
    }),
    route(pick(scimCredentialOperations, "scim-credentials.delete"), async (call) => {
      const acting = actingOf<ScimCredential>(call, async (bound) => showCredential(bound));
      const done = await removeCredential(ports, acting, call.params.id, call.params.key);
      return { status: 200, body: done.body };
    }),
    route(pick(scimCredentialOperations, "scim-credentials.list"), (call) =>
      ports.database.transaction(PLATFORM, async (tx) => {
        const found = await selectCredentials(tx, await requireAccountOf(tx, call.params.id));
        return { status: 200, body: { data: found.map(showCredential) } };
      }),
    ),
  ];
}

const no = { supported: false } as const;
/** RFC 7643, section 5. */
const CONFIG = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  patch: { supported: true },
  bulk: { ...no, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MOST_USERS },
  ...{ changePassword: no, sort: no, etag: no },
  authenticationSchemes: [
    {
      ...{ type: "oauthbearertoken", name: "Bearer token", primary: true },
      description: "A management key with the scope claviger:scim:write, bound to an account",
    },
  ],
};
