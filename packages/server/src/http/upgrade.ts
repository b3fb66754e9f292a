import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { ClavigerError, type HeaderReader, presentedKey, type SourceAddress } from "@claviger/core";
import type { Ids } from "../kernel/ids.ts";
import type { ManagementPrincipal } from "../kernel/principal.ts";
import type { Answer } from "../kernel/route.ts";
import type { Watch, Watched } from "../kernel/watch.ts";
import { type AccessPorts, authenticateManagement } from "../modules/access/index.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

/** Somebody who was let in. Its credential is kept so that it can be asked for again. */
export interface Caller {
  readonly principal: ManagementPrincipal;
  readonly secret: string;
  /** The source address, where it is known. */
  readonly from: string | null;
}

/** A WebSocket of ours. */
export interface Stream {
  readonly path: string;
  readonly subprotocol: string;
  /** What the credential must hold. */
  readonly scope: string;
  /** False while nobody is taken; asked before and after the credential was judged. */
  readonly open: () => boolean;
  /** Completes the handshake; whoever calls has judged everything but the WebSocket headers themselves. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, caller: Caller): void;
}

export interface UpgradePorts {
  readonly access: AccessPorts;
  readonly sourceAddress: SourceAddress;
  readonly ids: Ids;
  readonly stream: Stream;
  /** Any error of an operation, as its answer. */
  readonly problemFor: (error: unknown, operation: string, requestId: string) => Answer;
  readonly watch: Watch;
}

/** What asks to become something other than HTTP. */
export interface Upgrade {
  /** Whether the request is ours to take; any other goes on as if it had not asked. */
  takes(request: IncomingMessage): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** For metrics and logs. */
const OPERATION = "verifiers.stream";
const SWITCHED = 101;

/** Judges who asks before anything is upgraded; whoever is not let in gets an answer of plain HTTP. */
export function createUpgrade(ports: UpgradePorts): Upgrade {
  const { stream } = ports;
  const operation = { id: OPERATION, method: "GET", path: stream.path };
  return {
    takes: ({ url = "", headers }) =>
      pathOf(url) === stream.path && headers.upgrade?.toLowerCase().trim() === "websocket",
    upgrade: (request, socket, head) => {
      // Between here and the handshake nobody else listens, and an error without a listener ends the process.
      const gone = (): void => void socket.destroy();
      socket.on("error", gone);
      const watched = ports.watch.begin(operation, readerOf(request));
      const requestId = ports.ids.make("req");
      watched
        .within(() => judge(ports, request))
        .then(
          (caller) => {
            socket.off("error", gone);
            watched.answered(SWITCHED);
            stream.accept(request, socket, head, caller);
          },
          (error: unknown) => refuse(socket, ports.problemFor(error, OPERATION, requestId), requestId, watched),
        );
    },
  };
}

function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

async function judge(ports: UpgradePorts, request: IncomingMessage): Promise<Caller> {
  const { access, stream } = ports;
  if (!stream.open()) throw new ClavigerError("UNAVAILABLE");
  const secret = credentialOf(request);
  const forwarded = request.headers["x-forwarded-for"];
  const from = ports.sourceAddress(request.socket.remoteAddress, forwarded === undefined ? null : String(forwarded));
  const principal = await authenticateManagement(access, secret, from);
  if (!principal.scopes.has(stream.scope)) {
    throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: stream.scope } });
  }
  demandSubprotocol(request, stream.subprotocol);
  if (!stream.open()) throw new ClavigerError("UNAVAILABLE");
  return { principal, secret, from };
}

function demandSubprotocol({ headers }: IncomingMessage, subprotocol: string): void {
  const offered = String(headers["sec-websocket-protocol"] ?? "").split(",");
  if (offered.some((each) => each.trim() === subprotocol)) return;
  const errors = [{ path: "Sec-WebSocket-Protocol", message: `must offer ${subprotocol}` }];
  throw new ClavigerError("VALIDATION_FAILED", { errors });
}

/** The one credential, and nothing beside it. A browser sends its origin, and no browser has any business here. */
function credentialOf(request: IncomingMessage): string {
  const { headers, url = "" } = request;
  const reader = readerOf(request);
  const presented = presentedKey(reader, url);
  if (presented.kind === "refused") throw new ClavigerError(presented.code);
  if (presented.kind === "none" || headers.authorization === undefined) throw new ClavigerError("UNAUTHENTICATED");
  if (headers["x-api-key"] !== undefined || repeatsAuthorization(request)) throw new ClavigerError("TWO_CREDENTIALS");
  if (headers.origin !== undefined) {
    throw new ClavigerError("FORBIDDEN", { publicDetail: "Browsers cannot open this stream." });
  }
  if (url.includes("?")) {
    throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "", message: "this address takes no query" }] });
  }
  return presented.secret;
}

function readerOf({ headers }: IncomingMessage): HeaderReader {
  return { get: (name) => (headers[name] === undefined ? null : String(headers[name])) };
}

/** node:http keeps the first; whoever stands in front may have read the last. */
function repeatsAuthorization({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "authorization").length > 1;
}

function refuse(socket: Duplex, answer: Answer, requestId: string, watched: Watched): void {
  watched.answered(answer.status);
  const body = JSON.stringify(answer.body ?? null);
  const headers = {
    ...SECURITY_HEADERS,
    "X-Request-Id": requestId,
    ...answer.headers,
    "Content-Type": answer.contentType ?? "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    Connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? "Refused"}\r\n${lines.join("")}\r\n${body}`,
    () => socket.destroy(),
  );
}
