import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";

export interface Exchange {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where there is none. */
  readonly body: string | undefined;
  /** Milliseconds until the whole answer must be there. */
  readonly withinMs: number;
  /** Takes the text of a success piece by piece; the next one is read when it resolves. */
  readonly onPiece?: ((text: string) => Promise<void>) | undefined;
}

type Request = (url: URL, options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) => ClientRequest;

/**
 * One HTTP request to exactly this address: redirects are not followed, so that a key goes nowhere else. Not `fetch`, which
 * takes as long to load as everything else together and refuses some ports. Rejects with the error of the connection.
 */
export async function exchange(
  url: URL,
  { method, headers, body, withinMs, onPiece }: Exchange,
): Promise<{ status: number; text: string }> {
  const { request }: { request: Request } = await (url.protocol === "https:"
    ? import("node:https")
    : import("node:http"));
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options = { method, headers: { ...headers, ...length }, signal: AbortSignal.timeout(withinMs) };
    const sent = request(url, options, (answer) => {
      const status = answer.statusCode ?? 0;
      const taken = onPiece !== undefined && status >= 200 && status < 300 ? handOn(answer, onPiece) : textOf(answer);
      taken.then((text) => resolve({ status, text }), reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function handOn(answer: IncomingMessage, onPiece: (text: string) => Promise<void>): Promise<string> {
  answer.setEncoding("utf8");
  for await (const piece of answer) await onPiece(piece as string);
  return "";
}
