/**
 * Drills: a test rotation and a test revocation, on a key made for them, leave a dated record; no drill within the asked days is a finding (D8).
 *
 * Invariants: one drill runs at a time in the cluster; its key belongs to an account of its own, expires within a day, and is ended whatever
 * happens; what it shows is what this node decides, after waits for all nodes and verifiers.
 * Events out: drill.finished.
 */
export { drillsRoutes } from "./drills.api.ts";
export { createDrillWatch } from "./watch-drills.ts";
