import { hash } from "node:crypto";
import { PLATFORM, unseal } from "../../db/index.ts";
import { SYSTEM_SOURCE, type Unit } from "../../kernel/act.ts";
import type { CallOutside } from "../../kernel/outgoing/index.ts";
import { randomWord } from "../../kernel/random.ts";
import { isAlive } from "./claim-hand-over.ts";
import {
  type AttemptMade,
  aboutHandOver,
  type HandOver,
  type HeldHandOver,
  nextTry,
  OFFERED_MS,
  payloadOf,
  placeOf,
} from "./hand-over.ts";
import type { Sent } from "./kinds/kind.ts";
import type { StoresPorts } from "./ports.ts";
import { claimDue, endHandOver, holdHandOver, offerHandOver, putOff } from "./queries/hand-overs.ts";
import { openStore } from "./store.ts";
import { findStore } from "./stores.store.ts";

const MOST = 32;
const PER_STORE = 4;
/** So many are left to stores to which nothing is being sent: however many secrets wait for stores that hang, others get theirs. */
const SPARE = 16;
/** Longer than an attempt may take, from its claim to its record. */
const CLAIM_MS = 90_000;
const ROUNDS = [
  { perStore: 1, most: MOST },
  { perStore: PER_STORE, most: MOST - SPARE },
] as const;
const ACTING = { actor: { type: "system", id: "stores" }, source: SYSTEM_SOURCE } as const;

/**
 * Delivers secrets that are on their way, and records what came of it. What is claimed is this node's for CLAIM_MS; one that dies meanwhile
 * leaves it to the others. An attempt whose record was lost is made again: stores are written to so that twice is as once.
 */
