import type { Cluster } from "./parties.ts";
import type { FaultName } from "./scene.ts";
import { SimNode } from "./sim-node.ts";
import { SimVerifier } from "./sim-verifier.ts";

type Fault = (cluster: Cluster) => void;

/** Everything that may go wrong, by name. Times are fitted to the terms. */
const FAULTS = {
  "verifier stands still": pauseVerifier,
  "node stands still": pauseNode,
  "machine sleeps": putToSleep,
  "wall clock steps": stepWallOfVerifier,
  "connection breaks": breakConnection,
  "verifier is cut off": cutVerifier,
  "node is cut off": cutNode,
  "link is slow": slowLink,
  "node is killed": restartNode,
  "node leaves": leaveAndReturn,
  "verifier is killed": restartVerifier,
  "verifier is closed": closeVerifier,
  "database is away": loseDatabase,
  "wait for standby is cancelled": cancelWait,
  "standby takes over": failOver,
} as const satisfies Record<FaultName, Fault>;

/** As often as they stand here. */
const ALWAYS: readonly FaultName[] = [
  ...(["verifier stands still", "verifier stands still", "node stands still", "node stands still"] as const),
  ...(["connection breaks", "connection breaks", "verifier is cut off", "node is cut off", "node is cut off"] as const),
  ...(["link is slow", "node is killed", "node is killed", "node leaves"] as const),
  ...(["verifier is killed", "verifier is closed", "database is away"] as const),
];
/** One of these in a run: a machine that sleeps while its wall clock is set back has no clock that goes on. */
const OF_CLOCKS: readonly FaultName[] = ["machine sleeps", "wall clock steps"];
const OF_STANDBY: readonly FaultName[] = ["wait for standby is cancelled", "standby takes over"];

/** Faults from now on, `pace` milliseconds apart on average. */
export function planFaults(cluster: Cluster, forMs: number): void {
  const { world, database, scene } = cluster;
  const { dice } = world;
  const ofDatabase = database.options.standby ? [...OF_STANDBY, ...OF_STANDBY] : [];
  const names = scene.faults ?? [...ALWAYS, ...ofDatabase, dice.pick(OF_CLOCKS)];
  const pace = scene.pace ?? dice.pick([300, 900, 3_000]);
  const end = world.now + forMs;
  const next = (): void => {
    if (world.now > end) return;
    FAULTS[dice.pick(names)](cluster);
    world.after(dice.between(0, pace * 2), next);
  };
  world.after(dice.between(0, pace), next);
}

function span({ world }: Cluster): number {
  return world.dice.chance(0.5) ? world.dice.between(5, 400) : world.dice.between(200, 2_500);
}

function pauseVerifier(cluster: Cluster): void {
  cluster.world.dice.pick(cluster.verifiers).process.pause(span(cluster));
}

function pauseNode(cluster: Cluster): void {
  cluster.world.dice.pick(cluster.nodes).process.pause(span(cluster));
}

function putToSleep(cluster: Cluster): void {
  const { dice } = cluster.world;
  const place = dice.chance(0.5) ? dice.pick(cluster.verifiers) : dice.pick(cluster.nodes);
  place.process.sleep(span(cluster));
}

function stepWallOfVerifier({ world, verifiers }: Cluster): void {
  world.dice.pick(verifiers).process.stepWall(world.dice.pick([-60_000, -300, 300, 60_000]));
}

function breakConnection({ world, verifiers }: Cluster): void {
  world.dice.pick(verifiers).breakConnection();
}

function cutVerifier(cluster: Cluster): void {
  cluster.world.dice.pick(cluster.verifiers).toNodes.cut(span(cluster));
}

function cutNode(cluster: Cluster): void {
  cluster.world.dice.pick(cluster.nodes).toDatabase.cut(span(cluster));
}

function slowLink(cluster: Cluster): void {
  const { world, nodes, verifiers, longestDelay } = cluster;
  const link = world.dice.chance(0.5) ? world.dice.pick(nodes).toDatabase : world.dice.pick(verifiers).toNodes;
  link.longest = 800;
  world.after(span(cluster), () => {
    link.longest = longestDelay;
  });
}

/** Killed, and started again after a while as another process. */
function restartNode(cluster: Cluster): void {
  const { world, nodes } = cluster;
  const index = world.dice.int(nodes.length);
  const old = nodes[index];
  if (old === undefined || !old.process.alive) return;
  old.kill();
  startNode(cluster, index, world.dice.between(0, 600));
}

function startNode(cluster: Cluster, index: number, delay: number): void {
  const { world, nodes } = cluster;
  world.after(delay, () => {
    const old = nodes[index];
    if (old === undefined) return;
    // In a rolling change of settings the term is another one than before.
    const { options, toDatabase } = old;
    const termMs = world.dice.chance(0.8) ? options.termMs : world.dice.pick([400, 1_800]);
    const node = new SimNode(cluster, { ...options, termMs }, toDatabase);
    nodes[index] = node;
    node.start();
  });
}

function leaveAndReturn(cluster: Cluster): void {
  const { world, nodes } = cluster;
  const index = world.dice.int(nodes.length);
  const old = nodes[index];
  if (old === undefined || !old.process.alive || old.leaving) return;
  old.process.receive(() => old.leave());
  // Killed in the end, if it is not gone by then.
  world.after(2_500, () => {
    old.kill();
    if (nodes[index] === old) startNode(cluster, index, 0);
  });
}

function restartVerifier(cluster: Cluster): void {
  replaceVerifier(cluster, (old) => old.kill());
}

function closeVerifier(cluster: Cluster): void {
  replaceVerifier(cluster, (old) => old.process.receive(() => old.close()));
}

function replaceVerifier(cluster: Cluster, end: (old: SimVerifier) => void): void {
  const { world, verifiers, keys } = cluster;
  const index = world.dice.int(verifiers.length);
  const old = verifiers[index];
  if (old === undefined || !old.process.alive) return;
  end(old);
  world.after(world.dice.between(0, 600), () => {
    const fresh = new SimVerifier(cluster, old.options, old.toNodes);
    verifiers[index] = fresh;
    fresh.process.onResume = () => {
      for (const key of keys) fresh.verify(key);
    };
    fresh.start();
  });
}

function loseDatabase(cluster: Cluster): void {
  cluster.database.stop(span(cluster));
}

/** The operator cancels what waits for the standby. */
function cancelWait({ database }: Cluster): void {
  database.cancelWait();
}

function failOver({ database, history, world }: Cluster): void {
  database.failOver(world.dice.between(20, 400));
  history.failedOver(database.tables.head);
}
