/**
 * A secret on its way to whoever is to have it. It is sealed from the transaction that makes it until it has arrived.
 *
 * waiting → delivered  the store has it
 *         → offered    the store did not take it in time: it may be claimed
 *         → failed     the same, of a rotation by schedule: its version has ended, and the one before goes on
 *         → void       its key or version had ended before it arrived
 * offered → claimed    by a management key, once
 *         → expired    nobody claimed it
 *         → failed     the same, of a rotation by schedule
 * Only waiting and offered ones hold their secret. None comes back.
 */
export type HandOverState = "waiting" | "delivered" | "offered" | "claimed" | "failed" | "expired" | "void";

export interface AttemptMade {
  readonly at: string;
  readonly error: string | null;
  readonly ms: number;
}

export interface HandOver {
  readonly id: string;
  readonly account: string;
  readonly key: string;
  readonly version: number;
  /** Of a management key. */
  readonly management: boolean;
  /** Of a rotation that nobody asked for. */
  readonly scheduled: boolean;
  readonly store: string | null;
  readonly path: string | null;
  readonly state: HandOverState;
  readonly tries: number;
  readonly attempts: readonly AttemptMade[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly deadline: Date;
  readonly endedAt: Date | null;
}

/** With its secret; null where it has ended. */
export type HeldHandOver = HandOver & { readonly sealed: Uint8Array | null };

const HOUR_MS = 3_600_000;
/** For so long a store is tried, and so long what it did not take is offered. */
export const TRIED_MS = 48 * HOUR_MS;
export const OFFERED_MS = 168 * HOUR_MS;
/** What is offered by schedule is given up while the old version, which ends a week after the issue at the latest, has days left. */
export const CLAIMED_MS = 72 * HOUR_MS;

/** Waits after the first, second and later attempts, in milliseconds; the last one stands for all that follow. */
const WAITS_MS = [5_000, 30_000, 120_000, 600_000, 1_800_000, HOUR_MS];
/** Each wait is up to so much shorter or longer. */
const JITTER = 0.2;

/** When it is tried next; null where its time is over. Of many attempts, the last is at the end of the time. `chance`: 0 to 1. */
export function nextTry({ tries, deadline }: Pick<HandOver, "tries" | "deadline">, now: number, chance: number) {
  if (now >= deadline.getTime()) return null;
  const wait = WAITS_MS[Math.min(tries, WAITS_MS.length) - 1] ?? HOUR_MS;
  return new Date(Math.min(now + Math.floor(wait * (1 + JITTER * (2 * chance - 1))), deadline.getTime()));
}

/** What is authenticated of it. */
export function placeOf({ id, account, key, version }: Pick<HandOver, "id" | "account" | "key" | "version">): string {
  return `hand-over:${id}:${account}:${key}:${version}`;
}

/** As the contract shows it. */
export function shapeHandOver(handOver: HandOver, now: Date) {
  const { id, account, key, version, store, path, tries, attempts, createdBy } = handOver;
  const over = handOver.state === "offered" && !handOver.scheduled && handOver.deadline <= now;
  const state: HandOverState = over ? "expired" : handOver.state;
  return {
    ...{ id, account, key, version, store, path, state, tries, attempts, createdBy },
    createdAt: handOver.createdAt.toISOString(),
    dueAt: state === "waiting" ? handOver.dueAt.toISOString() : null,
    deadline: handOver.deadline.toISOString(),
    endedAt: (handOver.endedAt ?? (over ? handOver.deadline : null))?.toISOString() ?? null,
  };
}

/** What audit events say it is of. */
export const aboutHandOver = ({ id, account }: Pick<HandOver, "id" | "account">) => ({
  ...{ account, target: { type: "hand-over", id } },
});

export const payloadOf = ({ id, key, version, store }: HandOver) => ({ handOver: id, key, version, store });
