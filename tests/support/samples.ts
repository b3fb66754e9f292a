import type { Operation } from "@claviger/contract";
import { type Api, type MadeAccount, succeeded, uniqueSuffix, waitFor } from "@claviger/testkit";

/** Ids that exist, for requests that would succeed. */
export interface Existing {
  readonly account: MadeAccount;
  readonly key: string;
  /** A link that is open, and what stands behind its `#`. Where they are left out, ones that nobody made. */
  readonly link?: MadeLink;
  /** A secret that is offered. Where it is left out, one that nobody made. */
  readonly handOver?: string;
  /** Where it is left out, one that nobody started. */
  readonly bulkAct?: string;
  /** An account that nobody needs any more; where it is left out, one that there is not. */
  readonly closable?: string;
  /** A management key that may be bound to an account; where it is left out, one that there is not. */
  readonly scimKey?: string;
  /** The same of a drill. */
  readonly drill?: string;
  /** The same of a request for approval. */
  readonly approval?: string;
  readonly secret: string;
}

export interface MadeLink {
  readonly id: string;
  readonly token: string;
}

/** A link to the secret of a new key. */
export async function makeLink(root: Api, account: string, wanted: object = {}): Promise<MadeLink> {
  const body = { account, environment: "live", label: "behind a link", scopes: ["contacts:read"], link: wanted };
  const made = succeeded(await root.post<{ link: { id: string; url: string } }>("/v1/keys", body)).body.link;
  return { id: made.id, token: new URL(made.url).hash.slice(1) };
}

/** A secret store that nobody can reach, which shows at once. */
export const STORE = { vault: { address: "https://localhost:1", token: "hvs.of-a-test" } };

/** The secret of a new key, offered to whoever claims it. */
export async function makeHandOver(root: Api, account: string): Promise<string> {
  const deliverTo = { offer: true };
  const body = { account, environment: "live", label: "for a store", scopes: ["contacts:read"], deliverTo };
  return succeeded(await root.post<{ handOver: { id: string } }>("/v1/keys", body)).body.handOver.id;
}

/** An act on no key at all, which is over when it begins. */
export async function emptyBulkAct(root: Api): Promise<string> {
  const body = { tag: "that no key has", reason: "unused" };
  return succeeded(await root.post<{ bulkAct: { id: string } }>("/v1/keys/revoke", body)).body.bulkAct.id;
}

/** Asks for a key in the name of one member of an account of its own, where policy wants another's approval; `ext:approver` may decide. */
export async function askForKey(
  root: Api,
  asker = root,
): Promise<{ readonly approval: string; readonly account: string }> {
  const name = uniqueSuffix();
  // Of two changes of policies at the same moment one is refused, and asked for again.
  const put = (path: string, body: object) =>
    waitFor(async () => {
      const answer = await root.put(path, body);
      return answer.status === 409 ? null : succeeded(answer);
    });
  await put(`/v1/policies/asked-${name}`, { approvals: [{ by: "account" }] });
  await put(`/v1/accounts/ext:asked-${name}`, { name: "Asked" });
  const { id: account } = succeeded(await root.get<{ id: string }>(`/v1/accounts/ext:asked-${name}`)).body;
  for (const member of ["asker", "approver"]) {
    const person = { email: `${member}@asked.example`, name: member, role: "admin" };
    await put(`/v1/accounts/${account}/members/ext:${member}`, person);
  }
  await put(`/v1/accounts/${account}/policy`, { policy: `asked-${name}` });
  const asked = await asker.post<{ approval: { id: string } }>("/v1/keys", {
    ...{ account, environment: "live", label: "asked for", scopes: ["contacts:read"], createdBy: "ext:asker" },
  });
  return { approval: succeeded(asked).body.approval.id, account };
}

/** A drill that was held. */
export async function holdDrill(root: Api): Promise<string> {
  return succeeded(await root.post<{ id: string }>("/v1/drills")).body.id;
}

/** A request on which this operation succeeds. */
export async function approvalFor(root: Api, operation: string, asker = root): Promise<string> {
  const { approval } = await askForKey(root, asker);
  if (operation !== "approvals.claim") return approval;
  succeeded(await root.post(`/v1/approvals/${approval}/approve`, { by: "ext:approver" }));
  return approval;
}

/** Registered with keys whose rotations are to be acknowledged. */
export const DEPENDANT = "Nightly report";

