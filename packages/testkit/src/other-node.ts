/** Nodes of other versions of this software, as far as a verifier sees them: there are none yet that could be run. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

type Fields = Readonly<Record<string, unknown>>;

export interface OtherNode {
  readonly url: string;
  /** Connections that were begun so far. */
  connections(): number;
  /** Ends those that there are. */
  drop(): void;
  close(): Promise<void>;
}

/** What is made of the messages that pass between a verifier and a node of today. */
export interface Altered {
  fromNode?(message: Fields): readonly Fields[];
  fromVerifier?(message: Fields): Fields;
}

/** One that answers HELLO with this, and says nothing more. */
export function otherNode(answer: Fields): Promise<OtherNode> {
  return listening((socket) => socket.once("message", () => socket.send(JSON.stringify(answer))));
}

/** A node of today whose messages, and those to it, are altered on their way. */
export function alteredNode(url: string, altered: Altered): Promise<OtherNode> {
  const { fromNode = (message) => [message], fromVerifier = (message) => message } = altered;
  return listening((socket, authorization) => {
    const node = new WebSocket(`${url.replace(/^http/, "ws")}/v1/verifier-stream`, "claviger.v1", {
      headers: { Authorization: authorization },
    });
    const early: string[] = [];
    const pass = (text: string): void => (node.readyState === WebSocket.OPEN ? node.send(text) : void early.push(text));
    socket.on("message", (data) => pass(JSON.stringify(fromVerifier(JSON.parse(String(data)) as Fields))));
    node.on("open", () => {
      for (const text of early) node.send(text);
    });
    node.on("message", (data) => {
      for (const message of fromNode(JSON.parse(String(data)) as Fields)) socket.send(JSON.stringify(message));
    });
    node.on("error", () => socket.terminate());
    node.on("close", () => socket.close());
    socket.on("close", () => node.close());
  });
}

async function listening(begun: (socket: WebSocket, authorization: string) => void): Promise<OtherNode> {
  let connections = 0;
  const server: Server = createServer((_, response) => response.writeHead(503).end());
  const streams = new WebSocketServer({ server, handleProtocols: () => "claviger.v1" });
  streams.on("connection", (socket, { headers }) => {
    connections += 1;
    socket.on("error", () => undefined);
    begun(socket, headers.authorization ?? "");
  });
  const drop = (): void => {
    for (const socket of streams.clients) socket.terminate();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    drop,
    close: async () => {
      drop();
      streams.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
