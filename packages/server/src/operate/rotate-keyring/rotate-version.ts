import { KEY_BYTES, KEYRING_SUBJECT, PLATFORM, type Purpose, wrap } from "../../db/index.ts";
import type { Effective, Unit } from "../../kernel/act.ts";
import type { Random } from "../../kernel/random.ts";
import { OperateError } from "../errors.ts";
import type { Operator } from "../operator.ts";
import { holdKeyring, insertVersion, type KeyringRow, setStage } from "./queries.ts";

/** What a rotation works with. */
export interface RotationPorts {
  readonly operator: Operator;
  readonly masterKey: Uint8Array;
  readonly random: Random;
}

/**
 * Brings a new version of one purpose into use, everywhere. Nothing is made with it before every node knows it: the first
 * act adds it and passes the barrier, the second takes it into use and passes the barrier as well, so that afterwards no
 * node makes anything with an older one. A run that was cut off is gone on with. Returns the version in use.
 *
 * Throws OperateError NOT_CONFIRMED, MASTER_KEY_ROTATION_UNDER_WAY; ClavigerError BARRIER_UNCONFIRMED.
 */
export async function bringIntoUse(
  ports: RotationPorts,
  purpose: Purpose,
  afterwards: "used" | "done",
): Promise<number> {
  const version = await addVersion(ports, purpose);
  const { operator } = ports;
  const { effective } = await operator.act(operator.acting<void>(), PLATFORM, async (unit) => {
    const row = newestOf(await holdKeyring(unit.tx), purpose);
    // Somebody else, or an earlier run, was here between the two acts.
    if (row.version !== version || row.stage !== "known") return unit.foundDone();
    await setStage(unit.tx, purpose, version, afterwards);
    unit.audits({ action: "keyring.rotated", account: null, target: targetOf(purpose), after: { version } });
    unit.narrows(KEYRING_SUBJECT);
  });
  requireEverywhere(effective);
  return version;
}

async function addVersion({ operator, masterKey, random }: RotationPorts, purpose: Purpose): Promise<number> {
  const { value, effective } = await operator.act(operator.acting<number>(), PLATFORM, async (unit) => {
    const rows = await holdKeyring(unit.tx);
    if (rows.some(({ wrappedNext }) => wrappedNext !== null)) throw underWay();
    const newest = newestOf(rows, purpose);
    if (newest.stage === "known") {
      unit.foundDone();
      return newest.version;
    }
    const version = newest.version + 1;
    const wrapped = wrap(masterKey, purpose, version, random.bytes(KEY_BYTES), random);
    await insertVersion(unit.tx, { purpose, version, wrapped }, unit.now);
    noteAdded(unit, purpose, version);
    return version;
  });
  requireEverywhere(effective);
  if (value === null) throw new TypeError("an act without an idempotency key is never replayed");
  return value;
}

function noteAdded(unit: Unit, purpose: Purpose, version: number): void {
  unit.audits({ action: "keyring.extended", account: null, target: targetOf(purpose), after: { version } });
  unit.narrows(KEYRING_SUBJECT);
}

export function targetOf(purpose: Purpose): { readonly type: string; readonly id: string } {
  return { type: "keyring", id: purpose };
}

export function newestOf(rows: readonly KeyringRow[], purpose: Purpose): KeyringRow {
  const newest = rows.findLast((row) => row.purpose === purpose);
  if (newest === undefined) throw new TypeError(`the keyring holds no ${purpose}`);
  return newest;
}

/** A process that may go on without having heard of the change must not be left behind by the next step. */
function requireEverywhere(effective: Effective | null): void {
  if (effective?.everywhere === true) return;
  throw new OperateError(
    "NOT_CONFIRMED",
    "not every node is known to have heard of the new key, so it is not used yet; run the command again when all nodes are up",
  );
}

function underWay(): OperateError {
  return new OperateError(
    "MASTER_KEY_ROTATION_UNDER_WAY",
    "the master key is being replaced; give every node the new one and run claviger rotate-master-key --finish first",
  );
}
