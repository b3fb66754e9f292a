import { ClavigerError, type Secret } from "@claviger/core";
import { PLATFORM, type Tx, unseal } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { type Authority, demandMayIssue, findKey, mayManage, versionStatusOf, versionsOf } from "../keys/index.ts";
import { aboutHandOver, type HandOver, placeOf, shapeHandOver } from "./hand-over.ts";
import type { StoresPorts } from "./ports.ts";
import { endHandOver, holdHandOver } from "./queries/hand-overs.ts";

export interface ClaimedHandOver {
  readonly handOver: HandOver;
  /** In this answer and nowhere else. */
  readonly secret: Secret;
}

/**
 * offered → claimed, once. Throws NOT_FOUND, also for one of a management key where these may not be managed; GRANT_EXCEEDED for such a key
 * that holds more than the one that asks; STATE_CONFLICT where nothing is offered, or its key or version has ended.
 */
export function claimHandOver(
  { act, keyring }: Pick<StoresPorts, "act" | "keyring">,
  acting: Acting<ClaimedHandOver>,
  authority: Authority,
  id: string,
): Promise<Done<ClaimedHandOver>> {
  return act(acting, PLATFORM, async (unit) => {
    const held = await holdHandOver(unit.tx, id);
    if (held === null || (held.management && !mayManage(authority))) throw new ClavigerError("NOT_FOUND");
    const { sealed, ...handOver } = held;
    const { state } = shapeHandOver(handOver, unit.now);
    if (state !== "offered" || sealed === null || handOver.deadline <= unit.now)
      throw new ClavigerError("STATE_CONFLICT", { publicDetail: `The secret is not offered: it is ${state}.` });
    const key = await findKey(unit.tx, held.key);
    if (key === null || !(await isAlive(unit.tx, handOver, unit.now)))
      throw new ClavigerError("STATE_CONFLICT", { publicDetail: "The version that the secret is of has ended." });
    demandMayIssue(key, authority, key.expiresAt);
    const secret = unseal(keyring, placeOf(held), sealed);
    await endHandOver(unit.tx, handOver, "claimed", unit.now);
    unit.audits({
      ...{ action: "hand-over.claimed", ...aboutHandOver(handOver), before: { state } },
      after: { state: "claimed", key: held.key, version: held.version },
    });
    return { handOver: { ...handOver, state: "claimed", endedAt: unit.now }, secret };
  });
}

/** Whether the secret is good for anything. */
export async function isAlive(tx: Tx, { key: id, version: number }: HandOver, now: Date): Promise<boolean> {
  const key = await findKey(tx, id);
  if (key === null || key.state === "revoked" || (key.expiresAt !== null && key.expiresAt <= now)) return false;
  const version = (await versionsOf(tx, [id])).find(({ version }) => version === number);
  return version !== undefined && versionStatusOf(version, key, true, now.getTime()) !== "ended";
}
