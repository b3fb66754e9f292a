import { proxyTo, shiftedNodeProcess, waitFor } from "@claviger/testkit";
import type { Interlude } from "./drive.ts";
import { ENV } from "./traffic-stage.ts";

/**
 * A third node, which all verifiers are led to, and which is killed without warning while they are called; from then on they are led
 * to another one. What they have counted they send there, so that every number stays exact.
 */
export const KILLED_NODE: Interlude = {
  ...{ daysAgo: 0, hour: 7 },
  begin: async ({ clock, database, nodes }) => {
    const { node, roles } = database;
    const killed = await shiftedNodeProcess({ database: { node, roles }, shiftMs: clock.shiftMs, env: ENV });
    const batches = async (): Promise<number> => {
      const text = await (await fetch(`${killed.url}/metrics`)).text();
      return Number(/^claviger_verifier_usage_batches_total(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1] ?? 0);
    };
    const proxy = await proxyTo(placeOf(killed.url));
    const { host, port } = proxy.connection;
    return {
      urls: [`http://${host}:${port}`],
      // Some of what is counted is written by it, and some is not sent yet.
      afterHalf: async () => {
        await waitFor(async () => (await batches()) > 0, {
          ...{ what: "a batch of the node that is killed", timeoutMs: 20_000 },
        });
      },
      whileCalled: async () => {
        await killed.end();
        proxy.lead(placeOf(nodes[0]?.url ?? ""));
      },
      end: () => proxy.close(),
    };
  },
};

function placeOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
