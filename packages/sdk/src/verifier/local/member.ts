import {
  createRecentInvalidations,
  type Delivered,
  type VerifierOptions as MachineOptions,
  type Moment,
  newVerifier,
  nextTickAt,
  PROTOCOL_VERSIONS,
  type RecentInvalidations,
  stepVerifier,
  type VerifierEffect,
  type VerifierEvent,
  type VerifierSettings,
  type VerifierState,
} from "@claviger/core";
import type { Clock } from "../../clock.ts";
import type { Random } from "../../random.ts";
import { Connection, type ConnectionPorts } from "./connection.ts";

export interface MemberPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly options: MachineOptions;
  readonly connection: Pick<ConnectionPorts, "urls" | "credential" | "timeoutMs">;
  /** Forget what depends on one of these. */
  dropSubjects(subjects: readonly string[]): void;
  /** Forget everything. */
  dropEverything(): void;
  settings(settings: VerifierSettings, seq: number): void;
  delivered(message: Delivered): void;
  /** A node follows this verifier from now on; and no longer. */
  connected(): void;
  disconnected(): void;
  /** After each step: something may have begun, or ended. */
  stepped(): void;
  /** Why there may be no verdicts; it names no secret. */
  unavailable(reason: string): void;
}

/** Subjects of invalidations remembered for records that are under way. */
const INVALIDATIONS_KEPT = 100_000;

/**
 * The verifier's part in the cluster: the one place that moves its state, so that every move drops what it must before
 * anything can be decided on. See `verifier-lease.ts` of core for the states.
 */
export class Member {
  readonly recent: RecentInvalidations = createRecentInvalidations(INVALIDATIONS_KEPT);
  readonly #ports: MemberPorts;
  readonly #connection: Connection;
  #state: VerifierState;
  #tick: NodeJS.Timeout | null = null;
  #connect: NodeJS.Timeout | null = null;

  constructor(ports: MemberPorts) {
    this.#ports = ports;
    this.#state = newVerifier(ports.options);
    this.#connection = new Connection(
      {
        ...ports.connection,
        connected: (connection) => this.#step({ kind: "connected", connection, at: this.now() }),
        received: (connection, message) => this.#step({ kind: "received", connection, at: this.now(), message }),
        unreadable: (connection) => this.#step({ kind: "unreadable", connection, at: this.now() }),
        disconnected: (connection, reason) => {
          ports.unavailable(reason);
          this.#step({ kind: "disconnected", connection, at: this.now() });
        },
      },
      Math.floor(ports.random.fraction() * ports.connection.urls.length),
    );
  }

  get state(): VerifierState {
    return this.#state;
  }

  /** Both clocks, read now. */
  now(): Moment {
    return { mono: this.#ports.clock.mono(), wall: this.#ports.clock.wall() };
  }

  start(): void {
    this.#step({ kind: "started", at: this.now() });
  }

  /** Time has passed, or the clocks have run apart. */
  tick(): void {
    this.#step({ kind: "tick", at: this.now() });
  }

  send(message: Parameters<Connection["send"]>[1]): boolean {
    return this.#state.phase === "following" && this.#connection.send(this.#state.connection, message);
  }

  close(): void {
    this.#step({ kind: "closed" });
    for (const timer of [this.#tick, this.#connect]) if (timer !== null) clearTimeout(timer);
  }

  /** The effects are carried out before this returns, so before anything else can be decided on. */
  #step(event: VerifierEvent): void {
    const [next, effects] = stepVerifier(this.#state, event);
    // A step that is no step sends nothing and drops nothing. A timer may ring before the clock is there: it is set anew.
    if (next === this.#state && effects.length === 0) {
      if (event.kind === "tick") this.#wait();
      return;
    }
    // Forgotten before the new state shows, or a record could be accepted under a lease that came after its change.
    for (const effect of effects) if (isDrop(effect)) this.#drop(effect);
    const before = this.#state;
    this.#state = next;
    for (const effect of effects) this.#carryOut(effect);
    const follows = next.phase === "following";
    if (follows !== (before.phase === "following") || next.connection !== before.connection) {
      if (follows) this.#ports.connected();
      else this.#ports.disconnected();
    }
    this.#wait();
    this.#ports.stepped();
  }

  #drop(effect: Drop): void {
    if (effect.kind === "drop-everything") {
      this.recent.reset(effect.floor);
      this.#ports.dropEverything();
      return;
    }
    this.recent.note(effect.seq, effect.subjects);
    this.#ports.dropSubjects(effect.subjects);
  }

  #carryOut(effect: VerifierEffect): void {
    switch (effect.kind) {
      case "drop-subjects":
      case "drop-everything":
        return;
      case "send":
        this.#connection.send(effect.connection, effect.message);
        return;
      case "connect":
        this.#connectLater(effect.connection, effect.delayMs);
        return;
      case "disconnect":
        this.#connection.close(effect.connection);
        return;
      case "settings":
        this.#ports.settings(effect.settings, effect.seq);
        return;
      case "deliver":
        this.#ports.delivered(effect.message);
        return;
      case "mode":
        // The state says so; verdicts go on, asked for one by one.
        return;
      case "unsupported":
        this.#ports.unavailable(skewOf(effect.versions));
        return;
      case "give-up":
        this.#ports.unavailable(`Claviger refuses this verifier for good: ${effect.reason}`);
        return;
    }
    effect satisfies never;
  }

  #connectLater(connection: number, delayMs: number): void {
    if (this.#connect !== null) clearTimeout(this.#connect);
    const delay = delayMs * (0.5 + this.#ports.random.fraction() / 2);
    this.#connect = setTimeout(() => this.#connection.open(connection), delay);
  }

  #wait(): void {
    if (this.#tick !== null) clearTimeout(this.#tick);
    const at = nextTickAt(this.#state);
    this.#tick =
      at === null ? null : setTimeout(() => this.tick(), Math.max(0, Math.ceil(at - this.#ports.clock.mono())));
    this.#tick?.unref();
  }
}

type Drop = Extract<VerifierEffect, { readonly kind: "drop-subjects" | "drop-everything" }>;

/** Whoever reads it knows which side is behind. */
function skewOf(versions: readonly number[]): string {
  const spoken = versions.length === 0 ? "none that it names" : versions.join(", ");
  const own = PROTOCOL_VERSIONS.join(", ");
  return `the node speaks other versions of the verifier stream (${spoken}) than this software (${own}): update the older one`;
}

function isDrop(effect: VerifierEffect): effect is Drop {
  return effect.kind === "drop-subjects" || effect.kind === "drop-everything";
}
