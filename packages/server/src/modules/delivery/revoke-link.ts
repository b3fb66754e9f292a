import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { type Authority, mayManage } from "../keys/index.ts";
import { endLink, holdLink } from "./delivery.store.ts";
import { aboutLink, type Link, stateOf } from "./link.ts";

/** open → revoked; nobody opens it when this returns. Revoked already: as it was. Throws NOT_FOUND, STATE_CONFLICT for one that ended otherwise. */
export function revokeLink(act: Act, acting: Acting<Link>, authority: Authority, id: string): Promise<Done<Link>> {
  return act(acting, PLATFORM, async (unit) => {
    const held = await holdLink(unit.tx, id);
    if (held === null || (held.management && !mayManage(authority))) throw new ClavigerError("NOT_FOUND");
    const { sealed: _, ...link } = held;
    const state = stateOf(link, unit.now);
    if (state === "revoked") {
      unit.foundDone();
      return link;
    }
    if (state !== "open") {
      throw new ClavigerError("STATE_CONFLICT", { publicDetail: `The link is not open any more: it is ${state}.` });
    }
    await endLink(unit.tx, id, "revoked", unit.now);
    unit.audits({
      action: "link.revoked",
      ...aboutLink(link),
      before: { state },
      after: { state: "revoked", key: link.key, version: link.version },
    });
    return { ...link, state: "revoked", endedAt: unit.now };
  });
}
