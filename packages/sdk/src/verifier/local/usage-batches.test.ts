import { type KeyUse, type UseBatch, unpackUses, type VerifierMessage, WIRE_LIMITS } from "@claviger/core";
import { describe, expect, test } from "vitest";
import { UsageBatches } from "./usage-batches.ts";

const use = (accepted: number): KeyUse => ({
  ...{ key: "key_1", version: 1, account: "acct_1", accepted, refused: 0 },
  ...{ firstUsedAt: 1.5, lastUsedAt: 2.5, lastRefusedAt: null, lastRefusedCode: null },
});

/** A node that may be out of reach, and what was counted meanwhile. */
function scene() {
  let counted: KeyUse[] = [];
  const used: UseBatch[] = [];
  let names = 0;
  const sent: (VerifierMessage & { readonly kind: "usage" })[] = [];
  const state = { reachable: true, lost: 0 };
  const batches = new UsageBatches({
    take: (limit) => counted.splice(0, limit),
    takeUses: () => used.shift() ?? null,
    lost: () => state.lost,
    send: (message) => {
      if (state.reachable && message.kind === "usage") sent.push(message);
      return state.reachable;
    },
    nextName: () => `batch-${++names}`,
  });
  const count = (uses: KeyUse[]): void => {
    counted = counted.concat(uses);
  };
  return { batches, sent, state, count, used, left: () => counted.length };
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

  test("that found no room are told of, once, also where a batch that told of them is given up", () => {
    const { batches, sent, state, count } = scene();
    state.lost = 7;
    batches.flush();
    batches.flush();
    count([use(1)]);
    state.lost = 9;
    batches.flush();
    const told = () => sent.map(({ lost }) => lost ?? 0);
    expect(told()).toEqual([7, 2]);
    batches.acknowledged("batch-1");
    // The second can be read by no node: its own loss of 2 is told again.
    batches.refused();
    batches.flush();
    expect(told()).toEqual([7, 2, 2]);
    batches.resend();
    expect(told()).toEqual([7, 2, 2, 2]);
    expect(sent.at(-1)?.batch).toBe(sent.at(-2)?.batch);
    expect(batches.lostUses).toBe(9);
  });

  test("that a node had no room for go to it again after some turns, a few at a time, and no more once they are acknowledged", () => {
    const { batches, sent, count } = scene();
    for (let n = 0; n < 6; n += 1) {
      count(Array.from({ length: WIRE_LIMITS.usageRows }, () => use(1)));
    }
    batches.flush();
    for (let turn = 0; turn < 14; turn += 1) batches.flush();
    expect(sent).toHaveLength(6);
    batches.flush();
    batches.flush();
    expect(sent.slice(6).map(({ batch }) => batch)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `batch-${n}`));
    for (let n = 1; n <= 6; n += 1) batches.acknowledged(`batch-${n}`);
    for (let turn = 0; turn < 40; turn += 1) batches.flush();
    expect(sent).toHaveLength(12);
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

  describe("with uses", () => {
    const usesOf = (name: string, requests = 5): UseBatch => ({
      cells: [
        {
          ...{ key: name, version: 1, account: "acct_1", environment: "live", code: "VALID", method: "GET" },
          ...{
            route: null,
            path: "/a",
            scopes: null,
            ip: null,
            agent: null,
            browser: false,
            service: null,
            merged: false,
          },
          ...{ requests, cost: requests, firstAt: 1_000, lastAt: 1_000, statuses: null, durations: null },
        },
      ],
      ...{ details: [], sampledOut: requests, strangers: [] },
    });

    test("go in one message with few counts, and in messages of their own beside many", () => {
      const { batches, sent, count, used } = scene();
      count([use(1)]);
      used.push(usesOf("key_1"));
      batches.flush();
      expect(sent.map(({ rows, uses }) => [rows.length, uses?.cells.length])).toEqual([[1, 1]]);
      count(Array.from({ length: 700 }, () => use(1)));
      used.push(usesOf("key_2"));
      batches.flush();
      expect(sent.slice(1).map(({ rows, uses }) => [rows.length, uses?.cells.length])).toEqual([
        [700, undefined],
        [0, 1],
      ]);
      const largest = Math.max(...sent.map((message) => JSON.stringify(message).length));
      expect(largest).toBeLessThan(WIRE_LIMITS.verifierFrameBytes);
    });

    test("come again as they were, are bounded while nobody takes them, and all go out at the end", async () => {
      const { batches, sent, state, used } = scene();
      state.reachable = false;
      for (let n = 0; n < 70; n += 1) used.push(usesOf(`key_${n}`));
      batches.flush();
      expect([batches.size, used.length]).toEqual([64, 6]);
      state.reachable = true;
      batches.resend();
      const settled = batches.settled(60_000);
      for (let n = 1; n <= 70; n += 1) batches.acknowledged(`batch-${n}`);
      await settled;
      const keys = sent.flatMap(({ uses }) => (uses === undefined ? [] : unpackUses(uses).cells.map(({ key }) => key)));
      expect(new Set(keys).size).toBe(70);
      expect([batches.size, batches.lostUses]).toEqual([0, 0]);
    });

    test("that are given up are counted", () => {
      const { batches, used } = scene();
      used.push(usesOf("key_1", 5));
      batches.flush();
      batches.refused();
      used.push(usesOf("key_2", 7));
      batches.flush();
      batches.giveUp();
      expect([batches.size, batches.lostUses]).toEqual([0, 12]);
    });
  });
});
