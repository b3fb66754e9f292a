import { pick, policyOperations } from "@claviger/contract";
import { ClavigerError, type PolicyFault } from "@claviger/core";
import { type Database, PLATFORM } from "../../db/index.ts";
import { pageOf } from "../../kernel/page.ts";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import { graceEnd } from "./begin-enforcement.ts";
import type { AccountPolicy, Enforcement, EnvironmentPolicy, Policy, PolicyChange } from "./policy.ts";
import type { PoliciesPorts } from "./ports.ts";
import { type PutAccountPolicy, putAccountPolicy } from "./put-account-policy.ts";
import { type PutEnvironmentPolicy, putEnvironmentPolicy } from "./put-environment-policy.ts";
import { type PutPolicy, putPolicy } from "./put-policy.ts";
import { selectEnforcements } from "./queries/enforcements.ts";
import {
  demandReferable,
  getAccountPolicy,
  getEnvironmentPolicy,
  getPolicy,
  listPolicies,
  requireAccountId,
  requireEnvironment,
} from "./queries.ts";

/** A key that a changed policy would find wrong; what keys there are is not known here. */
interface Broken {
  readonly key: {
    readonly id: string;
    readonly account: string;
    readonly label: string;
    readonly expiresAt: Date | null;
  };
  readonly endsAt: Date | null;
  readonly faults: readonly PolicyFault[];
}

export interface PoliciesRoutePorts extends PoliciesPorts {
  /** Throws UNAVAILABLE where whoever asks has one under way, or others have too many. */
  preview(
    asker: string,
    request: {
      readonly change: PolicyChange;
      readonly graceUntil: Date;
      readonly after: string | null;
      readonly most: number;
    },
  ): Promise<{ readonly counts: object | null; readonly rows: readonly Broken[] }>;
}

function show({ name, description, body, createdAt, updatedAt }: Policy) {
  const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return { name, description, ...body, ...times };
}

function withTime<T extends AccountPolicy | EnvironmentPolicy>(policy: T) {
  return { ...policy, updatedAt: policy.updatedAt?.toISOString() ?? null };
}

function showEnforcement({ graceUntil, startedAt, finishedAt, ...rest }: Enforcement) {
  return {
    ...{ id: rest.id, subject: rest.subject, graceUntil: graceUntil.toISOString() },
    ...{ looked: rest.looked, shortened: rest.shortened, superseded: rest.superseded },
    ...{ startedAt: startedAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null },
  };
}

const withEnforcement = (policy: object, enforcement: Enforcement | null) => ({
  ...{ policy, enforcement: enforcement === null ? null : showEnforcement(enforcement) },
});

function showBroken({ key, endsAt, faults }: Broken) {
  return {
    ...{ key: key.id, account: key.account, label: key.label },
    ...{ expiresAt: key.expiresAt?.toISOString() ?? null, endsAt: endsAt?.toISOString() ?? null },
    breaks: faults.map(({ rule, path, message }) => ({ rule, path, message })),
  };
}

export function policiesRoutes(ports: PoliciesRoutePorts): Route[] {
  return [...policyRoutes(ports), ...referringRoutes(ports), ...enforcementRoutes(ports)];
}

function policyRoutes(ports: PoliciesRoutePorts): Route[] {
  const { database } = ports;
  return [
    route(pick(policyOperations, "policies.put"), async (call) => {
      const { description = null, graceDays, confirm, ...body } = call.body;
      const acting = actingOf<PutPolicy>(call, async (put) => withEnforcement(show(put.policy), put.enforcement));
      const input = { description, body };
      const done = await putPolicy(ports, acting, call.principal, call.params.name, input, { graceDays, confirm });
      return { status: done.value?.created === true ? 201 : 200, body: done.body };
    }),
    route(pick(policyOperations, "policies.get"), async (call) => ({
      status: 200,
      body: show(await database.transaction(PLATFORM, (tx) => getPolicy(tx, call.params.name))),
    })),
    route(pick(policyOperations, "policies.list"), async (call) => {
      const page = await database.transaction(PLATFORM, (tx) => listPolicies(tx, call.query));
      return { status: 200, body: { data: page.data.map(show), nextCursor: page.nextCursor } };
    }),
  ];
}

