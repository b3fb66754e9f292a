/** What presented no genuine key: nothing of what was presented is stored, only from where, when and how it was refused. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

export interface StrangerRow {
  /** The beginning of the hour in which a node counted it. */
  readonly at: Date;
  /** `unknown` where no address was told, `*` beyond the bound on networks of an hour. */
  readonly network: string;
  readonly code: string;
  readonly requests: number;
}

/** Where a page ended. */
export type StrangerPlace = Pick<StrangerRow, "at" | "network" | "code">;

export interface StrangerFilter {
  /** The beginnings of hours; `to` is exclusive. */
  readonly from: Date;
  readonly to: Date;
  readonly network: string | null;
  readonly code: string | null;
  readonly before: StrangerPlace | null;
  readonly limit: number;
}

/**
 * The latest hours first. Each filter has an index; within an hour there are as many rows as networks are bounded to. Between and not
 * equal: given one value, the planner would rather walk the hours of all.
 */
export async function selectStrangers(tx: Tx, filter: StrangerFilter): Promise<readonly StrangerRow[]> {
  const { from, to, network, code, before, limit } = filter;
  const parts = [sql`starts_at >= ${from}`, sql`starts_at < ${to}`];
  if (code !== null) parts.push(sql`code BETWEEN ${code} AND ${code}`);
  if (network !== null) parts.push(sql`network BETWEEN ${network} AND ${network}`);
  if (before !== null) {
    const { at, network: last, code: lastCode } = before;
    parts.push(sql`starts_at <= ${at}`, sql`(starts_at, network, code) < (${at}, ${last}, ${lastCode})`);
  }
  const leading = network !== null ? sql`network DESC, ` : code !== null ? sql`code DESC, ` : sql``;
  const { rows } = await sql<StrangerRow>`
    SELECT starts_at AS at, network, code, requests FROM stranger_hour WHERE ${sql.join(parts, sql` AND `)}
    ORDER BY ${leading}starts_at DESC, network DESC, code DESC LIMIT ${limit}`.execute(tx);
  return rows;
}
