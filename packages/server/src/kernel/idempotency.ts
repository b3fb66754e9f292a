import { ClavigerError, containsKey } from "@claviger/core";
import { type Database, PLATFORM, type Reach, type Tx } from "../db/index.ts";
import type { Clock } from "./clock.ts";

/** Used once for each principal: the first to commit wins, all others get its answer. */
export interface Idempotency {
  readonly principal: string;
  readonly key: string;
  readonly fingerprint: Uint8Array;
}

export interface Earlier {
  readonly body: unknown;
  readonly barrierSeq: number | null;
}

/**
 * Throws VALIDATION_FAILED for an Idempotency-Key that holds an API key, since it is kept as it is; IDEMPOTENCY_KEY_REUSED.
 * The unique index makes a parallel call with the same key wait here until the first has committed or rolled back.
 */
export async function claimIdempotency(
  tx: Tx,
  idempotency: Idempotency,
  reach: Reach,
  now: Date,
): Promise<Earlier | null> {
  const { principal, key, fingerprint } = idempotency;
  if (containsKey(key)) {
    throw new ClavigerError("VALIDATION_FAILED", {
      errors: [{ path: "Idempotency-Key", message: "must not hold an API key" }],
    });
  }
  const account = reach.kind === "account" ? reach.account : null;
  const inserted = await tx
    .insertInto("idempotency_record")
    .values({ principal, key, account_id: account, fingerprint, body: null, barrier_seq: null, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows === 1n) return null;
  const row = await tx
    .selectFrom("idempotency_record")
    .select(["fingerprint", "body", "barrier_seq"])
    .where("principal", "=", principal)
    .where("key", "=", key)
    .executeTakeFirst();
  if (row === undefined) throw new ClavigerError("IDEMPOTENCY_IN_PROGRESS");
  if (!Buffer.from(row.fingerprint).equals(fingerprint)) throw new ClavigerError("IDEMPOTENCY_KEY_REUSED");
  return { body: row.body, barrierSeq: row.barrier_seq };
}

export async function rememberOutcome(
  tx: Tx,
  idempotency: Idempotency,
  body: unknown,
  barrierSeq: number | null,
): Promise<void> {
  await tx
    .updateTable("idempotency_record")
    .set({ body: JSON.stringify(body), barrier_seq: barrierSeq })
    .where("principal", "=", idempotency.principal)
    .where("key", "=", idempotency.key)
    .execute();
}

/** How long an Idempotency-Key is remembered, in milliseconds: 24 hours. */
const REMEMBERED_MS = 86_400_000;

/** Forgets what is older than a day. */
export async function forgetIdempotency(database: Database, clock: Clock): Promise<void> {
  const before = new Date(clock.wall() - REMEMBERED_MS);
  await database.transaction(PLATFORM, (tx) =>
    tx.deleteFrom("idempotency_record").where("created_at", "<", before).execute(),
  );
}

/** Forgets what was answered about an account. */
export async function forgetAnswersAbout(tx: Tx, account: string): Promise<void> {
  await tx.deleteFrom("idempotency_record").where("account_id", "=", account).execute();
}
