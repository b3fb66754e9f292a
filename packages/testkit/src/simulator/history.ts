import { type Act, isNarrowing } from "./tables.ts";

interface Narrowing {
  readonly subject: string;
  readonly seq: number;
  readonly confirmedAt: number;
}

interface Widening {
  readonly subject: string;
  readonly seq: number;
}

/** One verification: what it was about, in true time. */
export interface Verification {
  readonly by: string;
  readonly subjects: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly stale: boolean;
}

export interface Counts {
  accepted: number;
  refused: number;
  stale: number;
  /** Accepted after something was committed to the contrary, and before that was confirmed: what the barrier is for. */
  acceptedInWindow: number;
  narrowings: number;
  confirmed: number;
  /** Confirmed without everybody's word. */
  lapsed: number;
  notEverywhere: number;
  unconfirmed: number;
  grants: number;
  verifiersCounted: number;
  remote: number;
}

export const COUNTED = [
  ...["accepted", "refused", "stale", "acceptedInWindow", "narrowings", "confirmed", "lapsed", "notEverywhere"],
  ...["unconfirmed", "grants", "verifiersCounted", "remote"],
] as const satisfies readonly string[] as readonly (keyof Counts)[];

export function noCounts(): Counts {
  return Object.fromEntries(COUNTED.map((name) => [name, 0])) as unknown as Counts;
}

/** What was done and what was answered, and the one rule: nothing is accepted that was confirmed to be taken away. */
export class History {
  readonly counts = noCounts();
  readonly violations: string[] = [];
  /** Told at the moment at which something is confirmed to be taken away. */
  onConfirmed: (subject: string) => void = () => undefined;
  readonly #narrowings: Narrowing[] = [];
  /** Confirmed, but verifiers that go on without a lease need not know. */
  readonly #notEverywhere: Narrowing[] = [];
  readonly #widenings: Widening[] = [];
  /** Committed and not confirmed: by subject. */
  readonly #open = new Map<string, number>();

  called(act: Act): void {
    if (isNarrowing(act)) this.counts.narrowings += 1;
  }

  /** Told at the moment at which it shows. */
  committed(act: Act, seq: number): void {
    const { subject } = act;
    if (isNarrowing(act)) {
      this.#open.set(subject, seq);
      return;
    }
    this.#open.delete(subject);
    this.#widenings.push({ subject, seq });
  }

  confirmed(act: Act, seq: number, everywhere: boolean, now: number): void {
    if (!isNarrowing(act)) return;
    this.counts.confirmed += 1;
    if (!everywhere) this.counts.notEverywhere += 1;
    if ((this.#open.get(act.subject) ?? Number.POSITIVE_INFINITY) <= seq) this.#open.delete(act.subject);
    (everywhere ? this.#narrowings : this.#notEverywhere).push({ subject: act.subject, seq, confirmedAt: now });
    this.onConfirmed(act.subject);
  }

  /** Numbers of another database say nothing about this one: what was confirmed under them is not judged any more. */
  begunAnew(): void {
    for (const list of [this.#narrowings, this.#notEverywhere, this.#widenings]) list.length = 0;
    this.#open.clear();
  }

  /** A standby took over that had received changes up to `head`; what came after never was. */
  failedOver(head: number): void {
    const kept = this.#widenings.filter(({ seq }) => seq <= head);
    this.#widenings.splice(0, this.#widenings.length, ...kept);
    for (const [subject, seq] of [...this.#open]) if (seq > head) this.#open.delete(subject);
  }

  refused(): void {
    this.counts.refused += 1;
  }

  accepted(verification: Verification): void {
    const { subjects, stale, by, startedAt, endedAt } = verification;
    this.counts.accepted += 1;
    if (stale) this.counts.stale += 1;
    if (subjects.some((subject) => this.#open.has(subject))) this.counts.acceptedInWindow += 1;
    const judged = stale ? this.#narrowings : [...this.#narrowings, ...this.#notEverywhere];
    for (const narrowing of judged) {
      if (narrowing.confirmedAt >= startedAt || !subjects.includes(narrowing.subject)) continue;
      if (this.#isGivenBack(narrowing)) continue;
      const { subject, seq, confirmedAt } = narrowing;
      const when = `confirmed at ${confirmedAt.toFixed(1)}, verified from ${startedAt.toFixed(1)} to ${endedAt.toFixed(1)}`;
      this.violations.push(`${by} accepted what change ${seq} took from ${subject}: ${when}${stale ? ", stale" : ""}`);
    }
  }

  acceptedLate(by: string, expiresAt: number, wall: number): void {
    this.violations.push(`${by} accepted a key that had expired ${(wall - expiresAt).toFixed(1)} ms before`);
  }

  #isGivenBack({ subject, seq }: Narrowing): boolean {
    return this.#widenings.some((widening) => widening.subject === subject && widening.seq > seq);
  }
}
