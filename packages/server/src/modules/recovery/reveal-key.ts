import { ClavigerError, type Secret } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { listAuditEvents } from "../audit/index.ts";
import { findEnvironment } from "../catalogue/index.ts";
import { type Authority, type Key, requireKey, statusOf, versionStatusOf, versionsOf } from "../keys/index.ts";
import type { RecoveryPorts } from "./ports.ts";
import { isKept } from "./prepare-sealing.ts";
import { findSecret, holdTurn, type KeptSecret } from "./recovery.store.ts";
import { openSecret } from "./sealed-secret.ts";

interface RevealInput {
  readonly reason: string;
  /** Left out: the one in force. */
  readonly version?: number | undefined;
}

export interface RevealedKey {
  readonly key: Key;
  readonly version: number;
  /** In this answer and nowhere else. */
  readonly secret: Secret;
}

const HOUR_MS = 3_600_000;

/**
 * Shows the secret of a version that works, once it is on record who wanted it and why; whose key it is is told. Whoever keeps the
 * key-encryption key is asked before anything is written, and an answer that is lost afterwards was on record.
 *
 * Throws NOT_FOUND; STATE_CONFLICT for a key or version that is over; KEY_NOT_RECOVERABLE where its secret is not kept, its environment is not
 * recoverable now, or what is kept was altered; KEK_UNAVAILABLE; TOO_MANY_ATTEMPTS beyond the number of an hour.
 */
export async function revealKey(
  ports: RecoveryPorts,
  acting: Acting<RevealedKey>,
  authority: Authority,
  id: string,
  input: RevealInput,
): Promise<Done<RevealedKey>> {
  const seen = await ports.database.transaction(PLATFORM, async (tx) => {
    const now = new Date(ports.clock.wall());
    const found = await findKept(ports, tx, await requireKey(tx, id, authority), input.version, now);
    await demandRate(ports, tx, authority, now);
    return found;
  });
  const secret = await open(ports, seen);
  return ports.act(acting, PLATFORM, async (unit) => {
    const key = await requireKey(unit.tx, id, authority, true);
    await findKept(ports, unit.tx, key, seen.version, unit.now);
    await holdTurn(unit.tx, authority.keyId);
    await demandRate(ports, unit.tx, authority, unit.now);
    record(unit, key, seen.version, input.reason);
    return { key, version: seen.version, secret };
  });
}

/** Throws STATE_CONFLICT, KEY_NOT_RECOVERABLE. */
async function findKept(
  ports: RecoveryPorts,
  tx: Tx,
  key: Key,
  asked: number | undefined,
  now: Date,
): Promise<KeptSecret> {
  const status = statusOf(key, now.getTime());
  if (status === "revoked" || status === "expired") {
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: `The key is ${status}, and its secret is erased.` });
  }
  const number = asked ?? key.version;
  const version = (await versionsOf(tx, [key.id])).find((each) => each.version === number);
  if (version === undefined) {
    throw new ClavigerError("VALIDATION_FAILED", {
      errors: [{ path: "version", message: `the key has no version ${number}` }],
    });
  }
  if (versionStatusOf(version, key, true, now.getTime()) === "ended") {
    throw new ClavigerError("STATE_CONFLICT", {
      publicDetail: `Version ${number} has ended, and its secret is erased.`,
    });
  }
  const kept = await findSecret(tx, key.id, number);
  if (kept === null) throw new ClavigerError("KEY_NOT_RECOVERABLE");
  const environment = key.environment === null ? null : await findEnvironment(tx, key.environment);
  if (isKept(ports, environment)) return kept;
  throw new ClavigerError("KEY_NOT_RECOVERABLE", {
    publicDetail: "Keys of this environment cannot be revealed: its class is not recoverable.",
  });
}

async function open({ kept }: RecoveryPorts, of: KeptSecret): Promise<Secret> {
  if (kept === null) throw new ClavigerError("KEY_NOT_RECOVERABLE");
  const dataKey = await kept.keks.unwrap({ kek: of.kek, bytes: of.wrapped }, of);
  const secret = dataKey === null ? null : openSecret(dataKey, of, of.sealed);
  dataKey?.fill(0);
  if (secret !== null) return secret;
  throw new ClavigerError("KEY_NOT_RECOVERABLE", {
    publicDetail: "What is kept of this key does not open: it was altered, or belongs to another key.",
    internal: `the recoverable secret of ${of.key}, version ${of.version}, does not open`,
  });
}

/** In any hour, over all nodes, as the audit trail has it. Throws TOO_MANY_ATTEMPTS. */
async function demandRate({ perHour }: RecoveryPorts, tx: Tx, { keyId }: Authority, now: Date): Promise<void> {
  const from = new Date(now.getTime() - HOUR_MS);
  const recent = await listAuditEvents(tx, {
    ...{ actor: keyId, action: "key.revealed", from, limit: perHour },
  });
  const oldest = recent.at(-1);
  if (recent.length < perHour || oldest === undefined) return;
  throw new ClavigerError("TOO_MANY_ATTEMPTS", {
    publicDetail: `A management key reveals ${perHour} secrets an hour at most.`,
    extra: { retryAfterMs: Math.max(1_000, new Date(oldest.at).getTime() + HOUR_MS - now.getTime()) },
  });
}

function record(unit: Unit, key: Key, version: number, reason: string): void {
  unit.audits({
    ...{ action: "key.revealed", account: key.account, target: { type: "key", id: key.id } },
    after: { version, reason },
  });
  unit.emits({ type: "key.revealed", account: key.account, payload: { key: key.id, version, reason } });
}
