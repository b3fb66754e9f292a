import type { Tx } from "../../db/index.ts";
import type { Done } from "../../kernel/act.ts";
import type { Answer } from "../../kernel/route.ts";
import type { CreatedKey, RequestedKey } from "./create-key.ts";
import { renderHandOver, tellSecret } from "./hand-over.ts";
import type { Key } from "./key.ts";

/** What is kept of a key that was issued or asked for, for replays; no secret is in it. */
export function renderCreated(show: (tx: Tx, key: Key) => Promise<unknown>) {
  return async (created: CreatedKey | RequestedKey, tx: Tx): Promise<object> => ({
    key: await show(tx, created.key),
    ...("approval" in created ? { approval: created.approval } : renderHandOver(created)),
  });
}

/** The answer to whoever asked, with the secret where it is theirs to have. */
export function answerCreated({ body: rendered, value }: Done<CreatedKey | RequestedKey>): Answer {
  const body = rendered as object;
  if ("approval" in body) return { status: 202, body: { ...body, secret: null } };
  return { status: 201, body: tellSecret(body, value !== null && "secret" in value ? value : null) };
}
