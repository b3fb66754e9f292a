/** What whoever acts should know, though it is carried out: pure. */
import type { KeyTraffic, VersionTraffic } from "../traffic/index.ts";
import { type Dependant, waitingOf } from "./dependant.ts";
import type { RotationPolicy } from "./ports.ts";

export interface RotationWarning {
  readonly code: "VERSION_IN_USE" | "NOT_SEEN_IN_USE" | "UNUSUAL_OVERLAP" | "DEPENDANTS_WAIT";
  readonly message: string;
  /** The version that it is about, with how it is used; null where it is about none. */
  readonly traffic: VersionTraffic | null;
}

const HOUR_MS = 3_600_000;

/** Whether a version was ever accepted, as far as it has been counted. */
export function wasUsed({ versions }: KeyTraffic, version: number): boolean {
  return versions.some((each) => each.version === version && each.firstUsedAt !== null);
}

/** That a version was used within 24 hours, and by whom: it is going to end, at `endsAt` or now. */
export function versionInUse(
  traffic: KeyTraffic,
  version: number,
  endsAt: number | null,
  now: number,
): RotationWarning[] {
  const use = traffic.versions.find((each) => each.version === version);
  const last = use?.lastUsedAt?.getTime();
  if (use === undefined || last === undefined || now - last >= 24 * HOUR_MS) return [];
  const end = endsAt === null || endsAt <= now ? "ends now" : `ends at ${new Date(endsAt).toISOString()}`;
  return [
    {
      code: "VERSION_IN_USE",
      message: `Version ${version} ${end}, and was used ${now - last < HOUR_MS ? "within the last hour" : "within the last 24 hours"}${fromOf(use)}.`,
      traffic: use,
    },
  ];
}

function fromOf({ sources }: VersionTraffic): string {
  const known = sources ?? [];
  const named = known.slice(0, 3).map(({ network, agent, service }) => {
    const parts = [network ?? "an unknown address", agent === null ? "" : `with ${agent}`];
    return [...parts, service === null ? "" : `of ${service}`].filter((part) => part !== "").join(" ");
  });
  const more = known.length > named.length ? ", and others" : "";
  return named.length === 0 ? "" : `, from ${named.join(", ")}${more}`;
}

export function notSeen(version: number): RotationWarning {
  return { code: "NOT_SEEN_IN_USE", message: `Version ${version} has not been seen in use yet.`, traffic: null };
}

/** An overlap that policy allows and that few choose. */
export function unusualOverlap(hours: number, { overlap }: RotationPolicy): RotationWarning[] {
  if (hours >= overlap.usualFromHours && hours <= overlap.usualToHours) return [];
  const usual = `${overlap.usualFromHours} to ${overlap.usualToHours} hours are usual`;
  return [{ code: "UNUSUAL_OVERLAP", message: `The overlap is ${hours} hours; ${usual}.`, traffic: null }];
}

/** Who was registered with the key and has not been said to use the new version. */
export function dependantsWait(dependants: readonly Dependant[]): RotationWarning[] {
  const waiting = waitingOf(dependants);
  if (waiting.length === 0) return [];
  const more = waiting.length > 3 ? `, and ${waiting.length - 3} more` : "";
  const names = waiting.slice(0, 3).map(({ name }) => name);
  return [
    {
      code: "DEPENDANTS_WAIT",
      message: `Not known to use the new version: ${names.join(", ")}${more}.`,
      traffic: null,
    },
  ];
}
