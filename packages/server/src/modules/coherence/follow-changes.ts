import {
  type EpochSighting,
  isRemovable,
  newObserver,
  type ObserverState,
  observe,
  type Reading,
  seeEpoch,
  unsettledEpoch,
} from "@claviger/core";
import type { Database } from "../../db/index.ts";
import type { Logger } from "../../kernel/log.ts";
import { CHANGE_CHANNEL, hasGap, type LoggedChange } from "../changes/index.ts";
import { createAlarm } from "./alarm.ts";
import {
  ACK_CHANNEL,
  ackNode,
  CHANGES_READ,
  type Client,
  type ClusterSnapshot,
  createLine,
  type Line,
  type LineOptions,
  readCluster,
  reapNode,
} from "./coherence.store.ts";
import type { Member } from "./member.ts";

/** The cluster as last read. */
export interface Sight {
  readonly listing: (Reading & { readonly head: number }) | null;
  readonly observer: ObserverState;
  readonly epoch: EpochSighting | null;
}

export interface FollowerOptions {
  readonly member: Member;
  readonly database: Database;
  readonly line: Pick<LineOptions, "connection" | "role">;
  readonly logger: Logger;
  readonly termMs: number;
  /** The node went out of the cluster: it should join again at once. */
  onOut(): void;
  /** A read was taken in and acknowledged. */
  onRead(): void;
  onLost(): void;
  /** Whether anybody waits for acknowledgements of others. */
  awaitsAcks(): boolean;
}

interface ReadFrom {
  readonly incarnation: string | null;
  readonly applied: number;
}

/** The longest pause between two reads, in milliseconds. */
const POLL_MS = 250;
const POLLS_PER_TERM = 4;
const RETRY_MS = 100;
const TIMEOUT_MS = 1_000;
const KNOWN_KINDS: ReadonlySet<string> = new Set(["narrow", "widen"]);

