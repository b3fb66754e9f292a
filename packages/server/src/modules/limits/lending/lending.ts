import { createHash } from "node:crypto";
import {
  type BlockAnswer,
  type BlockStore,
  type BudgetBody,
  type ClaimAct,
  ClavigerError,
  type DivideAct,
  type HolderAct,
  type LentPart,
  type PartAct,
  type PartStanding,
  type ResolvedLimit,
  type ShareAnswer,
  type ShareRequest,
  type SpendBody,
  type TakeAct,
  WIRE_LIMITS,
} from "@claviger/core";
import type { Clock } from "../../../kernel/clock.ts";
import type { Random } from "../../../kernel/random.ts";
import type { LentShares } from "../node-shares.ts";
import { Borrowed, type Followed } from "./borrowed.ts";
import { FairTurns } from "./fair-turns.ts";
import { PerMinute } from "./per-minute.ts";
import { blockUnder, givingBack, limitOf, underLimit } from "./permitted.ts";

/** A verifier that spends limits itself. */
export interface Borrower {
  /** Its own name for itself; it outlives connections, and its credential alone can use it. */
  readonly session: string;
  /** The id of the credential. */
  readonly credential: string;
  /**
   * The limits of the key with this SHA-256 (base64url), in the environments that the credential is good for; none where there is no
   * such key. Null where that cannot be told now.
   */
  limitsOf(hash: string): Promise<readonly ResolvedLimit[] | null>;
}

export interface LendingOptions {
  readonly shares: LentShares;
  readonly blocks: BlockStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** Exchanges of all verifiers together that are with the store at a time; the node itself needs it as well. */
const AT_A_TIME = 4;
/** Holders of all verifiers of one credential in a minute; each is looked at by every node until it ends. */
const JOINS_OF_CREDENTIAL = 2_000;
/** A verifier waits no longer for an answer, unless it is told to. */
const PATIENCE_MS = 2_000;
const MOST_BORROWERS = 10_000;
/** What a verifier was lent is remembered for so long after it last asked. */
const REMEMBERED_MS = 600_000;
const NOTHING: ShareAnswer = Object.freeze({ share: 0, recorded: 0, others: 0, unmet: 0, surplus: 0 });
const NO_BLOCK: BlockAnswer = Object.freeze({ granted: 0, taken: 0, refilled: null });

/**
 * The node between verifiers that spend limits and the store. A verifier is a holder like any other: what it may spend is
 * recorded before it is answered, ends with its lease, and counts as spent until then and for a window after.
 *
 * What a verifier says is believed where it harms itself alone. It is lent of the limits of keys that it has been shown,
 * in its environment, by the amounts that this node knows; it acts for no other holder, ends none and takes over none; it
 * gives back no more than it was lent; it waits for its turn; and what is kept of it is bounded.
 */
export class Lending {
  readonly #options: LendingOptions;
  readonly #turns: FairTurns;
  /** Holders begun of late, by credential. */
  readonly #joins = new Map<string, PerMinute>();
  readonly #borrowed = new Map<string, Borrowed>();
  readonly #followed: Followed = { count: 0 };
  #failed = 0;

  constructor(options: LendingOptions) {
    this.#options = options;
    const { clock } = options;
    this.#turns = new FairTurns({ atATime: AT_A_TIME, patienceMs: PATIENCE_MS, now: () => clock.mono() });
  }

  /** Verifiers that have asked lately. */
  get borrowers(): number {
    this.#forgetOld(this.#options.clock.mono());
    return this.#borrowed.size;
  }

  /** How many exchanges could not be answered so far. */
  get failed(): number {
    return this.#failed;
  }

  /** Rejects where it cannot be answered now; what was asked may then have been carried out. */
  async answer(borrower: Borrower, body: SpendBody): Promise<BudgetBody> {
    try {
      return await this.#answer(borrower, body);
    } catch (error) {
      this.#failed += 1;
      throw error;
    }
  }

