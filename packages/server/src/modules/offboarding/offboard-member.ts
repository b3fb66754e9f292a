import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { deactivateMember, findMember, type Member } from "../accounts/index.ts";
import { MOST_KEYS_OF_ACT, type SelectionFacts } from "../bulk-acts/index.ts";
import { ownerOf, selectMadeForOthers, selectOwned } from "../keys/index.ts";
import { beginOffboarding } from "./begin-offboarding.ts";
import { findOffboarding } from "./offboarding.store.ts";
import type { LeftKeys, Offboarding, OffboardingPolicy } from "./offboarding.ts";
import type { OffboardingPorts } from "./ports.ts";
import { readPolicy, requireCustomer, targetOf } from "./put-offboarding-policy.ts";

export interface OffboardInput {
  /** Left out: as the policy says. */
  readonly keys?: LeftKeys | undefined;
  readonly to?: string | undefined;
  readonly reason?: string | undefined;
  readonly confirm?: number | undefined;
}

/** Keys of one kind, for who is about to act on them. */
export type LeftFacts = SelectionFacts & { readonly keys: number };

export interface PreviewedOffboarding extends OffboardingPolicy {
  readonly member: Member;
  readonly owned: LeftFacts;
  /** Keys that they made and others own. */
  readonly made: LeftFacts;
  /** What must be typed back; null where nothing must. */
  readonly confirm: number | null;
}

/** Beyond so many keys their number must be typed back (E8). */
const UNASKED = 20;
/** What a caller needs beside the scope of the call, to say otherwise than the policy. */
const NEEDED: Readonly<Record<LeftKeys, string>> = {
  suspend: "claviger:keys:revoke",
  revoke: "claviger:keys:revoke",
  "hand-over": "claviger:keys:write",
  keep: "claviger:keys:write",
};

interface Caller {
  readonly scopes: ReadonlySet<string>;
}

/** What would become of whose keys; nothing is done. Throws NOT_FOUND, VALIDATION_FAILED and INSUFFICIENT_SCOPE. */
export function previewOffboarding(
  ports: OffboardingPorts,
  caller: Caller,
  account: string,
  reference: string,
  input: OffboardInput,
): Promise<PreviewedOffboarding> {
  demandMay(caller, input);
  return ports.database.transaction(PLATFORM, async (tx) => {
    const member = await requireMember(tx, await requireCustomer(tx, account), reference, "none");
    return look(ports, tx, member, input);
  });
}

/**
 * Deactivates a member and freezes what they own; a repeat finds it done, and goes on with the same act. Throws as `previewOffboarding`, and
 * CONFIRMATION_REQUIRED.
 */
export function offboardMember(
  ports: OffboardingPorts,
  acting: Acting<Offboarding>,
  caller: Caller,
  account: string,
  reference: string,
  input: OffboardInput,
): Promise<Done<Offboarding>> {
  demandMay(caller, input);
  return ports.act(acting, PLATFORM, async (unit) => {
    const member = await requireMember(unit.tx, await requireCustomer(unit.tx, account), reference, "update");
    const before = await findOffboarding(unit.tx, member.account, member.id);
    const found = await look(ports, unit.tx, member, input);
    if (member.status === "deactivated" && before !== null && isSame(before, found)) {
      unit.foundDone();
      return before;
    }
    demandConfirmed(found, input.confirm);
    // Somebody who left before may have keys still, such as those that were kept.
    const left = member.status === "active" ? await deactivateMember(unit, member) : member;
    return beginOffboarding(ports, unit, acting, left, { keys: found.keys, to: found.to, reason: input.reason });
  });
}

/** Nobody gives keys to a member who has left, so the same act has no others. */
function isSame(before: Offboarding, { keys, to }: OffboardingPolicy): boolean {
  const [owner, other] = [before.to, to].map((each) => (each === null ? null : ownerOf(each)));
  return before.owned < MOST_KEYS_OF_ACT && before.keys === keys && owner === other;
}

async function requireMember(tx: Tx, account: string, reference: string, hold: "none" | "update"): Promise<Member> {
  const member = await findMember(tx, account, reference, hold);
  if (member === null) throw new ClavigerError("NOT_FOUND");
  return member;
}

async function look(
  ports: OffboardingPorts,
  tx: Tx,
  member: Member,
  { keys, to }: OffboardInput,
): Promise<PreviewedOffboarding> {
  const now = new Date(ports.clock.wall());
  const policy = await readPolicy(tx, member.account);
  const wanted: OffboardingPolicy =
    keys === undefined
      ? { keys: policy.keys, to: policy.to }
      : { keys, to: to === undefined ? null : await targetOf(tx, member.account, to) };
  if (keys !== undefined && wanted.to?.ownerMember === member.id) {
    throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "to", message: "is the member who leaves" }] });
  }
  const facts = async (ids: readonly string[]): Promise<LeftFacts> => ({
    ...(await ports.describe(tx, ids, now)),
    keys: ids.length,
  });
  const owned = await facts(await selectOwned(tx, member.id, MOST_KEYS_OF_ACT));
  const made = await facts(await selectMadeForOthers(tx, member.id, MOST_KEYS_OF_ACT));
  const asks = (wanted.keys === "suspend" || wanted.keys === "revoke") && owned.keys > UNASKED;
  return { ...wanted, member, owned, made, confirm: asks ? owned.keys : null };
}

function demandMay({ scopes }: Caller, { keys }: OffboardInput): void {
  if (keys === undefined || scopes.has(NEEDED[keys])) return;
  throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: NEEDED[keys] } });
}

/** What is typed must fit, also where nothing had to be typed. */
function demandConfirmed({ confirm, owned }: PreviewedOffboarding, typed: number | undefined): void {
  if (confirm === null ? typed === undefined || typed === owned.keys : typed === confirm) return;
  throw new ClavigerError("CONFIRMATION_REQUIRED", {
    publicDetail: `The member owns ${owned.keys.toLocaleString("en-US")} keys: type the number back as \`confirm\`.`,
    extra: { confirm: owned.keys, keys: owned.keys, used24h: owned.used24h },
  });
}
