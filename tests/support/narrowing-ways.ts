import type { Operation } from "@claviger/contract";
import type { Api } from "@claviger/testkit";
import { askForChange, askForEmergency, limitOf, NAMED, scopeBody, type World } from "./narrowing-world.ts";
import { approvalFor, DEPENDANT } from "./samples.ts";

/** A call of one operation, in a world. */
export interface Call {
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the management key. */
  readonly as?: string;
}

/**
 * A way to use an operation. `takes`: whether keys lose something by it. What a field of the body may do is shown by at least one
 * way that sets it, whatever it takes.
 */
export interface Way {
  readonly operation: string;
  readonly name: string;
  /** Fields of the body that it is about. */
  readonly fields: readonly string[];
  readonly takes: boolean;
  call(world: World): Call;
  /** It takes nothing now, and what it vouches for is in force already: there is nothing to wait for. */
  readonly settled?: boolean;
  /** What it needs beside, in the same world. */
  prepare?(root: Api, world: World): Promise<Partial<World>>;
  /** Done before, in the same world. */
  before?(world: World): Call & { readonly method: Operation["method"] };
}

const HOOK = { url: "https://hooks.invalid/", events: ["*"] };

type Making = (world: World) => Call;

export const way = (operation: string, name: string, fields: string, takes: boolean, call: Making): Way => ({
  ...{ operation, name, takes, call },
  fields: fields === "" ? [] : fields.split(" "),
});
const key =
  (fields: object | ((world: World) => object), which: "named" | "tiered" = "named"): Making =>
  (world) => ({
    path: `/v1/keys/${world[which].id}`,
    body: typeof fields === "function" ? fields(world) : fields,
  });
const account =
  (fields: (world: World) => object): Making =>
  (world) => ({ path: `/v1/accounts/${world.account}`, body: fields(world) });
const member =
  (fields: object): Making =>
  ({ account: id, member: who }) => ({
    path: `/v1/accounts/${id}/members/${who}`,
    body: { email: "a@b.example", name: "A", role: "admin", ...fields },
  });
const scope =
  (kind: "read" | "write", fields: object): Making =>
  ({ name }) => ({ path: `/v1/scopes/${name}:${kind}`, body: { ...scopeBody(name, kind), ...fields } });
const environment =
  (fields: object | ((world: World) => object)): Making =>
  (world) => ({
    path: `/v1/environments/${world.environment.name}`,
    body: {
      ...{ tag: world.environment.tag, class: "production", limits: [limitOf("environment", 400)] },
      ...(typeof fields === "function" ? fields(world) : fields),
    },
  });
const plan =
  (fields: object | ((world: World) => object)): Making =>
  (world) => ({
    path: `/v1/plans/${world.plan}`,
    body: { limits: [limitOf("plan", 500)], ...(typeof fields === "function" ? fields(world) : fields) },
  });
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

const THROTTLE = { amount: 3, per: "hour", reason: "x" };
const SUSPENDED_KEY: Way["before"] = ({ named }) => ({
  ...{ method: "POST", path: `/v1/keys/${named.id}/suspend`, body: { reason: "x" } },
});
const SUSPENDED_ACCOUNT: Way["before"] = ({ account: id }) => ({
  ...{ method: "POST", path: `/v1/accounts/${id}/suspend`, body: { reason: "x" } },
});

