import {
  type BudgetBody,
  ClavigerError,
  type Hello,
  type NodeMessage,
  type Renew,
  type ResolvedLimit,
  type SessionEffect,
  type Spend,
  type SpendBody,
  type Usage,
  unpackUses,
  type VerifierMessage,
  type VerifierSettings,
  WIRE_LIMITS,
} from "@claviger/core";
import { isUnavailable, type LiveKeyring } from "../../db/index.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Coherence } from "../coherence/index.ts";
import type { UsageWriter } from "../traffic/index.ts";
import type { CatalogueAnswers } from "./catalogue-answers.ts";
import type { Connection } from "./connection.ts";
import type { Credential } from "./credential.ts";
import type { Asker, LookUps } from "./look-ups.ts";
import type { SessionLine, Sessions } from "./sessions.ts";
import { limitsIn } from "./wire-entry.ts";

/** Whose budget is asked for. */
export interface Spender {
  /** The verifier's own name for itself; it outlives connections, and its credential alone can use it. */
  readonly session: string;
  /** The id of the credential. */
  readonly credential: string;
  /** What binds the key with this SHA-256 (base64url), where the credential is good for it; null where it cannot be told now. */
  limitsOf(hash: string): Promise<readonly ResolvedLimit[] | null>;
}

/** Answers an exchange about limits. A rejection is told as `unanswered`. */
export type Relay = (spender: Spender, body: SpendBody) => Promise<BudgetBody>;

export interface ConversationPorts {
  readonly sessions: Sessions;
  readonly lookUps: LookUps;
  readonly catalogue: CatalogueAnswers;
  readonly usage: Pick<UsageWriter, "add">;
  readonly relay: Relay;
  readonly keyring: LiveKeyring;
  readonly keyPrefix: string;
  /** Of keys that only the old store knows. */
  readonly oldForms: readonly string[];
  readonly coherence: Pick<Coherence, "state" | "leaseValid" | "isLending" | "beginLending">;
  /** What operators know this node by. */
  readonly nodeName: string;
  readonly logger: Logger;
  /** Told of what is sent, for metrics. */
  sent(message: NodeMessage): void;
}

/** Batches of one connection that are not yet written, and exchanges about limits that are not yet answered, at most. */
const OPEN_BATCHES = 64;
const OPEN_EXCHANGES = 64;
const KEYRING_ATTEMPTS = 5;
const RETRY_MS = 100;

/**
 * What is said on one connection. States: `new` takes HELLO alone; `greeting` takes nothing until the keyring was read;
 * `open` follows WELCOME and takes everything else; `over` takes and sends nothing.
 */
export class Conversation implements SessionLine, Asker {
  readonly number: number;
  readonly credential: Credential;
  readonly #connection: Connection;
  readonly #ports: ConversationPorts;
  #phase: "new" | "greeting" | "open" | "over" = "new";
  #session = "";
  /** By name. */
  readonly #openBatches = new Set<string>();
  #openExchanges = 0;
  #readsCatalogue = false;

  constructor(number: number, connection: Connection, credential: Credential, ports: ConversationPorts) {
    this.number = number;
    this.credential = credential;
    this.#connection = connection;
    this.#ports = ports;
  }

  get source(): string {
    return this.credential.source;
  }

  get isOpen(): boolean {
    return this.#phase === "open";
  }

  understands(): readonly string[] {
    return this.#ports.sessions.understoodBy(this);
  }

  received(message: VerifierMessage): void {
    if (this.#phase === "over") return;
    if ((message.kind === "hello") !== (this.#phase === "new")) {
      this.#connection.fault({ code: "UNKNOWN_KIND", kind: message.kind, field: null });
      return;
    }
    this.#take(message).catch((error: unknown) => {
      this.#ports.logger.error({ error, kind: message.kind }, "a message of a verifier could not be answered");
      this.end();
    });
  }

