import { connect, type Socket } from "node:net";

/** What came back, as it was sent; header names in lower case. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** Reads answers of HTTP/1.1 from a stream of latin1 text, one after another. */
class AnswerReader {
  #rest = "";

  /** All the answers that are whole now. Throws a TypeError where what came is no HTTP/1.1. */
  read(text: string): WireAnswer[] {
    this.#rest += text;
    const answers: WireAnswer[] = [];
    for (let found = this.#next(); found !== null; found = this.#next()) if (found.status >= 200) answers.push(found);
    return answers;
  }

  #next(): WireAnswer | null {
    const end = this.#rest.indexOf("\r\n\r\n");
    if (end < 0) return null;
    const [first = "", ...lines] = this.#rest.slice(0, end).split("\r\n");
    const status = Number(/^HTTP\/1\.1 ([1-5]\d\d) /.exec(first)?.[1]);
    if (!(status > 0)) throw new TypeError(`this is no answer of HTTP/1.1: ${first}`);
    const headers = new Map<string, string>();
    for (const line of lines) {
      const colon = line.indexOf(": ");
      headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 2));
    }
    const body = this.#body(end + 4, status, headers);
    if (body === null) return null;
    this.#rest = this.#rest.slice(body.end);
    return { status, headers, text: body.text };
  }

  #body(at: number, status: number, headers: ReadonlyMap<string, string>): { text: string; end: number } | null {
    if (status < 200 || status === 204 || status === 304) return { text: "", end: at };
    if (headers.get("transfer-encoding") === "chunked") return this.#chunks(at);
    const end = at + Number(headers.get("content-length") ?? 0);
    return this.#rest.length < end ? null : { text: this.#rest.slice(at, end), end };
  }

  #chunks(start: number): { text: string; end: number } | null {
    let text = "";
    for (let at = start; ; ) {
      const line = this.#rest.indexOf("\r\n", at);
      if (line < 0) return null;
      const size = Number.parseInt(this.#rest.slice(at, line), 16);
      if (Number.isNaN(size)) throw new TypeError("a chunk of the answer says no size");
      const end = line + 2 + size + 2;
      if (this.#rest.length < end) return null;
      if (size === 0) return { text, end };
      text += this.#rest.slice(line + 2, end - 2);
      at = end;
    }
  }
}

/** Why a request has no answer: the connection ended before, it could not be opened, or nothing came in time. */
export type Silence = "closed" | "refused" | "late";

export type Told = WireAnswer | Silence;

/** Milliseconds after which a request counts as hanging. */
const PATIENCE_MS = 20_000;

/** One connection on which requests follow one another without waiting; answers come in the same order. */
export class Pipeline {
  readonly #socket: Socket;
  readonly #reader = new AnswerReader();
  readonly #waiting: ((told: Told) => void)[] = [];
  #ended: Silence | null = null;

  constructor(url: URL) {
    this.#socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    this.#socket.setEncoding("latin1");
    this.#socket.setTimeout(PATIENCE_MS, () => {
      this.#end("late");
      this.#socket.destroy();
    });
    this.#socket.on("data", (text: string) => this.#take(text));
    // Somebody who is told no in the middle of a request is cut off while still sending.
    this.#socket.on("error", (error: NodeJS.ErrnoException) =>
      this.#end(error.code === "ECONNREFUSED" ? "refused" : "closed"),
    );
    this.#socket.on("close", () => this.#end("closed"));
  }

  get open(): boolean {
    return this.#ended === null;
  }

  /** Sends the bytes of one request, given as latin1, and answers what came of it. Never rejects. */
  ask(request: string): Promise<Told> {
    if (this.#ended !== null) return Promise.resolve(this.#ended);
    this.#socket.write(request, "latin1");
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Says that nothing more comes. */
  finish(): void {
    this.#socket.end();
  }

  #take(text: string): void {
    for (const answer of this.#reader.read(text)) this.#waiting.shift()?.(answer);
  }

  #end(why: Silence): void {
    this.#ended ??= why;
    for (const resolve of this.#waiting.splice(0)) resolve(this.#ended);
  }
}

/** Milliseconds after which bytes that were not answered are said to be all. */
const UNANSWERED_MS = 1_000;

/**
 * Sends bytes on a connection of their own, and answers all that came back; never nothing, and never rejects. `whole`: they are
 * known to be a request, for whose answer it waits.
 */
export function askAlone(url: URL, request: string, whole: boolean): Promise<readonly Told[]> {
  return new Promise((resolve) => {
    const answers: Told[] = [];
    const reader = new AnswerReader();
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    const finish = (): void => void socket.end();
    // node:http waits for the rest of a request that seems unfinished; told that nothing more comes, it decides.
    const unanswered = whole ? undefined : setTimeout(finish, UNANSWERED_MS);
    let silence: Silence = "closed";
    socket.setEncoding("latin1");
    socket.setTimeout(PATIENCE_MS, () => {
      silence = "late";
      socket.destroy();
    });
    socket.on("data", (text: string) => {
      answers.push(...reader.read(text));
      if (answers.length > 0) finish();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") silence = "refused";
    });
    socket.on("close", () => {
      clearTimeout(unanswered);
      resolve(answers.length === 0 || silence === "late" ? [...answers, silence] : answers);
    });
    socket.write(request, "latin1");
  });
}
