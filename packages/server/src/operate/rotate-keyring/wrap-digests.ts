import { type Database, type Keyring, PLATFORM } from "../../db/index.ts";
import { wrapDigest } from "../../modules/keys/index.ts";
import type { Operator } from "../operator.ts";
import { type DigestRow, holdDigests, type Place, readDigests, saveDigests } from "./queries.ts";

/** Rows read at a time; those of them that wait are wrapped in one transaction. */
const BATCH = 1_000;

export interface WrapPorts {
  readonly database: Database;
  readonly keyring: Pick<Keyring, "byVersion">;
  readonly operator: Operator;
}

/**
 * Wraps every digest that an older pepper made by those that came after it, up to `pepper`, in batches of short transactions,
 * while verification goes on: a look-up tries the digests of all peppers, and finds a row before its batch and after it.
 * Walks until a whole walk finds nothing left. May be cut off anywhere and begun again. Returns how many it wrapped.
 */
export async function wrapDigests(
  ports: WrapPorts,
  pepper: number,
  onProgress: (done: number) => void,
): Promise<number> {
  let wrapped = 0;
  for (;;) {
    let left = 0;
    let seen = 0;
    for (let after: Place = null; ; ) {
      const rows = await readDigests(ports.database, after, BATCH);
      const waiting = rows.filter(({ pepperVersion }) => pepperVersion < pepper);
      if (waiting.length > 0) {
        left += waiting.length;
        wrapped += await wrapBatch(ports, pepper, waiting);
      }
      seen += rows.length;
      onProgress(seen);
      if (rows.length < BATCH) break;
      after = rows.at(-1) ?? null;
    }
    if (left === 0) return wrapped;
  }
}

/** Only widens: whoever holds a record of the key in memory holds a true one, for records are filed by the key's own hash. */
async function wrapBatch({ keyring, operator }: WrapPorts, pepper: number, waiting: readonly DigestRow[]) {
  const { value } = await operator.act(operator.acting<number>(), PLATFORM, async (unit) => {
    const rows = await holdDigests(unit.tx, waiting, pepper);
    await saveDigests(
      unit.tx,
      rows.map((row) => ({ ...row, ...wrapDigest(row, pepper, keyring) })),
    );
    unit.audits({
      action: "pepper.applied",
      account: null,
      target: { type: "keyring", id: "pepper" },
      after: { version: pepper, rows: rows.length },
    });
    unit.widens(`pepper:${pepper}`);
    return rows.length;
  });
  return value ?? 0;
}
