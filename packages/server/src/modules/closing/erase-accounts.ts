import { eraseReasons, PLATFORM } from "../../db/index.ts";
import { SYSTEM_SOURCE, type Unit } from "../../kernel/act.ts";
import { forgetAnswersAbout } from "../../kernel/idempotency.ts";
import { accountSubject, eraseAccount, takeDue } from "../accounts/index.ts";
import { eraseEvents } from "../audit/index.ts";
import { actOnKeys, eraseKeys, selectUnerasedKeys, selectUnrevoked } from "../keys/index.ts";
import { eraseUses } from "../traffic/index.ts";
import type { ErasingPorts } from "./ports.ts";

const KEYS = 500;
const EVENTS = 1_000;
const ROWS = 20_000;
/** For so long one run goes on, in milliseconds. */
const RUN_MS = 10_000;

const ACTING = { actor: { type: "system", id: "erasure" }, source: SYSTEM_SOURCE } as const;

/**
 * Erases accounts whose time has come, in steps that commit one after another and each find by themselves what is left, so that it is gone on
 * with wherever it stopped, and several nodes do no harm. First what is left of keys ends; then uses and what people said of the keys; then the
 * text of the account's audit events; last its people and itself.
 */
export function createEraser(ports: ErasingPorts): () => Promise<void> {
  const { clock, database } = ports;
  return async () => {
    const until = clock.mono() + RUN_MS;
    while (clock.mono() < until) {
      const due = await database.transaction(PLATFORM, (tx) => takeDue(tx, new Date(clock.wall())));
      if (due === null) return;
      if (!(await endSomeKeys(ports, due.id)) && !(await eraseSomeKeys(ports, due.id))) await eraseRest(ports, due.id);
    }
  };
}

/** Of an account that had more keys than one act takes. Returns whether there were any. */
async function endSomeKeys({ act, database }: ErasingPorts, account: string): Promise<boolean> {
  const left = await database.transaction(PLATFORM, (tx) => selectUnrevoked(tx, account, 1));
  if (left.length === 0) return false;
  await act(ACTING, PLATFORM, async (unit) => {
    const ids = await selectUnrevoked(unit.tx, account, KEYS);
    const outcomes = await actOnKeys(unit, ids, { kind: "revoke", reason: "other", comment: "the account was closed" });
    if (![...outcomes.values()].includes("done")) unit.foundDone();
  });
  return true;
}

async function eraseSomeKeys({ act, database }: ErasingPorts, account: string): Promise<boolean> {
  const ids = await database.transaction(PLATFORM, (tx) => selectUnerasedKeys(tx, account, KEYS));
  if (ids.length === 0) return false;
  while (await database.transaction(PLATFORM, (tx) => eraseUses(tx, ids, ROWS)));
  await act(ACTING, PLATFORM, async (unit) => {
    await eraseKeys(unit.tx, ids, unit.now);
    record(unit, account, { keys: ids.length, done: false });
    unit.widens(accountSubject(account));
  });
  return true;
}

async function eraseRest({ act, database, auditKey, eraseBeside }: ErasingPorts, account: string): Promise<void> {
  const keys = { byVersion: auditKey };
  let events = 0;
  for (;;) {
    const erased = await database.transaction(PLATFORM, (tx) => eraseEvents(tx, keys, account, EVENTS));
    if (erased === 0) break;
    events += erased;
  }
  await act(ACTING, PLATFORM, async (unit) => {
    for (const erase of eraseBeside) await erase(unit.tx, account);
    await eraseReasons(unit.tx, account);
    await forgetAnswersAbout(unit.tx, account);
    await eraseAccount(unit.tx, account, unit.now);
    record(unit, account, { events, done: true });
    unit.widens(accountSubject(account));
    unit.emits({ type: "account.erased", account, payload: { account } });
  });
}

function record(unit: Unit, account: string, after: object): void {
  unit.audits({ action: "account.erased", account, target: { type: "account", id: account }, after });
}
