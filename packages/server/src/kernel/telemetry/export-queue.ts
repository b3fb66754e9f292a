import type { Timers } from "@claviger/core";
import { outside } from "../outside.ts";
import type { TelemetryReading } from "../tracing.ts";

/** What the log is told of a signal. Counts are spans or lines. */
export type TelemetryEvent =
  /** Exports fail. Told once, until it is sent again. */
  | { readonly kind: "failing"; readonly error: Error }
  /** More comes than is sent. Told once, until it is sent again. */
  | { readonly kind: "full" }
  /** It goes as it should again; `lost` since it did not. */
  | { readonly kind: "again"; readonly lost: number }
  /** The receiver took an export and rejected a part of it. Told once. */
  | { readonly kind: "rejected"; readonly lost: number; readonly error: Error }
  /** The stop did not get rid of all; `lost` with what was lost in the trouble before. */
  | { readonly kind: "stopped"; readonly lost: number };

export type Report = (signal: string, event: TelemetryEvent) => void;

/** What a receiver rejected of an export that it took, and why. */
export interface Rejection {
  readonly count: number;
  readonly why: string;
}

/** Sends one batch, and says what of it was rejected. Throws where it does not arrive. */
export type Send<T> = (batch: T[]) => Promise<Rejection>;

export interface ExportQueueOptions<T> {
  readonly signal: string;
  readonly send: Send<T>;
  readonly timers: Timers;
  readonly report: Report;
  /** Milliseconds after which an export counts as failed, whatever `send` does. */
  readonly patienceMs: number;
}

/** Spans or lines that wait at most; what comes while so many wait is left out. */
const MOST_WAITING = 2_048;
const BATCH = 512;
const DELAY_MS = 1_000;
const STOP_MS = 2_000;
/** One under way, and at the stop all that wait. */
export const MOST_UNDER_WAY = 1 + MOST_WAITING / BATCH;

interface UnderWay {
  readonly count: number;
  readonly ended: Promise<void>;
}

/**
 * Spans or lines of log on their way to the receiver: one batch at a time, as soon as it is full or a second after its first; at the stop
 * all at once. Every one ends as sent, failed or left out, and is counted so once.
 */
export class ExportQueue<T> {
  readonly #options: ExportQueueOptions<T>;
  readonly #counts = { given: 0, sent: 0, failed: 0, leftOut: 0 };
  readonly #underWay = new Set<UnderWay>();
  #waiting: T[] = [];
  #cancel: (() => void) | null = null;
  #failing = false;
  #full = false;
  #toldOfRejection = false;
  #stopped = false;
  /** What was lost when the trouble began. */
  #lostBefore = 0;

  constructor(options: ExportQueueOptions<T>) {
    this.#options = options;
  }

  /** What comes after the stop is not taken. */
  add(item: T): void {
    if (this.#stopped) return;
    this.#counts.given += 1;
    if (this.#waiting.length >= MOST_WAITING) {
      this.#leaveOut();
      return;
    }
    this.#waiting.push(item);
    this.#plan();
  }

  reading(): TelemetryReading {
    return { ...this.#counts };
  }

  /** Sends what waits, for two seconds at most; what has not arrived by then counts as failed. Never throws. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    if (!this.#inTrouble) this.#lostBefore = this.#lost;
    while (this.#waiting.length > 0) this.#send();
    const late = Promise.withResolvers<void>();
    const cancel = this.#options.timers.after(STOP_MS, late.resolve);
    await Promise.race([Promise.all([...this.#underWay].map(({ ended }) => ended)), late.promise]);
    cancel();
    for (const { count } of this.#underWay) this.#counts.failed += count;
    this.#underWay.clear();
    const lost = this.#lost - this.#lostBefore;
    if (lost > 0) this.#tell({ kind: "stopped", lost });
  }

  get #lost(): number {
    return this.#counts.failed + this.#counts.leftOut;
  }

  get #inTrouble(): boolean {
    return this.#failing || this.#full;
  }

  #tell(event: TelemetryEvent): void {
    // No request is to be blamed for it.
    outside(() => this.#options.report(this.#options.signal, event));
  }

  #leaveOut(): void {
    if (!this.#inTrouble) this.#lostBefore = this.#lost;
    this.#counts.leftOut += 1;
    const told = this.#inTrouble;
    this.#full = true;
    if (!told) this.#tell({ kind: "full" });
  }

  #plan(): void {
    if (this.#underWay.size > 0 || this.#stopped) return;
    if (this.#waiting.length >= BATCH) this.#send();
    else if (this.#waiting.length > 0) this.#cancel ??= this.#options.timers.after(DELAY_MS, () => this.#send());
  }

  #send(): void {
    this.#cancel?.();
    this.#cancel = null;
    const batch = this.#waiting.splice(0, BATCH);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const sending: UnderWay = { count: batch.length, ended };
    this.#underWay.add(sending);
    const { timers, patienceMs, send } = this.#options;
    const failed = (error: unknown): void => this.#settle(sending, () => this.#fail(batch.length, error));
    const cancel = timers.after(patienceMs, () => failed(new TypeError(`no answer within ${patienceMs} ms`)));
    void outside(async () => send(batch))
      .then((rejection) => this.#settle(sending, () => this.#succeed(batch.length, rejection)), failed)
      .finally(() => {
        cancel();
        resolve();
      });
  }

  /** Once for each export: what comes after it was given up changes nothing. */
  #settle(sending: UnderWay, note: () => void): void {
    if (!this.#underWay.delete(sending)) return;
    note();
    this.#plan();
  }

  #succeed(count: number, { count: rejected, why }: Rejection): void {
    const lost = Math.min(rejected, count);
    this.#counts.sent += count - lost;
    if (lost > 0) this.#reject(lost, why);
    if (!this.#inTrouble || this.#waiting.length > MOST_WAITING / 2) return;
    this.#failing = false;
    this.#full = false;
    const since = this.#lost - this.#lostBefore;
    this.#lostBefore = this.#lost;
    this.#tell({ kind: "again", lost: since });
  }

  #reject(lost: number, why: string): void {
    this.#counts.failed += lost;
    if (this.#toldOfRejection) return;
    this.#toldOfRejection = true;
    this.#tell({ kind: "rejected", lost, error: new TypeError(why) });
  }

  #fail(count: number, error: unknown): void {
    if (!this.#inTrouble) this.#lostBefore = this.#lost;
    this.#counts.failed += count;
    const told = this.#failing;
    this.#failing = true;
    if (!told) this.#tell({ kind: "failing", error: error instanceof Error ? error : new TypeError(String(error)) });
  }
}
