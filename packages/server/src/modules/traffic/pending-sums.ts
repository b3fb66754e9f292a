import type { Tx } from "../../db/index.ts";
import { hourOf } from "./counted-cell.ts";
import { LOG_FORMAT, unpackGroup } from "./packed-group.ts";
import { selectLogged } from "./queries/log.ts";
import type { PendingSum } from "./queries/reconciliation.ts";

/**
 * What is logged and not counted yet of that time, by key, hour and code, as the snapshot of `tx` has it. Milliseconds since the epoch, `to`
 * exclusive. pg errors pass through.
 */
export async function pendingSums(tx: Tx, from: number, to: number): Promise<readonly PendingSum[]> {
  const sums = new Map<string, PendingSum & { requests: number; cost: number }>();
  for (const { packed } of await selectLogged(tx, LOG_FORMAT)) {
    const { cells } = await unpackGroup(packed);
    for (const { key, code, lastAt, requests, cost } of cells) {
      if (lastAt < from || lastAt >= to || requests === 0) continue;
      const hour = hourOf(lastAt);
      const name = `${key} ${hour} ${code}`;
      const sum = sums.get(name);
      if (sum === undefined) sums.set(name, { key, at: new Date(hour), code, requests, cost });
      else {
        sum.requests += requests;
        sum.cost += cost;
      }
    }
  }
  return [...sums.values()];
}
