import { ClavigerError } from "../errors/index.ts";
import type { LimitStores, PartAct } from "../limiter/stores.ts";
import type { BudgetBody, SpendBody, WireBlock } from "./budget-wire.ts";

type Act = BudgetBody["act"];
type AnswerTo<A extends Act> = Extract<BudgetBody, { readonly act: A }>;

const GONE = ["gone"] as const;

/**
 * What a node lends of limits, as the limiter of a verifier takes it. All of it rejects where the node does not answer.
 *
 * @param exchange asks a node; null where there is no answer
 */
export function lentStores(exchange: (body: SpendBody) => Promise<BudgetBody | null>): LimitStores {
  const ask = async <A extends Act>(body: SpendBody, acts: readonly A[]): Promise<AnswerTo<A>> => {
    const answer = await exchange(body);
    const act = acts.find((each) => each === answer?.act);
    if (answer === null || act === undefined) throw unanswered();
    return answer as AnswerTo<A>;
  };
  return {
    shares: {
      join: async ({ id, termMs, now }) => void (await ask({ act: "join", holder: id, termMs, now }, ["join"])),
      leave: async ({ id, termMs, now }) => void (await ask({ act: "leave", holder: id, termMs, now }, ["leave"])),
      renew: async ({ id, termMs, now }) => {
        const { alive, parts } = await ask({ act: "renew", holder: id, termMs, now }, ["renew"]);
        // Nodes watch all holders, and take over what those leave that are gone.
        return { alive, others: [], parts: parts.map((part) => ({ ...part, heirless: false })) };
      },
      end: () => Promise.reject(unanswered()),
      inherit: async () => [],
      claim: async (act, claims, last) => {
        const answer = await ask({ act: "claim", ...partActOf(act), last, claims }, ["claim", ...GONE]);
        return answer.act === "gone" ? answer.why : asMany(answer.holds, claims);
      },
      exchange: async (act, requests) => {
        const answer = await ask({ act: "divide", ...partActOf(act), requests }, ["divide", ...GONE]);
        return answer.act === "gone" ? answer.why : asMany(answer.answers, requests);
      },
    },
    blocks: {
      take: async (requests) => {
        const told = requests.map(({ forgetAt: _, ...rest }): WireBlock => rest);
        return asMany((await ask({ act: "take", requests: told }, ["take"])).answers, requests);
      },
      forget: async () => undefined,
    },
  };
}

function partActOf({ holder, part, epoch, order, now }: PartAct): PartAct {
  return { holder, part, epoch, order, now };
}

function asMany<T>(answers: readonly T[], requests: readonly unknown[]): readonly T[] {
  if (answers.length !== requests.length) throw unanswered();
  return answers;
}

const unanswered = (): ClavigerError =>
  new ClavigerError("UNAVAILABLE", { internal: "a node lends nothing of limits now" });
