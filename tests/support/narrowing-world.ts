import { type Api, issueKey, issueManagementKey, type MadeKey, succeeded, uniqueSuffix } from "@claviger/testkit";
import { DEPENDANT, emptyBulkAct, type MadeLink, makeHandOver, makeLink } from "./samples.ts";

/** One customer's world, made anew for each call: an account on a plan, an environment, scopes with routes, keys. */
export interface World {
  readonly account: string;
  readonly plan: string;
  readonly environment: { readonly name: string; readonly tag: string };
  /** Begins the paths of its routes; its scopes are `<name>:read` and `<name>:write`. */
  readonly name: string;
  readonly member: string;
  /** To the secret of a key of another account; and the secret of another one, offered. */
  readonly link: MadeLink;
  readonly handOver: string;
  /** An act on no key. */
  readonly bulkAct: string;
  /** A change of `named` that waits for approval; empty where nobody has asked for one. */
  readonly approval: string;
  /** Holds both scopes by name, and limits of its own. */
  readonly named: MadeKey;
  /** Holds the tier `write`, and no scope by name. */
  readonly tiered: MadeKey;
  /** Is being rotated, until it is confirmed and an hour longer; its new secret, and beside it the old one. */
  readonly rotated: MadeKey & { readonly old: string };
  /** Of `tiered`. */
  readonly label: string;
  /** A management key that provisions members, bound to no account. */
  readonly scimKey: string;
}

let tags = 0;
/** The label of `named`: who ends one key that was used, as it may have been when it is come to, types it back. */
export const NAMED = "the named one";

/** Makes a world. Nothing in it takes anything away. */
export async function makeWorld(root: Api): Promise<World> {
  const name = `w${uniqueSuffix()}`;
  const tag = (tags++ + 36 ** 3).toString(36).slice(-4);
  const put = async (path: string, body: object) =>
    succeeded(await root.put<Record<string, { id: string }>>(path, body));
  for (const kind of ["read", "write"] as const) await put(`/v1/scopes/${name}:${kind}`, scopeBody(name, kind));
  await put(`/v1/plans/${name}`, { limits: [limitOf("plan", 500)] });
  await put(`/v1/environments/${name}`, { tag, class: "production", limits: [limitOf("environment", 400)] });
  const { body } = await put(`/v1/accounts/ext:${name}`, { name: "A", plan: name });
  const account = body.account?.id ?? "";
  const person = { email: "a@b.example", name: "A", role: "admin" };
  const member = (await put(`/v1/accounts/${account}/members/ext:m`, person)).body.member?.id ?? "";
  const held = { environment: name, createdBy: member, expiresInDays: 30 };
  const scopes = [`${name}:read`, `${name}:write`];
  const named = await issueKey(root, account, { ...held, scopes, limits: [limitOf("key", 300)], label: NAMED });
  const tiered = await issueKey(root, account, { ...held, tier: "write", label: name });
  const rotated = await makeRotated(root, account, { ...held, scopes });
  const bulkAct = await emptyBulkAct(root);
  // Of another account: acts on all keys of this one say how many there are.
  const apart = (await put(`/v1/accounts/ext:${name}-apart`, { name: "B" })).body.account?.id ?? "";
  const link = await makeLink(root, apart);
  const handOver = await makeHandOver(root, apart);
  const made = { account, plan: name, environment: { name, tag }, name, member, named, tiered, rotated };
  const { id: scimKey } = await issueManagementKey(root, ["claviger:scim:write"]);
  return { ...made, bulkAct, link, handOver, approval: "", label: name, scimKey };
}

async function demandApproval(root: Api, { account, name }: Pick<World, "account" | "name">, rule: object) {
  succeeded(await root.put(`/v1/policies/${name}`, { approvals: [rule] }));
  succeeded(await root.put(`/v1/accounts/${account}/policy`, { policy: name }));
  const person = { email: "b@b.example", name: "B", role: "admin" };
  succeeded(await root.put(`/v1/accounts/${account}/members/ext:approver`, person));
}

/** A change of `named` by which it may do less, and live longer, for which policy wants approval. */
export async function askForChange(root: Api, { account, member, named, name }: World): Promise<string> {
  await demandApproval(root, { account, name }, { by: "account" });
  const body = { scopes: [`${name}:write`], expiresInDays: 60, requestedBy: member };
  return succeeded(await root.patch<{ approval: { id: string } }>(`/v1/keys/${named.id}`, body)).body.approval.id;
}

/** An emergency of `named` for which policy wants approval; `approve`: has it, and can be claimed. */
export async function askForEmergency(root: Api, world: World, approve: boolean): Promise<string> {
  const { member, named } = world;
  await demandApproval(root, world, { by: "account", acts: ["rotate"] });
  if (!approve) return "";
  const { body } = succeeded(
    await root.post<{ approval: { id: string } }>(`/v1/keys/${named.id}/rotate`, {
      ...{ overlapHours: 0, requestedBy: member },
    }),
  );
  succeeded(await root.post(`/v1/approvals/${body.approval.id}/approve`, { by: "ext:approver" }));
  return body.approval.id;
}

async function makeRotated(root: Api, account: string, fields: object): Promise<World["rotated"]> {
  const { id, secret: old } = await issueKey(root, account, { ...fields, dependants: [DEPENDANT] });
  const asked = { overlapHours: 1, graceStarts: "confirm" };
  const { body } = succeeded(await root.post<{ secret: string }>(`/v1/keys/${id}/rotate`, asked));
  return { id, secret: body.secret, old };
}

export const limitOf = (name: string, amount: number) => ({ name, amount, per: "hour" });

export function scopeBody(name: string, kind: "read" | "write") {
  const routes = { read: [`GET /${name}`, `GET /${name}/{id}`], write: [`POST /${name}`] }[kind];
  return {
    description: "May do things",
    tier: kind,
    sensitive: false,
    routes: routes.map((route) => ({ method: route.split(" ")[0], path: route.split(" ")[1] })),
  };
}
