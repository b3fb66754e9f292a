import { hash } from "node:crypto";
import { type IncomingMessage, request as makeRequest } from "node:http";
import { CONDITIONS, type NodeMessage, parseNodeMessage, type VerifierMessage } from "@claviger/core";
import { WebSocket } from "ws";
import { systemRandom } from "../../server/src/kernel/random.ts";
import { waitFor } from "./wait.ts";

type Of<K extends NodeMessage["kind"]> = Extract<NodeMessage, { readonly kind: K }>;
type Sent<K extends VerifierMessage["kind"]> = Extract<VerifierMessage, { readonly kind: K }>;

export interface RawVerifierOptions {
  readonly url: string;
  readonly credential: string;
  /** Default: one of its own. */
  readonly session?: string;
  /** Acknowledges whatever it is told, at once. Default true. */
  readonly acks?: boolean;
}

/** The protocol of verifiers spoken by hand, word for word, also such words as no verifier would say. */
export interface RawVerifier {
  readonly session: string;
  /** Everything that came, oldest first. */
  readonly received: readonly NodeMessage[];
  /** The status code with which the connection was closed; null while it is open. */
  closedWith(): number | null;
  /** What the node said last of what is applied. */
  position(): { readonly epoch: string; readonly seq: number };
  acks: boolean;
  send(message: VerifierMessage): void;
  sendRaw(data: string | Buffer): void;
  /** Says HELLO and returns the answer. */
  greet(changes?: Partial<Sent<"hello">>): Promise<Of<"welcome"> | Of<"deny">>;
  /** Says RENEW, as one that has applied what it was told, and returns the answer. */
  renew(changes?: Partial<Sent<"renew">>): Promise<Of<"grant"> | Of<"deny">>;
  /** Asks for a secret, or for the SHA-256 given. */
  lookUp(secret: string | Buffer): Promise<Of<"record"> | Of<"unanswered">>;
  ask(message: Sent<"catalogue" | "settings" | "spend">): Promise<NodeMessage>;
  /** The first message of this kind from the place `from` on. */
  next<K extends NodeMessage["kind"]>(kind: K, from?: number): Promise<Of<K>>;
  /** Reads no further. */
  deafen(): void;
  /** Cuts the connection, as a crash does. */
  cut(): Promise<void>;
}

const PATH = "/v1/verifier-stream";

/** Opens the stream. Throws with status and body where it is not let in. */
export async function rawVerifier(options: RawVerifierOptions): Promise<RawVerifier> {
  const headers = { Authorization: `Bearer ${options.credential}` };
  const socket = new WebSocket(`${options.url.replace(/^http/, "ws")}${PATH}`, "claviger.v1", { headers });
  // A node may say something together with the handshake.
  const verifier = speakOver(socket, options);
  await opened(socket);
  return verifier;
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
    socket.once("unexpected-response", (_, response: IncomingMessage) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("end", () => reject(new TypeError(`${response.statusCode} ${body}`)));
    });
  });
}

function speakOver(socket: WebSocket, options: RawVerifierOptions): RawVerifier {
  const received: NodeMessage[] = [];
  const session = options.session ?? Buffer.from(systemRandom.bytes(18)).toString("base64url");
  let [epoch, seq, ids] = ["", 0, 0];
  let closed: number | null = null;
  const send = (message: VerifierMessage): void => socket.send(JSON.stringify(message));
  const follow = (message: NodeMessage): void => {
    if (message.kind === "welcome" || message.kind === "resync") ({ epoch, seq } = message);
    if (message.kind === "invalidate") ({ seq } = message);
    if (verifier.acks && (message.kind === "invalidate" || message.kind === "resync"))
      send({ kind: "ack", epoch, seq });
  };
  socket.on("message", (data) => {
    const parsed = parseNodeMessage(JSON.parse(String(data)));
    if (!parsed.ok) throw new TypeError(`the node sent no message: ${String(data)}`);
    received.push(parsed.message);
    follow(parsed.message);
  });
  socket.on("error", () => undefined);
  socket.on("close", (code) => {
    closed = code;
  });
  const found = <T extends NodeMessage>(from: number, fits: (message: NodeMessage) => message is T): Promise<T> =>
    waitFor(() => received.slice(from).find(fits), { what: "an answer of the node" }) as Promise<T>;
  const answerTo = (id: number): Promise<NodeMessage> =>
    found(0, (message): message is NodeMessage => "id" in message && message.id === id);
  const verifier: RawVerifier = {
    ...{ session, received, send },
    acks: options.acks ?? true,
    closedWith: () => closed,
    position: () => ({ epoch, seq }),
    sendRaw: (data) => socket.send(data),
    greet: (changes = {}) => {
      const from = received.length;
      send({
        ...{ kind: "hello", versions: [1], session, epoch: null, appliedSeq: 0, understands: [...CONDITIONS] },
        ...{ termMs: 60_000, staleIfUnreachableMs: 0, name: "raw", software: "testkit" },
        ...changes,
      });
      return found(from, (message) => message.kind === "welcome" || message.kind === "deny");
    },
    renew: (changes = {}) => {
      ids += 1;
      const nonce = changes.nonce ?? ids;
      send({ kind: "renew", epoch, appliedSeq: seq, ...changes, nonce });
      return found(0, (message): message is Of<"grant"> | Of<"deny"> => {
        return (message.kind === "grant" || message.kind === "deny") && message.nonce === nonce;
      });
    },
    lookUp: async (secret) => {
      ids += 1;
      const sha256 = typeof secret === "string" ? hash("sha256", secret, "buffer") : secret;
      send({ kind: "lookup", id: ids, hash: sha256.toString("base64url") });
      return (await answerTo(ids)) as Of<"record"> | Of<"unanswered">;
    },
    ask: (message) => {
      send(message);
      return answerTo(message.id);
    },
    next: (kind, from = 0) => found(from, (message): message is Of<typeof kind> => message.kind === kind),
    deafen: () => socket.pause(),
    cut: async () => {
      socket.terminate();
      await waitFor(() => closed !== null, { what: "the connection to end" });
    },
  };
  return verifier;
}

/** Asks for the stream by hand, with any headers; the status of the answer, and its problem document where it is one. */
export function askForStream(
  url: string,
  headers: Readonly<Record<string, string | string[]>>,
  path: string = PATH,
): Promise<{ readonly status: number; readonly code: string | null; readonly headers: IncomingMessage["headers"] }> {
  return new Promise((resolve, reject) => {
    const request = makeRequest(new URL(path, url), {
      headers: {
        ...{ Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" },
        ...{
          "Sec-WebSocket-Key": Buffer.from(systemRandom.bytes(16)).toString("base64"),
          "Sec-WebSocket-Protocol": "claviger.v1",
        },
        ...headers,
      },
    });
    request.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, code: null, headers: response.headers });
    });
    request.on("response", (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("end", () => {
        const code = body.startsWith("{") ? (JSON.parse(body) as { code: string }).code : null;
        resolve({ status: response.statusCode ?? 0, code, headers: response.headers });
      });
    });
    request.on("error", reject);
    request.end();
  });
}
