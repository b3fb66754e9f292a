import { type Act, type ActPorts, createAct } from "./act.ts";
import type { Tracing } from "./tracing.ts";

/** The door for acts, each a step of its request, and in it the wait for the barrier. */
export function tracedAct(tracing: Tracing | null, ports: ActPorts): Act {
  if (tracing === null) return createAct(ports);
  const barrier: ActPorts["barrier"] = (seq) =>
    tracing.step(
      {
        ...{ name: "barrier", kind: "internal", attributes: { "claviger.seq": seq } },
        outcome: ({ nodes, verifiers, lapsed }) => ({
          ...{ "claviger.nodes": nodes, "claviger.verifiers": verifiers, "claviger.lapsed": lapsed.length },
        }),
      },
      () => ports.barrier(seq),
    );
  const act = createAct({ ...ports, barrier });
  return (acting, reach, work) => tracing.step({ name: "act", kind: "internal" }, () => act(acting, reach, work));
}
