import {
  type NodeMessage,
  parseVerifierMessage,
  type VerifierMessage,
  WIRE_LIMITS,
  type WireError,
} from "@claviger/core";
import { type RawData, WebSocket } from "ws";

export interface ConnectionPorts {
  received(message: VerifierMessage): void;
  /** It is gone, for whatever reason; told once. */
  closed(): void;
  /** Monotonic, in milliseconds. */
  now(): number;
  /** A message as text; the same message may be made once for many connections. */
  encode(message: NodeMessage): string;
}

/**
 * Bytes that a peer may leave unread. One invalidation is under way at most, and answers are as many as questions, so
 * whoever has more than this waiting does not read.
 */
const MOST_UNREAD = 1_048_576;
/** What one peer may send in a second before it is read no further until the next. */
const FRAMES_PER_SECOND = 5_000;
const BYTES_PER_SECOND = 16_777_216;
const SECOND = 1_000;

/** Status codes of WebSockets, RFC 6455. */
const GOING_AWAY = 1001;
const POLICY = 1008;

/** One verifier's WebSocket: whole messages in and out, each within its bounds, or it is closed. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #ports: ConnectionPorts;
  #window = { since: 0, frames: 0, bytes: 0 };
  #ending = false;
  /** False from a ping until something is heard. */
  #alive = true;

  constructor(socket: WebSocket, ports: ConnectionPorts) {
    this.#socket = socket;
    this.#ports = ports;
    socket.on("message", (data, binary) => this.#read(data, binary));
    socket.on("ping", (data) => this.#slowDown(data.length));
    socket.on("pong", (data) => {
      this.#alive = true;
      this.#slowDown(data.length);
    });
    // `close` follows, and there is nothing else to do.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#ending = true;
      ports.closed();
    });
  }

  /** Messages go out in the order in which they are given. After `end` they do not go out at all. */
  send(message: NodeMessage): void {
    if (this.#ending || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(this.#ports.encode(message));
    if (this.#socket.bufferedAmount > MOST_UNREAD + this.#largest(message)) this.cut();
  }

  /** Closes once what was sent is out; a peer that does not take part is cut off. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#socket.close(GOING_AWAY);
  }

  cut(): void {
    this.#ending = true;
    this.#socket.terminate();
  }

  /** Asks whether anybody is there; cuts whoever has said nothing since it was last asked. */
  probe(): void {
    if (this.#ending || this.#socket.isPaused) return;
    if (!this.#alive) {
      this.cut();
      return;
    }
    this.#alive = false;
    this.#socket.ping();
  }

  /** What was sent is no message, or out of place. */
  fault({ code, kind, field }: WireError): void {
    if (this.#ending) return;
    this.send({ kind: "fault", code, of: kind, field });
    this.#ending = true;
    this.#socket.close(POLICY);
  }

  #read(data: RawData, binary: boolean): void {
    if (this.#ending) return;
    this.#alive = true;
    const parsed = binary || !Buffer.isBuffer(data) ? null : parseVerifierMessage(jsonOf(data));
    if (parsed === null) this.fault({ code: "NOT_AN_OBJECT", kind: null, field: null });
    else if (parsed.ok) this.#ports.received(parsed.message);
    else this.fault(parsed.error);
    this.#slowDown(Buffer.isBuffer(data) ? data.length : 0);
  }

  /** Whoever sends more than it may is read later; its own acknowledgements come late by that. */
  #slowDown(bytes: number): void {
    const now = this.#ports.now();
    if (now - this.#window.since >= SECOND) this.#window = { since: now, frames: 0, bytes: 0 };
    this.#window.frames += 1;
    this.#window.bytes += bytes;
    if (this.#window.frames <= FRAMES_PER_SECOND && this.#window.bytes <= BYTES_PER_SECOND) return;
    if (this.#socket.isPaused || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.pause();
    setTimeout(() => this.#socket.resume(), SECOND).unref();
  }

  /** A catalogue alone may be larger than what anybody may leave unread. */
  #largest({ kind }: NodeMessage): number {
    return kind === "catalogue" ? WIRE_LIMITS.nodeFrameBytes : 0;
  }
}

function jsonOf(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
