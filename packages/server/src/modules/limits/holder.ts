import { type Moment, usableSpan, waitingSpan, withinSpan } from "@claviger/core";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Random } from "../../kernel/random.ts";
import type { BudgetStore, HolderRow, Renewal } from "./budget-store.ts";
import { within } from "./late.ts";
import { moment } from "./moment.ts";

export interface HolderOptions {
  readonly store: BudgetStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly termMs: number;
  /** Shares held so far are another's now. */
  onLost(): void;
}

const RENEWAL_MS = 2_000;

interface Watched {
  readonly token: string;
  /** This process's monotonic clock when a read that saw the token had come back. */
  readonly seenAt: number;
}

/**
 * The holder of shares that this process is.
 *
 * States: out (no row; no share counts) → in (row written; shares count while the term that was last renewed runs, by both
 * clocks of this process) → out, when another process has ended it; then it begins anew under another id. Left for good by
 * `leave`.
 *
 * It watches the others: a token that has stood still for the whole term of its holder, by this process's monotonic clock, has
 * no lease behind it, and its holder is ended.
 */
export class Holder {
  readonly #options: HolderOptions;
  #row: HolderRow | null = null;
  #leasedFrom: Moment | null = null;
  #watched = new Map<string, Watched>();
  #left = false;

  constructor(options: HolderOptions) {
    this.#options = options;
  }

  /** The id under which shares are asked for; null while there is none. */
  id(): string | null {
    return this.#row?.id ?? null;
  }

  /** Whether shares may be spent from now. */
  isValid(now: Moment): boolean {
    const { termMs } = this.#options;
    return this.#leasedFrom !== null && !this.#left && withinSpan(this.#leasedFrom, now, usableSpan(termMs));
  }

  /** Another process has ended it, or nobody knows what is recorded for it. */
  lost(id: string): void {
    if (this.#row?.id !== id) return;
    this.#options.logger.warn({ holder: id }, "the shares of limits held here were lost; they are asked for anew");
    this.#row = null;
    this.#leasedFrom = null;
    this.#options.onLost();
  }

  /** Renews, or begins where there is none; ends others whose lease is over. Rejects where the store cannot be reached. */
  async renew(): Promise<Renewal> {
    const { store, clock, termMs } = this.#options;
    const before = moment(clock);
    const row = await this.#begun(before);
    const token = this.#options.random.uuid();
    const renewal = await within(store.renew({ id: row.id, token, termMs }, before.mono), RENEWAL_MS, "a renewal");
    if (this.#row?.id === row.id) {
      if (renewal.alive) this.#leasedFrom = before;
      else this.lost(row.id);
    }
    const ended = await this.#watch(renewal.others, before.mono);
    return ended ? { ...renewal, heirless: true } : renewal;
  }

  /** Gives up the lease for good; what was spent stays recorded. */
  async leave(): Promise<void> {
    this.#left = true;
    const row = this.#row;
    if (row !== null) await within(this.#options.store.leave(row, this.#options.clock.mono()), RENEWAL_MS, "leaving");
  }

  /** From here on nothing is spent from shares. */
  stop(): void {
    this.#left = true;
  }

  async #begun(now: Moment): Promise<HolderRow> {
    if (this.#row !== null) return this.#row;
    const { store, random, termMs } = this.#options;
    const row = { id: random.uuid(), token: random.uuid(), termMs };
    await within(store.join(row, now.mono), RENEWAL_MS, "joining");
    this.#row = row;
    return row;
  }

  async #watch(others: readonly HolderRow[], readStarted: number): Promise<boolean> {
    const { store, clock, logger } = this.#options;
    const seenAt = clock.mono();
    const watched = new Map<string, Watched>();
    let ended = false;
    for (const { id, token, termMs } of others) {
      const known = this.#watched.get(id);
      const kept = known?.token === token ? known : { token, seenAt };
      watched.set(id, kept);
      if (readStarted - kept.seenAt < waitingSpan(termMs)) continue;
      await within(store.end(id, token), RENEWAL_MS, "ending a holder");
      logger.info(
        { holder: id },
        "a holder of limits is gone; what it held counts as spent until it leaves the window",
      );
      ended = true;
    }
    this.#watched = watched;
    return ended;
  }
}
