import { shiftedNodeProcess, waitFor } from "@claviger/testkit";
import type { Interlude } from "./drive.ts";
import { ENV } from "./traffic-stage.ts";

/**
 * A third node, which verifiers prefer, and which is killed without warning while they are called. What they have counted they
 * send to another one, so that every number stays exact.
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
    return {
      urls: [killed.url, ...nodes.map(({ url }) => url)],
      // Some of what is counted is written by it, and some is not sent yet.
      afterHalf: async () => {
        await waitFor(async () => (await batches()) > 0, { what: "a batch of the node that is killed" });
      },
      whileCalled: () => killed.end(),
    };
  },
};
