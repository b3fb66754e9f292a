import { ClavigerError } from "@claviger/core";
import { type Database, type Reach, type Tx, takeTurn, UncertainCommitError } from "../db/index.ts";
import type { Clock } from "./clock.ts";
import { claimIdempotency, type Idempotency, rememberOutcome } from "./idempotency.ts";
import type { Ids } from "./ids.ts";
import { insertEvents } from "./outbox.ts";

/** Who acts. `id` is a key id, a member id, or a name of ours for `system` and `cli`. */
export interface Actor {
  readonly type: "management-key" | "key" | "member" | "system" | "cli";
  readonly id: string;
}

/** Where an act came from; every field may be unknown. Never holds a secret. */
export interface Source {
  readonly via: "api" | "cli" | "system";
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

export interface AuditEntry {
  /** `<noun>.<verb in the past>`, from the closed list of the audit module. */
  readonly action: string;
  readonly account: string | null;
  readonly target: { readonly type: string; readonly id: string };
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface AuditRecord extends AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly actor: Actor;
  readonly source: Source;
}

/** What everybody who caches must hear of. Subjects are `key:…`, `account:…`, `plan:…`, `environment:…`, `member:…`, `catalogue`. */
export interface Change {
  readonly kind: "narrow" | "widen";
  readonly subjects: readonly string[];
}

export interface OutgoingEvent {
  readonly type: string;
  readonly account: string | null;
  readonly payload: unknown;
}

/** What the barrier says of an act that takes something away; see docs/consistency.md. */
export interface Effective {
  readonly everywhere: boolean;
  readonly seq: number;
  readonly waitedMs: number;
  readonly nodes: number;
  readonly verifiers: number;
  readonly lapsed: readonly string[];
}

/** Handed to the work of an act: the transaction, the time, and the three things that no act may forget. */
export interface Unit {
  readonly tx: Tx;
  readonly now: Date;
  audits(entry: AuditEntry): void;
  narrows(...subjects: string[]): void;
  widens(...subjects: string[]): void;
  emits(event: OutgoingEvent): void;
  /** Declares that nothing had to be changed. The caller still waits for what an earlier act took away. */
  foundDone(): void;
}

/** Who acts, from where, and how the outcome is shown. `render` runs inside the transaction and must leave secrets out. */
export interface Acting<T> {
  readonly actor: Actor;
  readonly source: Source;
  readonly idempotency?: Idempotency | undefined;
  readonly render?: ((value: T, tx: Tx) => Promise<unknown>) | undefined;
}

/** `value` is absent on a replay, where `body` is what was rendered the first time. */
export type Done<T> =
  | { readonly replayed: false; readonly value: T; readonly body: unknown; readonly effective: Effective | null }
  | { readonly replayed: true; readonly value: null; readonly body: unknown; readonly effective: Effective | null };

export type Act = <T>(acting: Acting<T>, reach: Reach, work: (unit: Unit) => Promise<T>) => Promise<Done<T>>;

/** What app.ts hands in, so that the kernel knows no module and no module can leave one of them out. */
export interface ActPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Appends to the hash chain. Locks its head until commit, so it comes late. */
  appendAudit(tx: Tx, records: readonly AuditRecord[]): Promise<void>;
  /** Takes the next sequence number and logs the change. Locks the head, so it comes last. Returns the number. */
  logChange(tx: Tx, change: Change, at: Date): Promise<number>;
  /** The newest sequence number, in a way that makes this transaction's commit wait until what came before is as lasting. */
  lockedSeq(tx: Tx): Promise<number>;
  /** Tells this node at once, after commit, that `seq` exists. */
  committed(seq: number): void;
  /** Returns once no process anywhere acts on what was before `seq`. Throws BARRIER_UNCONFIRMED when that cannot be said. */
  barrier(seq: number): Promise<Effective>;
}

type Committed<T> = { readonly seq: number | null; readonly waits: boolean; readonly body: unknown } & (
  | { readonly replayed: false; readonly value: T }
  | { readonly replayed: true; readonly value: null }
);

/**
 * The one door for acts: rows, audit event, change and outgoing events commit together or not at all; then the barrier. Throws
 * BARRIER_UNCONFIRMED, with the number of the change, where it is committed and cannot be vouched for.
 */
