import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { Enforcement } from "../policy.ts";

const COLUMNS = [
  ...(["id", "subject", "grace_until as graceUntil", "looked", "shortened", "superseded"] as const),
  ...(["started_at as startedAt", "finished_at as finishedAt"] as const),
] as const;

/** In place of those of the same subject: their graces count no more, and one that is not finished ends. */
export async function insertEnforcement(
  tx: Tx,
  { id, subject, graceUntil, startedAt }: Pick<Enforcement, "id" | "subject" | "graceUntil" | "startedAt">,
): Promise<void> {
  await tx
    .updateTable("policy_enforcement")
    .set({ superseded: true, finished_at: sql<Date>`coalesce(finished_at, ${startedAt})` })
    .where("subject", "=", subject)
    .where("superseded", "=", false)
    .execute();
  await tx
    .insertInto("policy_enforcement")
    .values({ id, subject, grace_until: graceUntil, started_at: startedAt, finished_at: null })
    .execute();
}

/** All that were ever begun; none is taken away. With policies locked no other begins. */
export async function countEnforcements(tx: Tx): Promise<number> {
  const { count } = await tx
    .selectFrom("policy_enforcement")
    .select((row) => row.fn.countAll<string>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Newest first. */
export function selectEnforcements(tx: Tx, before: string | null, count: number): Promise<Enforcement[]> {
  return tx
    .selectFrom("policy_enforcement")
    .select(COLUMNS)
    .$if(before !== null, (query) => query.where("id", "<", before as string))
    .orderBy("id", "desc")
    .limit(count)
    .execute();
}

export interface OpenEnforcement extends Enforcement {
  /** Keys up to this one have been looked at. */
  readonly afterKey: string;
}

/** The oldest that is not finished. */
export async function findOpenEnforcement(tx: Tx): Promise<OpenEnforcement | null> {
  const row = await tx
    .selectFrom("policy_enforcement")
    .select([...COLUMNS, "after_key as afterKey"])
    .where("finished_at", "is", null)
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Moves on past a page of keys, or ends; false where another node has done so, or a newer one has taken its place. Holds the row until the
 * transaction ends.
 */
export async function advanceEnforcement(
  tx: Tx,
  { id, afterKey }: Pick<OpenEnforcement, "id" | "afterKey">,
  page: { readonly lastKey: string | null; readonly looked: number; readonly shortened: number },
  now: Date,
): Promise<boolean> {
  const result = await tx
    .updateTable("policy_enforcement")
    .set((row) => ({
      looked: row("looked", "+", page.looked),
      shortened: row("shortened", "+", page.shortened),
      ...(page.lastKey === null ? { finished_at: now } : { after_key: page.lastKey }),
    }))
    .where("id", "=", id)
    .where("after_key", "=", afterKey)
    .where("finished_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export interface Grace {
  readonly subject: string;
  readonly graceUntil: Date;
}

/** The graces of those that were not finished then, or have begun since, also where they are over. */
export function selectGracesSince(tx: Tx, since: Date): Promise<Grace[]> {
  return tx
    .selectFrom("policy_enforcement")
    .select(["subject", "grace_until as graceUntil"])
    .where("superseded", "=", false)
    .where((where) => where.or([where("finished_at", "is", null), where("finished_at", ">", since)]))
    .execute();
}

/** The ends of graces that run: no key that they may be about ends sooner. Where no key was found that ends by it, nobody was given one. */
export function selectGraces(tx: Tx, now: Date): Promise<Grace[]> {
  return tx
    .selectFrom("policy_enforcement")
    .select(["subject", "grace_until as graceUntil"])
    .where("superseded", "=", false)
    .where("grace_until", ">", now)
    .where((where) => where.or([where("finished_at", "is", null), where("shortened", ">", 0)]))
    .execute();
}

/** A key was given the end of this grace after its enforcement had finished, so that the grace counts for it from now on. */
export async function countShortened(tx: Tx, { subject, graceUntil }: Grace): Promise<void> {
  await tx
    .updateTable("policy_enforcement")
    .set((row) => ({ shortened: row("shortened", "+", 1) }))
    .where("subject", "=", subject)
    .where("grace_until", "=", graceUntil)
    .where("superseded", "=", false)
    .where("finished_at", "is not", null)
    .execute();
}
