/** Verifiers that spend limits, each with a node between it and the store, over a network that loses and holds up what is said. */
import {
  type BlockStore,
  type BudgetBody,
  ClavigerError,
  type LimitStores,
  lentStores,
  type NodeMessage,
  type ParsedMessage,
  parseNodeMessage,
  parseVerifierMessage,
  type ResolvedLimit,
  type SpendBody,
  type VerifierMessage,
} from "@claviger/core";
import { type Database, isUnavailable } from "../../../server/src/db/index.ts";
import type { Clock } from "../../../server/src/kernel/clock.ts";
import { systemRandom } from "../../../server/src/kernel/random.ts";
import { createBlocks } from "../../../server/src/modules/limits/blocks.ts";
import { type Borrower, Lending } from "../../../server/src/modules/limits/lending/lending.ts";
import type { NodeShares } from "../../../server/src/modules/limits/node-shares.ts";
import type { MakeShares } from "../../../server/src/modules/limits/testing.ts";
import type { SeededRandom } from "../random.ts";
import type { Faults, TestKey } from "./simulate-limits.ts";

/** What goes out, as the other side reads it. */
function overTheWire<T>(message: T, parse: (value: unknown) => ParsedMessage<T>): T {
  const parsed = parse(JSON.parse(JSON.stringify(message)));
  if (!parsed.ok) throw new TypeError(`cannot be read: ${JSON.stringify(message)}`);
  return parsed.message;
}

/** One verifier's way to a node's lending; `deliver` may lose the question, or the answer. */
function linkTo(
  borrower: Borrower,
  deliver: (work: (lending: Lending) => Promise<BudgetBody | null>) => Promise<BudgetBody | null>,
  failed: (error: unknown) => void,
): LimitStores {
  const exchange = async (body: SpendBody): Promise<BudgetBody | null> => {
    const asked = overTheWire<VerifierMessage>({ kind: "spend", id: 1, body }, parseVerifierMessage);
    return deliver(async (lending) => {
      if (asked.kind !== "spend") throw new TypeError("another message came out");
      const answer = await lending.answer(borrower, asked.body).then(
        (told): NodeMessage => ({ kind: "budget", id: 1, body: told }),
        (error: unknown): NodeMessage => {
          if (!isUnavailable(error) && !(error instanceof ClavigerError)) throw error;
          return { kind: "unanswered", id: 1 };
        },
      );
      const told = overTheWire(answer, parseNodeMessage);
      return told.kind === "budget" ? told.body : null;
    });
  };
  return lentStores((body) =>
    exchange(body).catch((error: unknown) => {
      failed(error);
      throw error;
    }),
  );
}

export function lendingOf(shares: NodeShares, blocks: BlockStore, clock: Clock): Lending {
  return new Lending({ shares: shares.lent, blocks, clock, random: systemRandom });
}

/** In a hundred. */
const LOST = 3;
const UNHEARD = 3;
const LATE = 5;
const DELIVERED = 10;
const ELSEWHERE = 10;

/** Verifiers and nodes by lot. A question may be lost, or answered in vain, or carried out when its verifier has long gone on at another node. */
export class LentFaults implements Faults {
  readonly #random: SeededRandom;
  readonly #inner: Faults;
  readonly #lendings: Lending[] = [];
  readonly #late: (() => Promise<unknown>)[] = [];
  readonly #failures: unknown[] = [];
  #keys: readonly TestKey[] = [];
  #verifiers = 0;
  /** Questions of verifiers that were carried out late. */
  delivered = 0;

  constructor(random: SeededRandom, inner: Faults) {
    this.#random = random;
    this.#inner = inner;
  }

  get makeShares(): MakeShares {
    return this.#inner.makeShares;
  }

  knows(keys: readonly TestKey[]): void {
    this.#keys = keys;
  }

  readonly makeStores = async (database: Database, clock: Clock): Promise<LimitStores> => {
    if (this.#lendings.length > 0 && this.#random.int(3) > 0) return this.#verifier();
    const shares = await this.makeShares(database, clock);
    const blocks = createBlocks(database);
    this.#lendings.push(lendingOf(shares, blocks, clock));
    return { shares, blocks };
  };

  async happen(random: SeededRandom, work: Promise<void>): Promise<void> {
    await Promise.all([this.#inner.happen(random, work), this.#deliver(random.int(this.#late.length + 1))]);
  }

  /** Rejects where anything was said that could not be read: limiters take that for an outage. */
  async close(): Promise<void> {
    await this.#inner.close();
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  /** Carries out some of what is late, in any order. */
  async #deliver(count: number): Promise<void> {
    const some = Array.from({ length: count }, () => this.#late.splice(this.#random.int(this.#late.length), 1)).flat();
    this.delivered += some.length;
    await Promise.all(some.map((each) => each()));
  }

  #verifier(): LimitStores {
    this.#verifiers += 1;
    let at = this.#random.pick(this.#lendings);
    const limitsOf = async (hash: string): Promise<readonly ResolvedLimit[]> =>
      this.#keys.find(({ limits }) => limits[0]?.key === hash)?.limits ?? [];
    const borrower = { session: `session-number-${this.#verifiers}`, credential: "key_verify", limitsOf };
    const deliver: Parameters<typeof linkTo>[1] = async (work) => {
      const lot = this.#random.int(100);
      if (lot < ELSEWHERE) at = this.#random.pick(this.#lendings);
      const node = at;
      if (lot < LOST) return null;
      if (lot < LOST + LATE) {
        this.#late.push(() => work(node));
        return null;
      }
      if (lot > 100 - DELIVERED && this.#late.length > 0) await this.#deliver(1);
      const answer = await work(node);
      return lot < LOST + LATE + UNHEARD ? null : answer;
    };
    return linkTo(borrower, deliver, (error) => this.#failures.push(error));
  }
}
