import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** A version of a key. */
export interface VersionPlace {
  readonly key: string;
  readonly version: number;
}

/** Which of these are over: by an act, or because the key's or the version's time has come. At most as many as were asked for. */
export async function selectEndedVersions(
  tx: Tx,
  asked: readonly VersionPlace[],
  now: Date,
): Promise<readonly VersionPlace[]> {
  const { rows } = await sql<VersionPlace>`
    SELECT v.key_id AS key, v.version
    FROM unnest(${asked.map(({ key }) => key)}::text[], ${asked.map(({ version }) => version)}::int[]) AS asked (key_id, version)
      JOIN api_key k ON k.id = asked.key_id
      JOIN key_version v ON v.key_id = asked.key_id AND v.version = asked.version
    WHERE k.state = 'revoked' OR v.state = 'ended' OR least(k.expires_at, v.expires_at) <= ${now}`.execute(tx);
  return rows;
}
