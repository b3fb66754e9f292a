import { ClavigerError } from "@claviger/core";
import type { Unit } from "../../kernel/act.ts";
import type { Split } from "./split.ts";
import { findSplit, holdSplit } from "./splits.store.ts";

/** The open split of a key, held. Throws NOT_FOUND where there was never one, STATE_CONFLICT where it has ended. */
export async function holdOpen(unit: Pick<Unit, "tx">, key: string): Promise<Split> {
  const split = await holdSplit(unit.tx, key);
  if (split !== null) return split;
  if ((await findSplit(unit.tx, key)) === null) throw new ClavigerError("NOT_FOUND");
  throw new ClavigerError("STATE_CONFLICT", { publicDetail: "The split has ended." });
}

export const aboutSplit = ({ account, key }: Pick<Split, "account" | "key">) => ({
  ...{ account, target: { type: "key", id: key } },
});
