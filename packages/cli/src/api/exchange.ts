import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";

export interface Exchange {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where there is none. */
  readonly body: string | undefined;
  /** Milliseconds until the whole answer must be there. */
  readonly withinMs: number;
}

type Request = (url: URL, options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) => ClientRequest;

/**
 * One HTTP request to exactly this address: redirects are not followed, so that a key goes nowhere else. Not `fetch`, which
 * takes as long to load as everything else together and refuses some ports. Rejects with the error of the connection.
 */
export async function exchange(
  url: URL,
  { method, headers, body, withinMs }: Exchange,
): Promise<{ status: number; text: string }> {
  const { request }: { request: Request } = await (url.protocol === "https:"
    ? import("node:https")
    : import("node:http"));
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options = { method, headers: { ...headers, ...length }, signal: AbortSignal.timeout(withinMs) };
    const sent = request(url, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => void chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
