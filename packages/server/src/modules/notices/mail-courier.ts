import { type AttemptRow, PLATFORM } from "../../db/index.ts";
import type { MailOutcome, SendMail } from "../../kernel/outgoing/index.ts";
import { randomWord } from "../../kernel/random.ts";
import { composeMail } from "./compose-mail.ts";
import { nextAttempt } from "./next-attempt.ts";
import type { NoticesPorts } from "./ports.ts";
import { readLetter } from "./queries/letters.ts";
import { type ClaimedMail, claimMails, endMail, putOffMail } from "./queries/mails.ts";

/** Tried at once by this node. */
const MOST = 10;
/** An attempt that takes longer has failed, whatever becomes of it. */
const ATTEMPT_MS = 30_000;
/** Longer than that, from its claim to its record. */
const CLAIM_MS = 45_000;
/** Claims of one call. */
const ROUNDS = 50;

/**
 * Sends mails that are due, and records what came of them. What is claimed is this node's for CLAIM_MS; a node that dies leaves it to
 * the others. A mail that was taken, and whose record was lost with its node, goes out again with the same Message-ID.
 */
export class MailCourier {
  readonly #ports: NoticesPorts;
  readonly #sender: SendMail;
  readonly #unrecorded: (() => Promise<void>)[] = [];
  #stopped = false;
  #letGo: () => void = () => undefined;
  /** Resolved a while after the stop: what is still under way then is tried again by another node. */
  readonly #ended = new Promise<void>((resolve) => {
    this.#letGo = resolve;
  });

  constructor(ports: NoticesPorts, sender: SendMail) {
    this.#ports = ports;
    this.#sender = sender;
  }

  /** Returns once nothing is due, or others should have their turn. pg errors pass through. */
  async sendDue(): Promise<void> {
    for (let next = this.#unrecorded[0]; next !== undefined; next = this.#unrecorded[0]) {
      await next();
      this.#unrecorded.shift();
    }
    const { database, clock } = this.#ports;
    for (let round = 0; round < ROUNDS && !this.#stopped; round += 1) {
      const now = new Date(clock.wall());
      const until = new Date(now.getTime() + CLAIM_MS);
      const claimed = await database.transaction(PLATFORM, (tx) => claimMails(tx, now, until, MOST));
      if (claimed.length === 0) return;
      await Promise.race([Promise.all(claimed.map((mail) => this.#send(mail))), this.#ended]);
    }
  }

  /** Begins nothing more, and gives what is under way `graceMs` to end. */
  stop(graceMs: number): void {
    this.#stopped = true;
    setTimeout(() => {
      this.#letGo();
      this.#sender.close();
    }, graceMs).unref();
  }

  async #send(mail: ClaimedMail): Promise<void> {
    const { clock, logger } = this.#ports;
    const at = new Date(clock.wall());
    const began = clock.mono();
    const outcome = await this.#attempt(mail, at).catch((error: unknown) => {
      logger.warn({ error, mail: mail.id }, "a mail could not be put together yet");
      return FAILED;
    });
    const ms = Math.round(clock.mono() - began);
    const status = "status" in outcome ? outcome.status : null;
    const error = "reason" in outcome ? outcome.reason : null;
    const record = () => this.#record(mail, outcome, { at: at.toISOString(), status, error, ms });
    await record().catch((failure: unknown) => {
      logger.warn({ error: failure, mail: mail.id }, "what came of a mail could not be recorded yet");
      this.#unrecorded.push(record);
    });
  }

  async #attempt(mail: ClaimedMail, now: Date): Promise<MailOutcome | Dropped> {
    const letter = await this.#ports.database.transaction(PLATFORM, (tx) => readLetter(tx, mail.id, mail.member, now));
    if (letter === null) return { kind: "dropped", reason: "the member is active no more" };
    const composed = composeMail(letter, now);
    if (composed === null) return { kind: "dropped", reason: "nothing of it is so any more" };
    const to = { name: letter.name, address: letter.email };
    let late: NodeJS.Timeout | undefined;
    const silence = new Promise<MailOutcome>((resolve) => {
      late = setTimeout(resolve, ATTEMPT_MS, { kind: "failed", status: null, reason: "no answer in time" });
    });
    return Promise.race([this.#sender.send({ id: mail.id, to, ...composed }), silence]).finally(() =>
      clearTimeout(late),
    );
  }

  async #record(mail: ClaimedMail, outcome: MailOutcome | Dropped, attempt: AttemptRow): Promise<void> {
    const { clock, database, metrics, random } = this.#ports;
    const now = clock.wall();
    const chance = (randomWord(random) >>> 0) / 2 ** 32;
    const tried = { tries: mail.tries, madeAt: mail.createdAt.getTime(), now, chance };
    const next = outcome.kind === "failed" ? nextAttempt(tried) : null;
    await database.transaction(PLATFORM, (tx) =>
      next === null
        ? endMail(tx, { id: mail.id, state: STATE[outcome.kind], attempt, at: new Date(now) })
        : putOffMail(tx, mail.id, mail.tries, new Date(next), attempt),
    );
    metrics.mailed(outcome.kind === "failed" && next !== null ? "retried" : STATE[outcome.kind]);
  }
}

interface Dropped {
  readonly kind: "dropped";
  readonly reason: string;
}

const FAILED: MailOutcome = { kind: "failed", status: null, reason: "could not be put together" };
const STATE = { taken: "sent", refused: "failed", failed: "failed", dropped: "dropped" } as const;
