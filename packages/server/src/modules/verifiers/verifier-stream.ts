import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type Catalogue, type NodeMessage, WIRE_LIMITS } from "@claviger/core";
import { type WebSocket, WebSocketServer } from "ws";
import type { Database, LiveKeyring } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Coherence, Confirmed, LentLeases } from "../coherence/index.ts";
import { keySubject } from "../keys/index.ts";
import type { Senders, UsageWriter } from "../traffic/index.ts";
import type { KeySource } from "../verification/index.ts";
import { CatalogueAnswers } from "./catalogue-answers.ts";
import { Connection } from "./connection.ts";
import { Conversation, type ConversationPorts, type Relay } from "./conversation.ts";
import { type Authenticate, Credential, type Presented } from "./credential.ts";
import { createEncoder } from "./encode-message.ts";
import { LookUps } from "./look-ups.ts";
import { Sessions } from "./sessions.ts";

export interface VerifierStreamPorts {
  readonly database: Database;
  readonly keyring: LiveKeyring;
  readonly keyPrefix: string;
  /** Of keys that only the old store knows: verifiers ask for the verdict of those. */
  readonly oldForms: readonly string[];
  readonly unmapped: Catalogue["unmapped"];
  readonly source: Pick<KeySource, "peekHash" | "readHash">;
  readonly coherence: Coherence;
  /** The node's own lease term, and the longest that verifiers may go on without a lease, in milliseconds. */
  readonly termMs: number;
  readonly maxStaleMs: number;
  /** What operators know this node by. */
  readonly nodeName: string;
  /** Who a management key is; throws as `authenticateManagement` of access does. */
  readonly authenticate: Authenticate;
  readonly relay: Relay;
  /** Takes what verifiers counted; it is stopped by whoever made it. */
  readonly usage: Pick<UsageWriter, "add" | "settle">;
  readonly senders: Pick<Senders, "met" | "left" | "gone">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: VerifierMetrics;
}

/** Told of what happens; nothing in it names a key. */
export interface VerifierMetrics {
  granted(): void;
  denied(reason: string): void;
  /** A lease ran out while it held back a change. */
  lapsed(): void;
  looked(outcome: "memory" | "database" | "unknown" | "unanswered"): void;
  /** Batches of counts that were written. */
  counted(batches: number): void;
  /** One did not come back, and had not said goodbye. */
  gone(): void;
}

export interface VerifierReadings {
  readonly connections: number;
  /** Connected or not. */
  readonly sessions: number;
}

export const STREAM_PATH = "/v1/verifier-stream";
export const STREAM_PROTOCOL = "claviger.v1";
/** What a credential must hold. */
export const STREAM_SCOPE = "verify";

const TICK_MS = 1_000;
/** Every so many ticks it is asked whether anybody is there. */
const PROBE_TICKS = 30;
const HELLO_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 2_000;
/** Connections of one credential, and of all: others need the listener as well. */
const MOST_OF_CREDENTIAL = 2_000;
const MOST = 8_000;
const FULL_RETRY_MS = 30_000;
/** How long a stop waits for what was lent. A longer term keeps its row, which lapses by itself. */
const STOP_MS = 5_500;
const LOOK_MS = 20;

/** The node's side of all verifiers: see the module. */
export class VerifierStream implements LentLeases {
  readonly #ports: VerifierStreamPorts;
  readonly #sessions: Sessions;
  readonly #conversation: ConversationPorts;
  readonly #server: WebSocketServer;
  readonly #encode = createEncoder();
  readonly #open = new Set<Conversation>();
  readonly #byKey = new Map<string, Set<Conversation>>();
  /** Those whose credential is to be asked for again. */
  readonly #doubted = new Set<Conversation>();
  readonly #timer: NodeJS.Timeout;
  #rechecking: Promise<void> | null = null;
  #connections = 0;
  #ticks = 0;
  #draining = false;
  #stopping: Promise<boolean> | null = null;

