import type { Surroundings } from "./cluster.ts";
import type { SimNode } from "./sim-node.ts";
import type { SimVerifier } from "./sim-verifier.ts";

/** Everything that is simulated together. */
export interface Cluster extends Surroundings {
  readonly nodes: SimNode[];
  readonly verifiers: SimVerifier[];
}
