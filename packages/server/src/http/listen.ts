import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Upgrade } from "./upgrade.ts";

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;
/** Bytes. What nginx and most others let through, 32 KiB, fits with what they add. */
const LONGEST_HEADERS = 40_960;
const MOST_CONNECTIONS = 10_000;
const STOP_WITHIN_MS = 6_000;

export interface Listener {
  readonly url: string;
  /** From now on each answer tells its caller to let the connection go; all else goes on. */
  drain(): void;
  /** Takes no more requests, lets those under way finish within six seconds, then cuts what is left. */
  stop(): Promise<void>;
}

/** Serves `hotPath` and what it leaves to `fetch` on one address. Throws the error of `listen`, such as EADDRINUSE. */
export async function listen(
  fetch: (request: Request, env: unknown) => Response | Promise<Response>,
  host: string,
  port: number,
  hotPath: (request: IncomingMessage, response: ServerResponse) => boolean,
  upgrade?: Upgrade,
): Promise<Listener> {
  const listener = getRequestListener(fetch as Parameters<typeof getRequestListener>[0], {
    overrideGlobalObjects: false,
  });
  const state = { stopping: false };
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: LONGEST_HEADERS,
      // Whoever asks for anything else, such as HTTP/2 without encryption, is answered as if it had not.
      shouldUpgradeCallback: (request) => upgrade?.takes(request) === true,
    },
    (request, response) => {
      if (state.stopping) response.setHeader("Connection", "close");
      if (!hotPath(request, response)) void listener(request, response);
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (request, socket, head) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    upgrade?.upgrade(request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    drain: () => {
      state.stopping = true;
    },
    stop: () => {
      state.stopping = true;
      return close(server, upgraded);
    },
  };
}

/** `upgraded`: connections that the server does not count as its own any more, and waits for all the same. */
function close(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
    }, STOP_WITHIN_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
