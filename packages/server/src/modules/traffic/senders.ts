import { createHash } from "node:crypto";
import { type Database, PLATFORM } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { DAY_MS } from "./bounds.ts";
import { foldGone, forgetLosses, leaveSenders, type Told, tellSenders } from "./queries/senders.ts";

export interface SendersPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What this process is told by: random. */
  readonly name: string;
  /** When the oldest of what this node has not written came, monotonic, in milliseconds; null where there is nothing. */
  waitingSince(): number | null;
}

interface News {
  readonly is: "met" | "left" | "gone";
  /** Monotonic, in milliseconds. */
  readonly at: number;
  /** Whether it is not told yet that it was met here. */
  readonly fresh: boolean;
}

/** What verifiers and the log of this node have in hand before it comes here, in milliseconds. */
const IN_HAND_MS = 1_000;
/** News that wait to be told, at most: of more verifiers than connect to a node in a minute. */
const MOST_NEWS = 50_000;
/** After so long, in milliseconds, a process that is gone is counted by the hour. */
const FOLD_MS = 3_600_000;
/** For so long, in milliseconds, news must have come through: after an outage others have not had their turn yet. */
const STEADY_MS = 60_000;

/**
 * Tells the database until when everything that came here is written, and which verifiers are connected, so that a process which goes away
 * with uses in hand is missed. Nothing waits for it.
 */
export class Senders {
  readonly #ports: SendersPorts;
  #news = new Map<string, News>();
  /** Since when every try to tell was successful; monotonic. */
  #tellingSince: number | null = null;

  constructor(ports: SendersPorts) {
    this.#ports = ports;
  }

  /** A verifier has greeted, by the name of its session. */
  met(session: string): void {
    this.#note(session, "met", this.#ports.clock.mono());
  }

  /** It has said goodbye, after it handed everything over. */
  left(session: string): void {
    this.#note(session, "left", this.#ports.clock.mono());
  }

  /** It has not come back since its connection ended, at `at` (monotonic), and what was lent to it has run out. */
  gone(session: string, at: number): void {
    this.#note(session, "gone", at);
  }

  /** Tells what is new. pg errors pass through; it is told the next time then. */
  async tell(): Promise<void> {
    const { database, clock, logger, name, waitingSince } = this.#ports;
    const [news, now] = [this.#news, clock.mono()];
    this.#news = new Map();
    const of = (is: News["is"]) => [...news].filter(([, each]) => each.is === is);
    const agoOf = ([id, { at }]: [string, News]) => ({ id, agoMs: Math.max(0, now - at) });
    const told: Told = {
      lagMs: Math.max(IN_HAND_MS, now - (waitingSince() ?? now)),
      met: [...news].filter(([, { is, fresh }]) => is === "met" || (is === "gone" && fresh)).map(agoOf),
      left: of("left").map(([id]) => id),
      gone: of("gone").map(agoOf),
    };
    try {
      await database.transaction(PLATFORM, (tx) => tellSenders(tx, name, told));
      this.#tellingSince ??= now;
      if (told.gone.length > 0) {
        const verifiers = told.gone.length;
        logger.warn({ verifiers }, "verifiers went away without handing over: what they saw last may be missing");
      }
    } catch (error) {
      this.#tellingSince = null;
      for (const [id, each] of news) if (!this.#news.has(id)) this.#news.set(id, each);
      throw error;
    }
  }

  /** Ends what is told of this node, which has written everything. Where that fails it is missed, as it should be. Never throws. */
  async leave(): Promise<void> {
    const { database, name, logger, waitingSince } = this.#ports;
    if (waitingSince() !== null) return;
    try {
      await this.tell();
      await database.transaction(PLATFORM, (tx) => leaveSenders(tx, name));
    } catch (error) {
      logger.warn({ error }, "it could not be written down that this node has handed over everything");
    }
  }

  /** Adds up processes that are long gone, and forgets what is older than counts are kept. pg errors pass through. */
  async fold(countDays: number): Promise<void> {
    const { database, clock } = this.#ports;
    if (this.#tellingSince === null || clock.mono() - this.#tellingSince < STEADY_MS) return;
    for (let more = true; more; ) more = await database.transaction(PLATFORM, (tx) => foldGone(tx, FOLD_MS));
    const before = new Date(clock.wall() - countDays * DAY_MS);
    await database.transaction(PLATFORM, (tx) => forgetLosses(tx, before));
  }

  #note(session: string, is: News["is"], at: number): void {
    // Whoever knows the name of a session may go on with it, so it is written down nowhere.
    const id = createHash("sha256").update(session).digest("hex").slice(0, 32);
    const before = this.#news.get(id);
    this.#news.delete(id);
    this.#news.set(id, { is, at, fresh: is === "met" || before?.fresh === true });
    const [oldest] = this.#news.keys();
    if (this.#news.size > MOST_NEWS && oldest !== undefined) this.#news.delete(oldest);
  }
}