/** Follows the change log and the rows of all nodes: applies, acknowledges, watches. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #line: Line;
  readonly #alarm = createAlarm();
  readonly #timeoutMs: number;
  readonly #reaping = new Set<string>();
  #sight: Sight = { listing: null, observer: newObserver, epoch: null };
  #stopped = false;
  #failing = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#timeoutMs = Math.max(TIMEOUT_MS, options.termMs);
    this.#line = createLine({
      ...options.line,
      durable: "off",
      channels: [CHANGE_CHANNEL, ACK_CHANNEL],
      onNotification: (channel) => {
        if (channel === CHANGE_CHANNEL || options.awaitsAcks()) this.wake();
      },
      onLost: options.onLost,
    });
  }

  sight(): Sight {
    return this.#sight;
  }

  /** Reads at once; if a read is under way, another follows it. */
  wake(): void {
    this.#alarm.wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#alarm.wake();
  }

  /**
   * The database is not the one that was followed, though it may name itself the same: acts wait once more until whoever
   * holds a lease from before it has lost it.
   */
  unsettle(): void {
    const { epoch, observer } = this.#sight;
    if (epoch === null) return;
    const now = this.#options.member.now().mono;
    this.#sight = {
      ...this.#sight,
      epoch: unsettledEpoch(epoch.epoch, now, this.#longestTerm(observer), longestStale(observer)),
    };
  }

  close(): void {
    this.#line.close();
  }

  async run(): Promise<void> {
    const { logger, termMs, onLost } = this.#options;
    while (!this.#stopped) {
      let pause = Math.min(POLL_MS, termMs / POLLS_PER_TERM);
      try {
        const more = await this.#line.use((client) => this.#read(client), this.#timeoutMs);
        if (more) pause = 0;
        if (this.#failing) logger.info({}, "the change log is followed again");
        this.#failing = false;
      } catch (error) {
        if (!this.#failing && !this.#stopped) logger.warn({ error }, "the change log can not be followed");
        this.#failing = true;
        pause = RETRY_MS;
        onLost();
      }
      if (!this.#stopped) await this.#alarm.sleep(pause);
    }
  }

  #longestTerm(observer: ObserverState): number {
    return Math.max(this.#options.termMs, ...[...observer.values()].map((watched) => watched.termMs));
  }

  /** One round trip, and another to acknowledge where there is something new. Returns whether there is more to read. */
  async #read(client: Client): Promise<boolean> {
    const { member } = this.#options;
    const joined = member.joined();
    const from: ReadFrom = { incarnation: joined?.incarnation ?? null, applied: joined?.applied ?? 0 };
    const readStarted = member.now().mono;
    const snapshot = await readCluster(client, joined === null ? null : from.applied);
    this.#watch(snapshot, { readStarted, readFinished: member.now().mono });
    this.#follow(snapshot, from);
    await this.#acknowledge(client, snapshot);
    this.#options.onRead();
    return snapshot.changes.length === CHANGES_READ;
  }

  #watch(snapshot: ClusterSnapshot, reading: Reading): void {
    const observer = observe(this.#sight.observer, snapshot.nodes, reading);
    const known = this.#sight.observer;
    const longest = [this.#longestTerm(known), this.#longestTerm(observer)];
    const stale = Math.max(longestStale(known), longestStale(observer));
    const epoch = seeEpoch(this.#sight.epoch, snapshot.epoch, reading.readFinished, Math.max(...longest), stale);
    this.#sight = { listing: { ...reading, head: snapshot.head }, observer, epoch };
    for (const watched of observer.values()) {
      if (isRemovable(watched)) this.#reap(watched.row.incarnation, watched.row.token);
    }
  }

  /** So that the next act need not wait for somebody who is long gone. */
  #reap(incarnation: string, token: string): void {
    const { database, logger, member } = this.#options;
    if (incarnation === member.joined()?.incarnation || this.#reaping.has(incarnation)) return;
    this.#reaping.add(incarnation);
    reapNode(database, incarnation, token)
      .catch((error: unknown) => logger.debug({ error }, "the row of a dead node could not be removed"))
      .finally(() => this.#reaping.delete(incarnation));
  }

  #follow(snapshot: ClusterSnapshot, from: ReadFrom): void {
    const { member, onOut } = this.#options;
    if (from.incarnation === null || from.incarnation !== member.joined()?.incarnation) return;
    const { head, epoch, changes } = snapshot;
    member.step({ kind: "log-read", incarnation: from.incarnation, appliedThen: from.applied, head, epoch });
    if (member.joined() === null) {
      onOut();
      return;
    }
    const strange = changes.some((change) => !KNOWN_KINDS.has(change.kind));
    if (strange || hasGap(from.applied, head, changes, CHANGES_READ)) member.step({ kind: "log-broken", head });
    else this.#apply(changes);
  }

  /** Visible to verification first, applied then. */
  #apply(changes: readonly LoggedChange[]): void {
    const { member } = this.#options;
    const applied = member.joined()?.applied ?? 0;
    let last = applied;
    for (const { seq, subjects } of changes) {
      if (seq <= applied) continue;
      member.invalidate(subjects, seq);
      last = seq;
    }
    if (last > applied) member.step({ kind: "applied", seq: last });
  }

  async #acknowledge(client: Client, snapshot: ClusterSnapshot): Promise<void> {
    const { member } = this.#options;
    const [joined, confirmed] = [member.joined(), member.confirmed()];
    if (joined === null || confirmed === null) return;
    const { incarnation, epoch } = joined;
    const row = snapshot.nodes.find((node) => node.incarnation === incarnation);
    const known = row !== undefined && row.ackedEpoch === epoch && row.ackedSeq >= confirmed.ackedSeq;
    const same =
      known &&
      row.verifiers === confirmed.verifiers &&
      (row.vouchedSeq === undefined || row.vouchedSeq === confirmed.vouchedSeq);
    if (same) return;
    await ackNode(client, incarnation, { ...confirmed, epoch });
  }
}

/** For how long verifiers of any of these nodes may go on without a lease. */
function longestStale(observer: ObserverState): number {
  return Math.max(0, ...[...observer.values()].map((watched) => watched.row.maxStaleMs));
}
