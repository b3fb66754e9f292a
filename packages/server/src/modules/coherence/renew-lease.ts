import { ClavigerError, type NodeLeaseEffect, RENEWALS_PER_TERM } from "@claviger/core";
import type { Logger } from "../../kernel/log.ts";
import type { Random } from "../../kernel/random.ts";
import { createAlarm } from "./alarm.ts";
import {
  type Client,
  createLine,
  insertNode,
  type Line,
  type LineOptions,
  markLender,
  readHead,
  removeNode,
  renewNode,
} from "./coherence.store.ts";
import type { Member } from "./member.ts";
import type { CoherenceOptions } from "./types.ts";

export interface RenewerOptions {
  readonly member: Member;
  readonly line: Pick<LineOptions, "connection" | "role">;
  readonly random: Random;
  readonly logger: Logger;
  readonly node: Pick<CoherenceOptions, "termMs" | "name" | "software">;
  /** The lease was renewed, or begun. */
  onRenewed(): void;
}

type Outcome = "renewed" | "lost" | "failed";

/** Milliseconds before another try after a failure; never longer than a tenth of the term. */
const RETRY_MS = 250;
/** Milliseconds before joining again. */
const REJOIN_MS = 10;
const TIMEOUT_MS = 1_000;

/** Keeps the lease: joins, renews at a third of the term, joins anew after a loss. */
export class Renewer {
  readonly #options: RenewerOptions;
  readonly #line: Line;
  readonly #alarm = createAlarm();
  readonly #timeoutMs: number;
  /** What this process has lent, under whatever incarnation: each new row says so from the start. */
  #lent: { readonly lends: boolean; readonly maxStaleMs: number } = { lends: false, maxStaleMs: 0 };
  /** What the row of the present incarnation is known to say. */
  #marked: { readonly incarnation: string; readonly maxStaleMs: number } | null = null;
  #stopped = false;
  /** Commits so far of which it is not known whether they are on the standbys as well. */
  #doubts = 0;
  #failing = false;

  constructor(options: RenewerOptions) {
    this.#options = options;
    this.#timeoutMs = Math.max(TIMEOUT_MS, options.node.termMs);
    const onDoubt = (): void => {
      this.#doubts += 1;
    };
    this.#line = createLine({ ...options.line, durable: "on", channels: [], onDoubt });
  }

  /** Renews at once rather than when it is due. While renewals fail, only the pause between them counts. */
  wake(): void {
    if (!this.#failing) this.#alarm.wake();
  }

  /** Ends the loop after the renewal under way. */
  stop(): void {
    this.#stopped = true;
    this.#alarm.wake();
  }

  isLending(maxStaleMs: number): boolean {
    const incarnation = this.#options.member.joined()?.incarnation;
    return this.#marked !== null && this.#marked.incarnation === incarnation && this.#marked.maxStaleMs >= maxStaleMs;
  }

  /** See `Coherence.beginLending`. Notes it for rows to come before it is written to the present one. */
  async beginLending(maxStaleMs: number): Promise<boolean> {
    const incarnation = this.#options.member.joined()?.incarnation;
    if (incarnation === undefined) return false;
    if (this.isLending(maxStaleMs)) return true;
    this.#lent = { lends: true, maxStaleMs: Math.max(maxStaleMs, this.#lent.maxStaleMs) };
    const doubts = this.#doubts;
    const marked = { incarnation, maxStaleMs: this.#lent.maxStaleMs };
    try {
      const rows = await this.#line.use(
        (client) => markLender(client, incarnation, marked.maxStaleMs),
        this.#timeoutMs,
      );
      if (rows !== 1 || this.#doubts !== doubts || this.#options.member.joined()?.incarnation !== incarnation)
        return false;
    } catch (error) {
      this.#options.logger.debug({ error }, "it could not be written down that this node lends leases");
      return false;
    }
    this.#marked = marked;
    return true;
  }

  /** Removes the row of a lease that was given back, and closes the connection. */
  async leave(incarnation: string | null, timeoutMs: number): Promise<void> {
    try {
      if (incarnation !== null) await this.#line.use((client) => removeNode(client, incarnation), timeoutMs);
    } finally {
      this.#line.close();
    }
  }

  async run(): Promise<void> {
    const { member, node, logger } = this.#options;
    const pauses: Readonly<Record<Outcome, number>> = {
      renewed: node.termMs / RENEWALS_PER_TERM,
      lost: REJOIN_MS,
      failed: Math.min(RETRY_MS, node.termMs / 10),
    };
    while (!this.#stopped) {
      const began = member.now().mono;
      const outcome = await this.#renew();
      if (outcome === "renewed") {
        if (this.#failing)
          logger.info({ incarnation: member.joined()?.incarnation }, "the lease of this node is renewed again");
        this.#failing = false;
        this.#options.onRenewed();
      }
      if (!this.#stopped) await this.#alarm.sleep(began + pauses[outcome] - member.now().mono);
    }
  }

  /** The clocks are read before anything is sent. */
  async #renew(): Promise<Outcome> {
    const { member, random, logger } = this.#options;
    const at = member.now();
    const token = random.uuid();
    const effects =
      member.joined() === null
        ? member.step({ kind: "join-started", at, incarnation: random.uuid(), token })
        : member.step({ kind: "renewal-started", at, token });
    try {
      return await this.#line.use((client) => this.#carryOut(client, token, effects), this.#timeoutMs);
    } catch (error) {
      member.step({ kind: "renewal-failed", token });
      if (!this.#failing && !this.#stopped) logger.warn({ error }, "the lease of this node could not be renewed");
      this.#failing = true;
      return "failed";
    }
  }

  /** The head is read after the commit of the token, in a statement of its own. */
  async #carryOut(client: Client, token: string, effects: readonly NodeLeaseEffect[]): Promise<Outcome> {
    const { member } = this.#options;
    const doubts = this.#doubts;
    const rows = await this.#write(client, effects);
    // A commit that was cancelled while it waited for a standby reports success, with a warning.
    if (this.#doubts !== doubts)
      throw new ClavigerError("UNAVAILABLE", { internal: "the renewal may not have been replicated" });
    const committed = member.step({ kind: "renewal-committed", token, rows });
    if (!committed.some((effect) => effect.kind === "read-head")) return "lost";
    const { head, epoch } = await readHead(client);
    const read = member.step({ kind: "head-read", token, head, epoch });
    return read.some((effect) => effect.kind === "rejoin") ? "lost" : "renewed";
  }

  async #write(client: Client, effects: readonly NodeLeaseEffect[]): Promise<number> {
    const { node, member } = this.#options;
    for (const effect of effects) {
      if (effect.kind === "write-join") {
        const { incarnation, token } = effect;
        return insertNode(client, {
          ...{ ...node, ...this.#lent, incarnation, token },
          startedAt: new Date(member.now().wall),
        });
      }
      if (effect.kind === "write-renewal") return renewNode(client, effect.incarnation, effect.tokens, effect.token);
    }
    return 0;
  }
}
