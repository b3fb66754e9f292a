import { offboardingOperations, pick } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Done } from "../../kernel/act.ts";
import type { ManagementPrincipal } from "../../kernel/principal.ts";
import { type Answer, actingOf, type Route, route } from "../../kernel/route.ts";
import { findMember } from "../accounts/index.ts";
import { answeredBulkAct, finishBulkAct } from "../bulk-acts/index.ts";
import { ownerOf } from "../keys/index.ts";
import { shownOffboarding } from "./leaving.ts";
import { type LeftFacts, offboardMember, type PreviewedOffboarding, previewOffboarding } from "./offboard-member.ts";
import { findOffboarding } from "./offboarding.store.ts";
import type { Offboarding, ResolvedPolicy } from "./offboarding.ts";
import type { OffboardingPorts } from "./ports.ts";
import { putOffboardingPolicy, readPolicy, requireCustomer } from "./put-offboarding-policy.ts";

const SECOND_MS = 1_000;
const NOTHING = { bulkAct: null, results: [], effective: null };

const showPolicy = ({ keys, to, setBy, updatedAt }: ResolvedPolicy) => ({
  ...{ keys, to: to === null ? null : ownerOf(to), setBy },
  updatedAt: updatedAt?.toISOString() ?? null,
});

/** Labels and uses of keys are shown to who may see keys. */
function showFacts({ sample, ...facts }: LeftFacts, { scopes }: ManagementPrincipal) {
  return { ...facts, sample: scopes.has("claviger:keys:read") ? sample : [] };
}

function showPreview({ keys, to, owned, made, confirm }: PreviewedOffboarding, principal: ManagementPrincipal) {
  return {
    ...{ keys, to: to === null ? null : ownerOf(to), confirm },
    ...{ owned: showFacts(owned, principal), made: showFacts(made, principal) },
  };
}

export function offboardingRoutes(ports: OffboardingPorts): Route[] {
  return [...policyRoutes(ports), ...memberRoutes(ports)];
}

function policyRoutes(ports: OffboardingPorts): Route[] {
  const { database } = ports;
  const saved = (done: Done<ResolvedPolicy>): Answer => ({ status: 200, body: done.body });
  return [
    route(pick(offboardingOperations, "offboarding.put"), async (call) =>
      saved(
        await putOffboardingPolicy(
          ports,
          actingOf(call, async (policy) => showPolicy(policy)),
          null,
          call.body,
        ),
      ),
    ),
    route(pick(offboardingOperations, "offboarding.get"), async () => ({
      status: 200,
      body: showPolicy(await database.transaction(PLATFORM, (tx) => readPolicy(tx, null))),
    })),
    route(pick(offboardingOperations, "offboarding.put-account"), async (call) =>
      saved(
        await putOffboardingPolicy(
          ports,
          actingOf(call, async (policy) => showPolicy(policy)),
          call.params.id,
          call.body,
        ),
      ),
    ),
    route(pick(offboardingOperations, "offboarding.get-account"), async (call) => ({
      status: 200,
      body: showPolicy(
        await database.transaction(PLATFORM, async (tx) => readPolicy(tx, await requireCustomer(tx, call.params.id))),
      ),
    })),
  ];
}

function memberRoutes(ports: OffboardingPorts): Route[] {
  const { database } = ports;
  return [
    route(pick(offboardingOperations, "members.offboard"), async (call) => {
      const { dryRun, waitSeconds, ...input } = call.body ?? { dryRun: false, waitSeconds: 20 };
      const { account, id } = call.params;
      if (dryRun) {
        const found = await previewOffboarding(ports, call.principal, account, id, input);
        const preview = showPreview(found, call.principal);
        return { status: 200, body: { dryRun, preview, offboarding: null, ...NOTHING } };
      }
      const acting = actingOf<Offboarding>(call, async (left) => shownOffboarding(left));
      const done = await offboardMember(ports, acting, call.principal, account, id, input);
      const offboarding = done.body as { readonly bulkAct: string | null };
      const told = { dryRun, preview: null, offboarding };
      if (offboarding.bulkAct === null)
        return { status: 200, body: { ...told, ...NOTHING, effective: done.effective } };
      const finished = await finishBulkAct(ports, acting, offboarding.bulkAct, waitSeconds * SECOND_MS);
      const { status, body } = await answeredBulkAct(database, finished);
      return { status, body: { ...told, ...body } };
    }),
    route(pick(offboardingOperations, "members.offboarding"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const member = await findMember(tx, await requireCustomer(tx, call.params.account), call.params.id);
        const left = member === null ? null : await findOffboarding(tx, member.account, member.id);
        if (left === null) throw new ClavigerError("NOT_FOUND");
        return { status: 200, body: shownOffboarding(left) };
      }),
    ),
  ];
}
