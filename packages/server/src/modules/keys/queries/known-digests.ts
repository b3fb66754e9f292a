import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { StoredDigest } from "../digest.ts";

export interface KnownDigest {
  readonly account: string;
}

/** Whose key each is, where any of its digests is stored; null where none is. In the order asked. */
export async function selectKnownDigests(
  tx: Tx,
  asked: readonly (readonly StoredDigest[])[],
): Promise<readonly (KnownDigest | null)[]> {
  const digests = asked.flatMap((forms) => forms.map(({ digest }) => Buffer.from(digest)));
  const { rows } = await sql<{ digest: Buffer; account: string }>`
    SELECT digest, account_id AS account FROM key_version WHERE digest = ANY (${digests}::bytea[])`.execute(tx);
  const found = new Map(rows.map(({ digest, account }) => [digest.toString("base64"), { account }]));
  return asked.map(
    (forms) =>
      forms.map(({ digest }) => found.get(Buffer.from(digest).toString("base64"))).find((one) => one !== undefined) ??
      null,
  );
}