  #answer(borrower: Borrower, body: SpendBody): Promise<BudgetBody> {
    switch (body.act) {
      case "join":
      case "renew":
      case "leave":
        return this.#hold(borrower, body);
      case "claim":
        return this.#inTurn(borrower, (borrowed) => this.#claim(borrower, borrowed, body));
      case "divide":
        return this.#inTurn(borrower, (borrowed) => this.#divide(borrower, borrowed, body));
      case "take":
        return this.#inTurn(borrower, (borrowed) => this.#take(borrower, borrowed, body));
    }
    return body satisfies never;
  }

  #inTurn(borrower: Borrower, work: (borrowed: Borrowed) => Promise<BudgetBody>): Promise<BudgetBody> {
    return this.#turns.run(nameOf(borrower), () => work(this.#borrowedOf(borrower)));
  }

  async #hold(borrower: Borrower, { act, holder, termMs, now }: HolderAct): Promise<BudgetBody> {
    const { shares, random } = this.#options;
    const row = { id: holderId(borrower, holder), termMs, now, token: random.uuid() };
    switch (act) {
      case "join":
        if (!this.#mayJoin(borrower)) throw tooMuch("holders");
        await shares.join(row);
        return { act };
      case "leave":
        await shares.leave(row);
        return { act };
      case "renew": {
        const { alive, parts } = await shares.renew(row);
        return { act, alive, parts: parts.map(lentPart) };
      }
    }
    return act satisfies never;
  }

  async #claim(borrower: Borrower, borrowed: Borrowed, { act, last, claims, ...rest }: ClaimAct): Promise<BudgetBody> {
    const limits = await limitsOf(borrower, claims);
    // What it had before it came to this node is known from its limits alone.
    const mine = claims.filter(
      (claim) => borrowed.has(claim.counter) || limitOf(limits.get(claim.key) ?? [], claim) !== undefined,
    );
    const answer = await this.#options.shares.claim(partAct(borrower, rest), mine, last);
    if (typeof answer === "string") return { act: "gone", why: answer };
    for (const [index, { counter, units }] of mine.entries()) {
      borrowed.recorded(counter, answer[index] === true ? units : 0, 0);
    }
    return { act, holds: claims.map((claim) => answer[mine.indexOf(claim)] === true) };
  }

  async #divide(borrower: Borrower, borrowed: Borrowed, { act, requests, ...rest }: DivideAct): Promise<BudgetBody> {
    const limits = await limitsOf(borrower, requests);
    const asked = requests.map((request) => askedFor(request, limits.get(request.key) ?? [], borrowed));
    const told = asked.filter((each) => each !== null);
    const answers = told.length === 0 ? [] : await this.#options.shares.exchange(partAct(borrower, rest), told);
    if (typeof answers === "string") return { act: "gone", why: answers };
    for (const [index, { counter }] of told.entries()) {
      const { recorded, unmet } = answers[index] ?? NOTHING;
      borrowed.recorded(counter, recorded, unmet);
    }
    // Where nothing was asked, what is recorded stays so, and is not to be spent from.
    const untold = (index: number): ShareAnswer => ({ ...NOTHING, recorded: requests[index]?.recorded ?? 0 });
    return { act, answers: inPlace(asked, answers, untold) };
  }

  async #take(borrower: Borrower, borrowed: Borrowed, { act, requests }: TakeAct): Promise<BudgetBody> {
    const { blocks, clock } = this.#options;
    const limits = await limitsOf(borrower, requests);
    const wall = clock.wall();
    const asked = requests.map((request) => {
      const limit = limitOf(limits.get(request.key) ?? [], { counter: request.counter, windowMs: null });
      return limit === undefined ? null : blockUnder(request, limit, wall);
    });
    const told = asked
      .filter((each) => each !== null)
      .map((each) => ({
        ...each,
        giveBack: each.giveBack === null ? null : borrowed.givesBack(each.counter, each.giveBack),
      }));
    const answers = told.length === 0 ? [] : await blocks.take(told);
    for (const [index, request] of told.entries()) borrowed.took(request, answers[index]?.granted ?? 0);
    return { act, answers: inPlace(asked, answers, () => NO_BLOCK) };
  }

  #mayJoin(borrower: Borrower): boolean {
    const now = this.#options.clock.mono();
    const ofCredential = this.#joins.get(borrower.credential) ?? new PerMinute(JOINS_OF_CREDENTIAL);
    this.#joins.set(borrower.credential, ofCredential);
    return ofCredential.takes(now) && this.#borrowedOf(borrower).joins(now);
  }

  #borrowedOf(borrower: Borrower): Borrowed {
    const name = nameOf(borrower);
    const now = this.#options.clock.mono();
    const borrowed = this.#borrowed.get(name) ?? new Borrowed(this.#followed);
    borrowed.usedAt = now;
    // To the end: those that have not asked for longest come first.
    this.#borrowed.delete(name);
    this.#borrowed.set(name, borrowed);
    this.#forgetOld(now);
    return borrowed;
  }

  #forgetOld(now: number): void {
    for (const [oldest, each] of this.#borrowed) {
      if (this.#borrowed.size <= MOST_BORROWERS && now - each.usedAt < REMEMBERED_MS) return;
      each.forget();
      this.#borrowed.delete(oldest);
    }
  }
}