/** An open rotation of a key that somebody depends on; answers its new secret. */
export async function beginRotation(root: Api, key: string): Promise<string> {
  succeeded(await root.patch(`/v1/keys/${key}`, { dependants: [DEPENDANT] }));
  return succeeded(await root.post<{ secret: string }>(`/v1/keys/${key}/rotate`, {})).body.secret;
}

/** The name of the caller that is made here. */
const CALLER = "nightly";

/** Splits a key: one caller, which somebody has named and who has no key yet. */
export async function beginSplit(root: Api, key: string): Promise<void> {
  // Who asks for many at once is told to come again.
  const done = (ask: () => ReturnType<Api["post"]>) =>
    waitFor(async () => {
      const answer = await ask();
      return answer.status === 429 ? null : succeeded(answer);
    });
  await done(() => root.post(`/v1/keys/${key}/split`));
  await done(() => root.put(`/v1/keys/${key}/split/callers/${CALLER}`, { match: { agent: CALLER } }));
}

/** Operations that take a key which is being split. */
export const ofOpenSplit = (id: string): boolean =>
  id.startsWith("split-callers.") || /^splits\.(get|finish|cancel)$/.test(id);

export interface Sample {
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What `body` has, one by one, where an operation takes lines. */
  readonly lines?: readonly object[];
}

/** The name of the import that is made here. */
const IMPORT = "sample";
const LINES: Readonly<Record<string, (existing: Existing) => readonly object[]>> = {
  "imports.import": ({ account }) => [
    { account: account.id, environment: "live", label: "a key", scopes: ["contacts:read"], sha256: "5e".repeat(32) },
  ],
};

const PARAMETERS: Readonly<Record<string, (existing: Existing) => string>> = {
  "accounts.id": ({ account }) => account.externalId,
  "accounts.close.id": ({ closable }) => closable ?? "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "members.account": ({ account }) => account.id,
  "members.id": () => "ext:owner",
  "members.offboard.id": () => "ext:viewer",
  "members.offboarding.id": () => "ext:viewer",
  "offboarding.id": ({ account }) => account.id,
  "scim-credentials.id": ({ account }) => account.id,
  "scim-credentials.key": ({ scimKey }) => scimKey ?? "key_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "services.account": ({ account }) => account.id,
  "services.id": () => "ext:crm",
  "scopes.name": () => "contacts:read",
  "environments.name": () => "live",
  "plans.name": () => "basic",
  "policies.name": () => "default",
  "policies.put.name": () => "strict",
  "policies.put-environment.name": () => "live",
  "policies.get-environment.name": () => "live",
  "policies.id": ({ account }) => account.id,
  "views.name": () => "mine",
  // There without anybody having saved it.
  "views.show.name": () => "never-used",
  "budgets.subject": ({ account }) => account.id,
  "budgets.measure": () => "requests",
  "imports.id": () => `ext:${IMPORT}`,
  "bulk-acts.id": ({ bulkAct }) => bulkAct ?? "bulk_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "webhooks.id": () => "sample",
  "stores.id": () => "sample",
  "schedules.id": ({ key }) => key,
  "splits.id": ({ key }) => key,
  "split-callers.id": ({ key }) => key,
  "split-callers.name": () => CALLER,
  "hand-overs.id": ({ handOver }) => handOver ?? "hov_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "approvals.id": ({ approval }) => approval ?? "apr_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "notices.account": ({ account }) => account.id,
  "notices.member": () => "ext:owner",
  "drills.id": ({ drill }) => drill ?? "drl_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "links.id": ({ link }) => link?.id ?? "link_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "keys.id": ({ key }) => key,
  "rotation.id": ({ key }) => key,
};

