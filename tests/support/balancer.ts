import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A load balancer as small as can be. */
export interface Balancer {
  readonly url: string;
  /** Whether the target is sent requests now. */
  sendsTo(target: string): boolean;
  stop(): Promise<void>;
}

/**
 * Asks every target at `/readyz` each `everyMs`, and sends requests in turn to those that said yes last, over connections that it
 * keeps. It never sends a request twice: whatever goes wrong with one is answered 502.
 */
export async function balance(targets: () => readonly string[], everyMs: number): Promise<Balancer> {
  const ready = new Set<string>();
  const agent = new Agent({ keepAlive: true });
  let turn = 0;

  const look = async (target: string): Promise<void> => {
    const answer = await fetch(`${target}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.status === 200) ready.add(target);
    else ready.delete(target);
  };
  /** One look at a time at each: a target that is slow to answer hides nothing of the others. */
  const looking = new Map<string, Promise<void>>();
  const lookAll = (): void => {
    const known = targets();
    for (const target of ready) if (!known.includes(target)) ready.delete(target);
    for (const target of known) {
      if (!looking.has(target))
        looking.set(
          target,
          look(target).finally(() => looking.delete(target)),
        );
    }
  };

  const server = createServer((incoming, outgoing) => {
    const choices = [...ready];
    const target = choices[turn++ % Math.max(1, choices.length)];
    const fail = (why: string): void => {
      if (!outgoing.headersSent) outgoing.writeHead(502, { "content-type": "text/plain" });
      outgoing.end(why);
    };
    if (target === undefined) {
      fail("no target is ready");
      return;
    }
    const { hostname, port } = new URL(target);
    const { connection, ...headers } = incoming.headers;
    const options = { hostname, port, agent, method: incoming.method, path: incoming.url, headers };
    const onward = request(options, (answer) => {
      const { connection: _, ...passed } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, passed);
      answer.pipe(outgoing);
    });
    onward.on("error", (error) => fail(`${target}: ${error.message}`));
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const timer = setInterval(lookAll, everyMs);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sendsTo: (target) => ready.has(target),
    stop: async () => {
      clearInterval(timer);
      await Promise.all(looking.values());
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