function referringRoutes(ports: PoliciesRoutePorts): Route[] {
  const { database } = ports;
  return [
    route(pick(policyOperations, "policies.put-account"), async (call) => {
      const { graceDays, confirm, ...input } = call.body;
      const acting = actingOf<PutAccountPolicy>(call, async (put) =>
        withEnforcement(withTime(put.policy), put.enforcement),
      );
      const done = await putAccountPolicy(ports, acting, call.params.id, input, { graceDays, confirm });
      return { status: 200, body: done.body };
    }),
    route(pick(policyOperations, "policies.get-account"), async (call) => ({
      status: 200,
      body: withTime(await database.transaction(PLATFORM, (tx) => getAccountPolicy(tx, call.params.id))),
    })),
    route(pick(policyOperations, "policies.put-environment"), async (call) => {
      const { graceDays, confirm, policy } = call.body;
      const acting = actingOf<PutEnvironmentPolicy>(call, async (put) =>
        withEnforcement(withTime(put.policy), put.enforcement),
      );
      const done = await putEnvironmentPolicy(ports, acting, call.params.name, policy, { graceDays, confirm });
      return { status: 200, body: done.body };
    }),
    route(pick(policyOperations, "policies.get-environment"), async (call) => ({
      status: 200,
      body: withTime(await database.transaction(PLATFORM, (tx) => getEnvironmentPolicy(tx, call.params.name))),
    })),
  ];
}

const SEE_KEYS = "claviger:keys:read";
const NEWEST_FIRST = { sort: "-id", kinds: ["string"], valuesOf: (row: Enforcement) => [row.id] } as const;
const BY_KEY = { sort: "key", kinds: ["string"], valuesOf: ({ key }: Broken) => [key.id] } as const;

function enforcementRoutes(ports: PoliciesRoutePorts): Route[] {
  const { database, clock } = ports;
  return [
    route(pick(policyOperations, "policies.preview"), async (call) => {
      const { graceDays, limit, cursor, ...asked } = call.body;
      const change = await changeOf(database, asked);
      const graceUntil = graceEnd(new Date(clock.wall()), { graceDays });
      let counts: object | null = null;
      const page = await pageOf<Broken>({ limit, cursor }, BY_KEY, async (after, most) => {
        const from = after === null ? null : String(after[0]);
        const found = await ports.preview(call.principal.keyId, { change, graceUntil, after: from, most });
        counts = found.counts;
        return found.rows;
      });
      // Who may see policies and no keys is told numbers.
      const { data, nextCursor } = call.principal.scopes.has(SEE_KEYS) ? page : { data: [], nextCursor: null };
      return {
        status: 200,
        body: { counts, graceUntil: graceUntil.toISOString(), data: data.map(showBroken), nextCursor },
      };
    }),
    route(pick(policyOperations, "policies.list-enforcements"), async (call) => {
      const page = await database.transaction(PLATFORM, (tx) =>
        pageOf<Enforcement>(call.query, NEWEST_FIRST, (after, count) =>
          selectEnforcements(tx, after === null ? null : String(after[0]), count),
        ),
      );
      return { status: 200, body: { data: page.data.map(showEnforcement), nextCursor: page.nextCursor } };
    }),
  ];
}

interface AskedChange {
  readonly policy?: ({ readonly name: string } & Policy["body"]) | undefined;
  readonly account?:
    | {
        readonly id: string;
        readonly policy?: string | null | undefined;
        readonly overrides?: Policy["body"] | undefined;
      }
    | undefined;
  readonly environment?: { readonly name: string; readonly policy: string | null } | undefined;
}

/** Throws NOT_FOUND, VALIDATION_FAILED, as the act itself would. */
function changeOf(database: Database, { policy, account, environment }: AskedChange): Promise<PolicyChange> {
  return database.transaction(PLATFORM, async (tx): Promise<PolicyChange> => {
    if (account !== undefined) {
      await demandReferable(tx, account.policy ?? null);
      const id = await requireAccountId(tx, account.id);
      return { kind: "account", account: id, policy: account.policy ?? null, overrides: account.overrides ?? {} };
    }
    if (environment !== undefined) {
      await requireEnvironment(tx, environment.name);
      await demandReferable(tx, environment.policy);
      return { kind: "environment", environment: environment.name, policy: environment.policy };
    }
    if (policy === undefined) throw new ClavigerError("VALIDATION_FAILED");
    const { name, ...body } = policy;
    return { kind: "policy", name, body };
  });
}