const BODIES: Readonly<Record<string, (existing: Existing) => unknown>> = {
  "accounts.put": () => ({ name: "Acme" }),
  "accounts.update": () => ({ name: "Acme" }),
  "accounts.close": () => ({ reason: "the contract has ended" }),
  "accounts.suspend": () => ({ reason: "unpaid" }),
  "members.put": () => ({ email: "owner@acme.example", name: "The owner", role: "owner" }),
  "offboarding.put": () => ({ keys: "suspend" }),
  "offboarding.put-account": () => ({ keys: "suspend" }),
  "notices.put": () => ({ rotation: true }),
  "services.put": () => ({ name: "CRM" }),
  "scopes.put": () => ({ description: "May read", tier: "read", routes: [{ method: "GET", path: "/contacts" }] }),
  "environments.put": () => ({ tag: "live", class: "production" }),
  "plans.put": () => ({ limits: [] }),
  "policies.put": () => ({ maxLifetimeDays: 365 }),
  "policies.put-account": () => ({ overrides: { rotationDays: 90 } }),
  "policies.put-environment": () => ({ policy: null }),
  "policies.preview": () => ({ policy: { name: "default", maxLifetimeDays: 365 } }),
  "keys.put-policy": () => ({ rotationDays: 30 }),
  "stores.put": () => STORE,
  "schedules.put": () => ({ everyDays: 3650, deliverTo: { offer: true } }),
  "splits.finish": () => ({ early: true }),
  "split-callers.put": () => ({ match: { agent: CALLER } }),
  "split-callers.issue": () => ({ owner: "team:data", scopes: ["contacts:read"] }),
  "webhooks.put": () => ({ url: "https://hooks.invalid/", events: ["webhook.disabled"] }),
  "webhooks.rotate-secret": () => ({ overlapHours: 1 }),
  "webhooks.replay": () => ({ from: "2026-01-31T09:00:00Z", to: "2026-01-31T12:00:00Z" }),
  "views.save": () => ({ filter: { q: "report" } }),
  "keys.create": ({ account }) => ({
    account: account.id,
    environment: "live",
    label: "a key",
    scopes: ["contacts:read"],
  }),
  "keys.reveal": () => ({ reason: "the integration lost it" }),
  "links.open": ({ link }) => ({ token: link?.token ?? "A".repeat(43) }),
  "budgets.put": () => ({ amount: 1_000_000 }),
  "keys.update": () => ({ purpose: "reports" }),
  "approvals.approve": () => ({ by: "ext:approver" }),
  "approvals.deny": () => ({ by: "ext:approver" }),
  "keys.revoke": () => ({ reason: "unused" }),
  "rotation.extend": () => ({ hours: 1 }),
  "rotation.acknowledge": () => ({ dependant: DEPENDANT }),
  "keys.revoke-many": () => ({ tag: "that no key has", reason: "unused" }),
  "keys.suspend-many": () => ({ tag: "that no key has", reason: "a question" }),
  "keys.suspend": () => ({ reason: "a question" }),
  "keys.throttle": () => ({ amount: 1_000_000, per: "minute", forMinutes: 60, reason: "a question" }),
  "verification.verify": ({ secret }) => ({ key: secret, environment: "live" }),
  "verification.verify-batch": ({ secret }) => ({ checks: [{ key: secret, environment: "live" }] }),
};

/** Of operations that cannot do without. */
const QUERIES: Readonly<Record<string, string>> = {
  "imports.import": "?more=true",
  "endpoints.inspect": "?environment=live&template=%2Fcontacts",
};

const ORIGINAL = { "x-original-method": "GET", "x-original-uri": "/contacts" };

/** A request of this operation that succeeds with the right credential. Throws for an operation that nobody has described here. */
export function sampleOf(operation: Operation, existing: Existing): Sample {
  const noun = operation.id.split(".")[0] ?? "";
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = PARAMETERS[`${operation.id}.${name}`] ?? PARAMETERS[`${noun}.${name}`];
    if (value === undefined) throw new TypeError(`say in tests/support/samples.ts what ${noun}.${name} is`);
    return encodeURIComponent(value(existing));
  });
  const body = BODIES[operation.id];
  if (body === undefined && operation.body !== undefined && !operation.body.safeParse(undefined).success) {
    throw new TypeError(`say in tests/support/samples.ts what the body of ${operation.id} is`);
  }
  const lines = LINES[operation.id];
  if (lines === undefined && operation.lines !== undefined) {
    throw new TypeError(`say in tests/support/samples.ts what the lines of ${operation.id} are`);
  }
  const authorizes = operation.id.startsWith("verification.authorize");
  return {
    path: `${path}${QUERIES[operation.id] ?? (authorizes ? "?environment=live" : "")}`,
    ...(body === undefined ? {} : { body: body(existing) }),
    ...(lines === undefined ? {} : linesOf(lines(existing))),
    ...(authorizes ? { headers: { ...ORIGINAL, "x-api-key": existing.secret } } : {}),
  };
}

function linesOf(lines: readonly object[]): Pick<Sample, "body" | "headers" | "lines"> {
  const headers = { "content-type": "application/x-ndjson", "idempotency-key": IMPORT };
  return { lines, body: lines.map((line) => `${JSON.stringify(line)}\n`).join(""), headers };
}
