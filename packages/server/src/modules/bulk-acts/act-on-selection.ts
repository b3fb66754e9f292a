import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting } from "../../kernel/act.ts";
import type { ManyKeysAct } from "../keys/index.ts";
import { MOST_KEYS_OF_ACT } from "./bulk-act.ts";
import { type FinishedBulkAct, finishBulkAct } from "./finish-bulk-act.ts";
import type { BulkActPorts, KeySelection, SelectionFacts, Selector } from "./ports.ts";
import { startBulkAct } from "./start-bulk-act.ts";

/** Beyond so many keys their number must be typed back (E8). */
const UNASKED = 20;

export interface Selected extends SelectionFacts {
  readonly keys: number;
  /** What must be typed back: the number of keys, or the label of a single one that is in use; null where nothing must. */
  readonly confirm: number | string | null;
}

export interface SelectionAct {
  readonly act: ManyKeysAct;
  readonly selection: KeySelection;
  readonly confirm: number | string | undefined;
  /** Milliseconds for which the caller waits; the act goes on after that. */
  readonly withinMs: number;
}

/** What an act would be about; nothing is done. Throws what `select` throws, and VALIDATION_FAILED for more keys than one act may have. */
export function previewSelection(ports: BulkActPorts, selector: Selector, selection: KeySelection): Promise<Selected> {
  const now = new Date(ports.clock.wall());
  return ports.database.transaction(
    PLATFORM,
    async (tx) => (await selected(ports, tx, selector, selection, now)).facts,
  );
}

/**
 * Acts on all keys of a selection, which is frozen now. A repeat with the same Idempotency-Key goes on with the act it made. Throws as
 * `previewSelection`, CONFIRMATION_REQUIRED, and BARRIER_UNCONFIRMED.
 */
export async function actOnSelection(
  ports: BulkActPorts,
  acting: Acting<{ readonly id: string; readonly facts: Selected }>,
  selector: Selector,
  { act, selection, confirm, withinMs }: SelectionAct,
): Promise<FinishedBulkAct & { readonly selected: Selected | null }> {
  const done = await ports.act(acting, PLATFORM, async (unit) => {
    const { ids, facts } = await selected(ports, unit.tx, selector, selection, unit.now);
    demandConfirmed(facts, confirm);
    const { ids: named, ...conditions } = selection;
    const asked = named === undefined ? withOurId(conditions, facts) : { ids: named.length };
    const bulk = await startBulkAct(ports, unit, acting, act, asked, ids);
    return { id: bulk.id, facts };
  });
  const { id } = done.body as { readonly id: string };
  return { ...(await finishBulkAct(ports, acting, id, withinMs)), selected: done.value?.facts ?? null };
}

/** An account may have been named by the caller's own id. */
function withOurId(conditions: Omit<KeySelection, "ids">, { sample }: Selected): Readonly<Record<string, unknown>> {
  const account = sample[0]?.account;
  return conditions.account === undefined || account === undefined ? { ...conditions } : { ...conditions, account };
}

async function selected(
  ports: BulkActPorts,
  tx: Tx,
  selector: Selector,
  selection: KeySelection,
  now: Date,
): Promise<{ readonly ids: readonly string[]; readonly facts: Selected }> {
  const ids = await ports.select(tx, selector, selection, now, MOST_KEYS_OF_ACT);
  if (ids.length > MOST_KEYS_OF_ACT) {
    const message = `selects more than ${MOST_KEYS_OF_ACT.toLocaleString("en-US")} keys; narrow it`;
    throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "", message }] });
  }
  const facts = await ports.describe(tx, ids, now);
  return { ids, facts: { ...facts, keys: ids.length, confirm: confirmOf(ids.length, facts) } };
}

function confirmOf(keys: number, { used24h, sample }: SelectionFacts): number | string | null {
  if (keys > UNASKED) return keys;
  return keys === 1 && used24h === 1 ? (sample[0]?.label ?? null) : null;
}

/** What is typed must fit, also where nothing had to be typed: whoever counted on another number meant another selection. */
function demandConfirmed({ confirm, keys, used24h, sample }: Selected, typed: number | string | undefined): void {
  const named = typed === undefined || typed === keys || (keys === 1 && typed === sample[0]?.label);
  if (confirm === null ? named : typed === confirm) return;
  throw new ClavigerError("CONFIRMATION_REQUIRED", {
    publicDetail:
      typeof confirm === "string"
        ? "The key was used within 24 hours: type its label back as `confirm`."
        : `The selection has ${keys.toLocaleString("en-US")} keys: type the number back as \`confirm\`.`,
    extra: { confirm: confirm ?? keys, keys, used24h },
  });
}
