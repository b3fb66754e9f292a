import { type RefusalCode, UnknownKeys } from "@claviger/core";
import type { Clock } from "../../kernel/clock.ts";
import type { OldStore } from "../imports/index.ts";
import { ForeignBudget } from "./foreign-budget.ts";

export interface ForeignAsked {
  /** Where the string was presented; undefined: unknown. */
  readonly from?: string | undefined;
  /** Whether the old store is asked for a key that nobody has here, and waited for; default it is not asked. */
  readonly oldStore?: "ask" | "ask and wait" | undefined;
}

/**
 * Strings of other forms, which may be keys that were imported, or that are still to be: whoever is not in the database may be in the old
 * store. What neither has is remembered, and costs whoever presents it a budget.
 */
export class ForeignLookUps {
  readonly #unknown = new UnknownKeys();
  readonly #budget: ForeignBudget;
  readonly #oldStore: Pick<OldStore, "takes" | "hasRefused" | "ask"> | null;

  constructor(clock: Pick<Clock, "mono">, oldStore: Pick<OldStore, "takes" | "hasRefused" | "ask"> | null) {
    this.#budget = new ForeignBudget(clock);
    this.#oldStore = oldStore;
  }

  /** Whether it may be a key of the old store, by its form. */
  mayBeOld(secret: string): boolean {
    return this.#oldStore?.takes(secret) === true;
  }

  /** Whether it is known to be nobody's key. `keyHash`: as memory knows it. */
  isNobodys(secret: string, keyHash: string): boolean {
    if (!this.#unknown.has(keyHash)) return false;
    return !this.mayBeOld(secret) || this.#oldStore?.hasRefused(keyHash) === true;
  }

  /**
   * What is answered about it; null where it is in memory now. `read` reads it from the database, and is not called for what the database is
   * known not to have. Rejects as `read` does.
   */
  async fetch(
    secret: string,
    keyHash: string,
    { from, oldStore }: ForeignAsked,
    read: () => Promise<RefusalCode | null>,
  ): Promise<RefusalCode | null> {
    const looked = !this.#unknown.has(keyHash);
    if (looked) {
      if (this.#budget.isSpent(from)) return "UNAVAILABLE";
      const { generation } = this.#unknown;
      const code = await read();
      if (code !== "NOT_FOUND") return code;
      this.#budget.spend(from);
      this.#unknown.note(keyHash, generation);
    }
    if (this.#oldStore === null || oldStore === undefined || !this.mayBeOld(secret)) return "NOT_FOUND";
    const asking = this.#oldStore.ask(secret, keyHash, from ?? "");
    if (oldStore === "ask") return this.#oldStore.hasRefused(keyHash) ? "NOT_FOUND" : "UNAVAILABLE";
    const answer = await asking;
    if (answer === "refused") return "NOT_FOUND";
    if (answer === "unanswered") return "UNAVAILABLE";
    if (looked) this.#budget.refund(from);
    const code = await read();
    // It is there: whoever reads it a moment too early tries again.
    return code === "NOT_FOUND" ? "UNAVAILABLE" : code;
  }

  /** Keys were imported. */
  forget(): void {
    this.#unknown.forget();
  }
}
