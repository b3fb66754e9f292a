import {
  type BudgetBody,
  CONDITIONS,
  decisionTime,
  type Lack,
  lentStores,
  refusedAlone,
  type ShownStanding,
  type ShownVerdict,
  type SpendBody,
  showVerdict,
  standingOf,
  UseLog,
  unknownKey,
  useOfVerdict,
  type VerifyPorts,
  verifierClocksDisagree,
  verifyFromMemory,
  WIRE_LIMITS,
} from "@claviger/core";
import type { Random } from "../../random.ts";
import type { Verification, VerificationRequest } from "../verification.ts";
import type { Verifier } from "../verifier.ts";
import { rareWarning } from "../warn.ts";
import { Budgets } from "./budgets.ts";
import { Ground } from "./ground.ts";
import type { LocalRequest, LocalVerdict, LocalVerifierParts, Terms } from "./local-types.ts";
import { LookUps } from "./look-ups.ts";
import { Member } from "./member.ts";
import { hashOf, Memory } from "./memory.ts";
import { Questions } from "./questions.ts";
import { UsageBatches } from "./usage-batches.ts";
import { WarmUp } from "./warm-up.ts";

const FLUSH_MS = 1_000;
/** How long a close waits for counts on their way, in milliseconds. */
const CLOSE_MS = 2_000;
/** Turns of upkeep, each a second, between two saves of which keys are in use. */
const SAVE_TURNS = 60;
const ATTEMPTS = 5;

/**
 * Decides in this process, from memory, under a lease (C1, C4): a revocation that has been answered is in force here, because
 * whoever answered it waited for this process, or until its lease had ended.
 */
export class LocalVerifier implements Verifier {
  readonly mode = "local";
  readonly environment: string;
  readonly observer: Verifier["observer"];
  readonly #parts: LocalVerifierParts;
  readonly #memory: Memory;
  readonly #member: Member;
  readonly #questions: Questions;
  readonly #ground: Ground;
  readonly #lookUps: LookUps;
  readonly #usage: UsageBatches;
  readonly #log: UseLog;
  readonly #warmUp: WarmUp | null;
  readonly #budgets: Budgets;
  readonly #ports: VerifyPorts<Terms, ShownStanding, LocalRequest>;
  #timer: NodeJS.Timeout | null = null;
  #stepped: (() => void) | null = null;
  /** Why there was no connection, or no lease, when that was last told. */
  #lastReason = "no node has answered";
  #turns = 0;
  /** As of the last decision: whether it was beyond the lease, and when. */
  /** Of the verification that is being decided; `since` and `at`: what the node's clock says now, at least and at most. */
  readonly #standing = { stale: false, since: 0, at: 0 };
  #lostUses = 0;
  #closed = false;

