import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { findAccount } from "../accounts/index.ts";
import { requireKey } from "../keys/index.ts";
import type { ScimPorts } from "./provision-user.ts";
import { findCredential, insertCredential, type ScimCredential, selectCredentials } from "./scim.store.ts";

/** Of one account: the one in use, and what comes in its place. */
const MOST = 10;
const SCOPE = "claviger:scim:write";

/** By our id or the caller's. Throws NOT_FOUND. */
export async function requireAccountOf(tx: Tx, reference: string): Promise<string> {
  const account = await findAccount(tx, reference, "share");
  if (account === null || account.reserved) throw new ClavigerError("NOT_FOUND");
  return account.id;
}

/** Binds a management key, which may do nothing else, to an account. Bound already: nothing changes. Throws NOT_FOUND, STATE_CONFLICT. */
export function putCredential(
  { act }: ScimPorts,
  acting: Acting<ScimCredential>,
  caller: { readonly scopes: ReadonlySet<string> },
  account: string,
  id: string,
): Promise<Done<ScimCredential>> {
  return act(acting, PLATFORM, async (unit) => {
    const owner = await requireAccountOf(unit.tx, account);
    const key = await requireKey(unit.tx, id, caller, true);
    const before = await findCredential(unit.tx, id);
    if (before?.account === owner) {
      unit.foundDone();
      return before;
    }
    if (before !== null) throw conflict("The key is bound to another account.");
    if (key.kind !== "management" || key.scopes.length !== 1 || key.scopes[0] !== SCOPE || key.state === "revoked")
      throw conflict(`The key must be a management key that holds ${SCOPE} and nothing else.`);
    if ((await selectCredentials(unit.tx, owner)).length >= MOST)
      throw conflict(`An account has ${MOST} such keys at most; take one away first.`);
    const bound: ScimCredential = { key: id, account: owner, createdAt: unit.now };
    await insertCredential(unit.tx, bound);
    unit.audits({
      action: "scim-credential.created",
      account: owner,
      target: { type: "key", id },
      after: { account: owner },
    });
    return bound;
  });
}

const conflict = (publicDetail: string): ClavigerError => new ClavigerError("STATE_CONFLICT", { publicDetail });
