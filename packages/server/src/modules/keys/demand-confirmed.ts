import { ClavigerError } from "@claviger/core";
import type { Unit } from "../../kernel/act.ts";
import type { Key } from "./key.ts";
import type { Guard } from "./ports.ts";

const DAY_MS = 86_400_000;

/**
 * Ending a key that was used within 24 hours asks for its label, where the caller wants to be asked; a quiet one for nothing, so that no
 * emergency is slowed (E8). Throws CONFIRMATION_REQUIRED, also for a label that is another's.
 */
export async function demandConfirmed(
  { tx, now }: Pick<Unit, "tx" | "now">,
  key: Pick<Key, "id" | "label">,
  { guarded = false, confirm, lastUseOf }: Guard,
): Promise<void> {
  if (confirm === key.label || (confirm === undefined && !guarded)) return;
  if (confirm === undefined) {
    const used = await lastUseOf(tx, key.id);
    if (used === null || now.getTime() - used.getTime() > DAY_MS) return;
  }
  const why = confirm === undefined ? "The key was used within 24 hours" : "That is not the label of the key";
  throw new ClavigerError("CONFIRMATION_REQUIRED", {
    publicDetail: `${why}: type its label back as \`confirm\`.`,
    extra: { confirm: key.label },
  });
}
