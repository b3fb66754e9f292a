import { Database } from "./database.ts";
import { planFaults } from "./faults.ts";
import { type Counts, History } from "./history.ts";
import { Link } from "./links.ts";
import type { Cluster } from "./parties.ts";
import { RULES, type Rules } from "./rules.ts";
import type { Scene } from "./scene.ts";
import { SimNode } from "./sim-node.ts";
import { SimVerifier } from "./sim-verifier.ts";
import { type Act, type KeyRow, PLAN_AMOUNT, type Tables } from "./tables.ts";
import { Dice, World } from "./world.ts";

/** What a run came to. A run is the same for the same seed and rules, on every machine. */
export interface Report {
  readonly seed: number;
  /** What was accepted though it had been confirmed to be taken away, in words; empty: nothing. */
  readonly violations: readonly string[];
  readonly counts: Counts;
}

/** Simulated milliseconds. */
const SETTLING_MS = 400;
const RUNNING_MS = 9_000;
const KEYS = ["k0", "k1", "k2", "k3", "k4", "k5"];
const ACCOUNTS = ["a0", "a1"];
const PLANS = ["p0", "p1"];
const RATES = [0.9, 0.9, 1, 1.1, 1.1];
const TERMS = [400, 900, 900, 1_800];

/** Runs one seed: nodes, verifiers, acts and faults, all drawn from it but for what the scene says. */
export function simulate(seed: number, rules: Rules = RULES, scene: Scene = {}): Report {
  const cluster = newCluster(seed, rules, scene);
  const { world, history } = cluster;
  for (const node of cluster.nodes) node.start();
  for (const verifier of cluster.verifiers) verifier.start();
  world.runUntil(SETTLING_MS);
  planVerifications(cluster);
  tryAfterConfirmation(cluster, (node, key) => verifyAtNode(cluster, node, key));
  planActs(cluster);
  planFaults(cluster, RUNNING_MS);
  world.runUntil(SETTLING_MS + RUNNING_MS);
  return { seed, violations: history.violations, counts: history.counts };
}

function newCluster(seed: number, rules: Rules, scene: Scene): Cluster {
  const dice = new Dice(seed);
  const world = new World(dice);
  const longestDelay = scene.longestDelay ?? dice.pick([10, 60, 200]);
  const standby = scene.standby ?? dice.chance(0.5);
  const longestLag = scene.longestLag ?? dice.pick([2, 20, 120]);
  let names = 0;
  const nodes: SimNode[] = [];
  const cluster: Cluster = {
    ...{ world, rules, scene, nodes, longestDelay, keys: KEYS },
    database: new Database(world, { standby, longestLag }, firstTables()),
    history: new History(),
    verifiers: [],
    logKept: scene.logKept ?? dice.pick([3, 10, 1_000]),
    ringKept: scene.ringKept ?? dice.pick([1, 3, 1_000]),
    newName: (what) => {
      names += 1;
      return `${what} ${names}`;
    },
    notify: () => {
      for (const node of nodes) {
        if (!dice.chance(scene.woken ?? 0.9)) continue;
        world.after(dice.between(0, longestDelay), () => node.process.receive(() => node.follow()));
      }
    },
  };
  addProcesses(cluster);
  return cluster;
}

function addProcesses(cluster: Cluster): void {
  const { world, scene, longestDelay } = cluster;
  const { dice } = world;
  const rates = scene.rates ?? RATES;
  const terms = scene.terms ?? (dice.chance(0.7) ? [dice.pick(TERMS)] : TERMS);
  const maxStaleMs = dice.chance(0.2) ? 1_500 : 0;
  const nodes = scene.nodes ?? 1 + dice.int(3);
  for (let i = 0; i < nodes; i += 1) {
    const clock = { rate: dice.pick(rates), wallAhead: dice.between(-2_000, 2_000) };
    const options = { name: `node ${i}`, ...clock, termMs: dice.pick(terms), maxStaleMs };
    cluster.nodes.push(new SimNode(cluster, options, new Link(world, longestDelay)));
  }
  const verifiers = scene.verifiers ?? 1 + dice.int(3);
  for (let i = 0; i < verifiers; i += 1) {
    const staleIfUnreachableMs = dice.chance(0.5) ? maxStaleMs : 0;
    const clock = { rate: dice.pick(rates), wallAhead: dice.between(-60_000, 60_000) };
    const options = { name: `verifier ${i}`, ...clock, termMs: dice.pick(TERMS), staleIfUnreachableMs };
    cluster.verifiers.push(new SimVerifier(cluster, options, new Link(world, scene.verifierDelay ?? longestDelay)));
  }
}

