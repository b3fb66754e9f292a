import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import type { ScimPorts } from "./provision-user.ts";
import { requireAccountOf } from "./put-credential.ts";
import { deleteCredential, findCredential, type ScimCredential } from "./scim.store.ts";

/** The key may do nothing more. Throws NOT_FOUND. */
export function removeCredential(
  { act }: ScimPorts,
  acting: Acting<ScimCredential>,
  account: string,
  id: string,
): Promise<Done<ScimCredential>> {
  return act(acting, PLATFORM, async (unit) => {
    const owner = await requireAccountOf(unit.tx, account);
    const before = await findCredential(unit.tx, id);
    if (before === null || before.account !== owner) throw new ClavigerError("NOT_FOUND");
    await deleteCredential(unit.tx, id);
    unit.audits({
      action: "scim-credential.deleted",
      account: owner,
      target: { type: "key", id },
      before: { account: owner },
    });
    return before;
  });
}
