import { isDeepStrictEqual } from "node:util";
import { ClavigerError } from "@claviger/core";
import { type Database, isUniqueViolation, PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { type AccountsPorts, addMember, findAccount, type Left, replaceMember } from "../accounts/index.ts";
import type { Given } from "./read-user.ts";
import { merged } from "./read-user.ts";
import { findTakenAway, findUser, saveUser, selectUsers } from "./scim.store.ts";
import { scimFault } from "./scim-error.ts";
import { attributesOf, type ScimAttributes, type ScimUser } from "./scim-user.ts";

export interface ScimPorts extends AccountsPorts {
  readonly database: Database;
}

export interface Provisioned {
  readonly user: ScimUser;
  /** What was begun for the keys of somebody who left. */
  readonly left: Left | null;
}

/** Checks what was read by the contract. Throws invalidValue. */
export type CheckAttributes = (attributes: Record<keyof ScimAttributes, unknown>) => ScimAttributes;

/**
 * Creates a member. One that the provider took away before under this name comes back as who they were. Throws CONFLICT where another member
 * has the name, and invalidValue.
 */
export function createUser(
  ports: ScimPorts,
  acting: Acting<Provisioned>,
  account: string,
  given: Given,
  check: CheckAttributes,
): Promise<Done<Provisioned>> {
  return inUnit(ports, acting, async (unit) => {
    await demandOpen(unit, account);
    const wanted = check(merged({}, given));
    demandNoOwner(wanted, null);
    const before = await findTakenAway(unit.tx, account, wanted.userName);
    if (before !== null) return save(ports, unit, acting, before, wanted);
    const taken = await selectUsers(unit.tx, account, { attribute: "userName", value: wanted.userName }, 0, 1);
    if (taken.total > 0) throw new ClavigerError("CONFLICT", { publicDetail: "There is a user of this userName." });
    const member = await addMember(ports, unit, account, null, memberOf(wanted));
    await saveUser(unit.tx, member, wanted, unit.now, null);
    return { user: { member, ...wanted, updatedAt: unit.now }, left: null };
  });
}

/** Changes a member to what is given; what is not given stays. Throws NOT_FOUND, CONFLICT and invalidValue. */
export function changeUser(
  ports: ScimPorts,
  acting: Acting<Provisioned>,
  account: string,
  id: string,
  given: Given,
  check: CheckAttributes,
): Promise<Done<Provisioned>> {
  return inUnit(ports, acting, async (unit) => {
    const before = await requireUser(unit, account, id);
    const wanted = check(merged(attributesOf(before), given));
    demandNoOwner(wanted, before);
    return save(ports, unit, acting, before, wanted);
  });
}

/** Deactivates a member, whom the provider sees no more. Throws NOT_FOUND. */
export function removeUser(
  ports: ScimPorts,
  acting: Acting<Provisioned>,
  account: string,
  id: string,
): Promise<Done<Provisioned>> {
  return inUnit(ports, acting, async (unit) => {
    const before = await requireUser(unit, account, id);
    const wanted: ScimAttributes = { ...attributesOf(before), active: false };
    return save(ports, unit, acting, before, wanted, unit.now);
  });
}

async function save(
  ports: ScimPorts,
  unit: Unit,
  acting: Acting<Provisioned>,
  before: ScimUser,
  wanted: ScimAttributes,
  deletedAt: Date | null = null,
): Promise<Provisioned> {
  const same = deletedAt === null && isDeepStrictEqual(attributesOf(before), wanted);
  if (same && wanted.active) {
    unit.foundDone();
    return { user: before, left: null };
  }
  await saveUser(unit.tx, before.member, wanted, unit.now, deletedAt);
  if (same) {
    // Deactivated already: what was begun then is gone on with, and waited for.
    unit.foundDone();
    return { user: before, left: (await ports.leaving?.begin(unit, acting, before.member, false)) ?? null };
  }
  const { member, left } = await replaceMember(ports, unit, acting, before.member, memberOf(wanted));
  return { user: { member, ...wanted, updatedAt: unit.now }, left };
}

const memberOf = ({ email, name, role, active }: ScimAttributes) =>
  ({ email, name, role, status: active ? "active" : "deactivated" }) as const;

/** Whose provider asks is not asked beyond an admin: an owner is made by the platform. */
function demandNoOwner({ role }: ScimAttributes, before: ScimUser | null): void {
  if (role === "owner" && before?.member.role !== "owner")
    throw scimFault("invalidValue", "The role owner is given by the platform and not over SCIM.");
}

async function requireUser(unit: Unit, account: string, id: string): Promise<ScimUser> {
  const user = await findUser(unit.tx, account, id, true);
  if (user === null) throw new ClavigerError("NOT_FOUND");
  return user;
}

/** Held, so that it is not closed meanwhile. */
async function demandOpen(unit: Unit, account: string): Promise<void> {
  if ((await findAccount(unit.tx, account, "share")) === null) throw new ClavigerError("NOT_FOUND");
}

/** Two at once who take one name: the later one finds it taken. */
async function inUnit(
  ports: ScimPorts,
  acting: Acting<Provisioned>,
  work: (unit: Unit) => Promise<Provisioned>,
): Promise<Done<Provisioned>> {
  try {
    return await ports.act(acting, PLATFORM, work);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ClavigerError("CONFLICT", { publicDetail: "There is a user of this userName." });
  }
}
