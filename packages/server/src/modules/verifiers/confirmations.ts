import { ackableSeq, countLeased, holdingBack, nextDeadline, type SessionState, vouchedSeq } from "@claviger/core";
import type { Clock } from "../../kernel/clock.ts";
import type { Confirmed } from "../coherence/index.ts";

export interface ConfirmationsPorts {
  readonly clock: Clock;
  sessions(): Iterable<SessionState>;
  /** More may be acknowledged now than when it was last asked for. */
  onMore(): void;
  /** Judge the sessions anew: a lease has ended. */
  tick(): void;
}

/** What was answered last, until a session changes or a lease ends. */
interface Answered {
  readonly applied: number;
  readonly epoch: string;
  readonly until: number;
  readonly confirmed: Confirmed;
}

/**
 * How far all sessions together have come. Going through all of them at each acknowledgement would cost too much, so those
 * that held back the number that was last asked for are remembered, and the last of them tells.
 */
export class Confirmations {
  readonly #ports: ConfirmationsPorts;
  #answered: Answered | null = null;
  #target = 0;
  #holders = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(ports: ConfirmationsPorts) {
    this.#ports = ports;
  }

  confirmed(applied: number, epoch: string): Confirmed {
    const now = this.#ports.clock.mono();
    const known = this.#answered;
    if (known !== null && known.applied === applied && known.epoch === epoch && now < known.until)
      return known.confirmed;
    const sessions = [...this.#ports.sessions()];
    const confirmed: Confirmed = {
      ackedSeq: ackableSeq(sessions, epoch, applied, now),
      vouchedSeq: vouchedSeq(sessions, epoch, applied, now),
      verifiers: countLeased(sessions, now),
    };
    const until = nextDeadline(sessions, now) ?? Number.POSITIVE_INFINITY;
    this.#answered = { applied, epoch, until, confirmed };
    this.#target = applied;
    this.#holders = new Set();
    if (confirmed.ackedSeq < applied) {
      for (const { session } of holdingBack(sessions, applied, now)) this.#holders.add(session);
      this.#wakeAt(until, now);
    }
    return confirmed;
  }

  /** This session is as it is now; null: it is forgotten. */
  changed(session: string, state: SessionState | null): void {
    this.#answered = null;
    if (!this.#holders.has(session)) return;
    if (state !== null && holdingBack([state], this.#target, this.#ports.clock.mono()).length > 0) return;
    this.#holders.delete(session);
    if (this.#holders.size === 0) this.#ports.onMore();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #wakeAt(until: number, now: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (until === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(
      () => {
        this.#ports.tick();
        this.#ports.onMore();
      },
      Math.ceil(until - now) + 1,
    );
    this.#timer.unref();
  }
}
