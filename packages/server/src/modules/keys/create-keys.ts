import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { type Account, findAccounts } from "../accounts/index.ts";
import {
  type CreatedKey,
  type CreateKeyInput,
  demandRoom,
  describeCustomerKey,
  firstVersion,
  mint,
  recordCreated,
  unknownAccount,
} from "./create-key.ts";
import { insertKeys } from "./keys.store.ts";
import { createLookups, type Lookups } from "./lookups.ts";
import type { Authority, KeysPorts } from "./ports.ts";

/** Keys that one act may make; whoever has more makes several. A thousand at a time is about as quick and holds its locks for less. */
export const MOST_KEYS = 5_000;

/** Keys written by one statement: what is made in between keeps the process from answering others for some milliseconds. */
const BATCH = 250;

/**
 * Issues many keys, of one account or several, in one act: all of them or none, under the same checks as `createKey`, with an audit
 * event for each key (H1) and one change for all. Answers in the order of `inputs`.
 *
 * Throws what `createKey` throws, with the paths of its errors below `keys[<index>]`; KEY_LIMIT_REACHED where the keys of an account
 * pass its cap together; VALIDATION_FAILED for the reserved account, whose keys are made one at a time; TypeError for none or
 * more than `MOST_KEYS`.
 */
export function createKeys(
  ports: KeysPorts,
  acting: Acting<readonly CreatedKey[]>,
  authority: Authority,
  inputs: readonly CreateKeyInput[],
): Promise<Done<readonly CreatedKey[]>> {
  if (inputs.length === 0 || inputs.length > MOST_KEYS)
    throw new TypeError(`an act makes 1 to ${MOST_KEYS} keys, not ${inputs.length}`);
  return ports.act(acting, PLATFORM, async (unit) => {
    const lookups = createLookups(unit.tx);
    const accounts = await holdAccounts(unit, lookups, inputs);
    const made = await issueAll(ports, unit, inputs.length, BATCH, async (index) => {
      const input = inputs[index];
      const account = accounts.get(input?.account ?? "");
      if (input === undefined || account === undefined) throw unknownAccount();
      return describeCustomerKey(ports, unit, lookups, account, authority, input);
    });
    for (const [account, keys] of Map.groupBy(made, ({ key }) => key.account)) {
      unit.emits({ type: "keys.created", account, payload: { keys: keys.map(({ key }) => key.id) } });
    }
    return made;
  });
}

/** The accounts by the names they were asked for, held in one order against everybody else, each with room for what is asked. */
async function holdAccounts(
  unit: Unit,
  lookups: Lookups,
  inputs: readonly CreateKeyInput[],
): Promise<ReadonlyMap<string, Account>> {
  const accounts = await findAccounts(unit.tx, [...new Set(inputs.map((input) => input.account))], "update");
  const asked = new Map<Account, number>();
  for (const [index, input] of inputs.entries()) {
    const account = accounts.get(input.account);
    if (account?.reserved === true) {
      const message = "management keys are made one at a time";
      throw below(index, new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "account", message }] }));
    }
    if (account !== undefined) asked.set(account, (asked.get(account) ?? 0) + 1);
  }
  for (const [account, adding] of asked) await demandRoom(unit, lookups, account, adding);
  return accounts;
}

/** Makes the keys of one batch while the database writes the batch before. */
async function issueAll(
  ports: KeysPorts,
  unit: Unit,
  count: number,
  batchSize: number,
  describe: (index: number) => ReturnType<typeof describeCustomerKey>,
): Promise<CreatedKey[]> {
  const made: CreatedKey[] = [];
  let written: Promise<void> = Promise.resolve();
  for (let from = 0; from < count; from += batchSize) {
    const minted: ReturnType<typeof mint>[] = [];
    for (let index = from; index < Math.min(count, from + batchSize); index += 1) {
      try {
        const { key, tag } = await describe(index);
        minted.push(mint(ports, tag, key));
      } catch (error) {
        throw error instanceof ClavigerError ? below(index, error) : error;
      }
    }
    const rows = minted.map(({ created: { key }, stored }) => ({ key, version: firstVersion(key), stored }));
    await written;
    written = insertKeys(unit.tx, rows, false);
    // Reported where it is waited for, which a fault in the next batch may keep from happening.
    written.catch(() => undefined);
    for (const { created } of minted) {
      recordCreated(unit, created.key);
      made.push(created);
    }
  }
  await written;
  return made;
}

/** The same error, saying which key of the act it is about. */
function below(index: number, error: ClavigerError): ClavigerError {
  const at = `keys[${index}]`;
  const errors = error.errors?.map(({ path, message }) => ({ path: `${at}.${path}`, message }));
  return new ClavigerError(error.code, {
    publicDetail: error.publicDetail,
    errors: errors ?? [{ path: at, message: error.publicDetail }],
    extra: error.extra,
    internal: error.internal,
    cause: error,
  });
}
