import { ClavigerError, type FieldError, type Limit, type Tier } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { findMember, findService } from "../accounts/index.ts";
import type { Key } from "./key.ts";

/** What a caller may say of a key, when making or changing it; what is left out is not touched. */
export interface KeyDescription {
  readonly label?: string | undefined;
  readonly tier?: Tier | null | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly purpose?: string | null | undefined;
  readonly rationale?: string | null | undefined;
  /** A member, by our id or the caller's, or `team:<name>`. */
  readonly owner?: string | null | undefined;
  readonly service?: string | null | undefined;
  readonly expiresAt?: string | null | undefined;
  readonly expiresInDays?: number | undefined;
  readonly allowedIps?: readonly string[] | undefined;
  readonly allowedReferrers?: readonly string[] | undefined;
  readonly audiences?: readonly string[] | undefined;
  readonly limits?: readonly Limit[] | undefined;
  readonly storedIn?: string | null | undefined;
  readonly criticality?: Key["criticality"] | undefined;
  readonly runbookUrl?: string | null | undefined;
  readonly dependants?: readonly unknown[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

const PLAIN_FIELDS = [
  "label",
  "tier",
  "scopes",
  "purpose",
  "rationale",
  "allowedIps",
  "allowedReferrers",
  "audiences",
  "limits",
  "storedIn",
  "criticality",
  "runbookUrl",
  "dependants",
  "tags",
  "metadata",
] as const satisfies readonly (keyof KeyDescription & keyof Key)[];

const DAY_MS = 86_400_000;
const LONGEST_MS = 3650 * DAY_MS;

/** The fields that need no look-up, as far as they are given; scopes without repetition. */
export function plainFields(input: KeyDescription): Partial<Key> {
  const given: Record<string, unknown> = {};
  for (const name of PLAIN_FIELDS) if (input[name] !== undefined) given[name] = input[name];
  if (input.scopes !== undefined) given.scopes = [...new Set(input.scopes)];
  return given as Partial<Key>;
}

/** Owner and service of the same account; another account's are as unknown as those that do not exist. */
export async function relatedFields(
  tx: Tx,
  account: string,
  input: KeyDescription,
): Promise<Partial<Pick<Key, "ownerMember" | "ownerTeam" | "service">>> {
  const faults: FieldError[] = [];
  const owner = await ownerFields(tx, account, input.owner, faults);
  const service = await serviceField(tx, account, input.service, faults);
  if (faults.length > 0) throw new ClavigerError("VALIDATION_FAILED", { errors: faults });
  return { ...owner, ...service };
}

async function ownerFields(tx: Tx, account: string, owner: string | null | undefined, faults: FieldError[]) {
  if (owner === undefined) return {};
  if (owner === null) return { ownerMember: null, ownerTeam: null };
  if (owner.startsWith("team:")) return { ownerMember: null, ownerTeam: owner.slice("team:".length) };
  const member = await findMember(tx, account, owner, "share");
  if (member === null) faults.push({ path: "owner", message: "the account has no such member" });
  else if (member.status === "deactivated") faults.push({ path: "owner", message: "the member is deactivated" });
  return { ownerMember: member?.id ?? null, ownerTeam: null };
}

async function serviceField(tx: Tx, account: string, service: string | null | undefined, faults: FieldError[]) {
  if (service === undefined) return {};
  if (service === null) return { service: null };
  const found = await findService(tx, account, service);
  if (found === null) faults.push({ path: "service", message: "the account has no such service" });
  return { service: found?.id ?? null };
}

/** The instant that is asked for, null for never, undefined where nothing is said. Throws VALIDATION_FAILED for the past and for more than ten years. */
export function askedExpiry(
  input: Pick<KeyDescription, "expiresAt" | "expiresInDays">,
  now: Date,
): Date | null | undefined {
  if (input.expiresInDays !== undefined) return new Date(now.getTime() + input.expiresInDays * DAY_MS);
  if (input.expiresAt === undefined || input.expiresAt === null) return input.expiresAt;
  const at = new Date(input.expiresAt);
  const left = at.getTime() - now.getTime();
  if (left > 0 && left <= LONGEST_MS) return at;
  throw new ClavigerError("VALIDATION_FAILED", {
    errors: [
      {
        path: "expiresAt",
        message: left > 0 ? "must be within ten years" : "must be in the future; to end a key now, revoke it",
      },
    ],
  });
}
