import {
  type Ack,
  type Hello,
  isForgettable,
  lastDeadline,
  type NodeMessage,
  type NodeView,
  openSession,
  type Renew,
  recentLapses,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  stepSession,
  WIRE_LIMITS,
} from "@claviger/core";
import type { Clock } from "../../kernel/clock.ts";
import type { Coherence, Confirmed, LentLeases } from "../coherence/index.ts";
import type { Senders } from "../traffic/index.ts";
import { Announcements } from "./announcements.ts";
import { Confirmations } from "./confirmations.ts";
import { ToldChanges } from "./told-changes.ts";

/** One connection, as far as sessions are concerned. */
export interface SessionLine {
  /** Never given twice. */
  readonly number: number;
  send(message: NodeMessage): void;
  /** Sends WELCOME with these, and with what the node adds. */
  welcome(welcome: Extract<SessionEffect, { kind: "welcome" }>["welcome"]): void;
  end(): void;
}

export interface SessionsPorts {
  readonly clock: Clock;
  readonly coherence: Pick<Coherence, "state" | "isLending" | "acknowledgeSoon" | "subjectsAfter">;
  /** The node's own term, in milliseconds. */
  readonly termMs: number;
  /** The longest that verifiers may go on without a lease, in milliseconds; 0: never. */
  readonly maxStaleMs: number;
  /** A lease ran out while it held back a change. */
  lapsed(session: SessionState): void;
  /** Told of who comes, says goodbye, or stays away. */
  readonly senders: Pick<Senders, "met" | "left" | "gone">;
}

/** Sessions of one credential, and of all, connected or not. */
const MOST_OF_CREDENTIAL = 2_000;
const MOST = 10_000;
const FULL_RETRY_MS = 30_000;

/**
 * All sessions of this node: carries out the state machine of core, each event and its effects in one synchronous block,
 * and answers for what was lent to them to whoever acknowledges changes.
 */
export class Sessions implements LentLeases {
  readonly #ports: SessionsPorts;
  readonly #states = new Map<string, SessionState>();
  readonly #ofCredential = new Map<string, number>();
  readonly #lines = new Map<number, SessionLine>();
  /** Connection → the session that it greeted for. */
  readonly #greeted = new Map<number, string>();
  readonly #told = new ToldChanges();
  readonly #confirmations: Confirmations;
  readonly #announcements: Announcements;
  /** Sessions whose lapses are remembered. */
  readonly #lapsed = new Map<string, SessionState>();
  /** Sessions that have said goodbye and are remembered for what was lent to them. */
  readonly #left = new Set<string>();
  #lending = true;

