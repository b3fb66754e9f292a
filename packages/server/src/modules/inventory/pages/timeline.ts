/** What happened to a key, in one line each and one order: acts of people, and first and last uses of its versions. */
import { counted, momentOf, type Who, whoOf } from "./words.ts";

export interface Act {
  readonly at: string;
  readonly action: string;
  readonly actor: Who;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface Outcome {
  readonly version: number;
  /** VALID, or why it was refused. */
  readonly code: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly requests: number;
}

export interface TimelineEntry {
  readonly at: string;
  readonly what: string;
  readonly version: number | null;
  readonly code: string | null;
  readonly by: Who | null;
  readonly why: string;
}

/** Beyond them the oldest are left out; of acts no more are read. */
export const MOST_ENTRIES = 100;

/** The latest first. `expiresAt` of the key, past or to come. */
export function timelineOf(
  acts: readonly Act[],
  outcomes: readonly Outcome[],
  expiresAt: Date | null,
  now: Date,
): TimelineEntry[] {
  const expiry = expiresAt === null ? [] : [expiryEntry(expiresAt, now)];
  return [...acts.map(actEntry), ...outcomes.flatMap(useEntries), ...expiry]
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, MOST_ENTRIES);
}

function expiryEntry(at: Date, now: Date): TimelineEntry {
  const why = at > now ? `It expires on ${momentOf(at)}.` : "It expired.";
  return { at: at.toISOString(), what: "expiry", version: null, code: null, by: null, why };
}

function useEntries({ version, code, firstAt, lastAt, requests }: Outcome): TimelineEntry[] {
  const accepted = code === "VALID";
  const entry = (at: Date, which: "first" | "last"): TimelineEntry => ({
    ...{ at: at.toISOString(), what: `${which}-${accepted ? "use" : "refusal"}`, version, code, by: null },
    why: `Version ${version} was ${accepted ? "accepted" : `refused as ${code}`} for the ${which} time${which === "last" ? `, after ${counted(requests, "request")} in all` : ""}.`,
  });
  return requests === 1 || firstAt.getTime() === lastAt.getTime()
    ? [entry(firstAt, "first")]
    : [entry(lastAt, "last"), entry(firstAt, "first")];
}

function actEntry({ at, action, actor, before, after }: Act): TimelineEntry {
  const [noun = "", verb = ""] = action.split(".");
  const version = field(after, "version");
  const seen = action === "rotation.seen";
  const what = seen ? `Version ${version} was found in use` : `${SUBJECTS[noun] ?? "It was"} ${verb}`;
  return {
    ...{ at, what: action, version: typeof version === "number" && isRotation(action) ? version : null },
    ...{ code: null, by: { type: actor.type, id: actor.id } },
    why: `${what} by ${whoOf(actor)}${seen ? "" : detailOf(action, before, after)}.`,
  };
}

const SUBJECTS: Readonly<Record<string, string>> = { account: "Its account was", rotation: "Its rotation was" };
const isRotation = (action: string): boolean => action === "key.rotated" || action.startsWith("rotation.");

const field = (of: unknown, name: string): unknown =>
  typeof of === "object" && of !== null ? (of as Readonly<Record<string, unknown>>)[name] : undefined;

/** The reason of what ends or suspends, and the names of the fields that a change was of. */
function detailOf(action: string, before: unknown, after: unknown): string {
  const [reason, comment] = [field(after, "reason"), field(after, "comment")];
  if (typeof reason === "string")
    return `: ${reason}${typeof comment === "string" && comment !== "" ? ` (${comment})` : ""}`;
  if (isRotation(action)) return rotationOf(after);
  if (!action.endsWith(".updated") || typeof after !== "object" || after === null) return "";
  const changed = Object.keys(after).filter(
    (name) => JSON.stringify(field(before, name)) !== JSON.stringify(field(after, name)),
  );
  return changed.length === 0 ? "" : `: ${changed.join(", ")}`;
}

/** Who uses which version, or which took the place of which, and until when the old one works. */
function rotationOf(after: unknown): string {
  const [version, old, ends] = [field(after, "version"), field(after, "oldVersion"), field(after, "oldEndsAt")];
  const [kind, phase] = [field(after, "kind"), field(after, "phase")];
  const dependant = field(after, "dependant");
  if (typeof dependant === "string") return `: ${dependant} uses version ${version}`;
  if (typeof ends !== "string") return "";
  if (phase === "cancelled" || phase === "superseded") return `: version ${version} gave way`;
  if (phase === "done") return `: version ${old} ended on ${momentOf(new Date(ends))}`;
  const end = kind === "emergency" ? "ended at once" : `ends on ${momentOf(new Date(ends))}`;
  return `: to version ${version}, version ${old} ${end}`;
}
