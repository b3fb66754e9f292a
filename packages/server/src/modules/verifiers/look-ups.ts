import { type KeyTableEntry, type Lookup, type NodeMessage, WIRE_LIMITS } from "@claviger/core";
import { Allowance, Allowances } from "../../kernel/allowance.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Coherence } from "../coherence/index.ts";
import type { KeySource, Terms } from "../verification/index.ts";
import { outcomeOf } from "./wire-entry.ts";

/** Whoever asks: one connection. */
export interface Asker {
  /** Credential and source address together: whoever connects anew is still the same. */
  readonly source: string;
  send(message: NodeMessage): void;
  /** Conditions of records that it can judge. */
  understands(): readonly string[];
}

export interface LookUpsPorts {
  readonly source: Pick<KeySource, "peekHash" | "readHash">;
  readonly coherence: Pick<Coherence, "state" | "leaseValid">;
  readonly clock: Clock;
  readonly logger: Logger;
  looked(outcome: "memory" | "database" | "unknown" | "unanswered"): void;
}

/** Look-ups in the database at a time, of all sessions together; the node's own verifications need it as well. */
const AT_A_TIME = 6;
/** Look-ups of what nobody has, in a minute: of one connection, and of one source over all of its connections. */
const UNKNOWN_OF_ASKER = 600;
const UNKNOWN_OF_SOURCE = 3_000;

interface Waiting {
  readonly asker: Asker;
  readonly asked: Lookup[];
}

/**
 * Answers LOOKUP: from the node's memory, else from the database, each connection in its turn, and never without the
 * node's own lease at the moment of the answer. What nobody has costs a budget; whoever has spent it is answered from
 * memory alone.
 */
export class LookUps {
  readonly #ports: LookUpsPorts;
  /** In the order in which they get their turn. */
  readonly #waiting = new Map<Asker, Waiting>();
  readonly #unknownOfAsker = new WeakMap<Asker, Allowance>();
  readonly #unknownOfSource = new Allowances(UNKNOWN_OF_SOURCE);
  #running = 0;

  constructor(ports: LookUpsPorts) {
    this.#ports = ports;
  }

  ask(asker: Asker, message: Lookup): void {
    const { coherence, source } = this.#ports;
    if (!coherence.leaseValid()) {
      this.#unanswered(asker, message.id);
      return;
    }
    const entry = source.peekHash(hashOf(message));
    if (entry !== undefined) {
      this.#ports.looked("memory");
      const asOfSeq = coherence.state().appliedSeq;
      asker.send({ kind: "record", id: message.id, asOfSeq, ...outcomeOf(entry, asker.understands()) });
      return;
    }
    const waiting = this.#waiting.get(asker) ?? { asker, asked: [] };
    if (waiting.asked.length >= WIRE_LIMITS.openLookups || this.#isSpent(asker)) {
      this.#unanswered(asker, message.id);
      return;
    }
    waiting.asked.push(message);
    this.#waiting.set(asker, waiting);
    this.#next();
  }

  /** The key of a SHA-256 in base64url, for whoever asks about its limits; null: nobody has it. Undefined where it cannot be told now. */
  async entryOf(asker: Asker, hash: string): Promise<KeyTableEntry<Terms> | null | undefined> {
    const { coherence, source } = this.#ports;
    if (!coherence.leaseValid()) return undefined;
    const keyHash = Buffer.from(hash, "base64url");
    const known = source.peekHash(keyHash);
    if (known !== undefined) return known;
    if (this.#isSpent(asker)) return undefined;
    const loaded = await source.readHash(keyHash);
    if (loaded === null || !coherence.leaseValid()) return undefined;
    if (loaded.entry === null) this.#spend(asker);
    return loaded.entry;
  }

  /** It has gone; what it asked for is not looked up any more. */
  forget(asker: Asker): void {
    this.#waiting.delete(asker);
  }

  #next(): void {
    while (this.#running < AT_A_TIME) {
      const [first] = this.#waiting.values();
      const message = first?.asked.shift();
      if (first === undefined || message === undefined) return;
      // To the end of the row, so that whoever asks for much does not keep the others waiting.
      this.#waiting.delete(first.asker);
      if (first.asked.length > 0) this.#waiting.set(first.asker, first);
      this.#running += 1;
      void this.#answer(first.asker, message).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  async #answer(asker: Asker, message: Lookup): Promise<void> {
    const { source, coherence, looked, logger } = this.#ports;
    if (this.#isSpent(asker)) {
      this.#unanswered(asker, message.id);
      return;
    }
    try {
      const loaded = await source.readHash(hashOf(message));
      if (loaded === null || !coherence.leaseValid()) {
        this.#unanswered(asker, message.id);
        return;
      }
      const { entry, asOfSeq } = loaded;
      const outcome = outcomeOf(entry, asker.understands());
      if (outcome.outcome === "refused") this.#spend(asker);
      looked(outcome.outcome === "refused" ? "unknown" : "database");
      asker.send({ kind: "record", id: message.id, asOfSeq, ...outcome });
    } catch (error) {
      logger.error({ error }, "a look-up of a verifier failed");
      this.#unanswered(asker, message.id);
    }
  }

  #unanswered(asker: Asker, id: number): void {
    this.#ports.looked("unanswered");
    asker.send({ kind: "unanswered", id });
  }

  #isSpent(asker: Asker): boolean {
    const now = this.#ports.clock.mono();
    const ofAsker = this.#unknownOfAsker.get(asker)?.isSpent(now) ?? false;
    return ofAsker || this.#unknownOfSource.isSpent(asker.source, now);
  }

  #spend(asker: Asker): void {
    const now = this.#ports.clock.mono();
    const ofAsker = this.#unknownOfAsker.get(asker) ?? new Allowance(UNKNOWN_OF_ASKER);
    this.#unknownOfAsker.set(asker, ofAsker);
    ofAsker.spend(now);
    this.#unknownOfSource.spend(asker.source, now);
  }
}

function hashOf({ hash }: Lookup): Buffer {
  return Buffer.from(hash, "base64url");
}
