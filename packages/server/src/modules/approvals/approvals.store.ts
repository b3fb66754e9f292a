import type { ApprovalKind, ApprovalPhase } from "@claviger/core";
import { type Selectable, sql } from "kysely";
import type { Schema, Tx } from "../../db/index.ts";
import type { Approval, ApprovalChange } from "./approval.ts";

function fromRow(row: Selectable<Schema["approval"]>): Approval {
  const decider = row.decided_by === null ? null : { key: row.decided_by, member: row.decided_for };
  return {
    ...{ id: row.id, account: row.account_id, kind: row.kind, key: row.key_id, environment: row.environment },
    ...{ label: row.label, approver: row.approver, phase: row.phase, input: row.input as Approval["input"] },
    ...{ change: row.change as ApprovalChange, asker: { key: row.asked_by, member: row.asked_for } },
    ...{ createdAt: row.created_at, dueAt: row.due_at, decidedBy: decider, decidedAt: row.decided_at },
    ...{ comment: row.comment, endedAt: row.ended_at },
  };
}

export async function insertApproval(tx: Tx, approval: Approval): Promise<void> {
  const { id, account, kind, key, environment, label, approver, phase, asker, createdAt, dueAt } = approval;
  await tx
    .insertInto("approval")
    .values({
      ...{ id, account_id: account, kind, key_id: key, environment, label, approver, phase },
      ...{ input: JSON.stringify(approval.input), change: JSON.stringify(approval.change) },
      ...{ asked_by: asker.key, asked_for: asker.member, created_at: createdAt, due_at: dueAt },
      ...{ decided_by: null, decided_for: null, decided_at: null, comment: null, ended_at: null },
    })
    .execute();
}

export async function saveApproval(tx: Tx, approval: Approval): Promise<void> {
  const { phase, dueAt, decidedBy, decidedAt, comment, endedAt } = approval;
  await tx
    .updateTable("approval")
    .set({
      ...{ phase, due_at: dueAt, decided_by: decidedBy?.key ?? null, decided_for: decidedBy?.member ?? null },
      ...{ decided_at: decidedAt, comment, ended_at: endedAt },
    })
    .where("id", "=", approval.id)
    .execute();
}

export async function findApproval(tx: Tx, id: string, hold = false): Promise<Approval | null> {
  const row = await tx
    .selectFrom("approval")
    .selectAll()
    .where("id", "=", id)
    .$if(hold, (query) => query.forUpdate())
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** The request of this kind that waits for the key, if one does. */
export async function findOpenOf(tx: Tx, key: string, kind: ApprovalKind, now: Date): Promise<string | null> {
  const row = await tx
    .selectFrom("approval")
    .select("id")
    .where("key_id", "=", key)
    .where("kind", "=", kind)
    .where("phase", "in", OPEN)
    .where("due_at", ">", now)
    .executeTakeFirst();
  return row?.id ?? null;
}

export async function countOpen(tx: Tx, account: string): Promise<number> {
  const { count } = await tx
    .selectFrom("approval")
    .select((row) => row.fn.countAll<string>().as("count"))
    .where("account_id", "=", account)
    .where("phase", "in", OPEN)
    .executeTakeFirstOrThrow();
  return Number(count);
}

const OPEN: ApprovalPhase[] = ["requested", "approved"];

export interface ApprovalFilter {
  readonly account?: string | undefined;
  readonly key?: string | undefined;
  readonly phase?: ApprovalPhase | undefined;
}

/** Newest first, before one of them. */
export async function selectApprovals(
  tx: Tx,
  { account, key, phase }: ApprovalFilter,
  before: string | null,
  count: number,
  now: Date,
): Promise<Approval[]> {
  const rows = await tx
    .selectFrom("approval")
    .selectAll()
    .$if(account !== undefined, (query) => query.where("account_id", "=", account as string))
    .$if(key !== undefined, (query) => query.where("key_id", "=", key as string))
    .$if(phase !== undefined, (query) => query.where(isIn(phase as ApprovalPhase, now)))
    .$if(before !== null, (query) => query.where("id", "<", before as string))
    .orderBy("id", "desc")
    .limit(count)
    .execute();
  return rows.map(fromRow);
}

/** As `phaseAt`: what time has ended counts as expired before anybody has written it down. */
function isIn(phase: ApprovalPhase, now: Date) {
  if (phase === "expired") {
    return sql<boolean>`(phase = 'expired' OR (phase IN ('requested', 'approved') AND due_at <= ${now}))`;
  }
  if (phase === "requested" || phase === "approved") return sql<boolean>`(phase = ${phase} AND due_at > ${now})`;
  return sql<boolean>`phase = ${phase}`;
}

/** Whose time is over and which nobody has written down. */
export async function selectOverdue(tx: Tx, now: Date, count: number): Promise<string[]> {
  const rows = await tx
    .selectFrom("approval")
    .select("id")
    .where("phase", "in", OPEN)
    .where("due_at", "<=", now)
    .orderBy("due_at")
    .limit(count)
    .execute();
  return rows.map(({ id }) => id);
}

/** Requests of an account that is erased: what was asked for and decided is in the trail, without its words. */
export async function eraseApprovals(tx: Tx, account: string): Promise<void> {
  await tx.deleteFrom("approval").where("account_id", "=", account).execute();
}