  send(message: NodeMessage): void {
    if (this.#phase === "over") return;
    this.#ports.sent(message);
    this.#connection.send(message);
  }

  welcome(welcome: Extract<SessionEffect, { kind: "welcome" }>["welcome"]): void {
    this.#phase = "open";
    const { verifierFrameBytes: frameBytes, usageRows, openLookups } = WIRE_LIMITS;
    this.send({
      ...{ kind: "welcome", ...welcome, node: this.#ports.nodeName, settings: this.#settings() },
      limits: { frameBytes, usageRows, openLookups },
    });
  }

  /** Closes once everything was sent. */
  end(): void {
    this.#phase = "over";
    this.#connection.end();
  }

  /** Its credential is good no more: nothing further is lent, and what was lent stands to its end. */
  refuse(): void {
    this.send({ kind: "deny", nonce: null, reason: "credential-refused", retryAfterMs: null, versions: [] });
    this.end();
  }

  probe(): void {
    this.#connection.probe();
  }

  cut(): void {
    this.#connection.cut();
  }

  closed(): void {
    this.#phase = "over";
    this.#ports.lookUps.forget(this);
    this.#ports.sessions.closed(this);
  }

  async #take(message: VerifierMessage): Promise<void> {
    const { sessions, lookUps } = this.#ports;
    switch (message.kind) {
      case "hello":
        return this.#greet(message);
      case "renew":
        return this.#renew(message);
      case "ack":
        return sessions.ack(this, message);
      case "lookup":
        return lookUps.ask(this, message);
      case "catalogue":
        return this.#tellCatalogue(message.id);
      case "settings":
        return this.#tellSettings(message.id);
      case "usage":
        return this.#count(message);
      case "spend":
        return this.#spend(message);
      case "release":
        sessions.release(this);
        return this.end();
    }
    message satisfies never;
  }

  async #greet(message: Hello): Promise<void> {
    this.#phase = "greeting";
    this.#session = message.session;
    if (!(await this.#hasKeyring())) {
      this.send({ kind: "deny", nonce: null, reason: "no-lease", retryAfterMs: RETRY_MS, versions: [] });
      this.end();
      return;
    }
    if (this.#phase === "greeting") this.#ports.sessions.hello(this, this.credential.keyId, message);
  }

  /** What the row must say is written down before anything is lent. */
  async #renew(message: Renew): Promise<void> {
    const { sessions, coherence } = this.#ports;
    const staleMs = sessions.staleMsOf(this);
    if (!coherence.isLending(staleMs)) await coherence.beginLending(staleMs);
    if (this.#phase === "open") sessions.renew(this, message, this.credential.trusted);
  }

  /** One at a time: it is large, and whoever asks again while it is under way has an answer coming. */
  async #tellCatalogue(id: number): Promise<void> {
    if (this.#readsCatalogue) return this.send({ kind: "unanswered", id });
    this.#readsCatalogue = true;
    try {
      const known = await this.#ports.catalogue.answer();
      this.send(known === null ? { kind: "unanswered", id } : { kind: "catalogue", id, ...known });
    } finally {
      this.#readsCatalogue = false;
    }
  }

  async #tellSettings(id: number): Promise<void> {
    const { coherence } = this.#ports;
    const known = (await this.#hasKeyring()) && coherence.leaseValid();
    if (!known) return this.send({ kind: "unanswered", id });
    this.send({ kind: "settings", id, asOfSeq: coherence.state().appliedSeq, settings: this.#settings() });
  }

  /** Beyond what may be open a batch is not taken; unacknowledged, it comes again. One that waits already is answered once. */
  #count({ batch, rows, uses, lost }: Usage): void {
    const { keyId: credential, environment } = this.credential;
    if (this.#openBatches.size >= OPEN_BATCHES || this.#openBatches.has(batch)) return;
    const given = { batch, rows, lost, uses: uses === undefined ? null : unpackUses(uses) };
    const taken = this.#ports.usage.add({ credential, environment }, given, () => {
      this.#openBatches.delete(batch);
      this.send({ kind: "usage-ok", batch });
    });
    if (taken) this.#openBatches.add(batch);
  }

  async #spend({ id, body }: Spend): Promise<void> {
    const { keyId: credential, trusted } = this.credential;
    if (this.#openExchanges >= OPEN_EXCHANGES || !trusted) return this.send({ kind: "unanswered", id });
    this.#openExchanges += 1;
    const limitsOf = (hash: string): Promise<readonly ResolvedLimit[] | null> => this.#limitsOf(hash);
    try {
      const answer = await this.#ports.relay({ session: this.#session, credential, limitsOf }, body);
      this.send({ kind: "budget", id, body: answer });
    } catch (error) {
      const expected = isUnavailable(error) || (error instanceof ClavigerError && error.code === "UNAVAILABLE");
      if (!expected) this.#ports.logger.error({ error }, "an exchange about limits could not be answered");
      this.send({ kind: "unanswered", id });
    } finally {
      this.#openExchanges -= 1;
    }
  }

  /** None where nobody has such a key, or the credential is for another environment. */
  async #limitsOf(hash: string): Promise<readonly ResolvedLimit[] | null> {
    const entry = await this.#ports.lookUps.entryOf(this, hash);
    if (entry === undefined) return null;
    const { environment } = this.credential;
    return environment === null || entry?.record.environment === environment ? limitsIn(entry) : [];
  }

  /** Whether the tag keys here are those of everything applied here. */
  async #hasKeyring(): Promise<boolean> {
    const { keyring } = this.#ports;
    for (let attempt = 0; attempt < KEYRING_ATTEMPTS && !keyring.isFresh(); attempt += 1) {
      try {
        await keyring.refresh();
      } catch {
        return false;
      }
    }
    return keyring.isFresh();
  }

  /** Never pepper nor master key: what is derived for verifiers, and no more. */
  #settings(): VerifierSettings {
    const { keyring, keyPrefix, oldForms } = this.#ports;
    const tagKeys = keyring.all("tag").map((key) => Buffer.from(key).toString("base64"));
    const foreignKeys = keyring.hasForeignKeys();
    const { environment } = this.credential;
    return { tagKeys, keyPrefix, environment, foreignKeys, ...(oldForms.length === 0 ? {} : { oldForms }) };
  }
}