/** At least one for each field of each operation that writes. */
export const WAYS: readonly Way[] = [
  way(
    "accounts.put",
    "renamed",
    "name metadata",
    false,
    account(({ plan }) => ({ name: "B", plan, metadata: { a: 1 } })),
  ),
  way(
    "accounts.put",
    "without its plan",
    "plan",
    false,
    account(() => ({ name: "A" })),
  ),
  {
    ...way(
      "accounts.put",
      "onto a stricter plan",
      "plan",
      true,
      account(({ name }) => ({ name: "A", plan: `${name}-strict` })),
    ),
    before: ({ name }) => ({ method: "PUT", path: `/v1/plans/${name}-strict`, body: { limits: [limitOf("plan", 5)] } }),
  },
  way(
    "accounts.update",
    "renamed",
    "name metadata",
    false,
    account(() => ({ name: "B", metadata: { a: 1 } })),
  ),
  {
    ...way(
      "accounts.update",
      "onto a stricter plan",
      "plan",
      true,
      account(({ name }) => ({ plan: `${name}-strict` })),
    ),
    before: ({ name }) => ({ method: "PUT", path: `/v1/plans/${name}-strict`, body: { limits: [limitOf("plan", 5)] } }),
  },
  way("accounts.suspend", "for a reason", "reason", true, ({ account: id }) => ({
    ...{ path: `/v1/accounts/${id}/suspend`, body: { reason: "unpaid" } },
  })),
  {
    ...way("accounts.resume", "after a suspension", "", false, ({ account: id }) => ({
      path: `/v1/accounts/${id}/resume`,
    })),
    before: SUSPENDED_ACCOUNT,
  },
  way(
    "accounts.close",
    "with all of its keys",
    "reason eraseAfterDays confirm waitSeconds",
    true,
    ({ account: id }) => ({
      path: `/v1/accounts/${id}/close`,
      body: { reason: "x", eraseAfterDays: 365, confirm: 3, waitSeconds: 30 },
    }),
  ),
  way("accounts.close", "only looked at", "dryRun", false, ({ account: id }) => ({
    path: `/v1/accounts/${id}/close`,
    body: { reason: "x", dryRun: true },
  })),
  way("accounts.export", "with all that is known", "", false, ({ account: id }) => ({
    path: `/v1/accounts/${id}/export`,
  })),
  way("members.put", "renamed", "email name", false, member({ email: "c@d.example", name: "B" })),
  way("members.put", "as a viewer", "role", false, member({ role: "viewer" })),
  way("members.put", "deactivated", "status", false, member({ status: "deactivated" })),
  {
    ...way("members.put", "deactivated, whose keys stop by policy", "status", true, member({ status: "deactivated" })),
    before: ({ named, member: owner }) => ({ method: "PATCH", path: `/v1/keys/${named.id}`, body: { owner } }),
  },
  {
    ...way("members.offboard", "whose keys are revoked", "keys reason confirm waitSeconds", true, (world) => ({
      path: `/v1/accounts/${world.account}/members/${world.member}/offboard`,
      body: { keys: "revoke", reason: "x", confirm: 1, waitSeconds: 30 },
    })),
    before: ({ named, member: owner }) => ({ method: "PATCH", path: `/v1/keys/${named.id}`, body: { owner } }),
  },
  {
    ...way("members.offboard", "whose keys go to a team", "to", false, (world) => ({
      path: `/v1/accounts/${world.account}/members/${world.member}/offboard`,
      body: { keys: "hand-over", to: "team:a" },
    })),
    before: ({ named, member: owner }) => ({ method: "PATCH", path: `/v1/keys/${named.id}`, body: { owner } }),
  },
  way("members.offboard", "only looked at", "dryRun", false, (world) => ({
    path: `/v1/accounts/${world.account}/members/${world.member}/offboard`,
    body: { dryRun: true },
  })),
  way("offboarding.put", "to what it is", "*", false, () => ({
    ...{ path: "/v1/offboarding", body: { keys: "suspend" } },
  })),
  way("offboarding.put-account", "to what it is", "*", false, ({ account: id }) => ({
    ...{ path: `/v1/accounts/${id}/offboarding`, body: { keys: "suspend" } },
  })),
  way("scim-credentials.put", "of a key that may do nothing else", "", false, ({ account: id, scimKey }) => ({
    path: `/v1/accounts/${id}/scim-credentials/${scimKey}`,
  })),
  {
    ...way("scim-credentials.delete", "that is bound", "", false, ({ account: id, scimKey }) => ({
      path: `/v1/accounts/${id}/scim-credentials/${scimKey}`,
    })),
    before: ({ account: id, scimKey }) => ({ method: "PUT", path: `/v1/accounts/${id}/scim-credentials/${scimKey}` }),
  },
  way("services.put", "described", "name description metadata", false, ({ account: id }) => ({
    path: `/v1/accounts/${id}/services/ext:s`,
    body: { name: "S", description: "x", metadata: { a: 1 } },
  })),
  way("scopes.put", "described otherwise", "description", false, scope("read", { description: "Other" })),
  way("scopes.put", "in a higher tier", "tier", true, scope("read", { tier: "admin" })),
  way("scopes.put", "sensitive", "sensitive", true, scope("read", { sensitive: true })),
  way("scopes.put", "with a route less", "routes", true, scope("read", { routes: [] })),
  way("scopes.put", "a new one, which takes a route over", "routes", true, ({ name }) => ({
    path: `/v1/scopes/${name}:special`,
    body: { description: "x", tier: "admin", routes: [{ method: "GET", path: `/${name}/7` }] },
  })),
  way("environments.put", "of another class", "tag class", false, environment({ class: "staging" })),
  way(
    "environments.put",
    "with fewer scopes",
    "scopes",
    false,
    environment(({ name }) => ({ scopes: [`${name}:read`] })),
  ),
  way("environments.put", "with stricter limits", "limits", true, environment({ limits: [limitOf("environment", 4)] })),
  way("plans.put", "with fewer keys", "maxActiveKeys", false, plan({ maxActiveKeys: 1 })),
  way(
    "plans.put",
    "with fewer scopes",
    "scopes",
    false,
    plan(({ name }) => ({ scopes: [`${name}:read`] })),
  ),
  way("plans.put", "with stricter limits", "limits", true, plan({ limits: [limitOf("plan", 5), limitOf("more", 5)] })),
  way("policies.put", "stricter than all before", "*", false, ({ name }) => ({
    ...{ path: `/v1/policies/${name}`, body: { maxLifetimeDays: 1, requiredFields: ["owner"] } },
  })),
  {
    ...way("policies.put-account", "onto a stricter policy", "*", false, ({ account: id, name }) => ({
      ...{ path: `/v1/accounts/${id}/policy`, body: { policy: name, overrides: { maxActiveKeys: 1 } } },
    })),
    before: ({ name }) => ({ method: "PUT", path: `/v1/policies/${name}`, body: { requireIpBinding: true } }),
  },
  {
    ...way(
      "policies.put-environment",
      "to a stricter policy",
      "*",
      false,
      ({ environment: { name: where }, name }) => ({
        ...{ path: `/v1/environments/${where}/policy`, body: { policy: name } },
      }),
    ),
    before: ({ name }) => ({ method: "PUT", path: `/v1/policies/${name}`, body: { requireIpBinding: true } }),
  },
  way("keys.put-policy", "stricter", "*", false, ({ named }) => ({
    ...{ path: `/v1/keys/${named.id}/policy`, body: { rotationDays: 10, maxLifetimeDays: 60 } },
  })),
  way("notices.put", "told less", "*", false, ({ account: id, member: who }) => ({
    ...{ path: `/v1/accounts/${id}/members/${who}/notices`, body: { expiry: false, ended: false } },
  })),
  way("webhooks.put", "of all events", "*", false, ({ name }) => ({ path: `/v1/webhooks/${name}`, body: HOOK })),
  ...(
    [
      ["webhooks.delete", "", undefined],
      ["webhooks.test", "/test", undefined],
      ["webhooks.rotate-secret", "/rotate-secret", { overlapHours: 0 }],
      ["webhooks.replay", "/replay", { from: "2026-01-31T09:00:00Z", to: "2026-01-31T12:00:00Z" }],
    ] as const
  ).map(([operation, path, body]) => ({
    ...way(operation, "of a webhook", body === undefined ? "" : "*", false, ({ name }) => ({
      ...{ path: `/v1/webhooks/${name}${path}`, ...(body === undefined ? {} : { body }) },
    })),
    before: ({ name }: World) => ({ method: "PUT" as const, path: `/v1/webhooks/${name}`, body: HOOK }),
  })),
  way("budgets.put", "that is spent already", "amount", false, ({ named }) => ({
    path: `/v1/budgets/${named.id}/requests`,
    body: { amount: 1 },
  })),
  {
    ...way("budgets.delete", "of an account", "", false, ({ account: id }) => ({ path: `/v1/budgets/${id}/cost` })),
    before: ({ account: id }) => ({ method: "PUT", path: `/v1/budgets/${id}/cost`, body: { amount: 100 } }),
  },
  way("views.save", "of keys", "*", false, ({ name }) => ({
    path: `/v1/views/${name}`,
    body: { filter: { q: name } },
  })),
  {
    ...way("views.delete", "of keys", "*", false, ({ name }) => ({ path: `/v1/views/${name}` })),
    before: ({ name }) => ({ method: "PUT", path: `/v1/views/${name}`, body: { filter: { q: name } } }),
  },
  way(
    "imports.import",
    "of a key beside others",
    "*",
    false,
    ({ account: id, environment: { name: where }, name }) => ({
      path: "/v1/imports",
      headers: { "content-type": "application/x-ndjson" },
      body: `${JSON.stringify({ account: id, environment: where, label: "imported", scopes: [`${name}:read`], key: `old_${name}_0123456789abcdef` })}\n`,
    }),
  ),
  way("keys.create", "beside others", "*", false, ({ account: id, environment: { name: where }, name }) => ({
    path: "/v1/keys",
    body: { account: id, environment: where, label: "another", scopes: [`${name}:read`] },
  })),
  way(
    "keys.update",
    "without what it is found by",
    "label purpose rationale owner service storedIn",
    false,
    key({
      ...{ label: "B", purpose: "p", rationale: "r", owner: "team:a", service: null, storedIn: "vault" },
    }),
  ),
  way(
    "keys.update",
    "otherwise described",
    "criticality runbookUrl dependants tags metadata",
    false,
    key({
      ...{ criticality: "high", runbookUrl: "https://a.example/", dependants: ["x"], tags: ["t"], metadata: { a: 1 } },
    }),
  ),
  way("keys.update", "in a lower tier", "tier", true, key({ tier: "read" }, "tiered")),
  way(
    "keys.update",
    "with a scope less",
    "scopes",
    true,
    key(({ name }) => ({ scopes: [`${name}:read`] })),
  ),
  way(
    "keys.update",
    "ending sooner",
    "expiresAt",
    true,
    key(() => ({ expiresAt: inAnHour() })),
  ),
  way("keys.update", "ending in fewer days", "expiresInDays", true, key({ expiresInDays: 1 })),
  way("keys.update", "bound to addresses", "allowedIps", true, key({ allowedIps: ["192.0.2.0/24"] })),
  way("keys.update", "bound to origins", "allowedReferrers", true, key({ allowedReferrers: ["https://b.example"] })),
  way("keys.update", "bound to an API", "audiences", true, key({ audiences: ["billing"] })),
  way("keys.update", "with stricter limits", "limits", true, key({ limits: [limitOf("key", 3)] })),
  way("keys.rotate", "with an overlap", "overlapHours expiresAt expiresInDays", true, ({ named }) => ({
    ...{ path: `/v1/keys/${named.id}/rotate`, body: { overlapHours: 24 } },
  })),
  way("keys.rotate", "that waits for its first use", "graceStarts", true, ({ named }) => ({
    ...{ path: `/v1/keys/${named.id}/rotate`, body: { overlapHours: 24, graceStarts: "first-use" } },
  })),
  way("keys.rotate", "with its secret behind a link", "link", true, ({ named }) => ({
    ...{ path: `/v1/keys/${named.id}/rotate`, body: { overlapHours: 24, link: {} } },
  })),
  way("keys.reveal", "that is recoverable", "reason version", false, ({ named }) => ({
    ...{ path: `/v1/keys/${named.id}/reveal`, body: { reason: "x", version: 1 } },
  })),
  way("links.open", "for the first time", "token passphrase", false, ({ link: { token } }) => ({
    ...{ path: "/v1/links/open", body: { token, passphrase: "it asks for none" } },
  })),
  way("links.revoke", "that is open", "", false, ({ link }) => ({ path: `/v1/links/${link.id}/revoke` })),
  way("keys.rotate", "in an emergency", "overlapHours", true, ({ named }) => ({
    ...{ path: `/v1/keys/${named.id}/rotate`, body: { overlapHours: 0 } },
  })),
  {
    ...way("keys.rotate", "in an emergency that waits for approval", "requestedBy", false, ({ named, member }) => ({
      ...{ path: `/v1/keys/${named.id}/rotate`, body: { overlapHours: 0, requestedBy: member } },
    })),
    prepare: async (root, world) => ({ approval: await askForEmergency(root, world, false) }),
  },
  way("keys.rotate", "again, before the new version was used", "", true, ({ rotated }) => ({
    ...{ path: `/v1/keys/${rotated.id}/rotate`, body: { overlapHours: 24 } },
  })),
  way("keys.rotate-self", "by its holder", "*", true, ({ named }) => ({
    ...{ path: "/v1/keys/self/rotate", as: named.secret },
  })),
  way("rotation.confirm", "whose overlap waits for it", "", true, ({ rotated }) => ({
    path: `/v1/keys/${rotated.id}/rotation/confirm`,
  })),
  {
    ...way("rotation.extend", "that ends soon", "hours", false, ({ rotated }) => ({
      ...{ path: `/v1/keys/${rotated.id}/rotation/extend`, body: { hours: 2 } },
    })),
    before: ({ rotated }) => ({ method: "POST", path: `/v1/keys/${rotated.id}/rotation/confirm` }),
  },
  way("rotation.acknowledge", "by a dependant", "dependant", false, ({ rotated }) => ({
    ...{ path: `/v1/keys/${rotated.id}/rotation/acknowledge`, body: { dependant: DEPENDANT } },
  })),
  way("rotation.cancel", "whose new version works", "", true, ({ rotated }) => ({
    path: `/v1/keys/${rotated.id}/rotation/cancel`,
  })),
  way("rotation.finish", "whose old version works", "", true, ({ rotated }) => ({
    path: `/v1/keys/${rotated.id}/rotation/finish`,
  })),
  way("keys.revoke", "for a reason", "reason comment", true, ({ named }) => ({
    ...{ path: `/v1/keys/${named.id}/revoke`, body: { reason: "leaked", comment: "x" } },
  })),
  way("keys.revoke-self", "by its holder", "*", true, ({ named }) => ({
    ...{ path: "/v1/keys/self/revoke", as: named.secret },
  })),
  way(
    "keys.update",
    "in the name of a member",
    "requestedBy",
    true,
    key(({ name, member: who }) => ({ scopes: [`${name}:read`], requestedBy: who })),
  ),
  way("drills.start", "in the environment of others", "environment", false, ({ environment: { name } }) => ({
    ...{ path: "/v1/drills", body: { environment: name } },
  })),
  way("keys.suspend", "for a reason", "reason", true, ({ named }) => ({
    path: `/v1/keys/${named.id}/suspend`,
    body: { reason: "x" },
  })),
  ...(["revoke", "suspend"] as const).flatMap((verb): Way[] => {
    const many = (body: (world: World) => object): Making => {
      return (world) => ({ path: `/v1/keys/${verb}`, body: { reason: "unused", ...body(world) } });
    };
    const id = `keys.${verb}-many`;
    return [
      way(
        id,
        "by ids",
        "ids reason",
        true,
        many(({ named }) => ({ ids: [named.id], confirm: NAMED })),
      ),
      way(
        id,
        "of an account",
        "account confirm waitSeconds",
        true,
        many(({ account: of }) => ({ account: of, confirm: 3, waitSeconds: 30 })),
      ),
      way(
        id,
        "of an account's view",
        "view",
        true,
        many(({ account: of }) => ({ account: of, view: "no-owner" })),
      ),
      way(
        id,
        "only looked at",
        "dryRun",
        false,
        many(({ account: of }) => ({ account: of, dryRun: true })),
      ),
      {
        ...way(
          id,
          "of a member",
          "member",
          true,
          many(({ member: owner }) => ({ member: owner, confirm: NAMED })),
        ),
        before: ({ named, member: owner }) => ({ method: "PATCH", path: `/v1/keys/${named.id}`, body: { owner } }),
      },
      {
        ...way(
          id,
          "by a tag",
          "tag",
          true,
          many(({ name }) => ({ tag: name, confirm: NAMED })),
        ),
        before: ({ named, name }) => ({ method: "PATCH", path: `/v1/keys/${named.id}`, body: { tags: [name] } }),
      },
      {
        ...way(
          id,
          "of a service without keys",
          "service",
          false,
          many(({ account: of }) => ({ account: of, service: "svc_01ARZ3NDEKTSV4RRFFQ69G5FAV" })),
        ),
        settled: true,
      },
    ];
  }),
  way("keys.revoke-many", "with a comment", "comment", true, ({ named }) => ({
    ...{ path: "/v1/keys/revoke", body: { ids: [named.id], reason: "other", comment: "x", confirm: NAMED } },
  })),
  {
    ...way("approvals.approve", "of a change that takes some and gives some", "by comment", true, ({ approval }) => ({
      ...{ path: `/v1/approvals/${approval}/approve`, body: { by: "ext:approver", comment: "x" } },
    })),
    prepare: async (root, world) => ({ approval: await askForChange(root, world) }),
  },
  ...(["deny", "cancel"] as const).map(
    (verb): Way => ({
      ...way(`approvals.${verb}`, "of a change", "by comment", false, ({ approval }) => ({
        path: `/v1/approvals/${approval}/${verb}`,
        ...(verb === "deny" && { body: { by: "ext:approver", comment: "x" } }),
      })),
      prepare: async (root, world) => ({ approval: await askForChange(root, world) }),
    }),
  ),
  {
    ...way("approvals.claim", "of a key", "", false, ({ approval }) => ({ path: `/v1/approvals/${approval}/claim` })),
    prepare: async (root) => ({ approval: await approvalFor(root, "approvals.claim") }),
  },
  {
    ...way("approvals.claim", "of an emergency", "", true, ({ approval }) => ({
      path: `/v1/approvals/${approval}/claim`,
    })),
    prepare: async (root, world) => ({ approval: await askForEmergency(root, world, true) }),
  },
  {
    ...way("bulk-acts.finish", "that is over", "*", false, ({ bulkAct }) => ({
      path: `/v1/bulk-acts/${bulkAct}/finish`,
    })),
    settled: true,
  },
  way("keys.revoke", "with its label typed", "guarded confirm", true, ({ tiered, label }) => ({
    ...{ path: `/v1/keys/${tiered.id}/revoke`, body: { reason: "leaked", guarded: true, confirm: label } },
  })),
  way("keys.suspend", "with its label typed", "guarded confirm", true, ({ tiered, label }) => ({
    ...{ path: `/v1/keys/${tiered.id}/suspend`, body: { reason: "x", guarded: true, confirm: label } },
  })),
  way("keys.throttle", "to a few for an hour", "amount per forMinutes reason", true, ({ named }) => ({
    ...{ path: `/v1/keys/${named.id}/throttle`, body: { ...THROTTLE, forMinutes: 60 } },
  })),
  way("keys.throttle", "until a moment", "until", true, ({ named }) => ({
    ...{ path: `/v1/keys/${named.id}/throttle`, body: { ...THROTTLE, until: inAnHour() } },
  })),
  {
    ...way("keys.unthrottle", "after a throttle", "", false, ({ named }) => ({
      path: `/v1/keys/${named.id}/unthrottle`,
    })),
    before: ({ named }) => ({
      ...{ method: "POST", path: `/v1/keys/${named.id}/throttle`, body: { ...THROTTLE, forMinutes: 60 } },
    }),
  },
  {
    ...way("keys.resume", "after a suspension", "", false, ({ named }) => ({ path: `/v1/keys/${named.id}/resume` })),
    before: SUSPENDED_KEY,
  },
];
