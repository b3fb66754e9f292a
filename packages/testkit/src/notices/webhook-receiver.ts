import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver does with one: answers a status, with headers, or not at all. */
export type Reaction =
  | number
  | "hang"
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> };

/** A receiver of webhooks, on loopback. */
export interface WebhookReceiver {
  readonly url: string;
  readonly port: number;
  /** In the order in which they came, those included that were not answered. */
  readonly received: readonly Received[];
  /** From now on it does this. Default 204. */
  react(decide: (received: Received) => Reaction): void;
  close(): Promise<void>;
}

export async function webhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  let react: (received: Received) => Reaction = () => 204;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (bytes: Buffer) => chunks.push(bytes));
    request.on("end", () => {
      const one = { path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString("utf8") };
      received.push(one);
      const reaction = react(one);
      if (reaction === "hang") return;
      if (typeof reaction === "number") response.writeHead(reaction).end();
      else response.writeHead(reaction.status, reaction.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}/hooks`, port, received },
    react: (decide) => {
      react = decide;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
