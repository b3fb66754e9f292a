import { type AppliedLimit, type BudgetBody, lentStores, parseVerifierMessage, type SpendBody } from "@claviger/core";
import { fakeClock, waitFor } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { Budgets } from "./budgets.ts";

const LIMIT: AppliedLimit = {
  ...{ name: "burst", key: "A".repeat(43), amount: 10, per: "minute", refill: null },
  ...{ counter: "minute key key_1 burst", perSource: null },
};
const RETRY_MS = 2_000;

/** A node that lends all that is asked for, or says nothing. */
function scene(state: { lends: boolean }) {
  const asked: SpendBody[] = [];
  const unreadable: SpendBody[] = [];
  const clock = fakeClock();
  const answerTo = (body: SpendBody): BudgetBody => {
    switch (body.act) {
      case "join":
      case "leave":
        return { act: body.act };
      case "renew":
        return { act: "renew", alive: true, parts: [{ epoch: "postgresql:1", settledMs: 3_600_000, wanted: [] }] };
      case "claim":
        return { act: "claim", holds: body.claims.map(() => true) };
      case "divide": {
        const answers = body.requests.map(({ amount }) => ({ share: amount, recorded: amount }));
        return { act: "divide", answers: answers.map((each) => ({ ...each, others: 0, unmet: 0, surplus: 0 })) };
      }
      case "take":
        return { act: "take", answers: body.requests.map(() => ({ granted: 0, taken: 0, refilled: null })) };
    }
    return body satisfies never;
  };
  const stores = lentStores(async (body) => {
    asked.push(body);
    if (!parseVerifierMessage({ kind: "spend", id: 1, body }).ok) unreadable.push(body);
    return state.lends ? answerTo(body) : null;
  });
  let names = 0;
  const nextName = (): string => `a-name-of-a-holder-${++names}`;
  const budgets = new Budgets({ stores, clock, termMs: 60_000, nextName });
  const spendOf = (limits: readonly AppliedLimit[], cost?: number, least = clock.wall(), most = clock.wall()) =>
    budgets.spend(limits, undefined, cost, { mono: clock.mono(), wall: clock.wall() }, { least, most });
  const spend = (cost?: number): NonNullable<ReturnType<Budgets["spend"]>> =>
    spendOf([LIMIT], cost) ?? { kind: "elsewhere" };
  /** Spends once it is known whether it may. */
  const spent = async (): Promise<string> => {
    const outcome = await waitFor(async () => {
      const found = spend();
      if (found.kind === "wait") await found.ready;
      return found.kind === "accepted" || found.kind === "refused" ? found : null;
    });
    return outcome.kind === "refused" ? outcome.code : outcome.kind;
  };
  return { asked, unreadable, clock, budgets, spend, spendOf, spent };
}

describe("limits spent in this process (C6)", () => {
  test("are joined when the first key with limits comes, and left to a node until then", async () => {
    const { asked, spend, spent, budgets } = scene({ lends: true });
    expect(asked).toEqual([]);
    expect(spend().kind).toBe("elsewhere");
    for (let count = 0; count < 10; count += 1) expect(await spent()).toBe("accepted");
    expect(await spent()).toBe("RATE_LIMITED");
    await budgets.close();
    expect(asked.at(-1)).toMatchObject({ act: "leave" });
    expect(spend().kind).toBe("elsewhere");
  });

  test("are left to a node that lends nothing, such as an older one, which is asked again after a while", async () => {
    const state = { lends: false };
    const { asked, clock, spend, spent } = scene(state);
    expect(spend().kind).toBe("elsewhere");
    // The refusal is taken in.
    await new Promise((resolve) => setImmediate(resolve));
    expect(spend().kind).toBe("elsewhere");
    clock.advance(RETRY_MS - 1);
    expect(spend().kind).toBe("elsewhere");
    expect(asked).toHaveLength(1);
    state.lends = true;
    clock.advance(1);
    expect(await spent()).toBe("accepted");
  });

  test("are left to a node again where nothing is lent any more, once what was lent is used or its lease over", async () => {
    const state = { lends: true };
    const { clock, spend, spent } = scene(state);
    expect(await spent()).toBe("accepted");
    state.lends = false;
    expect(spend().kind).toBe("accepted");
    clock.advance(60_000);
    const outcome = await waitFor(async () => {
      const found = spend();
      if (found.kind === "wait") await found.ready;
      return found.kind === "elsewhere" ? found : null;
    });
    expect(outcome.kind).toBe("elsewhere");
  });

  test("what was only asked for, and never lent, is told of in a form that a node can read", async () => {
    const { asked, unreadable, clock, spend, spendOf, spent, budgets } = scene({ lends: true });
    await spent();
    clock.advance(60_000);
    const other = { ...LIMIT, counter: "minute key key_2 burst" };
    expect(spendOf([other])?.kind).toBe("wait");
    expect(spend().kind).toBe("wait");
    await budgets.close();
    expect(asked.at(-1)).toMatchObject({ act: "leave" });
    expect(unreadable).toEqual([]);
  });

  test("a limit that ends is spent from until its end, and left to a node where the node's clock may have come to it", async () => {
    const { spendOf, spent } = scene({ lends: true });
    await spent();
    const ending = { ...LIMIT, until: 5_000 };
    expect(spendOf([ending], 1, 3_000, 4_999)?.kind).toBe("accepted");
    expect(spendOf([ending], 1, 4_999, 5_000)?.kind).toBe("elsewhere");
    expect(spendOf([ending, LIMIT], 1, 4_999, 5_001)?.kind).toBe("elsewhere");
    expect(spendOf([ending, LIMIT], 1, 5_000, 5_001)).toMatchObject({ standing: { limits: [LIMIT] } });
    expect(spendOf([ending], 1, 5_000, 5_001)).toBeNull();
  });

  test("a cost that is none is left to a node, which says so", async () => {
    const { spend, spent } = scene({ lends: true });
    await spent();
    for (const cost of [0, -1, 0.5, Number.NaN, 1_000_001]) expect(spend(cost).kind).toBe("elsewhere");
  });
});
