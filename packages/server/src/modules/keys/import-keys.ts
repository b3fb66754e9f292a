import { ClavigerError, type FieldError } from "@claviger/core";
import type { Unit } from "../../kernel/act.ts";
import { type Account, findAccounts } from "../accounts/index.ts";
import { type CreateKeyInput, describeCustomerKey, firstVersion, unknownAccount } from "./create-key.ts";
import { digestsOf, newestDigestOf, type StoredDigest } from "./digest.ts";
import { auditedFields, type Key, keySubject } from "./key.ts";
import { countActiveKeys, insertKeys } from "./keys.store.ts";
import { createLookups, type Lookups } from "./lookups.ts";
import type { Authority, KeysPorts } from "./ports.ts";
import { type KnownDigest, selectKnownDigests } from "./queries/known-digests.ts";

/** Changes whenever keys are imported: what was unknown before may be known now. */
export const IMPORTS_SUBJECT = "imports";

export interface ImportKeyInput extends CreateKeyInput {
  /** SHA-256 of the key, 32 bytes. */
  readonly hash: Uint8Array;
  /** What lists show of it. */
  readonly preview: string;
  readonly madeAt: Date | null;
}

/** `known`: it was imported, or issued, before, for the same account. `fault`: it is no key now, and why. */
export type Imported =
  | { readonly kind: "imported"; readonly key: Key }
  | { readonly kind: "known" }
  | { readonly kind: "fault"; readonly errors: readonly FieldError[] };

const KNOWN = { kind: "known" } as const;

/**
 * Makes keys of secrets that exist (A7), under the checks of keys that are issued, each with its audit event. What one of them lacks
 * keeps none of the others out. Answers in the order of `inputs`. Throws pg's unique violation where somebody else imports the same
 * at the same moment: the unit is to be tried again.
 */
export async function importKeys(
  ports: Pick<KeysPorts, "ids" | "keyring">,
  unit: Unit,
  authority: Authority,
  inputs: readonly ImportKeyInput[],
): Promise<readonly Imported[]> {
  const lookups = createLookups(unit.tx);
  // Held in one order against everybody else.
  const accounts = await findAccounts(unit.tx, [...new Set(inputs.map(({ account }) => account))], "update");
  const known = await selectKnownDigests(
    unit.tx,
    inputs.map(({ hash }) => digestsOf(hash, ports.keyring)),
  );
  const rooms = new Map<string, number>();
  const seen = new Map<string, string>();
  const rows: { key: Key; version: ReturnType<typeof firstVersion>; stored: StoredDigest }[] = [];
  const outcomes: Imported[] = [];
  for (const [index, input] of inputs.entries()) {
    const account = accounts.get(input.account);
    const outcome = await importOne(account, input, known[index] ?? null, seen, async (found) => {
      const { key } = await describeCustomerKey(ports, unit, lookups, found, authority, input);
      await takeRoom(unit, lookups, found, rooms);
      return key;
    });
    if (outcome.kind === "imported") {
      const { key } = outcome;
      rows.push({ key, version: firstVersion(key), stored: newestDigestOf(input.hash, ports.keyring) });
      record(unit, key);
    }
    outcomes.push(outcome);
  }
  if (rows.length > 0) {
    await insertKeys(unit.tx, rows, true);
    unit.widens(IMPORTS_SUBJECT);
  }
  return outcomes;
}

async function importOne(
  account: (Account & { readonly reserved: boolean }) | undefined,
  input: ImportKeyInput,
  known: KnownDigest | null,
  seen: Map<string, string>,
  describe: (account: Account) => Promise<Key>,
): Promise<Imported> {
  try {
    if (account === undefined) throw unknownAccount();
    if (account.reserved) throw fault("account", "management keys are not imported");
    const hash = Buffer.from(input.hash).toString("base64");
    const owner = known?.account ?? seen.get(hash);
    if (owner === account.id) return KNOWN;
    if (owner !== undefined) throw fault("key", "is a key of another account");
    const described = await describe(account);
    seen.set(hash, account.id);
    const key = { ...described, preview: input.preview, createdAt: input.madeAt ?? described.createdAt };
    return { kind: "imported", key };
  } catch (error) {
    if (!(error instanceof ClavigerError)) throw error;
    return { kind: "fault", errors: error.errors ?? [{ path: "", message: error.publicDetail }] };
  }
}

function fault(path: string, message: string): ClavigerError {
  return new ClavigerError("VALIDATION_FAILED", { errors: [{ path, message }] });
}

/** Counts each account once, and what is imported for it from here. Throws KEY_LIMIT_REACHED. */
async function takeRoom(unit: Unit, lookups: Lookups, account: Account, rooms: Map<string, number>): Promise<void> {
  const plan = await lookups.plan(account);
  if (plan === null || plan.maxActiveKeys === null) return;
  const room = rooms.get(account.id) ?? plan.maxActiveKeys - (await countActiveKeys(unit.tx, account.id, unit.now));
  rooms.set(account.id, room - 1);
  if (room >= 1) return;
  throw new ClavigerError("KEY_LIMIT_REACHED", {
    publicDetail: `The plan ${plan.name} allows ${plan.maxActiveKeys} active keys.`,
  });
}

function record(unit: Unit, key: Key): void {
  unit.audits({
    action: "key.imported",
    account: key.account,
    target: { type: "key", id: key.id },
    after: auditedFields(key),
  });
  unit.widens(keySubject(key.id));
}
