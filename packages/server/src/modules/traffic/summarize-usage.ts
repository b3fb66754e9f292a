import { ClavigerError } from "@claviger/core";
import { DAY_MS, HOUR_MS } from "./bounds.ts";
import type { Step, SummaryRow } from "./queries/summaries.ts";

/** Hours, days or months of one answer. */
const MOST_STEPS = 1_000;
const DEFAULT_STEPS: Readonly<Record<Step, number>> = { hour: 24, day: 30, month: 12 };

/** The whole steps that a period touches; where it has no beginning, so many as are of use. Throws VALIDATION_FAILED for too many. */
export function periodOf(
  step: Step,
  from: string | undefined,
  to: string | undefined,
  now: number,
): { from: Date; to: Date } {
  const end = stepAfter(step, to === undefined ? now : Date.parse(to) - 1);
  const start = from === undefined ? stepsBack(step, end, DEFAULT_STEPS[step]) : stepOf(step, Date.parse(from));
  if (start >= end) throw invalid("from", "must be before to");
  if (stepsBack(step, end, MOST_STEPS) > start)
    throw invalid("from", `must be at most ${MOST_STEPS} ${step}s before to`);
  return { from: new Date(start), to: new Date(end) };
}

/** A row as it is shown. */
export function pointOf({ at, group, requests, accepted, cost }: SummaryRow) {
  return { at: at.toISOString(), group, requests, accepted, refused: requests - accepted, cost };
}

function invalid(path: string, message: string): ClavigerError {
  return new ClavigerError("VALIDATION_FAILED", { errors: [{ path, message }] });
}

function stepOf(step: Step, at: number): number {
  if (step === "hour") return Math.floor(at / HOUR_MS) * HOUR_MS;
  if (step === "day") return Math.floor(at / DAY_MS) * DAY_MS;
  const month = new Date(at);
  return Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), 1);
}

function stepAfter(step: Step, at: number): number {
  return stepsBack(step, stepOf(step, at), -1);
}

function stepsBack(step: Step, at: number, steps: number): number {
  if (step === "hour") return at - steps * HOUR_MS;
  if (step === "day") return at - steps * DAY_MS;
  const month = new Date(at);
  return Date.UTC(month.getUTCFullYear(), month.getUTCMonth() - steps, 1);
}
