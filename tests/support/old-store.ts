/** A platform's old store of keys, behind HTTP: it keeps slow hashes alone, so that only it can tell whether a key is one. */
import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

/** What it answers instead of what it knows. */
export type Odd = {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export interface OldStoreServer {
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
  /** Keys about which it was asked, in that order. */
  readonly asked: readonly string[];
  /** Of each question: its path and headers. */
  readonly calls: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** Makes a key; `described`: what it says of it. */
  make(described: object): string;
  /** From now on it answers this. */
  odd(answer: Odd | null): void;
  /** From now on no answer goes out, until the function that it returns is called. */
  hold(): () => void;
  close(): Promise<void>;
}

interface Row {
  readonly salt: Buffer;
  readonly hash: Buffer;
  readonly described: object;
}

export async function oldStoreServer(): Promise<OldStoreServer> {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const signer = new Webhook(secret);
  const rows = new Map<string, Row>();
  const asked: string[] = [];
  const calls: { path: string; headers: IncomingHttpHeaders }[] = [];
  let odd: Odd | null = null;
  let held: Promise<void> = Promise.resolve();
  const slow = (text: string, salt: Buffer): Buffer => scryptSync(text, salt, 32, { N: 1_024 });
  const know = (key: string): object => {
    const [, id = "", text = ""] = /^sk_old_([0-9a-f]{8})_(\w+)$/.exec(key) ?? [];
    const row = rows.get(id);
    if (row === undefined || !timingSafeEqual(row.hash, slow(text, row.salt))) return { known: false };
    return { known: true, key: row.described };
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    calls.push({ path: request.url ?? "", headers: request.headers });
    // Throws for a question that somebody else asks, or asks again later.
    signer.verify(body, request.headers as Record<string, string>);
    const { key } = JSON.parse(body) as { key: string };
    asked.push(key);
    await held;
    if (odd === null) response.writeHead(200).end(JSON.stringify(know(key)));
    else response.writeHead(odd.status, odd.headers).end(odd.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...{ secret, asked, calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys/look-up` },
    make: (described) => {
      const [id, text, salt] = [randomBytes(4).toString("hex"), randomBytes(18).toString("hex"), randomBytes(16)];
      rows.set(id, { salt, hash: slow(text, salt), described });
      return `sk_old_${id}_${text}`;
    },
    odd: (answer) => {
      odd = answer;
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return () => resolve();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
