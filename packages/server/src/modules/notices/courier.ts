import { PLATFORM } from "../../db/index.ts";
import type { PostOutside } from "../../kernel/outgoing/index.ts";
import { randomWord } from "../../kernel/random.ts";
import { attempt, type Parcel, type Result } from "./attempt-delivery.ts";
import { disableWebhook } from "./disable-webhook.ts";
import { GIVE_UP_MS, nextAttempt } from "./next-attempt.ts";
import type { NoticesPorts } from "./ports.ts";
import { type Claimed, claimDeliveries, endDelivery, putOff } from "./queries/deliveries.ts";
import { findEvents } from "./queries/outbox.ts";
import { findWebhooks, noteAccepted, noteFailed } from "./queries/webhooks.ts";

/** Tried at once by this node, and of those so many at most of receivers that fail, which may each hold one for as long as an attempt may take. */
const MOST = 64;
const MOST_FAILING = 32;
const PER_RECEIVER = 4;
const PER_FAILING = 1;
/** Longer than an attempt may take, from its claim to its record. */
const CLAIM_MS = 30_000;

/** The first failure is noted after the delivery was made: a while after it, where a node ended in the middle. */
const NOTED_MS = 3_600_000;

const failsForLong = (since: Date | null, at: Date): boolean =>
  since !== null && at.getTime() - since.getTime() >= GIVE_UP_MS - NOTED_MS;

/**
 * Sends what is due, and records what came of it.
 *
 * What is claimed is this node's for CLAIM_MS; one that dies meanwhile leaves it to the others. What was recorded as delivered is never
 * claimed again. A result that cannot be recorded, because the database does not answer, is kept and recorded before anything else.
 */
export class Courier {
  readonly #ports: NoticesPorts;
  readonly #postOutside: PostOutside;
  readonly #busy = new Map<string, { trying: number; failing: boolean }>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #unrecorded: (() => Promise<void>)[] = [];
  readonly #stopped = new AbortController();
  #claiming: Promise<void> | null = null;
  #again = false;

  constructor(ports: NoticesPorts, postOutside: PostOutside) {
    this.#ports = ports;
    this.#postOutside = postOutside;
  }

  /** Begins to send what is due and there is room for; returns once it has begun. pg errors pass through. */
  async tick(): Promise<void> {
    await this.#recordLeft();
    this.#again = true;
    this.#claiming ??= this.#claim().finally(() => {
      this.#claiming = null;
    });
    await this.#claiming;
  }

  /** Waits until nothing is under way that this node has begun. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0 || this.#claiming !== null) {
      await Promise.all(this.#underWay);
      await this.#claiming?.catch(() => undefined);
    }
  }

  /** Begins nothing more, and gives what is under way `graceMs` to end; what does not is tried again by another node. */
  async stop(graceMs: number): Promise<void> {
    const late = setTimeout(() => this.#stopped.abort(), graceMs);
    this.#again = false;
    await this.#claiming?.catch(() => undefined);
    await this.idle();
    clearTimeout(late);
    this.#stopped.abort();
  }

  async #claim(): Promise<void> {
    while (this.#again && !this.#stopped.signal.aborted) {
      this.#again = false;
      const { clock, database } = this.#ports;
      const trying = [...this.#busy].map(([webhook, state]) => ({ webhook, ...state }));
      const total = trying.reduce((sum, one) => sum + one.trying, 0);
      const failing = trying.reduce((sum, one) => sum + (one.failing ? one.trying : 0), 0);
      if (total >= MOST) return;
      const now = new Date(clock.wall());
      const parcels = await database.transaction(PLATFORM, async (tx) => {
        const claimed = await claimDeliveries(tx, {
          ...{ now, until: new Date(now.getTime() + CLAIM_MS), busy: trying },
          ...{ free: MOST - total, freeFailing: Math.max(0, MOST_FAILING - failing) },
          ...{ perReceiver: PER_RECEIVER, perFailing: PER_FAILING },
        });
        if (claimed.length === 0) return [];
        const webhooks = await findWebhooks(tx, [...new Set(claimed.map(({ webhook }) => webhook))]);
        const events = await findEvents(tx, [...new Set(claimed.map(({ event }) => event))]);
        return claimed.map(
          (delivery): Parcel => ({
            delivery,
            webhook: webhooks.get(delivery.webhook) ?? null,
            event: events.get(delivery.event) ?? null,
          }),
        );
      });
      for (const parcel of parcels) this.#begin(parcel);
    }
  }

  #begin(parcel: Parcel): void {
    const { webhook } = parcel.delivery;
    const state = this.#busy.get(webhook) ?? { trying: 0, failing: false };
    this.#busy.set(webhook, state);
    state.trying += 1;
    state.failing = parcel.webhook?.failingSince != null;
    const work = this.#send(parcel).finally(() => {
      state.trying -= 1;
      if (state.trying === 0) this.#busy.delete(webhook);
      this.#underWay.delete(work);
      if (!this.#stopped.signal.aborted) this.#more();
    });
    this.#underWay.add(work);
  }

  /** There may be more where that came from. What goes wrong here goes wrong at the next tick as well, and is told of there. */
  #more(): void {
    this.#again = true;
    this.#claiming ??= this.#claim().finally(() => {
      this.#claiming = null;
    });
    this.#claiming.catch(() => undefined);
  }

  async #send(parcel: Parcel): Promise<void> {
    const { logger } = this.#ports;
    const result = await attempt(this.#ports, this.#postOutside, parcel, this.#stopped.signal);
    // Nobody knows what the receiver made of it, so it is tried again.
    if (result === null) return;
    try {
      await this.#record(parcel.delivery, result);
    } catch (error) {
      logger.warn({ error, delivery: parcel.delivery.id }, "what came of a delivery could not be recorded yet");
      this.#unrecorded.push(() => this.#record(parcel.delivery, result));
    }
  }

  async #recordLeft(): Promise<void> {
    for (let next = this.#unrecorded[0]; next !== undefined; next = this.#unrecorded[0]) {
      await next();
      this.#unrecorded.shift();
    }
  }

  async #record(delivery: Claimed, { outcome, attempt: made }: Result): Promise<void> {
    const { clock, database, metrics, random } = this.#ports;
    const now = clock.wall();
    const chance = (randomWord(random) >>> 0) / 2 ** 32;
    const madeAt = delivery.createdAt.getTime();
    const next = outcome === "retry" ? nextAttempt({ tries: delivery.tries, madeAt, now, chance }) : null;
    const at = new Date(now);
    const failingSince = await database.transaction(PLATFORM, async (tx) => {
      if (next !== null) await putOff(tx, delivery.id, delivery.tries, new Date(next), made);
      else {
        const state = outcome === "delivered" ? "delivered" : "failed";
        await endDelivery(tx, { id: delivery.id, state, attempt: made, at });
      }
      if (outcome === "delivered") await noteAccepted(tx, delivery.webhook);
      return outcome === "retry" || outcome === "gone" ? noteFailed(tx, delivery.webhook, at) : null;
    });
    const dead = outcome === "gone" || (next === null && failsForLong(failingSince, at));
    metrics.attempted(outcome === "delivered" ? "delivered" : next === null ? "failed" : "retried");
    if (dead) await this.#disable(delivery, outcome === "gone" ? "gone" : "failing", new Date(made.at));
  }

  async #disable({ webhook }: Claimed, reason: "gone" | "failing", triedAt: Date): Promise<void> {
    const { act, logger, metrics } = this.#ports;
    await disableWebhook(act, webhook, reason, triedAt);
    metrics.disabled();
    logger.warn({ webhook, reason }, "a webhook is disabled");
  }
}
