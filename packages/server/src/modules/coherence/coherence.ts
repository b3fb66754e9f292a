import {
  ClavigerError,
  clocksDisagree,
  type DropReason,
  leaseMsLeft,
  leaseValid,
  type Moment,
  type Touched,
} from "@claviger/core";
import type { Effective } from "../../kernel/act.ts";
import { within } from "./alarm.ts";
import { Barriers } from "./await-barrier.ts";
import { platformRole } from "./coherence.store.ts";
import { Follower } from "./follow-changes.ts";
import { createMember, type Member } from "./member.ts";
import { Renewer } from "./renew-lease.ts";
import type { Coherence, CoherenceOptions, CoherenceState } from "./types.ts";

const START_TERMS = 3;
const START_MS = 10_000;
const STOP_MS = 1_000;

/** A node of the cluster; see `Coherence`. Does nothing before `start`. */
export function createCoherence(options: CoherenceOptions): Coherence {
  return new Node(options);
}

/** Puts the parts together: one member, a loop that renews, one that follows, and the acts that wait. */
class Node implements Coherence {
  readonly #options: CoherenceOptions;
  readonly #member: Member;
  readonly #renewer: Renewer;
  readonly #follower: Follower;
  readonly #barriers: Barriers;
  readonly #joined = Promise.withResolvers<void>();
  #role: string | null = null;
  #loops: Promise<unknown> | null = null;
  #stopping: Promise<void> | null = null;

  constructor(options: CoherenceOptions) {
    const { database, logger, random, termMs } = options;
    const member = createMember({ ...options, onDropped: (because) => this.#onDropped(because) });
    const line = { connection: options.listenConnection, role: () => this.#roleName() };
    this.#options = options;
    this.#member = member;
    this.#renewer = new Renewer({ member, line, random, logger, node: options, onRenewed: () => this.#onRenewed() });
    this.#follower = new Follower({
      member,
      database,
      line,
      logger,
      termMs,
      onOut: () => this.#renewer.wake(),
      onRead: () => this.#onRead(),
      onLost: () => this.#barriers.reject("the connection to the database was lost"),
      awaitsAcks: () => this.#barriers.size > 0,
    });
    const wake = (): void => this.#follower.wake();
    this.#barriers = new Barriers({ member, database, logger, termMs, sight: () => this.#follower.sight(), wake });
  }

  async start(): Promise<void> {
    this.#loops ??= Promise.all([this.#renewer.run(), this.#follower.run()]);
    const late = (): Error => new ClavigerError("UNAVAILABLE", { internal: "this node could not join the cluster" });
    await within(this.#joined.promise, START_TERMS * this.#options.termMs + START_MS, late);
  }

  leaseValid(): boolean {
    return this.leaseValidAt(this.#member.now());
  }

  leaseValidAt(now: Moment): boolean {
    const lease = this.#member.lease();
    if (clocksDisagree(lease, now)) this.#renewer.wake();
    return leaseValid(lease, now);
  }

  state(): CoherenceState {
    const joined = this.#member.joined();
    const { listing, observer } = this.#follower.sight();
    return {
      incarnation: joined?.incarnation ?? null,
      epoch: joined?.epoch ?? null,
      appliedSeq: joined?.applied ?? 0,
      lagSeq: joined === null ? 0 : Math.max(0, (listing?.head ?? 0) - joined.applied),
      leaseMsLeft: leaseMsLeft(this.#member.lease(), this.#member.now()),
      nodes: observer.size,
      barriers: this.#barriers.size,
      lapses: this.#member.lapses(),
    };
  }

  renewedAgo(): ReadonlyMap<string, number> {
    const now = this.#member.now().mono;
    const { observer } = this.#follower.sight();
    return new Map([...observer].map(([incarnation, { tokenSeenAt }]) => [incarnation, now - tokenSeenAt]));
  }

  committed(seq: number, subjects?: readonly string[] | null): void {
    if (subjects !== undefined && subjects !== null) {
      this.#member.invalidate(subjects, seq);
      if (this.#member.joined()?.applied === seq - 1) this.#member.step({ kind: "applied", seq });
    }
    this.#barriers.committed(seq);
    this.#follower.wake();
  }

  barrier(seq: number): Promise<Effective> {
    return this.#barriers.barrier(seq);
  }

  touchedSince(asOfSeq: number, subjects: readonly string[]): Touched {
    return this.#member.recent.touchedSince(asOfSeq, subjects);
  }

  subjectsAfter(seq: number, most: number): readonly string[] | null {
    return this.#member.recent.subjectsAfter(seq, most);
  }

  isLending(maxStaleMs: number): boolean {
    return this.#renewer.isLending(maxStaleMs);
  }

  beginLending(maxStaleMs: number): Promise<boolean> {
    return this.#renewer.beginLending(maxStaleMs);
  }

  acknowledgeSoon(): void {
    this.#follower.wake();
  }

  stop({ keepRow } = { keepRow: false }): Promise<void> {
    this.#stopping ??= this.#stop(keepRow);
    return this.#stopping;
  }

  /** The order matters: when the row goes, no verdict is given here any more. */
  async #stop(keepRow: boolean): Promise<void> {
    const lease = this.#member.lease();
    this.#member.step({ kind: "stopped" });
    this.#barriers.reject("this node is stopping");
    this.#renewer.stop();
    this.#follower.stop();
    const late = (): Error => new ClavigerError("UNAVAILABLE", { internal: "a read or renewal under way did not end" });
    try {
      await within(Promise.resolve(this.#loops), STOP_MS, late);
    } catch (error) {
      this.#options.logger.debug({ error }, "the node stops without waiting any longer");
    }
    const incarnation = lease.phase === "in" || lease.phase === "joining" ? lease.incarnation : null;
    try {
      await this.#renewer.leave(keepRow ? null : incarnation, STOP_MS);
    } catch (error) {
      this.#options.logger.warn({ error }, "the row of this node could not be removed; it lapses by itself");
    }
    this.#follower.close();
  }

  /** Asked for once: coming back after an outage must not depend on a connection of the pool. */
  async #roleName(): Promise<string> {
    this.#role ??= await platformRole(this.#options.database);
    return this.#role;
  }

  #onRenewed(): void {
    if (leaseValid(this.#member.lease(), this.#member.now())) this.#joined.resolve();
    // What was renewed waits for the log up to the head just read.
    this.#follower.wake();
  }

  /** What was dropped because the database is another one concerns those who wait for it as well. */
  #onDropped(because: DropReason): void {
    if (because !== "epoch-changed" && because !== "head-fell") return;
    this.#follower.unsettle();
    this.#barriers.reject("the database is not the one that was followed");
  }

  #onRead(): void {
    if (clocksDisagree(this.#member.lease(), this.#member.now())) this.#renewer.wake();
    this.#barriers.look();
  }
}
