/**
 * What was invalidated lately, so that a record read from the database while changes were coming in is used only if it
 * is not older than one of them. It holds the last `capacity` subjects; what it had to forget raises its floor, and about
 * anything below the floor it says that it does not know.
 */

/** `unknown`: asked about a time below the floor. Whoever asks must read the record anew. */
export type Touched = "touched" | "untouched" | "unknown";

export interface RecentInvalidations {
  /** Notes that the change `seq` touched these subjects. Numbers may come twice and out of order. */
  note(seq: number, subjects: readonly string[]): void;
  /** Whether a change after `asOfSeq` touched any of these subjects. */
  touchedSince(asOfSeq: number, subjects: readonly string[]): Touched;
  /** All subjects touched after `seq`; null where that is not known, or they are more than `most`. */
  subjectsAfter(seq: number, most: number): readonly string[] | null;
  /** Forgets everything; about times below `floor` nothing is known from now on. With null nothing is known at all. */
  reset(floor: number | null): void;
  readonly floor: number;
  /** Subjects held; at most the capacity. */
  readonly size: number;
}

/** `capacity` is the number of subjects remembered, at least 1. Starts knowing nothing at all. */
export function createRecentInvalidations(capacity: number): RecentInvalidations {
  if (!Number.isInteger(capacity) || capacity < 1) throw new TypeError("capacity must be a whole number of at least 1");
  // Kept in the order in which they were last touched, which is that of the numbers but for changes noted early.
  const lastTouched = new Map<string, number>();
  let floor = Number.POSITIVE_INFINITY;
  const touch = (subject: string, seq: number): void => {
    const before = lastTouched.get(subject);
    if (before !== undefined && before >= seq) return;
    lastTouched.delete(subject);
    lastTouched.set(subject, seq);
    if (lastTouched.size > capacity) forgetOldest();
  };
  const forgetOldest = (): void => {
    for (const [subject, seq] of lastTouched) {
      lastTouched.delete(subject);
      floor = Math.max(floor, seq);
      return;
    }
  };
  return {
    note: (seq, subjects) => {
      for (const subject of subjects) touch(subject, seq);
    },
    touchedSince: (asOfSeq, subjects) => {
      if (asOfSeq < floor) return "unknown";
      return subjects.some((subject) => (lastTouched.get(subject) ?? Number.NEGATIVE_INFINITY) > asOfSeq)
        ? "touched"
        : "untouched";
    },
    subjectsAfter: (seq, most) => {
      if (seq < floor) return null;
      const found: string[] = [];
      for (const [subject, touched] of lastTouched) {
        if (touched <= seq) continue;
        if (found.length === most) return null;
        found.push(subject);
      }
      return found;
    },
    reset: (to) => {
      lastTouched.clear();
      floor = to ?? Number.POSITIVE_INFINITY;
    },
    get floor() {
      return floor;
    },
    get size() {
      return lastTouched.size;
    },
  };
}
