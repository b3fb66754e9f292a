import { PLATFORM } from "../../db/index.ts";
import { SYSTEM_SOURCE } from "../../kernel/act.ts";
import { findApproval, selectOverdue } from "./approvals.store.ts";
import type { ApprovalPorts } from "./ports.ts";
import { endRequestedKey, stepAndSave } from "./step-approval.ts";

const AT_ONCE = 200;
const ACTOR = { type: "system", id: "approvals" } as const;

/** Writes down, on any node, which requests time has ended; what it has ended counts as expired before that. */
export async function expireApprovals({
  keys,
  database,
  clock,
}: Pick<ApprovalPorts, "keys" | "database" | "clock">): Promise<void> {
  const now = new Date(clock.wall());
  const overdue = await database.transaction(PLATFORM, (tx) => selectOverdue(tx, now, AT_ONCE));
  for (const id of overdue) {
    await keys.act({ actor: ACTOR, source: SYSTEM_SOURCE }, PLATFORM, async (unit) => {
      const before = await findApproval(unit.tx, id, true);
      if (before === null || before.endedAt !== null || before.dueAt > unit.now) return unit.foundDone();
      const approval = await stepAndSave(unit, before, { type: "tick" });
      await endRequestedKey(unit, approval, "The request has expired.");
      unit.audits({
        ...{ action: "approval.expired", account: approval.account, target: { type: "approval", id } },
        ...{ before: { status: before.phase }, after: { status: approval.phase, key: approval.key } },
      });
      unit.emits({
        type: "approval.expired",
        account: approval.account,
        payload: { approval: id, key: approval.key, kind: approval.kind },
      });
    });
  }
}
