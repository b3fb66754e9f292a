import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import type pg from "pg";

/** A network between a client and PostgreSQL that fails on demand. */
export interface FaultyProxy {
  /** Settings that lead through it. */
  readonly connection: pg.ClientConfig;
  /** Ends all connections and refuses new ones. */
  cut(): void;
  /** Passes nothing on in either direction, and says nothing of it. */
  freeze(): void;
  /** Lets connections through again. Frozen ones go on. */
  heal(): void;
  /** Connections from now on lead there; those that exist are cut. */
  lead(to: pg.ClientConfig): void;
  close(): Promise<void>;
}

export async function proxyTo(connection: pg.ClientConfig): Promise<FaultyProxy> {
  let target = connection;
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: "open" | "cut" | "frozen" = "open";
  const server = createServer((inner) => {
    if (state === "cut") {
      inner.destroy();
      return;
    }
    const outer = connectTo(target);
    const pair = [inner, outer] as const;
    pairs.add(pair);
    inner.pipe(outer);
    outer.pipe(inner);
    if (state === "frozen") pause(pair);
    for (const socket of pair) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        pairs.delete(pair);
        for (const each of pair) each.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const drop = (): void => {
    for (const pair of [...pairs]) for (const socket of pair) socket.destroy();
  };
  const cut = (): void => {
    state = "cut";
    drop();
  };
  return {
    connection: { ...connection, host: "127.0.0.1", port },
    cut,
    freeze: () => {
      state = "frozen";
      for (const pair of pairs) pause(pair);
    },
    heal: () => {
      state = "open";
      for (const [inner, outer] of pairs) {
        inner.pipe(outer);
        outer.pipe(inner);
      }
    },
    lead: (to) => {
      target = to;
      drop();
    },
    close: async () => {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function pause([inner, outer]: readonly [Socket, Socket]): void {
  inner.unpipe(outer).pause();
  outer.unpipe(inner).pause();
}

function connectTo({ host, port }: pg.ClientConfig): Socket {
  const target = host ?? "127.0.0.1";
  return target.startsWith("/") ? connect(`${target}/.s.PGSQL.${port}`) : connect(port ?? 5432, target);
}
