const DAY_MS = 86_400_000;

interface Ending {
  /** When the key ends, when its version in use was issued, and now, in milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly issuedAt: number;
  readonly now: number;
  readonly warningDays: readonly number[];
}

/**
 * The day of the policy whose warning is due, the nearest to the end where several have passed; null where none is. All that is due on
 * one day of UTC is due from its first moment, so that a person who has a hundred such keys is told once a day at most. What had
 * passed when the version was issued is not due: whoever makes a key for ten days is not told that it ends in less than thirty.
 */
export function dueWarning({ expiresAt, issuedAt, now, warningDays }: Ending): number | null {
  if (now >= expiresAt) return null;
  const lastDay = Math.floor(expiresAt / DAY_MS) * DAY_MS;
  const due = warningDays.filter((days) => {
    const from = lastDay - days * DAY_MS;
    return from <= now && from > issuedAt;
  });
  return due.length === 0 ? null : Math.min(...due);
}
