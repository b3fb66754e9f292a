import type { Secret } from "@claviger/core";
import type { Acting } from "../kernel/act.ts";
import { putAccount, putMember, putService, resumeAccount, suspendAccount } from "../modules/accounts/index.ts";
import { putPlan, putScope } from "../modules/catalogue/index.ts";
import {
  type Authority,
  type CreateKeyInput,
  createKey,
  createKeys,
  revokeKey,
  suspendKey,
  updateKey,
} from "../modules/keys/index.ts";
import { putPolicy } from "../modules/policies/index.ts";
import { PLANS, SCOPES } from "./data/api.ts";
import {
  type DemoPlan,
  HISTORY_MS,
  HOUR_MS,
  type Offset,
  type PlannedAccount,
  type PlannedKey,
  type PlannedMember,
} from "./plan.ts";
import type { UnservedPorts } from "./unserved.ts";

/** What the steps find and leave behind. */
export interface Stage {
  readonly ports: UnservedPorts;
  readonly authority: Authority;
  /** When the demo starts, in milliseconds since the epoch. */
  readonly start: number;
  /** The keys that were made so far, by their place in the plan. */
  readonly keys: Map<number, { readonly id: string; readonly account: string }>;
  readonly examples: { readonly state: string; readonly secret: Secret }[];
}

/** Something that happens at a time. At one time, lower ranks come first. */
export interface Step {
  readonly at: Offset;
  readonly rank: number;
  run(stage: Stage): Promise<unknown>;
}

/** Everything that is done in a plan, in no order. */
export function stepsOf(plan: DemoPlan): Step[] {
  return [
    ...catalogueSteps(),
    ...plan.accounts.flatMap(accountSteps),
    ...plan.members.flatMap(memberSteps),
    ...plan.services.map(({ ref, account, name, description, at }) => ({
      ...{ at, rank: 4 },
      run: (stage: Stage) => putService(stage.ports, acting(stage), account, ref, { name, description }),
    })),
    ...keySteps(plan.keys),
  ];
}

/** The backend acts on behalf of the accounts' people. The addresses and names are made up. */
function acting<T>({ ports, authority }: Stage): Acting<T> {
  const source = {
    via: "api",
    ip: "192.0.2.10",
    userAgent: "platform-backend/4.2",
    requestId: ports.ids.make("req"),
  } as const;
  return { actor: { type: "management-key", id: authority.keyId }, source };
}

function catalogueSteps(): Step[] {
  const at = -HISTORY_MS + HOUR_MS;
  const scopes = SCOPES.map(({ name, routes, ...scope }): Step => {
    const parsed = routes.map((text) => ({ method: text.split(" ")[0] ?? "", path: text.split(" ")[1] ?? "" }));
    return {
      at,
      rank: 0,
      run: (stage) => putScope(stage.ports.act, acting(stage), name, { ...scope, routes: parsed }),
    };
  });
  const plans = PLANS.map(
    ({ name, ...plan }): Step => ({
      ...{ at, rank: 1 },
      run: (stage) => putPlan(stage.ports.act, acting(stage), name, plan),
    }),
  );
  return [...scopes, ...plans, { at, rank: 1, run: allowNever }];
}

/** As a platform begins that has not thought about it yet: keys of any risk may live for ever, and some do. */
function allowNever(stage: Stage): Promise<unknown> {
  const body = { maxLifetimeDays: null, risks: { high: { maxLifetimeDays: null } } };
  return putPolicy(
    stage.ports,
    acting(stage),
    stage.authority,
    "default",
    { description: null, body },
    { graceDays: 1 },
  );
}

function accountSteps({ ref, name, plan, metadata, at, suspended }: PlannedAccount): Step[] {
  const steps: Step[] = [
    { at, rank: 2, run: (stage) => putAccount(stage.ports, acting(stage), ref, { name, plan, metadata }) },
  ];
  if (suspended === null) return steps;
  const { until, reason } = suspended;
  steps.push({ at: suspended.at, rank: 7, run: (stage) => suspendAccount(stage.ports, acting(stage), ref, reason) });
  if (until !== null)
    steps.push({ at: until, rank: 7, run: (stage) => resumeAccount(stage.ports, acting(stage), ref) });
  return steps;
}

function memberSteps({ ref, account, email, name, role, at, leftAt }: PlannedMember): Step[] {
  const put = (status: "active" | "deactivated") => (stage: Stage) =>
    putMember(stage.ports, acting(stage), account, ref, { email, name, role, status });
  const joins: Step = { at, rank: 3, run: put("active") };
  return leftAt === null ? [joins] : [joins, { at: leftAt, rank: 7, run: put("deactivated") }];
}

/** Keys of one account that are made at one time are made in one act. */
function keySteps(keys: readonly PlannedKey[]): Step[] {
  const numbered = keys.map((key, index) => ({ key, index }));
  const groups = Map.groupBy(numbered, ({ key }) => `${key.account} ${key.at}`);
  const made = [...groups.values()].map(
    (group): Step => ({
      ...{ at: group[0]?.key.at ?? 0, rank: 5 },
      run: (stage) => makeKeys(stage, group),
    }),
  );
  return [...made, ...numbered.flatMap(({ key, index }) => laterSteps(key, index))];
}

async function makeKeys(stage: Stage, group: readonly { key: PlannedKey; index: number }[]): Promise<void> {
  const { ports, authority, start, examples } = stage;
  const inputs = group.map(
    ({ key }): CreateKeyInput => ({
      ...{
        ...key.description,
        account: key.account,
        environment: key.environment,
        label: key.label,
        createdBy: key.createdBy,
      },
      expiresAt: key.lifetime === null ? null : new Date(start + key.at + key.lifetime).toISOString(),
    }),
  );
  const [only] = inputs;
  const created =
    inputs.length === 1 && only !== undefined
      ? [(await createKey(ports, acting(stage), authority, only)).value]
      : ((await createKeys(ports, acting(stage), authority, inputs)).value ?? []);
  for (const [place, { key, index }] of group.entries()) {
    const one = created[place];
    if (one == null) throw new TypeError("every planned key is made");
    stage.keys.set(index, { id: one.key.id, account: one.key.account });
    if (key.example !== null) examples.push({ state: key.example, secret: one.secret });
  }
}

function laterSteps({ revoked, suspended, changed }: PlannedKey, index: number): Step[] {
  const steps: Step[] = [];
  const idIn = (stage: Stage): string => stage.keys.get(index)?.id ?? "";
  if (changed !== null) {
    const run: Step["run"] = (stage) =>
      updateKey(stage.ports, acting(stage), stage.authority, idIn(stage), changed.fields);
    steps.push({ at: changed.at, rank: 6, run });
  }
  if (suspended !== null) {
    const run: Step["run"] = (stage) =>
      suspendKey(stage.ports, acting(stage), stage.authority, idIn(stage), suspended.reason);
    steps.push({ at: suspended.at, rank: 8, run });
  }
  if (revoked !== null) {
    const { reason, comment } = revoked;
    const run: Step["run"] = (stage) =>
      revokeKey(stage.ports, acting(stage), stage.authority, idIn(stage), { reason, comment });
    steps.push({ at: revoked.at, rank: 8, run });
  }
  return steps;
}
