import { ClavigerError, compileCidrs } from "@claviger/core";
import { accountReach } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { findKey, type Key, renewedExpiry } from "../keys/index.ts";
import { demandUnchanged, holdAgain } from "./act-on-rotation.ts";
import type { RotationPolicy, RotationPorts } from "./ports.ts";
import { carryOut, isUsed, type Rotated, type RotateInput, type Wanted, wantedOf } from "./rotate-key.ts";
import { readRotated, selectOwnRotations } from "./rotation.store.ts";
import type { RotatedKey } from "./rotation.ts";
import { unusualOverlap } from "./warnings.ts";

export interface Holder {
  readonly keyId: string;
  readonly account: string;
  /** The version that was presented. */
  readonly version: number;
}

/**
 * Whoever holds a secret may rotate it, where policy allows (J11). Not with a version that a rotation of somebody else's is
 * retiring: whoever still has that one would take the new one from its owner. Not from an address that the key may not be used from.
 *
 * Throws INVALID_TOKEN for what is no customer's key that works; IP_NOT_ALLOWED; FORBIDDEN where policy does not allow it;
 * VALIDATION_FAILED for an overlap outside of policy; STATE_CONFLICT; CONFLICT; TOO_MANY_ATTEMPTS.
 */
export async function rotateOwnKey(
  ports: RotationPorts,
  acting: Acting<Rotated>,
  holder: Holder,
  input: RotateInput,
): Promise<Done<Rotated>> {
  const seal = await ports.keys.sealer?.forKey(holder.keyId);
  return ports.keys.act(acting, accountReach(holder.account), async (unit) => {
    const key = await findKey(unit.tx, holder.keyId);
    if (key === null || key.kind !== "customer") throw new ClavigerError("INVALID_TOKEN");
    const seen = await readRotated(unit.tx, key);
    const policy = await ports.policyOf(unit.tx, key);
    const wanted = wantedOf(input, policy);
    demandHolderMay(wanted, policy);
    demandAddress(key, acting.source.ip);
    const held = await holdAgain(unit, seen, null);
    demandUnchanged(seen, held);
    await demandPresentable(unit, held, holder.version);
    await demandRate(unit, held.key, policy);
    const { renewsExpiry } = policy.holder;
    const expiresAt = renewsExpiry ? await renewedExpiry(unit.tx, held.key, {}, unit.now) : held.key.expiresAt;
    const rotated = await carryOut(ports, unit, acting, held, wanted, policy, expiresAt);
    await seal?.(unit, { ...rotated, version: rotated.rotation.to });
    const warnings = wanted.graceStarts === "now" ? unusualOverlap(wanted.overlapHours, policy) : [];
    return { ...rotated, warnings };
  });
}

function demandHolderMay({ kind, overlapHours }: Wanted, { holder }: RotationPolicy): void {
  const may = kind === "emergency" ? holder.mayRotateInEmergency : holder.mayRotate;
  if (!may) {
    const what = kind === "emergency" ? "end the old version at once" : "rotate its key";
    throw new ClavigerError("FORBIDDEN", { publicDetail: `Policy does not allow the holder to ${what}.` });
  }
  if (kind === "emergency" || overlapHours >= holder.shortestHours) return;
  throw new ClavigerError("VALIDATION_FAILED", {
    errors: [{ path: "overlapHours", message: `must be at least ${holder.shortestHours} for the holder of a key` }],
  });
}

function demandAddress({ allowedIps }: Key, ip: string | null): void {
  if (allowedIps.length === 0 || (ip !== null && compileCidrs(allowedIps).contains(ip))) return;
  throw new ClavigerError("IP_NOT_ALLOWED");
}

/** What the node knew of the version when it let the holder in may have changed since. */
async function demandPresentable({ tx, now }: Unit, held: RotatedKey, presented: number): Promise<void> {
  const { key, versions, stored } = held;
  const life = versions.find(({ version }) => version === presented);
  const over = (time: Date | null): boolean => time !== null && time <= now;
  if (key.state !== "active" || over(key.expiresAt) || life?.state !== "active" || over(life.expiresAt)) {
    throw new ClavigerError("INVALID_TOKEN");
  }
  if (presented === key.version) return;
  const ownRetry = stored !== null && stored.endedAt === null && stored.seenAt === null && stored.from === presented;
  if (ownRetry && stored.startedBy.type === "key" && !(await isUsed(tx, held))) return;
  throw new ClavigerError("STATE_CONFLICT", {
    publicDetail: "This version is being retired. The version in force can be rotated.",
  });
}

const HOUR_MS = 3_600_000;

async function demandRate({ tx, now }: Unit, key: Key, { holder }: RotationPolicy): Promise<void> {
  const { count, oldest } = await selectOwnRotations(tx, key.id, new Date(now.getTime() - HOUR_MS));
  if (count < holder.perHour) return;
  const retryAfterMs = Math.max(1_000, (oldest?.getTime() ?? now.getTime()) + HOUR_MS - now.getTime());
  throw new ClavigerError("TOO_MANY_ATTEMPTS", {
    publicDetail: `A key is rotated by its holder ${holder.perHour} times an hour at most.`,
    extra: { retryAfterMs },
  });
}
