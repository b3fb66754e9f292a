import {
  type Fill,
  type Moment,
  type NodeMessage,
  newVerifier,
  nextTickAt,
  type RecentInvalidations,
  type Standing,
  type VerifierEffect,
  type VerifierEvent,
  type VerifierOptions,
  type VerifierState,
  verifierClocksDisagree,
} from "@claviger/core";
import { makes, type Surroundings } from "./cluster.ts";
import { recordOf } from "./entry.ts";
import { Connection, type Link } from "./links.ts";
import type { SimNode } from "./sim-node.ts";
import type { SimRecord } from "./tables.ts";
import { Process } from "./world.ts";

export interface SimVerifierOptions {
  readonly name: string;
  readonly rate: number;
  /** How far the wall clock of its machine is ahead. Nobody's is right, and nothing may depend on that it is. */
  readonly wallAhead: number;
  readonly termMs: number;
  readonly staleIfUnreachableMs: number;
}

/** One verification under way. */
interface Asking {
  readonly key: string;
  readonly startedAt: number;
  attempts: number;
}

/** A LOOKUP that was sent, and who waits for it. */
interface Lookup {
  readonly id: number;
  readonly key: string;
  readonly generation: number;
  readonly own: Asking;
  readonly joined: Asking[];
}

type RecordMessage = Extract<NodeMessage, { kind: "record" }>;

const ATTEMPTS = 3;
const OPENING_MS = 300;
/** How late a verifier drops that acknowledges first, in milliseconds at most. */
const LATE_MS = 300;

/** What it can reach. */
type Reachable = Surroundings & { readonly nodes: readonly SimNode[] };

/** One process that verifies under a lease from a node, until it is killed. */
export class SimVerifier {
  readonly cluster: Reachable;
  readonly options: SimVerifierOptions;
  readonly process: Process;
  readonly toNodes: Link;
  readonly #ring: RecentInvalidations;
  readonly #records = new Map<string, SimRecord>();
  /** What may be spent without asking, by plan. */
  readonly #budgets = new Map<string, number>();
  readonly #lookups = new Map<number, Lookup>();
  #state: VerifierState;
  #connection: { readonly number: number; readonly line: Connection } | null = null;
  #lastId = 0;
  #timerFor: number | null = null;
  #remembered: Moment;

  constructor(cluster: Reachable, options: SimVerifierOptions, toNodes: Link) {
    this.cluster = cluster;
    this.options = options;
    this.toNodes = toNodes;
    this.process = new Process(cluster.world, options.name, options.rate, options.wallAhead);
    this.#ring = cluster.rules.createRing(cluster.ringKept);
    this.#remembered = this.process.moment();
    const { termMs, staleIfUnreachableMs, name } = options;
    const session: VerifierOptions = {
      ...{ session: cluster.newName("session"), termMs, staleIfUnreachableMs, understands: [], name, software: "" },
    };
    this.#state = newVerifier(session);
  }

  start(): void {
    this.#step({ kind: "started", at: this.process.moment() });
  }

  kill(): void {
    this.process.kill();
    this.#connection?.line.break();
  }

  close(): void {
    this.#step({ kind: "closed" });
  }

  /** A link that breaks, not a message that is late. */
  breakConnection(): void {
    this.#connection?.line.break();
  }

  /** Somebody presents a key now. */
  verify(key: string): void {
    this.#decide({ key, startedAt: this.cluster.world.now, attempts: 0 });
  }