  constructor(ports: SessionsPorts) {
    this.#ports = ports;
    this.#confirmations = new Confirmations({
      clock: ports.clock,
      sessions: () => this.#states.values(),
      onMore: () => ports.coherence.acknowledgeSoon(),
      tick: () => this.tick(),
    });
    this.#announcements = new Announcements({
      now: () => ports.clock.mono(),
      names: () => this.#states.keys(),
      tell: (name, announcement) => {
        const session = this.#states.get(name);
        if (session !== undefined) this.#step(session, { kind: "applied", ...announcement, now: ports.clock.mono() });
      },
    });
  }

  /** Takes the session up, or turns the connection away. */
  hello(line: SessionLine, credential: string, message: Hello): void {
    this.#lines.set(line.number, line);
    const node = this.#view(0);
    const known = this.#states.get(message.session);
    if (known === undefined && this.#isFull(credential)) {
      line.send({ kind: "deny", nonce: null, reason: "too-many-sessions", retryAfterMs: FULL_RETRY_MS, versions: [] });
      line.end();
      return;
    }
    const missed =
      message.epoch === node.epoch
        ? this.#ports.coherence.subjectsAfter(message.appliedSeq, WIRE_LIMITS.subjects)
        : null;
    const event = { kind: "hello", connection: line.number, credential, message, missed, node } as const;
    const [next, effects] = known === undefined ? openSession(event) : stepSession(known, event);
    if (next?.connection === line.number) {
      this.#greeted.set(line.number, message.session);
      this.#left.delete(message.session);
      this.#ports.senders.met(message.session);
    }
    this.#settle(known ?? null, next, effects);
  }

  /** For how long the session of this connection would be allowed to go on without a lease, in milliseconds. */
  staleMsOf(line: SessionLine): number {
    const wanted = this.#sessionOf(line)?.staleIfUnreachableMs ?? 0;
    return Math.min(wanted, this.#ports.maxStaleMs);
  }

  /** `trusted`: the credential behind the connection is known to be good. Without that nothing is lent. */
  renew(line: SessionLine, message: Renew, trusted: boolean): void {
    const session = this.#sessionOf(line);
    if (session === null) return;
    const view = this.#view(this.staleMsOf(line));
    const node = trusted ? view : { ...view, leaseMsLeft: 0 };
    const credentialLapses = recentLapses(this.#lapsed.values(), session.credential, node.now);
    this.#step(session, { kind: "renew", connection: line.number, message, node, credentialLapses });
  }

  ack(line: SessionLine, message: Ack): void {
    this.#stepLine(line, (connection, now) => ({ kind: "ack", connection, message, now }));
  }

  release(line: SessionLine): void {
    this.#stepLine(line, (connection, now) => ({ kind: "release", connection, now }));
  }

  /** The connection is gone; the session, and what was lent to it, is not. */
  closed(line: SessionLine): void {
    this.#stepLine(line, (connection, now) => ({ kind: "disconnected", connection, now }));
    this.#greeted.delete(line.number);
    this.#lines.delete(line.number);
  }

  /** Conditions of records that the verifier on this connection can judge. */
  understoodBy(line: SessionLine): readonly string[] {
    return this.#sessionOf(line)?.understands ?? [];
  }

  noteInvalidated(subjects: readonly string[], seq: number): void {
    this.#told.note(seq, subjects);
  }

  noteDropped(): void {
    this.#told.drop();
  }

  onApplied(seq: number, epoch: string): void {
    const subjects = this.#told.take(seq);
    if (subjects !== null) {
      this.#announcements.add({ seq, subjects });
      return;
    }
    this.#announcements.finish();
    const event: SessionEvent = { kind: "resync", epoch, seq, now: this.#ports.clock.mono() };
    for (const session of [...this.#states.values()]) this.#step(session, event);
  }

  confirmed(applied: number, epoch: string): Confirmed {
    return this.#confirmations.confirmed(applied, epoch);
  }

  /** Time has passed. */
  tick(): void {
    const now = this.#ports.clock.mono();
    for (const session of [...this.#states.values()]) this.#step(session, { kind: "tick", now });
  }

  /** From now on nothing is lent; what was lent stands to its end. */
  stopLending(): void {
    this.#lending = false;
  }

  /** Whether any lease that was lent here may be in use. */
  anyLeased(): boolean {
    return lastDeadline(this.#states.values(), this.#ports.clock.mono()) !== null;
  }

  /** Whether anybody may act on what was lent here, with a lease or, where that was allowed, without one. */
  anyInUse(): boolean {
    const now = this.#ports.clock.mono();
    return [...this.#states.values()].some(({ grants }) => grants.some(({ staleUntil }) => staleUntil > now));
  }

  stop(): void {
    this.#announcements.stop();
    this.#confirmations.stop();
  }

  get size(): number {
    return this.#states.size;
  }

  #sessionOf(line: SessionLine): SessionState | null {
    const session = this.#greeted.get(line.number);
    return session === undefined ? null : (this.#states.get(session) ?? null);
  }

  #stepLine(line: SessionLine, eventOf: (connection: number, now: number) => SessionEvent): void {
    const session = this.#sessionOf(line);
    if (session !== null) this.#step(session, eventOf(line.number, this.#ports.clock.mono()));
  }

  #step(before: SessionState, event: SessionEvent): void {
    const [next, effects] = stepSession(before, event);
    this.#settle(before, next, effects);
  }

  #settle(before: SessionState | null, next: SessionState | null, effects: readonly SessionEffect[]): void {
    if (next !== null && next !== before) this.#store(before, next);
    for (const effect of effects) this.#carryOut(effect, next);
    if (next !== null && isForgettable(next, this.#ports.clock.mono())) this.#forget(next);
  }

  #store(before: SessionState | null, next: SessionState): void {
    if (before === null) this.#ofCredential.set(next.credential, (this.#ofCredential.get(next.credential) ?? 0) + 1);
    this.#states.set(next.session, next);
    if (next.lapses.length > 0) this.#lapsed.set(next.session, next);
    else this.#lapsed.delete(next.session);
    this.#confirmations.changed(next.session, next);
  }

  #forget({ session, credential, heardAt }: SessionState): void {
    if (!this.#states.delete(session)) return;
    if (!this.#left.delete(session)) this.#ports.senders.gone(session, heardAt);
    this.#lapsed.delete(session);
    const left = (this.#ofCredential.get(credential) ?? 1) - 1;
    if (left === 0) this.#ofCredential.delete(credential);
    else this.#ofCredential.set(credential, left);
    this.#confirmations.changed(session, null);
  }

  #carryOut(effect: SessionEffect, session: SessionState | null): void {
    switch (effect.kind) {
      case "send":
        this.#lines.get(effect.connection)?.send(effect.message);
        return;
      case "welcome":
        this.#lines.get(effect.connection)?.welcome(effect.welcome);
        return;
      case "hang-up":
        this.#lines.get(effect.connection)?.end();
        return;
      case "lapsed":
        if (session !== null) this.#ports.lapsed(session);
        return;
      case "ended":
        if (session === null) return;
        this.#left.add(session.session);
        this.#ports.senders.left(session.session);
        return;
    }
    effect satisfies never;
  }

  #isFull(credential: string): boolean {
    return this.#states.size >= MOST || (this.#ofCredential.get(credential) ?? 0) >= MOST_OF_CREDENTIAL;
  }

  /** The node at this moment, for a session that may go on without a lease for so long. */
  #view(staleMs: number): NodeView {
    const { clock, coherence, termMs } = this.#ports;
    const { epoch, appliedSeq: applied, leaseMsLeft } = coherence.state();
    const lends = this.#lending && coherence.isLending(staleMs);
    return {
      ...{ now: clock.mono(), serverTime: clock.wall(), epoch, applied },
      ...{ leaseMsLeft: lends ? leaseMsLeft : 0, maxStaleMs: lends ? staleMs : 0, patienceMs: termMs },
    };
  }
}
