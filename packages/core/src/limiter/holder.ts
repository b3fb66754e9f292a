import { type Moment, waitingSpan } from "../coherence/moment.ts";
import { type LimiterPlatform, moment, within } from "./platform.ts";
import type { HolderRow, Renewal, ShareStore } from "./stores.ts";

export interface HolderOptions {
  readonly store: ShareStore;
  readonly platform: LimiterPlatform;
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

/** A renewal, and both clocks from before it was sent: a lease counts from there. */
export interface Renewed {
  readonly renewal: Renewal;
  readonly before: Moment;
}

/**
 * The holder of shares that this process is.
 *
 * States: out (no row; no share counts) → in (row written; shares count while the term that was last renewed runs, by both
 * clocks of this process) → out, when another process has ended it; then it begins anew under another id. Left for good by
 * `leave`.
 *
 * It watches the others that a renewal names: a token that has stood still for the whole term of its holder, by this process's
 * monotonic clock, has no lease behind it, and its holder is ended.
 */
export class Holder {
  readonly #options: HolderOptions;
  #id: string | null = null;
  #watched = new Map<string, Watched>();

  constructor(options: HolderOptions) {
    this.#options = options;
  }

  /** The id under which shares are asked for; null while there is none. */
  id(): string | null {
    return this.#id;
  }

  /** Another process has ended it, or nobody knows what is recorded for it. */
  lost(id: string): void {
    if (this.#id !== id) return;
    this.#options.platform.logger.warn(
      { holder: id },
      "the shares of limits held here were lost; they are asked for anew",
    );
    this.#id = null;
    this.#options.onLost();
  }

  /**
   * Renews, or begins where there is none. Null where this holder has been ended, which the next call makes good. Rejects
   * where the store cannot be reached.
   */
  async renew(): Promise<Renewed | null> {
    const { store, platform } = this.#options;
    const before = moment(platform.clock);
    const id = await this.#begun(before);
    const row = { ...this.#row(id, before), token: platform.random.uuid() };
    const renewal = await within(platform.timers, store.renew(row), RENEWAL_MS, "a renewal");
    if (!renewal.alive) this.lost(id);
    return this.#id === id ? { renewal, before } : null;
  }

  /** Ends those of the others whose lease is over; true where there was one. `before`: when the renewal that names them was begun. */
  async watch({ renewal, before }: Renewed): Promise<boolean> {
    const { store, platform } = this.#options;
    const seenAt = platform.clock.mono();
    const watched = new Map<string, Watched>();
    let ended = false;
    for (const { id, token, termMs } of renewal.others) {
      const known = this.#watched.get(id);
      const kept = known?.token === token ? known : { token, seenAt };
      watched.set(id, kept);
      if (before.mono - kept.seenAt < waitingSpan(termMs)) continue;
      await within(platform.timers, store.end(id, token), RENEWAL_MS, "ending a holder");
      platform.logger.info({ holder: id }, GONE);
      ended = true;
    }
    this.#watched = watched;
    return ended;
  }

  /** Ends it for good; what was spent stays recorded. */
  async leave(): Promise<void> {
    const { store, platform } = this.#options;
    if (this.#id === null) return;
    const row = this.#row(this.#id, moment(platform.clock));
    await within(platform.timers, store.leave(row), RENEWAL_MS, "leaving");
  }

  #row(id: string, { mono }: Moment): Omit<HolderRow, "token"> {
    return { id, termMs: this.#options.termMs, now: mono };
  }

  async #begun(now: Moment): Promise<string> {
    if (this.#id !== null) return this.#id;
    const { store, platform } = this.#options;
    const row = { ...this.#row(platform.random.uuid(), now), token: platform.random.uuid() };
    await within(platform.timers, store.join(row), RENEWAL_MS, "joining");
    this.#id = row.id;
    return row.id;
  }
}

const GONE = "a holder of limits is gone; what it held counts as spent until it leaves the window";