  constructor(ports: VerifierStreamPorts) {
    const { coherence, clock, logger, metrics, termMs, maxStaleMs, senders } = ports;
    this.#ports = ports;
    this.#sessions = new Sessions({
      ...{ clock, coherence, termMs, maxStaleMs },
      senders: {
        met: (session) => senders.met(session),
        left: (session) => senders.left(session),
        gone: (session, at) => {
          metrics.gone();
          senders.gone(session, at);
        },
      },
      lapsed: ({ name, software }) => {
        metrics.lapsed();
        logger.warn({ verifier: name, software }, "the lease of a verifier ran out while it held back a change");
      },
    });
    this.#conversation = {
      ...ports,
      sessions: this.#sessions,
      lookUps: new LookUps({ ...ports, looked: metrics.looked }),
      catalogue: new CatalogueAnswers(ports),
      usage: {
        add: (sender, given, done) =>
          ports.usage.add(sender, given, () => {
            metrics.counted(1);
            done();
          }),
      },
      sent: (message) => this.#note(message),
    };
    this.#server = new WebSocketServer({
      ...{ noServer: true, clientTracking: false, perMessageDeflate: false, closeTimeout: CLOSE_WITHIN_MS },
      maxPayload: WIRE_LIMITS.verifierFrameBytes,
      handleProtocols: () => STREAM_PROTOCOL,
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /** False once the node is about to stop. */
  get takesMore(): boolean {
    return !this.#draining;
  }

  /** Completes the handshake for somebody whose credential was found good. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, presented: Presented): void {
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#begin(opened, presented));
  }

  noteInvalidated(subjects: readonly string[], seq: number): void {
    this.#sessions.noteInvalidated(subjects, seq);
    for (const subject of subjects) {
      for (const conversation of this.#byKey.get(subject) ?? []) this.#doubt(conversation);
    }
  }

  noteDropped(): void {
    this.#sessions.noteDropped();
    this.#conversation.catalogue.drop();
    for (const conversation of this.#open) this.#doubt(conversation);
  }

  onApplied(seq: number, epoch: string): void {
    this.#sessions.onApplied(seq, epoch);
  }

  confirmed(applied: number, epoch: string): Confirmed {
    return this.#sessions.confirmed(applied, epoch);
  }

  readings(): VerifierReadings {
    return { connections: this.#open.size, sessions: this.#sessions.size };
  }

  /** Lends nothing more and sends everybody elsewhere; what was lent stands, and is answered for as before. */
  drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#sessions.stopLending();
    for (const conversation of this.#open) conversation.send({ kind: "goodbye" });
  }

  /**
   * Drains, and waits until nothing that was lent is in use, for a while; then everybody is disconnected. Returns whether
   * something may still be in use: then the node's row must stay until it lapses. Never throws.
   */
  stop(): Promise<boolean> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<boolean> {
    const { clock } = this.#ports;
    this.drain();
    const until = clock.mono() + STOP_MS;
    while (this.#sessions.anyLeased() && clock.mono() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    for (const conversation of this.#open) conversation.end();
    await this.#ports.usage.settle();
    for (const conversation of this.#open) conversation.cut();
    clearInterval(this.#timer);
    this.#sessions.stop();
    this.#server.close();
    return this.#sessions.anyInUse();
  }

  #begin(socket: WebSocket, presented: Presented): void {
    const credential = new Credential(presented, STREAM_SCOPE);
    this.#connections += 1;
    const connection = new Connection(socket, {
      now: () => this.#ports.clock.mono(),
      encode: this.#encode,
      received: (message) => conversation.received(message),
      closed: () => this.#ended(conversation),
    });
    const conversation = new Conversation(this.#connections, connection, credential, this.#conversation);
    const subject = keySubject(credential.keyId);
    const ofKey = this.#byKey.get(subject) ?? new Set();
    if (this.#open.size >= MOST || ofKey.size >= MOST_OF_CREDENTIAL) {
      const retryAfterMs = FULL_RETRY_MS;
      conversation.send({ kind: "deny", nonce: null, reason: "too-many-sessions", retryAfterMs, versions: [] });
      conversation.end();
      return;
    }
    this.#open.add(conversation);
    this.#byKey.set(subject, ofKey.add(conversation));
    // The node may have begun to stop, or the key may have changed, while the handshake was under way.
    if (this.#draining) conversation.send({ kind: "goodbye" });
    this.#doubt(conversation);
    setTimeout(() => {
      if (!conversation.isOpen) conversation.cut();
    }, HELLO_WITHIN_MS).unref();
  }

  #ended(conversation: Conversation): void {
    conversation.closed();
    if (!this.#open.delete(conversation)) return;
    const subject = keySubject(conversation.credential.keyId);
    const ofKey = this.#byKey.get(subject);
    ofKey?.delete(conversation);
    if (ofKey?.size === 0) this.#byKey.delete(subject);
  }

  /** Lends nothing to it until its credential was found good again. */
  #doubt(conversation: Conversation): void {
    conversation.credential.doubt();
    this.#doubted.add(conversation);
    this.#rechecking ??= this.#recheck().finally(() => {
      this.#rechecking = null;
    });
  }

  /** One after another: for the first of a credential it may take the database, for the others memory. */
  async #recheck(): Promise<void> {
    // After the block in which the change is applied: until then memory may know the key as it was.
    await Promise.resolve();
    for (const conversation of this.#doubted) {
      // Doubted once more while it is asked for, it comes again.
      this.#doubted.delete(conversation);
      if (!this.#open.has(conversation)) continue;
      const found = await conversation.credential.recheck(this.#ports.authenticate);
      // What cannot be told now is asked again at the next tick.
      if (found === "refused") conversation.refuse();
    }
  }

  #tick(): void {
    this.#ticks += 1;
    const wall = this.#ports.clock.wall();
    this.#sessions.tick();
    for (const conversation of this.#open) {
      if (conversation.credential.isExpired(wall)) conversation.refuse();
      else if (!conversation.credential.trusted) this.#doubt(conversation);
      if (this.#ticks % PROBE_TICKS === 0) conversation.probe();
    }
  }

  #note(message: NodeMessage): void {
    if (message.kind === "grant") this.#ports.metrics.granted();
    else if (message.kind === "deny") this.#ports.metrics.denied(message.reason);
  }
}