export function createAct(ports: ActPorts): Act {
  // A name that no other process has.
  const holder = ports.ids.make("req");
  return async (acting, reach, work) => {
    const turn = (tx: Tx): Promise<void> => takeTurn(tx, holder);
    const outcome = await commitUnit(ports, reach, (tx) => runUnit({ ...ports, turn }, acting, reach, tx, work));
    if (outcome.seq !== null) ports.committed(outcome.seq);
    const effective = outcome.waits && outcome.seq !== null ? await ports.barrier(outcome.seq) : null;
    return outcome.replayed
      ? { replayed: true, value: null, body: outcome.body, effective }
      : { replayed: false, value: outcome.value, body: outcome.body, effective };
  };
}

async function commitUnit<T>(
  ports: ActPorts,
  reach: Reach,
  unit: (tx: Tx) => Promise<Committed<T>>,
): Promise<Committed<T>> {
  let done: Committed<T> | null = null;
  try {
    return await ports.database.transaction(reach, async (tx) => {
      done = await unit(tx);
      return done;
    });
  } catch (error) {
    if (!(error instanceof UncertainCommitError)) throw error;
    throw unconfirmed(ports, done, error);
  }
}

/** What is committed here is seen here, though nobody is told that it will last. */
function unconfirmed(ports: ActPorts, done: Committed<unknown> | null, error: UncertainCommitError): Error {
  if (done === null || done.seq === null) return error;
  ports.committed(done.seq);
  if (!done.waits) return error;
  return new ClavigerError("BARRIER_UNCONFIRMED", { extra: { seq: done.seq }, internal: error.message });
}

type UnitPorts = ActPorts & { turn(tx: Tx): Promise<void> };

async function runUnit<T>(
  ports: UnitPorts,
  acting: Acting<T>,
  reach: Reach,
  tx: Tx,
  work: (unit: Unit) => Promise<T>,
): Promise<Committed<T>> {
  const now = new Date(ports.clock.wall());
  const earlier = acting.idempotency === undefined ? null : await claimIdempotency(tx, acting.idempotency, reach, now);
  if (earlier !== null) {
    await ports.turn(tx);
    await ports.lockedSeq(tx);
    return {
      replayed: true,
      value: null,
      seq: earlier.barrierSeq,
      waits: earlier.barrierSeq !== null,
      body: earlier.body,
    };
  }
  const notes = takeNotes();
  const value = await work({ tx, now, ...notes.unit });
  const body = acting.render === undefined ? null : await acting.render(value, tx);
  const { seq, waits } = await commitNotes(ports, acting, tx, now, notes);
  if (acting.idempotency !== undefined) await rememberOutcome(tx, acting.idempotency, body, waits ? seq : null);
  return { replayed: false, value, seq, waits, body };
}

function takeNotes() {
  const audits: AuditEntry[] = [];
  const events: OutgoingEvent[] = [];
  const narrowed = new Set<string>();
  const widened = new Set<string>();
  const state = { foundDone: false };
  const unit = {
    audits: (entry: AuditEntry) => void audits.push(entry),
    emits: (event: OutgoingEvent) => void events.push(event),
    narrows: (...subjects: string[]) => subjects.forEach((subject) => void narrowed.add(subject)),
    widens: (...subjects: string[]) => subjects.forEach((subject) => void widened.add(subject)),
    foundDone: () => {
      state.foundDone = true;
    },
  };
  return { unit, audits, events, narrowed, widened, state };
}

async function commitNotes<T>(
  ports: UnitPorts,
  acting: Acting<T>,
  tx: Tx,
  now: Date,
  notes: ReturnType<typeof takeNotes>,
): Promise<{ seq: number | null; waits: boolean }> {
  if (notes.state.foundDone) {
    await ports.turn(tx);
    return { seq: await ports.lockedSeq(tx), waits: true };
  }
  if (notes.audits.length === 0) throw new TypeError("an act must say what it did: no audit entry was given");
  if (notes.events.length > 0) {
    const events = notes.events.map((event) => ({ ...event, id: ports.ids.make("out"), createdAt: now }));
    await insertEvents(tx, events);
  }
  await ports.turn(tx);
  await ports.appendAudit(
    tx,
    notes.audits.map((entry) => ({
      ...entry,
      id: ports.ids.make("evt"),
      at: now,
      actor: acting.actor,
      source: acting.source,
    })),
  );
  const subjects = [...new Set([...notes.narrowed, ...notes.widened])];
  if (subjects.length === 0) return { seq: null, waits: false };
  const kind = notes.narrowed.size > 0 ? "narrow" : "widen";
  return { seq: await ports.logChange(tx, { kind, subjects }, now), waits: kind === "narrow" };
}

/** For acts of the house itself, such as bootstrap. */
export const SYSTEM_SOURCE: Source = { via: "system", ip: null, userAgent: null, requestId: null };
