const DAY_MS = 86_400_000;
const DAYS_KEPT = 1_000;
/** The first day of the year 10 000, which is written otherwise. */
const YEAR_10000 = 253_402_300_800_000;
const PAIRS: readonly string[] = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"));

/** `2026-01-31T` by the number of the day since the epoch: keys expire on few days, and each accepted request may tell one. */
const days = new Map<number, string>();

/**
 * A time in milliseconds since the epoch, in RFC 3339: what `toISOString` says, in a fraction of the time.
 *
 * @throws RangeError for what is no time
 */
export function timeText(time: number): string {
  if (!(time >= 0 && time < YEAR_10000)) return new Date(time).toISOString();
  const day = Math.floor(time / DAY_MS);
  const ms = Math.trunc(time - day * DAY_MS);
  const minutes = Math.floor(ms / 60_000);
  const date = days.get(day) ?? dateOf(day);
  const [hour, minute] = [PAIRS[Math.floor(minutes / 60)], PAIRS[minutes % 60]];
  const rest = ms % 1000;
  return `${date}${hour}:${minute}:${PAIRS[Math.floor(ms / 1000) % 60]}.${Math.floor(rest / 100)}${PAIRS[rest % 100]}Z`;
}

function dateOf(day: number): string {
  const date = new Date(day * DAY_MS).toISOString().slice(0, "2026-01-31T".length);
  if (days.size >= DAYS_KEPT) days.clear();
  days.set(day, date);
  return date;
}
