import { approvalOperations, pick } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Done } from "../../kernel/act.ts";
import { pageOf } from "../../kernel/page.ts";
import { type Answer, actingOf, type Route, route } from "../../kernel/route.ts";
import { findAccount } from "../accounts/index.ts";
import { renderHandOver, tellSecret } from "../keys/index.ts";
import { shapeRotation } from "../rotation/index.ts";
import type { Approval } from "./approval.ts";
import { findApproval, selectApprovals } from "./approvals.store.ts";
import { approveApproval } from "./approve-approval.ts";
import { cancelApproval } from "./cancel-approval.ts";
import { type Claimed, claimApproval } from "./claim-approval.ts";
import type { Decided } from "./decide-approval.ts";
import { denyApproval } from "./deny-approval.ts";
import type { ApprovalPorts } from "./ports.ts";
import { showApproval } from "./show-approval.ts";

const BY_ID = { ...{ sort: "-id", kinds: ["string"] as const }, valuesOf: ({ id }: Approval) => [id] };

export function approvalsRoutes(ports: ApprovalPorts): Route[] {
  const { database, clock, views } = ports;
  const render = async ({ approval, key }: Decided, tx: Tx) => ({
    ...{ approval: showApproval(approval, clock.wall()), key: await views.show(tx, key) },
  });
  const answered = (done: Done<Decided>): Answer => ({
    ...{ status: 200, body: { ...(done.body as object), effective: done.effective } },
  });
  return [
    route(pick(approvalOperations, "approvals.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { account: reference, key, status: phase } = call.query;
        const account = reference === undefined ? undefined : await findAccount(tx, reference);
        if (account === null) throw new ClavigerError("NOT_FOUND");
        const now = clock.wall();
        const page = await pageOf<Approval>(call.query, BY_ID, (after, count) => {
          const before = after === null ? null : String(after[0]);
          return selectApprovals(tx, { account: account?.id, key, phase }, before, count, new Date(now));
        });
        const data = page.data.map((approval) => showApproval(approval, now));
        return { status: 200, body: { data, nextCursor: page.nextCursor } };
      }),
    ),
    route(pick(approvalOperations, "approvals.get"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const approval = await findApproval(tx, call.params.id);
        if (approval === null) throw new ClavigerError("NOT_FOUND");
        return { status: 200, body: showApproval(approval, clock.wall()) };
      }),
    ),
    route(pick(approvalOperations, "approvals.approve"), async (call) => {
      const decision = { authority: call.principal, id: call.params.id, ...call.body };
      return answered(await approveApproval(ports, actingOf(call, render), decision));
    }),
    route(pick(approvalOperations, "approvals.deny"), async (call) => {
      const decision = { authority: call.principal, id: call.params.id, ...call.body };
      return answered({ ...(await denyApproval(ports, actingOf(call, render), decision)), effective: null });
    }),
    route(pick(approvalOperations, "approvals.cancel"), async (call) => {
      const done = await cancelApproval(ports, actingOf(call, render), call.principal, call.params.id);
      return answered({ ...done, effective: null });
    }),
    route(pick(approvalOperations, "approvals.claim"), async (call) => {
      const acting = actingOf<Claimed>(call, async (made, tx) => ({
        ...(await render(made, tx)),
        ...renderHandOver(made),
        rotation: made.rotation === null ? null : shapeRotation(made.rotation.rotation),
      }));
      const done = await claimApproval(ports, acting, call.principal, call.params.id, call.body ?? {});
      return { status: 201, body: { ...tellSecret(done.body, done.value), effective: done.effective } };
    }),
  ];
}
