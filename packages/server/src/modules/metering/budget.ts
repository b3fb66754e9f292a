import type { Period } from "./period.ts";

export type Measure = "requests" | "cost";

/** What an account or a key is meant to use in a month. It refuses nothing: limits do that. */
export interface Budget {
  /** The id of the account or key. */
  readonly subject: string;
  readonly measure: Measure;
  readonly account: string;
  /** Null where it is for all keys of the account together. */
  readonly key: string | null;
  readonly amount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** That so much of a budget was spent in a month; recorded once for each month and percentage. */
export interface Crossing {
  readonly percent: number;
  readonly at: Date;
  /** As they were then. */
  readonly amount: number;
  readonly spent: number;
}

/** With what became of it in one month. */
export interface BudgetState extends Budget {
  readonly period: Period;
  readonly spent: number;
  readonly crossings: readonly Crossing[];
}

/** A budget as audit events and outgoing ones name it. */
export function budgetId({ subject, measure }: Pick<Budget, "subject" | "measure">): string {
  return `${subject}/${measure}`;
}
