import {
  countLeased,
  isForgettable,
  lastDeadline,
  type NodeMessage,
  type NodeView,
  nextDeadline,
  recentLapses,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  type VerifierMessage,
  vouchedSeq,
  WIRE_LIMITS,
} from "@claviger/core";
import { makes } from "./cluster.ts";
import { entryOf } from "./entry.ts";
import type { Connection } from "./links.ts";
import type { OwnNode, SaidInRow } from "./own-node.ts";

const SETTINGS = { tagKeys: [], keyPrefix: "acme", environment: null };
const LIMITS = { frameBytes: 1, usageRows: 1, openLookups: 1 };

interface Line {
  readonly connection: Connection;
  session: string | null;
}

/** The verifiers of one node: their connections, and what is kept of them beyond those. */
export class NodeSessions {
  readonly #node: OwnNode;
  readonly #lines = new Map<number, Line>();
  readonly #sessions = new Map<string, SessionState>();
  #lastLine = 0;
  /** The deadline that a timer is set for. */
  #timerFor: number | null = null;

  constructor(node: OwnNode) {
    this.#node = node;
  }

  /** A connection was opened; what comes on it is told by the number returned. */
  opened(connection: Connection): number {
    this.#lastLine += 1;
    this.#lines.set(this.#lastLine, { connection, session: null });
    return this.#lastLine;
  }