export class StoreCourier {
  readonly #ports: StoresPorts & { readonly call: CallOutside };
  readonly #busy = new Map<string, number>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(ports: StoresPorts & { readonly call: CallOutside }) {
    this.#ports = ports;
  }

  /** Begins to deliver what is due and there is room for; returns once it has begun. pg errors pass through. */
  async tick(): Promise<void> {
    const { database, clock } = this.#ports;
    if (this.#stopped.signal.aborted) return;
    const now = new Date(clock.wall());
    const until = new Date(now.getTime() + CLAIM_MS);
    // One of each store first, then more of each while there is plenty of room.
    for (const { perStore, most } of ROUNDS) {
      const free = most - this.#underWay.size;
      if (free <= 0) continue;
      const room = { now, until, busy: this.#busy, perStore, free };
      for (const one of await database.transaction(PLATFORM, (tx) => claimDue(tx, room))) this.#begin(one);
    }
  }

  /** Waits until nothing is under way that this node has begun. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Begins nothing more, and gives what is under way `graceMs` to end; what does not is tried again by another node. */
  async stop(graceMs: number): Promise<void> {
    const late = setTimeout(() => this.#stopped.abort(), graceMs);
    await this.idle();
    clearTimeout(late);
    this.#stopped.abort();
  }

  #begin(handOver: HeldHandOver): void {
    const store = handOver.store ?? "";
    this.#busy.set(store, (this.#busy.get(store) ?? 0) + 1);
    const work = this.#deliver(handOver)
      .catch((error) =>
        this.#ports.logger.warn({ error, handOver: handOver.id }, "what came of a hand-over could not be recorded yet"),
      )
      .finally(() => {
        const left = (this.#busy.get(store) ?? 1) - 1;
        if (left === 0) this.#busy.delete(store);
        else this.#busy.set(store, left);
        this.#underWay.delete(work);
      });
    this.#underWay.add(work);
  }

  async #deliver(held: HeldHandOver): Promise<void> {
    const { clock, database, metrics, random } = this.#ports;
    if (!(await database.transaction(PLATFORM, (tx) => isAlive(tx, held, new Date(clock.wall()))))) {
      await this.#end(held, "void", null);
      return;
    }
    const at = new Date(clock.wall()).toISOString();
    const began = clock.mono();
    const sent = await this.#send(held);
    if (this.#stopped.signal.aborted && sent.kind === "failed") return;
    const error = sent.kind === "failed" ? sent.reason : null;
    const made: AttemptMade = { at, error, ms: Math.round(clock.mono() - began) };
    if (sent.kind === "taken") await this.#end(held, "delivered", made);
    else if (sent.kind === "newer") await this.#end(held, "void", made);
    else {
      const chance = (randomWord(random) >>> 0) / 2 ** 32;
      const next = nextTry(held, clock.wall(), chance);
      if (next === null) await this.#giveUp(held, made);
      else await database.transaction(PLATFORM, (tx) => putOff(tx, held.id, next, made));
      metrics.attempted(next === null ? "failed" : "retried");
    }
    if (sent.kind === "taken") metrics.attempted("delivered");
  }

  async #send(held: HeldHandOver): Promise<Sent> {
    const { database, keyring, logger, clock } = this.#ports;
    const store = await database.transaction(PLATFORM, (tx) => findStore(tx, held.store ?? ""));
    if (store === null) return { kind: "failed", reason: "there is no such store" };
    try {
      const kind = openStore({ ...this.#ports, now: () => new Date(clock.wall()) }, store);
      const secret = unseal(keyring, placeOf(held), held.sealed ?? new Uint8Array());
      const path = `${store.pathPrefix}${held.path}`;
      const parcel = { path, key: held.key, version: held.version, secret, token: hash("sha256", held.id, "hex") };
      return await kind.put(parcel, this.#stopped.signal);
    } catch (error) {
      logger.error({ error, store: store.id, handOver: held.id }, "a secret store cannot be opened");
      return { kind: "failed", reason: "the store could not be opened" };
    }
  }

  /** Recorded once, whoever else delivers it as well. */
  async #end(held: HeldHandOver, state: "delivered" | "void", made: AttemptMade | null): Promise<void> {
    await this.#record(held, async (unit, { sealed: _, ...handOver }) => {
      await endHandOver(unit.tx, handOver, state, unit.now, made);
      if (state === "void") {
        const { key, version } = handOver;
        const change = { before: { state: handOver.state }, after: { state, key, version } };
        unit.audits({ action: "hand-over.ended", ...aboutHandOver(handOver), ...change });
        return;
      }
      unit.audits({ action: "store.delivered", ...aboutStore(handOver), after: delivered(handOver) });
      unit.emits({ type: "store.delivered", account: handOver.account, payload: payloadOf(handOver) });
    });
  }

  async #giveUp(held: HeldHandOver, made: AttemptMade): Promise<void> {
    const { giveUp } = this.#ports;
    await this.#record(held, async (unit, { sealed: _, ...handOver }) => {
      const deadline = new Date(unit.now.getTime() + OFFERED_MS);
      if (handOver.scheduled) await endHandOver(unit.tx, handOver, "failed", unit.now, made);
      else await offerHandOver(unit.tx, handOver.id, deadline, made);
      const after = { ...delivered(handOver), state: handOver.scheduled ? "failed" : "offered", error: made.error };
      unit.audits({ action: "store.failed", ...aboutStore(handOver), after });
      unit.emits({ type: "store.failed", account: handOver.account, payload: payloadOf(handOver) });
      if (handOver.scheduled) await giveUp(unit, handOver);
      else unit.emits({ type: "hand-over.offered", account: handOver.account, payload: payloadOf(handOver) });
    });
  }

  async #record(held: HeldHandOver, write: (unit: Unit, held: HeldHandOver) => Promise<void>): Promise<void> {
    await this.#ports.act(ACTING, PLATFORM, async (unit) => {
      const now = await holdHandOver(unit.tx, held.id);
      if (now === null || now.state !== "waiting") return unit.foundDone();
      await write(unit, now);
    });
  }
}

const aboutStore = ({ account, store }: HandOver) => ({ account, target: { type: "store", id: store ?? "" } });
const delivered = ({ id, key, version, path }: HandOver) => ({ handOver: id, key, version, path });
