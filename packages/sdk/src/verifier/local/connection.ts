import { type NodeMessage, parseNodeMessage, type Secret, type VerifierMessage, WIRE_LIMITS } from "@claviger/core";
import { WebSocket } from "ws";

export interface ConnectionPorts {
  /** Addresses of nodes, without a slash at the end. Another one is tried whenever one fails. */
  readonly urls: readonly string[];
  readonly credential: Secret;
  /** How long an attempt may take, in milliseconds. */
  readonly timeoutMs: number;
  connected(connection: number): void;
  received(connection: number, message: NodeMessage): void;
  /** What came is no message. */
  unreadable(connection: number): void;
  /** It is gone, or did not come about. */
  disconnected(connection: number, reason: string): void;
}

const STREAM_PATH = "/v1/verifier-stream";
const STREAM_PROTOCOL = "claviger.v1";

/** Bytes that the network may not have taken yet: a node that reads nothing must not fill this process's memory. */
const MOST_BUFFERED = 16_777_216;

/**
 * One connection at a time to one of the nodes, each under a number. It carries messages in order and knows nothing of
 * what they mean.
 */
export class Connection {
  readonly #ports: ConnectionPorts;
  #socket: WebSocket | null = null;
  #number = 0;
  #place: number;

  /** `place`: the address that is tried first. */
  constructor(ports: ConnectionPorts, place: number) {
    this.#ports = ports;
    this.#place = place;
  }

  /** Ends the one there was, silently. */
  open(connection: number): void {
    this.#end();
    const { urls, credential, timeoutMs } = this.#ports;
    const url = `${urls[this.#place % urls.length]}${STREAM_PATH}`.replace(/^http/, "ws");
    const socket = new WebSocket(url, STREAM_PROTOCOL, {
      headers: { Authorization: `Bearer ${credential.reveal()}` },
      handshakeTimeout: timeoutMs,
      maxPayload: WIRE_LIMITS.nodeFrameBytes,
      followRedirects: false,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    this.#number = connection;
    const current = (): boolean => this.#socket === socket;
    socket.on("open", () => current() && this.#ports.connected(connection));
    socket.on("message", (data, binary) => {
      if (!current()) return;
      const parsed = binary || !Buffer.isBuffer(data) ? null : parseNodeMessage(jsonOf(data));
      if (parsed?.ok === true) this.#ports.received(connection, parsed.message);
      else this.#ports.unreadable(connection);
    });
    socket.on("unexpected-response", (request, response) => {
      request.destroy();
      this.#lost(socket, `Claviger answered ${response.statusCode}`);
    });
    // Its message may quote what it was given; the code is enough.
    socket.on("error", (error: Error & { readonly code?: unknown }) => {
      this.#lost(socket, typeof error.code === "string" ? `no connection (${error.code})` : "no connection");
    });
    socket.on("close", () => this.#lost(socket, "the connection ended"));
  }

  /** What does not go out is lost with its connection; whoever needs an answer asks anew on the next. */
  send(connection: number, message: VerifierMessage): boolean {
    const socket = this.#socket;
    if (socket === null || connection !== this.#number || socket.readyState !== WebSocket.OPEN) return false;
    if (socket.bufferedAmount > MOST_BUFFERED) {
      this.#lost(socket, "Claviger takes nothing");
      return false;
    }
    socket.send(JSON.stringify(message));
    return true;
  }

  /** What was sent before is still delivered, where the node listens. */
  close(connection: number): void {
    if (connection === this.#number) this.#end();
  }

  get number(): number {
    return this.#number;
  }

  #end(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    this.#place += 1;
    if (socket.readyState === WebSocket.OPEN) socket.close();
    else socket.terminate();
  }

  #lost(socket: WebSocket, reason: string): void {
    if (this.#socket !== socket) return;
    const connection = this.#number;
    this.#socket = null;
    this.#place += 1;
    socket.terminate();
    this.#ports.disconnected(connection, reason);
  }
}

function jsonOf(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