/** What others lack is a hint, and comes again. */
function lentPart({ epoch, settledMs, wanted }: PartStanding): LentPart {
  const told = wanted.slice(0, WIRE_LIMITS.wanted).map(({ counter, askers }) => ({ counter, askers }));
  return { epoch, settledMs, wanted: told };
}

/** The answers to those that were asked, each at its place among all. */
function inPlace<T>(asked: readonly unknown[], answers: readonly T[], otherwise: (index: number) => T): T[] {
  let next = 0;
  return asked.map((each, index) => {
    const answer = each === null ? undefined : answers[next];
    if (each !== null) next += 1;
    return answer ?? otherwise(index);
  });
}

/** What is asked of the store for a request; null: nothing. */
function askedFor(request: ShareRequest, limits: readonly ResolvedLimit[], borrowed: Borrowed): ShareRequest | null {
  const limit = limitOf(limits, request);
  if (limit !== undefined && borrowed.hasRoomFor(request.counter)) return underLimit(request, limit);
  return borrowed.has(request.counter) ? givingBack(request) : null;
}

/** By the SHA-256 of the keys. Rejects where they cannot be told now. */
async function limitsOf(
  borrower: Borrower,
  requests: readonly { readonly key: string }[],
): Promise<ReadonlyMap<string, readonly ResolvedLimit[]>> {
  const known = new Map<string, readonly ResolvedLimit[]>();
  for (const { key } of requests) {
    if (known.has(key)) continue;
    const limits = await borrower.limitsOf(key);
    if (limits === null) throw new ClavigerError("UNAVAILABLE", { internal: "a key cannot be read now" });
    known.set(key, limits);
  }
  return known;
}

function partAct(borrower: Borrower, { holder, part, epoch, order, now }: PartAct): PartAct {
  return { holder: holderId(borrower, holder), part, epoch, order, now };
}

const nameOf = ({ credential, session }: Borrower): string => `${credential} ${session}`;

const UUID = /^(.{8})(.{4})(.{4})(.{4})(.{12})/;

/** Made of the names, so that every node knows it, and a verifier reaches no holder but its own. */
function holderId(borrower: Borrower, holder: string): string {
  const digest = createHash("sha256")
    .update(`limit holder ${nameOf(borrower)} ${holder}`)
    .digest("hex");
  return digest.replace(UUID, "$1-$2-$3-$4-$5").slice(0, UUID_LENGTH);
}

const UUID_LENGTH = 36;

function tooMuch(what: string): ClavigerError {
  return new ClavigerError("UNAVAILABLE", { internal: `a verifier asks for too many ${what}` });
}