function firstTables(): Tables {
  const keys = KEYS.map((id, i): KeyRow => {
    const account = ACCOUNTS[i % 2] ?? "";
    const plan = PLANS[Math.floor(i / 2) % 2] ?? "";
    // Some end while the run goes on.
    return { id, account, plan, state: "active", expiresAt: i === 5 ? 1_700_000_004_000 : null };
  });
  return {
    cluster: "database 1",
    head: 0,
    log: [],
    nodes: new Map(),
    keys: new Map(keys.map((key) => [key.id, key])),
    accounts: new Map(ACCOUNTS.map((id) => [id, "active"])),
    plans: new Map(PLANS.map((id) => [id, PLAN_AMOUNT])),
  };
}

/** Everybody verifies all the time, and at once where a process goes on after it stood still. */
function planVerifications(cluster: Cluster): void {
  const { world, keys, verifiers, nodes } = cluster;
  const { dice } = world;
  const every = (): void => {
    for (const verifier of verifiers) verifier.process.receive(() => verifier.verify(dice.pick(keys)));
    if (dice.chance(0.3)) {
      for (const node of nodes) node.process.receive(() => verifyAtNode(cluster, node, dice.pick(keys)));
    }
    world.after(dice.between(5, 35), every);
  };
  every();
  for (const verifier of verifiers) {
    verifier.process.onResume = () => {
      for (const key of keys) verifier.verify(key);
    };
  }
}

/** What was taken away is presented at once, and again and again while a lease may last, everywhere. */
function tryAfterConfirmation({ world, keys, verifiers, nodes, history, database }: Cluster, verifyAt: VerifyAt): void {
  history.onConfirmed = (subject) => {
    const [type, id = ""] = subject.split(":");
    const touched = keys.filter((key) => {
      const row = database.tables.keys.get(key);
      return type === "key" ? key === id : type === "account" ? row?.account === id : row?.plan === id;
    });
    for (const delay of [0.001, 1, 10, 50, 150, 400, 900]) {
      world.after(delay, () => {
        const key = world.dice.pick(touched);
        for (const verifier of verifiers) verifier.process.receive(() => verifier.verify(key));
        for (const node of nodes) node.process.receive(() => verifyAt(node, key));
      });
    }
  };
}

type VerifyAt = (node: SimNode, key: string) => void;

/** A verification at a node itself, by the same rules. */
function verifyAtNode(cluster: Cluster, node: SimNode, key: string): void {
  const { world, history } = cluster;
  const startedAt = world.now;
  const ask = (attempts: number): void =>
    node.find(key, (found) => {
      if (found === undefined || found.record === null || !node.isLeased() || attempts === 0) {
        history.refused();
        return;
      }
      const { record, asOfSeq } = found;
      if (node.ring.touchedSince(asOfSeq, record.subjects) !== "untouched") {
        ask(attempts - 1);
        return;
      }
      const { active, amount, expiresAt, subjects } = record;
      if (!active || amount <= 0 || (expiresAt !== null && node.now().wall >= expiresAt)) history.refused();
      else history.accepted({ by: node.options.name, subjects, startedAt, endedAt: world.now, stale: false });
    });
  ask(3);
}

const SUBJECTS = [
  ...KEYS.map((id) => `key:${id}`),
  ...ACCOUNTS.map((id) => `account:${id}`),
  ...PLANS.map((id) => `plan:${id}`),
];

/** What is taken away is mostly given back, so that there is something to take away again. */
function planActs(cluster: Cluster): void {
  const { world, nodes } = cluster;
  const { dice } = world;
  const next = (): void => {
    const node = dice.pick(nodes);
    const act = drawAct(cluster);
    node.process.receive(() => node.acts.call(act));
    world.after(dice.between(50, 700), next);
  };
  next();
}

function drawAct({ world, database }: Cluster): Act {
  const { dice } = world;
  const taken = SUBJECTS.filter((subject) => !isGiven(database.tables, subject));
  if (taken.length > 0 && dice.chance(0.55)) return { subject: dice.pick(taken), what: "resume" };
  const subject = dice.pick(SUBJECTS);
  return { subject, what: subject.startsWith("key:") && dice.chance(0.05) ? "revoke" : "suspend" };
}

/** Revoked keys are left alone: nothing gives them back. */
function isGiven({ keys, accounts, plans }: Tables, subject: string): boolean {
  const [type, id = ""] = subject.split(":");
  if (type === "account") return accounts.get(id) === "active";
  return type === "plan" ? plans.get(id) !== 0 : keys.get(id)?.state !== "suspended";
}
