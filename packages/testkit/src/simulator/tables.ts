import type { NodeRow } from "@claviger/core";

/** What the simulated database holds. Every value is immutable: a write makes new tables. */
export interface Tables {
  readonly cluster: string;
  readonly head: number;
  readonly log: readonly LoggedChange[];
  readonly nodes: ReadonlyMap<string, NodeRow>;
  readonly keys: ReadonlyMap<string, KeyRow>;
  readonly accounts: ReadonlyMap<string, "active" | "suspended">;
  /** What a plan allows; 0 is nothing. */
  readonly plans: ReadonlyMap<string, number>;
}

export interface LoggedChange {
  readonly seq: number;
  readonly kind: string;
  readonly subjects: readonly string[];
}

export interface KeyRow {
  readonly id: string;
  readonly account: string;
  readonly plan: string;
  readonly state: "active" | "suspended" | "revoked";
  /** Milliseconds since the epoch; null: never. */
  readonly expiresAt: number | null;
}

/** A key as it is decided on. */
export interface SimRecord {
  readonly key: string;
  readonly plan: string;
  /** State of key and account together. */
  readonly active: boolean;
  readonly amount: number;
  readonly expiresAt: number | null;
  readonly subjects: readonly string[];
}

export function readRecord(tables: Tables, key: string): SimRecord | null {
  const row = tables.keys.get(key);
  if (row === undefined) return null;
  return {
    key,
    plan: row.plan,
    active: row.state === "active" && tables.accounts.get(row.account) === "active",
    amount: tables.plans.get(row.plan) ?? 0,
    expiresAt: row.expiresAt,
    subjects: subjectsOf(row),
  };
}

function subjectsOf({ id, account, plan }: KeyRow): string[] {
  return [`key:${id}`, `account:${account}`, `plan:${plan}`];
}

/** An act on one subject: `key:…`, `account:…` or `plan:…`. */
export interface Act {
  readonly subject: string;
  readonly what: "revoke" | "suspend" | "resume";
}

export function isNarrowing({ what }: Act): boolean {
  return what !== "resume";
}

/** The tables after an act, with its number taken and logged; null: there is nothing to do. */
export function withAct(tables: Tables, act: Act, logKept: number): Tables | null {
  const changed = withRows(tables, act);
  if (changed === null) return null;
  const seq = tables.head + 1;
  const change = { seq, kind: isNarrowing(act) ? "narrow" : "widen", subjects: [act.subject] };
  return { ...changed, head: seq, log: [...tables.log, change].slice(-logKept) };
}

function withRows(tables: Tables, { subject, what }: Act): Tables | null {
  const [type, id = ""] = subject.split(":");
  if (type === "account") {
    const state = what === "resume" ? "active" : "suspended";
    if (tables.accounts.get(id) === state) return null;
    return { ...tables, accounts: new Map(tables.accounts).set(id, state) };
  }
  if (type === "plan") {
    const amount = what === "resume" ? PLAN_AMOUNT : 0;
    if (tables.plans.get(id) === amount) return null;
    return { ...tables, plans: new Map(tables.plans).set(id, amount) };
  }
  const row = tables.keys.get(id);
  const state = what === "resume" ? "active" : what === "suspend" ? "suspended" : "revoked";
  if (row === undefined || row.state === state || row.state === "revoked") return null;
  return { ...tables, keys: new Map(tables.keys).set(id, { ...row, state }) };
}

/** What a plan allows while it allows anything. */
export const PLAN_AMOUNT = 50;

export function withNode(tables: Tables, incarnation: string, change: (row: NodeRow) => NodeRow | null): Tables {
  const row = tables.nodes.get(incarnation);
  if (row === undefined) return tables;
  const nodes = new Map(tables.nodes);
  const next = change(row);
  if (next === null) nodes.delete(incarnation);
  else nodes.set(incarnation, next);
  return { ...tables, nodes };
}