  constructor(parts: LocalVerifierParts) {
    this.#parts = parts;
    this.environment = parts.environment;
    this.observer = parts.observer;
    this.#memory = new Memory(parts.cachedKeys, wordFrom(parts.random), parts.clock);
    this.#log = new UseLog({
      ...{ service: parts.service, seed: wordFrom(parts.random) },
      routes: () => this.#memory.catalogue?.routes,
    });
    this.#member = this.#newMember(parts);
    const send = this.#member.send.bind(this.#member);
    this.#questions = new Questions({ send, timeoutMs: parts.timeoutMs });
    this.#ground = new Ground(this.#member, this.#memory, this.#questions);
    const held = (hash: string): void => this.#warmUp?.note(hash);
    this.#lookUps = new LookUps(this.#member, this.#memory, this.#questions, WIRE_LIMITS.openLookups, held);
    this.#warmUp = this.#newWarmUp(parts);
    this.#usage = new UsageBatches({
      take: (limit) => this.#memory.table.takeUses(limit),
      takeUses: () => this.#log.take(),
      lost: () => this.#log.lost,
      send,
      nextName: () => nameFrom(parts.random, 16),
    });
    this.#budgets = new Budgets({
      ...{ termMs: parts.termMs, clock: parts.clock, stores: lentStores((body) => this.#exchange(body)) },
      nextName: () => nameFrom(parts.random, 16),
    });
    this.#ports = this.#newPorts();
  }

  /** Connects, and returns once it may decide. Rejects where that takes too long; it is closed then. */
  async start(): Promise<void> {
    const { startTimeoutMs } = this.#parts;
    const ready = new Promise<boolean>((resolve) => {
      const late = setTimeout(() => resolve(false), startTimeoutMs);
      this.#stepped = () => {
        const standing = standingOf(this.#member.state, this.#member.now());
        if (standing !== "leased" && this.#member.state.phase !== "closed") return;
        clearTimeout(late);
        resolve(standing === "leased");
      };
    });
    this.#member.start();
    const leased = await ready;
    this.#stepped = null;
    if (!leased) {
      const within = this.#member.state.phase === "closed" ? "" : ` within ${startTimeoutMs} ms`;
      await this.close();
      throw new TypeError(`Claviger gave no lease${within}: ${this.#lastReason}`);
    }
    this.#timer = setInterval(() => this.#upkeep(), FLUSH_MS);
    this.#timer.unref();
    if (this.#warmUp !== null) await within(startTimeoutMs, this.#warmUp.load());
  }

  verify(secret: string, request: VerificationRequest = {}): Verification | Promise<Verification> {
    if (this.#closed) return refusedAlone("UNAVAILABLE");
    if (this.#member.state.mode === "remote") return this.#parts.remote.verify(secret, request);
    const asked = requestOf(request, this.environment);
    const decided = verifyFromMemory(this.#ports, secret, asked);
    if (decided.verdict === undefined) return this.#verifyAfterReading(secret, request, asked, decided);
    const { code } = decided.verdict;
    // Connected but not leased yet: the node can tell. A node that cannot be reached need not be asked.
    if (code === "UNAVAILABLE" && this.#member.state.phase === "following") {
      return this.#parts.remote.verify(secret, request);
    }
    return this.#shown(decided, asked);
  }

  answered(verdict: ShownVerdict, status: number, durationMs: number | null): void {
    const use = useOfVerdict(verdict);
    if (use !== null) this.#log.answered(use, status, durationMs);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#usage.flush();
    const stopping = [within(CLOSE_MS, this.#warmUp?.stop()), within(CLOSE_MS, this.#budgets.close())];
    await Promise.all([this.#usage.settled(CLOSE_MS), ...stopping]);
    this.#member.close();
    this.#questions.dropAll();
    this.#usage.giveUp();
    this.#tellLoss();
    await this.#parts.remote.close();
  }

  async #verifyAfterReading(
    secret: string,
    request: VerificationRequest,
    asked: LocalRequest,
    first: Lack,
  ): Promise<Verification> {
    let lack = first;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const refused = await this.#supply(secret, lack);
      if (refused === "ask") return this.#askNode(secret, request);
      if (refused !== null) return this.#shown(unknownKey(refused), asked);
      const decided = verifyFromMemory(this.#ports, secret, asked);
      if (decided.verdict !== undefined) return this.#shown(decided, asked);
      lack = decided;
    }
    return this.#shown(unknownKey("UNAVAILABLE"), asked);
  }

  /** The node's verdict. About what may be a key of an older store, the node asks that. */
  async #askNode(secret: string, request: VerificationRequest): Promise<Verification> {
    const { generation } = this.#memory.unknown;
    const verdict = await this.#parts.remote.verify(secret, request);
    if (verdict.code === "NOT_FOUND" && this.#memory.mayBeOld(secret)) this.#memory.noteRefused(secret, generation);
    return verdict;
  }

  /** Reads what memory lacks: null where it is there now, else what the answer is. */
  async #supply(secret: string, lack: Lack) {
    if (lack.lacks === "budget") {
      await lack.ready;
      return null;
    }
    if (lack.lacks === "verdict" || !(await this.#ground.ready())) return "ask";
    const assessed = this.#memory.assess(secret);
    if (assessed === "malformed") return "MALFORMED";
    if (assessed === "forged") return "NOT_FOUND";
    // It may have come while the rest was read.
    if (this.#memory.table.get(hashOf(secret)) !== undefined) return null;
    const { unknown } = this.#memory;
    const { generation } = unknown;
    const found = await this.#lookUps.find(secret);
    if (found === "held") return null;
    if (assessed !== "foreign") return found === "unanswered" ? "ask" : found;
    if (found === "NOT_FOUND" && this.#memory.mayBeOld(secret)) return "ask";
    if (found === "NOT_FOUND") unknown.note(hashOf(secret), generation);
    // The node has said that there were too many of them; its verdict would be the same.
    return found === "unanswered" ? "UNAVAILABLE" : found;
  }

  async #exchange(body: SpendBody): Promise<BudgetBody | null> {
    const answer = await this.#questions.ask<"budget">("budget", { kind: "spend", body });
    return answer?.body ?? null;
  }

  /** Noted, and as it is told. */
  #shown(decided: LocalVerdict, asked: LocalRequest): Verification {
    const { stale, at } = this.#standing;
    const use = this.#log.note(decided, asked, at);
    return showVerdict(decided, this.#memory.catalogue, stale, use);
  }

  #upkeep(): void {
    this.#memory.sweep();
    this.#usage.flush();
    this.#tellLoss();
    this.#turns += 1;
    if (this.#turns % SAVE_TURNS === 0) void this.#warmUp?.save();
  }

  #tellLoss(): void {
    const lost = this.#usage.lostUses;
    if (lost > this.#lostUses) this.#parts.usesLost(lost);
    this.#lostUses = lost;
  }

  #newWarmUp({ warmUp, cachedKeys, clock }: LocalVerifierParts): WarmUp | null {
    if (warmUp === null) return null;
    return new WarmUp({
      ...{ store: warmUp, most: cachedKeys, warn: rareWarning(clock, "no warm-up") },
      ready: () => this.#ground.ready(),
      read: (hash) => this.#lookUps.findHash(hash),
    });
  }

  #newMember(parts: LocalVerifierParts): Member {
    const { termMs, staleIfUnreachableMs, name, software } = parts;
    return new Member({
      clock: parts.clock,
      random: parts.random,
      options: {
        ...{ termMs, staleIfUnreachableMs, name, software, understands: CONDITIONS },
        session: nameFrom(parts.random, 24),
      },
      connection: parts,
      dropSubjects: (subjects) => this.#memory.dropSubjects(subjects),
      dropEverything: () => this.#memory.dropEverything(),
      settings: (settings) => this.#memory.keepSettings(settings),
      delivered: (message) => {
        if (message.kind === "usage-ok") this.#usage.acknowledged(message.batch);
        else if (message.kind === "fault" && message.of === "usage") this.#usage.refused();
        else this.#questions.answered(message);
      },
      connected: () => this.#usage.resend(),
      disconnected: () => this.#questions.dropAll(),
      stepped: () => this.#stepped?.(),
      unavailable: (reason) => {
        this.#lastReason = reason;
        parts.unavailable(reason);
      },
    });
  }

  /** Closures over what does not change, because each step by a private name costs at every verification. */
  #newPorts(): VerifyPorts<Terms, ShownStanding, LocalRequest> {
    const memory = this.#memory;
    const member = this.#member;
    const standing = this.#standing;
    const { clock } = this.#parts;
    return {
      table: memory.table,
      hashOf,
      now: () => ({ mono: clock.mono(), wall: clock.wall() }),
      // Both clocks have been read just now.
      decisionTime: (now) => {
        const { state } = member;
        if (verifierClocksDisagree(state, now)) setImmediate(() => member.tick());
        const found = standingOf(state, now);
        standing.stale = found === "stale";
        if (found === "none") return null;
        const at = decisionTime(state, now);
        standing.at = at ?? now.wall;
        standing.since = state.time?.serverTime ?? Number.NEGATIVE_INFINITY;
        return at;
      },
      catalogue: () => memory.catalogue,
      assess: (secret) => memory.assess(secret),
      isForeign: (secret) => memory.isForeign(secret),
      isCallers: () => true,
      spend: (_, outcome, { ip, cost }, now) => {
        const terms = memory.table.sharedOf(outcome);
        if (terms === null || terms.limits.length === 0) return null;
        return this.#budgets.spend(terms.limits, ip, cost, now, { least: standing.since, most: standing.at });
      },
    };
  }
}

/** One object, made here and never changed, for the decision and for what is recorded of it. */
function requestOf(request: VerificationRequest, environment: string): LocalRequest {
  const { method, path, scopes, account, audience, ip, referrer, origin, cost } = request;
  const { userAgent, requestId, seenMethod, seenPath, browser } = request;
  return {
    environment,
    scopes,
    method: method?.toUpperCase(),
    path,
    account,
    audience,
    ip,
    referrer,
    origin,
    cost,
    userAgent,
    requestId,
    seenMethod,
    seenPath,
    browser,
  };
}

/** 32 random bits. */
function wordFrom(random: Random): number {
  return Buffer.from(random.bytes(4)).readUInt32LE();
}

function nameFrom(random: Random, bytes: number): string {
  return Buffer.from(random.bytes(bytes)).toString("base64url");
}

/** Resolves when the work is done, or after so many milliseconds. */
async function within(ms: number, work: Promise<void> | undefined): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => {
    late = setTimeout(resolve, ms);
  });
  await Promise.race([work, tooLate]);
  clearTimeout(late);
}
