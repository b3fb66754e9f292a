import { type KeyUse, type VerifierMessage, WIRE_LIMITS } from "@claviger/core";
import { describe, expect, test } from "vitest";
import { UsageBatches } from "./usage-batches.ts";

const use = (accepted: number): KeyUse => ({
  ...{ key: "key_1", version: 1, account: "acct_1", accepted, refused: 0 },
  ...{ firstUsedAt: 1.5, lastUsedAt: 2.5, lastRefusedAt: null, lastRefusedCode: null },
});

/** A node that may be out of reach, and what was counted meanwhile. */
function scene() {
  let counted: KeyUse[] = [];
  let names = 0;
  const sent: (VerifierMessage & { readonly kind: "usage" })[] = [];
  const state = { reachable: true };
  const batches = new UsageBatches({
    take: (limit) => counted.splice(0, limit),
    send: (message) => {
      if (state.reachable && message.kind === "usage") sent.push(message);
      return state.reachable;
    },
    nextName: () => `batch-${++names}`,
  });
  const count = (uses: KeyUse[]): void => {
    counted = counted.concat(uses);
  };
  return { batches, sent, state, count, left: () => counted.length };
}

describe("counts on their way to a node (C7)", () => {
  test("come again under the same name on each new connection, until they are acknowledged", () => {
    const { batches, sent, state, count } = scene();
    count([use(3)]);
    batches.flush();
    state.reachable = false;
    count([use(4)]);
    batches.flush();
    state.reachable = true;
    batches.resend();
    batches.acknowledged("batch-1");
    batches.resend();
    expect(sent.map(({ batch, rows }) => [batch, rows[0]?.accepted])).toEqual([
      ["batch-1", 3],
      ["batch-1", 3],
      ["batch-2", 4],
      ["batch-2", 4],
    ]);
    batches.acknowledged("batch-2");
    batches.resend();
    expect(sent).toHaveLength(4);
    expect(batches.size).toBe(0);
  });

  test("are sent in whole milliseconds, and nothing is sent where nothing was counted", () => {
    const { batches, sent, count } = scene();
    batches.flush();
    expect(sent).toEqual([]);
    count([use(1)]);
    batches.flush();
    expect(sent[0]?.rows[0]).toMatchObject({ firstUsedAt: 1, lastUsedAt: 2 });
  });

  test("are bounded: in a batch by what a node takes, and in number; beyond it they stay where they are counted", () => {
    const { batches, sent, state, count, left } = scene();
    state.reachable = false;
    const most = 64 * WIRE_LIMITS.usageRows;
    count(Array.from({ length: most + 5 }, () => use(1)));
    batches.flush();
    expect([batches.size, left()]).toEqual([64, 5]);
    batches.flush();
    expect(left()).toBe(5);
    state.reachable = true;
    batches.resend();
    expect(sent.every(({ rows }) => rows.length === WIRE_LIMITS.usageRows)).toBe(true);
    batches.acknowledged("batch-1");
    batches.flush();
    expect(left()).toBe(0);
  });

  test("that a node cannot read are given up, because sent again they would end every connection", () => {
    const { batches, sent, count } = scene();
    count([use(1)]);
    batches.flush();
    batches.refused();
    batches.resend();
    expect(sent).toHaveLength(1);
  });

  test("are waited for at the end, but not for ever", async () => {
    const { batches, count } = scene();
    await batches.settled(60_000);
    count([use(1)]);
    batches.flush();
    const settled = batches.settled(60_000);
    batches.acknowledged("batch-1");
    await settled;
    count([use(1)]);
    batches.flush();
    await batches.settled(1);
    expect(batches.size).toBe(1);
  });
});