  #now(): Moment {
    return makes(this.cluster, "remembered-clock") ? this.#remembered : this.process.moment();
  }

  #decide(asking: Asking): void {
    const now = this.#now();
    const { rules } = this.cluster;
    const standing = rules.standingOf(this.#state, now);
    if (verifierClocksDisagree(this.#state, now)) this.#step({ kind: "tick", at: this.process.moment() });
    const record = this.#records.get(asking.key);
    if (standing !== "none" && record !== undefined) {
      this.#answer(asking, record, now, standing);
      return;
    }
    const underWay = [...this.#lookups.values()].find(({ key }) => key === asking.key);
    if (underWay !== undefined && rules.mayJoinLookup(this.#state, underWay.generation, now)) {
      underWay.joined.push(asking);
      return;
    }
    this.#lookUp(asking);
  }

  #lookUp(asking: Asking): void {
    const connection = this.#connection;
    if (connection === null || this.#state.phase !== "following" || asking.attempts >= ATTEMPTS) {
      this.cluster.history.refused();
      return;
    }
    asking.attempts += 1;
    this.#lastId += 1;
    const { key } = asking;
    const lookup: Lookup = { id: this.#lastId, key, generation: this.#state.generation, own: asking, joined: [] };
    this.#lookups.set(lookup.id, lookup);
    connection.line.sendToNode({ kind: "lookup", id: lookup.id, hash: key });
  }

  #found(message: RecordMessage): void {
    const lookup = this.#lookups.get(message.id);
    if (lookup === undefined) return;
    this.#lookups.delete(message.id);
    this.#use(lookup, lookup.own, true, message);
    for (const asking of lookup.joined) this.#use(lookup, asking, false, message);
  }

  #use({ generation }: Lookup, asking: Asking, own: boolean, message: RecordMessage): void {
    if (message.outcome !== "entry") {
      this.cluster.history.refused();
      return;
    }
    const record = recordOf(message.entry);
    const asOfSeq = makes(this.cluster, "as-of-receipt") ? this.#state.applied : message.asOfSeq;
    const fill: Fill = { generation, asOfSeq, subjects: record.subjects, conditions: [], own };
    const now = this.#now();
    const { rules, history } = this.cluster;
    const verdict = rules.fillVerdict(this.#state, fill, this.#ring, now);
    switch (verdict) {
      case "keep":
        this.#records.set(asking.key, record);
        this.#answer(asking, record, now, "leased");
        return;
      case "use-once":
        history.counts.remote += 1;
        this.#answer(asking, record, now, "none");
        return;
      case "again":
        this.#lookUp(asking);
        return;
      case "ask":
      case "none":
        history.refused();
        return;
    }
    verdict satisfies never;
  }

  #answer({ startedAt }: Asking, record: SimRecord, now: Moment, standing: Standing): void {
    const { history, world, rules, nodes } = this.cluster;
    const { name: by } = this.options;
    const { active, plan, expiresAt, subjects } = record;
    const time = rules.decisionTime(this.#state, now);
    // Without a lease a change of the plan may have been missed, so nothing that is held may be spent.
    const budget = (standing === "none" ? undefined : this.#budgets.get(plan)) ?? record.amount;
    if (!active || budget <= 0 || time === null || (expiresAt !== null && time >= expiresAt)) {
      if (budget <= 0) this.#forgetPlan(plan);
      history.refused();
      return;
    }
    if (standing !== "none") this.#budgets.set(plan, budget - 1);
    history.accepted({ by, subjects, startedAt, endedAt: world.now, stale: standing === "stale" });
    if (expiresAt === null) return;
    // It must not have ended by the clock of each node that may have been asked.
    const wall = Math.min(...nodes.map((node) => node.now().wall));
    if (wall >= expiresAt) history.acceptedLate(by, expiresAt, wall);
  }

  /** What was spent is asked for again. */
  #forgetPlan(plan: string): void {
    this.#budgets.delete(plan);
    for (const [key, record] of [...this.#records]) if (record.plan === plan) this.#records.delete(key);
  }

  #step(event: VerifierEvent): void {
    if (makes(this.cluster, "snapshot-regression")) this.#regress(event);
    const [next, effects] = this.cluster.rules.stepVerifier(this.#state, event);
    this.#state = next;
    for (const effect of effects) this.#carryOut(effect);
    this.#remembered = this.process.moment();
    this.#setTimer();
  }

  /** The mistake of taking over the number of a node in the same epoch, as if nothing were known beyond it. */
  #regress(event: VerifierEvent): void {
    if (event.kind !== "received" || event.message.kind !== "welcome") return;
    if (event.message.epoch !== this.#state.epoch) return;
    this.#state = { ...this.#state, applied: event.message.seq };
    this.#ring.reset(event.message.seq);
  }

  #setTimer(): void {
    const next = nextTickAt(this.#state);
    if (next === null || next === this.#timerFor) return;
    this.#timerFor = next;
    this.process.after(next - this.process.moment().mono + 0.01, () => {
      if (this.#timerFor !== next) return;
      this.#timerFor = null;
      this.#step({ kind: "tick", at: this.process.moment() });
    });
  }

  #carryOut(effect: VerifierEffect): void {
    switch (effect.kind) {
      case "send":
        if (this.#connection?.number === effect.connection) this.#connection.line.sendToNode(effect.message);
        return;
      case "connect":
        this.#connect(effect.connection, effect.delayMs);
        return;
      case "disconnect":
        if (this.#connection?.number === effect.connection) this.#hangUp();
        return;
      case "drop-subjects":
        if (makes(this.cluster, "verifier-acks-before-apply")) {
          this.process.after(this.cluster.world.dice.between(0, LATE_MS), () => this.#drop(effect));
        } else this.#drop(effect);
        return;
      case "drop-everything":
        this.#ring.reset(effect.floor);
        this.#records.clear();
        this.#budgets.clear();
        return;
      case "deliver":
        if (effect.message.kind === "record") this.#found(effect.message);
        if (effect.message.kind === "unanswered") this.#unanswered(effect.message.id);
        return;
      case "settings":
      case "mode":
      case "unsupported":
      case "give-up":
        return;
    }
    effect satisfies never;
  }

  #drop({ seq, subjects }: VerifierEffect & { kind: "drop-subjects" }): void {
    this.#ring.note(seq, subjects);
    for (const [key, record] of [...this.#records]) {
      if (record.subjects.some((subject) => subjects.includes(subject))) this.#records.delete(key);
    }
    if (makes(this.cluster, "budget-kept")) return;
    for (const plan of [...this.#budgets.keys()]) if (subjects.includes(`plan:${plan}`)) this.#budgets.delete(plan);
  }

  #unanswered(id: number): void {
    const lookup = this.#lookups.get(id);
    if (lookup === undefined) return;
    this.#lookups.delete(id);
    for (let refused = 0; refused <= lookup.joined.length; refused += 1) this.cluster.history.refused();
  }

  #hangUp(): void {
    this.#connection?.line.closeByVerifier();
    this.#connection = null;
    for (const id of [...this.#lookups.keys()]) this.#unanswered(id);
  }

  #connect(number: number, delayMs: number): void {
    const { world } = this.cluster;
    this.process.after(delayMs * world.dice.between(0.5, 1), () => {
      const open = this.cluster.nodes.filter((node) => node.process.alive && !node.leaving);
      if (open.length === 0 || this.toNodes.isCut) {
        this.process.after(world.dice.between(0, OPENING_MS), () => this.#closed(number));
        return;
      }
      this.#open(number, world.dice.pick(open));
    });
  }

  #open(number: number, node: (typeof this.cluster.nodes)[number]): void {
    let line = 0;
    const connection: Connection = new Connection(
      this.toNodes,
      {
        process: this.process,
        onMessage: (message) => this.#received(number, message),
        onClosed: () => this.#closed(number),
      },
      {
        process: node.process,
        onMessage: (message) => node.sessions.received(line, message, "credential"),
        onClosed: () => node.sessions.closed(line),
      },
    );
    this.cluster.world.after(this.toNodes.delay() * 2, () => {
      node.process.receive(() => {
        line = node.sessions.opened(connection);
      });
      this.process.receive(() => {
        if (this.#state.connection !== number) return;
        this.#connection = { number, line: connection };
        this.#step({ kind: "connected", connection: number, at: this.process.moment() });
      });
    });
  }

  #received(connection: number, message: NodeMessage): void {
    this.#step({ kind: "received", connection, at: this.process.moment(), message });
  }

  #closed(connection: number): void {
    if (this.#connection?.number === connection) {
      this.#connection = null;
      for (const id of [...this.#lookups.keys()]) this.#unanswered(id);
    }
    this.#step({ kind: "disconnected", connection, at: this.process.moment() });
  }
}
