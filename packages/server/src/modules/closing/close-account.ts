import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { type Account, accountSubject, findAccount, updateAccount } from "../accounts/index.ts";
import { MOST_KEYS_OF_ACT, type SelectionFacts, startBulkAct } from "../bulk-acts/index.ts";
import { selectUnrevoked } from "../keys/index.ts";
import type { ClosingPorts } from "./ports.ts";

export interface CloseInput {
  readonly reason: string;
  readonly eraseAfterDays: number;
  readonly confirm?: number | undefined;
}

export interface PreviewedClosing {
  readonly account: Account;
  /** Those that are not revoked. */
  readonly keys: SelectionFacts & { readonly keys: number };
  /** What must be typed back; null where nothing must. */
  readonly confirm: number | null;
}

const DAY_MS = 86_400_000;
/** Beyond so many keys their number must be typed back (E8). */
const UNASKED = 20;

/** What would end; nothing is done. Throws NOT_FOUND. */
export function previewClosing(ports: ClosingPorts, reference: string): Promise<PreviewedClosing> {
  const now = new Date(ports.clock.wall());
  return ports.database.transaction(PLATFORM, async (tx) => (await look(ports, tx, reference, now)).preview);
}

/**
 * Closes an account for good: it is refused as a whole from then on, and its keys are frozen, to be revoked as one act on many keys. What is
 * known of its people is erased after so many days. Closed already: found done, with the same act. Throws NOT_FOUND, CONFIRMATION_REQUIRED.
 */
export function closeAccount(
  ports: ClosingPorts,
  acting: Acting<Account>,
  reference: string,
  { reason, eraseAfterDays, confirm }: CloseInput,
): Promise<Done<Account>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const found = await requireCustomer(unit.tx, reference);
    // Held from here on, so that no key is made beside it; whoever waited for another who closed it is told of a conflict.
    if (found.closedAt === null) await findAccount(unit.tx, found.id, "update");
    const { preview, ids } = await look(ports, unit.tx, found.id, unit.now);
    const { account } = preview;
    if (account.closedAt !== null) {
      unit.foundDone();
      return account;
    }
    demandConfirmed(preview, confirm);
    const act = { kind: "revoke", reason: "other", comment: "the account was closed" } as const;
    const bulk = ids.length === 0 ? null : await startBulkAct(ports, unit, acting, act, { account: account.id }, ids);
    const after: Account = {
      ...{ ...account, status: "suspended", suspendedReason: reason, closingAct: bulk?.id ?? null },
      ...{ closedAt: unit.now, eraseAt: new Date(unit.now.getTime() + eraseAfterDays * DAY_MS), updatedAt: unit.now },
    };
    await updateAccount(unit.tx, after);
    unit.audits({
      ...{ action: "account.closed", account: account.id, target: { type: "account", id: account.id } },
      before: { status: account.status },
      after: { status: "closed", reason, keys: ids.length, eraseAt: after.eraseAt?.toISOString() },
    });
    unit.narrows(accountSubject(account.id));
    unit.emits({
      type: "account.closed",
      account: account.id,
      payload: { account: account.id, keys: ids.length, eraseAt: after.eraseAt?.toISOString() },
    });
    return after;
  });
}

/** The reserved account is closed by nobody. */
async function requireCustomer(tx: Tx, reference: string): Promise<Account> {
  const found = await findAccount(tx, reference);
  if (found === null || found.reserved) throw new ClavigerError("NOT_FOUND");
  const { reserved: _, ...account } = found;
  return account;
}

async function look(
  ports: ClosingPorts,
  tx: Tx,
  reference: string,
  now: Date,
): Promise<{ readonly preview: PreviewedClosing; readonly ids: readonly string[] }> {
  const account = await requireCustomer(tx, reference);
  const ids = await selectUnrevoked(tx, account.id, MOST_KEYS_OF_ACT);
  const keys = { ...(await ports.describe(tx, ids, now)), keys: ids.length };
  return { ids, preview: { account, keys, confirm: ids.length > UNASKED ? ids.length : null } };
}

/** What is typed must fit, also where nothing had to be typed. */
function demandConfirmed({ confirm, keys }: PreviewedClosing, typed: number | undefined): void {
  if (confirm === null ? typed === undefined || typed === keys.keys : typed === confirm) return;
  throw new ClavigerError("CONFIRMATION_REQUIRED", {
    publicDetail: `The account has ${keys.keys.toLocaleString("en-US")} keys: type the number back as \`confirm\`.`,
    extra: { confirm: keys.keys, keys: keys.keys, used24h: keys.used24h },
  });
}