  closed(line: number): void {
    const session = this.#lines.get(line)?.session ?? null;
    this.#lines.delete(line);
    if (session === null) return;
    if (makes(this.#node.cluster, "session-dropped-on-disconnect")) this.#sessions.delete(session);
    this.#step(session, { kind: "disconnected", connection: line, now: this.#now() });
    this.afterEvents();
  }

  breakAll(): void {
    for (const { connection } of this.#lines.values()) connection.break();
  }

  sayGoodbye(): void {
    for (const { connection } of this.#lines.values()) connection.sendToVerifier({ kind: "goodbye" });
  }

  received(line: number, message: VerifierMessage, credential: string): void {
    const found = this.#lines.get(line);
    if (found === undefined) return;
    switch (message.kind) {
      case "hello":
        this.#greet(found, line, message, credential);
        break;
      case "renew": {
        const lapses = recentLapses(this.#sessions.values(), credential, this.#now());
        this.#stepLine(found, {
          kind: "renew",
          connection: line,
          message,
          node: this.#view(),
          credentialLapses: lapses,
        });
        break;
      }
      case "ack":
        this.#stepLine(found, { kind: "ack", connection: line, message, now: this.#now() });
        break;
      case "release":
        this.#stepLine(found, { kind: "release", connection: line, now: this.#now() });
        break;
      case "lookup":
        this.#lookUp(found.connection, message.id, message.hash);
        break;
    }
    this.afterEvents();
  }

  applied(seq: number, subjects: readonly string[]): void {
    for (const session of [...this.#sessions.keys()]) {
      this.#step(session, { kind: "applied", seq, subjects, now: this.#now() });
    }
    this.afterEvents();
  }

  resync(epoch: string, seq: number): void {
    for (const session of [...this.#sessions.keys()]) {
      this.#step(session, { kind: "resync", epoch, seq, now: this.#now() });
    }
    this.afterEvents();
  }

  /** What the node may say for itself and for its verifiers. */
  said(): SaidInRow {
    const { lease, cluster } = this.#node;
    if (lease.phase !== "in") return { ackedSeq: 0, vouchedSeq: 0, verifiers: 0 };
    const sessions = [...this.#sessions.values()];
    const now = this.#now();
    const ackedSeq = cluster.rules.ackableSeq(sessions, lease.epoch, lease.applied, now);
    const vouched = vouchedSeq(sessions, lease.epoch, lease.applied, now);
    return { ackedSeq, vouchedSeq: vouched, verifiers: countLeased(sessions, now) };
  }

  lastDeadline(): number | null {
    return lastDeadline(this.#sessions.values(), this.#now());
  }

  /** More may be acknowledged now; and later, when the next lease is over. */
  afterEvents(): void {
    this.#node.acknowledge();
    this.#node.acts.look();
    const next = nextDeadline(this.#sessions.values(), this.#now());
    if (next === null || next === this.#timerFor) return;
    this.#timerFor = next;
    this.#node.process.after(next - this.#now() + 1, () => {
      if (this.#timerFor !== next) return;
      this.#timerFor = null;
      this.#sweep();
      this.afterEvents();
    });
  }

  #sweep(): void {
    for (const session of [...this.#sessions.keys()]) {
      const state = this.#step(session, { kind: "tick", now: this.#now() });
      if (state !== undefined && isForgettable(state, this.#now())) this.#sessions.delete(session);
    }
  }

  #greet(found: Line, line: number, message: VerifierMessage & { kind: "hello" }, credential: string): void {
    const { rules } = this.#node.cluster;
    const event: SessionEvent & { kind: "hello" } = {
      ...{ kind: "hello", connection: line, credential, message, node: this.#view() },
      missed: this.#missed(message.appliedSeq),
    };
    const known = this.#sessions.get(message.session);
    const [state, effects] = known === undefined ? rules.openSession(event) : rules.stepSession(known, event);
    if (state !== null) this.#sessions.set(message.session, state);
    if (state?.connection === line) found.session = message.session;
    this.#carryOut(effects);
  }

  #missed(after: number): readonly string[] | null {
    const { ring, cluster } = this.#node;
    const from = makes(cluster, "missed-below-floor") ? Math.max(after, ring.floor) : after;
    return ring.subjectsAfter(from, WIRE_LIMITS.subjects);
  }

  #stepLine(found: Line, event: SessionEvent): void {
    if (found.session !== null) this.#step(found.session, event);
  }

  #step(session: string, event: SessionEvent): SessionState | undefined {
    const state = this.#sessions.get(session);
    if (state === undefined) return undefined;
    const [next, effects] = this.#node.cluster.rules.stepSession(state, event);
    this.#sessions.set(session, next);
    this.#carryOut(effects);
    return next;
  }

  #carryOut(effects: readonly SessionEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === "lapsed" || effect.kind === "ended") continue;
      const line = this.#lines.get(effect.connection);
      if (line === undefined) continue;
      if (effect.kind === "hang-up") line.connection.closeByNode();
      else if (effect.kind === "send") this.#send(line.connection, effect.message);
      else {
        const node = this.#node.options.name;
        this.#send(line.connection, { kind: "welcome", ...effect.welcome, node, settings: SETTINGS, limits: LIMITS });
      }
    }
  }

  #send(connection: Connection, message: NodeMessage): void {
    if (message.kind === "grant") this.#node.cluster.history.counts.grants += 1;
    connection.sendToVerifier(message);
  }

  #lookUp(connection: Connection, id: number, key: string): void {
    this.#node.find(key, (found) => {
      if (found === undefined) connection.sendToVerifier({ kind: "unanswered", id });
      else if (found.record === null) {
        connection.sendToVerifier({
          kind: "record",
          id,
          asOfSeq: found.asOfSeq,
          outcome: "refused",
          code: "NOT_FOUND",
        });
      } else {
        const entry = entryOf(found.record);
        connection.sendToVerifier({ kind: "record", id, asOfSeq: found.asOfSeq, outcome: "entry", entry });
      }
    });
  }

  #view(): NodeView {
    const { lease, options, cluster } = this.#node;
    const now = this.#node.now();
    return {
      now: now.mono,
      serverTime: now.wall,
      epoch: lease.phase === "in" ? lease.epoch : null,
      applied: lease.phase === "in" ? lease.applied : 0,
      leaseMsLeft: cluster.rules.leaseMsLeft(lease, now),
      maxStaleMs: options.maxStaleMs,
    };
  }

  #now(): number {
    return this.#node.now().mono;
  }
}
