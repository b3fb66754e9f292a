import { grantShare, type PartAct, type ShareAnswer, type ShareRequest } from "@claviger/core";
import {
  answering,
  type RedisServer,
  redisServer,
  type SeededRandom,
  seededRandom,
  testRedisClient,
} from "@claviger/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RedisClient } from "./redis-client.ts";
import { type RedisEpoch, RedisPart } from "./redis-part.ts";

let server: RedisServer;
let client: RedisClient;
let part: RedisPart;
let epoch: RedisEpoch;
let installations = 0;

beforeAll(async () => {
  server = await redisServer();
  client = await testRedisClient(server.url);
});
afterAll(async () => {
  client.close();
  await server.stop();
});
beforeEach(async () => {
  installations += 1;
  part = new RedisPart(client, `test-${installations}`, 0);
  const { record } = await part.look("first", []);
  epoch = { record, seq: 1 };
});

let orders = 0;
const act = (holder: string, order?: number): PartAct => {
  orders += 1;
  return { holder, part: 0, epoch: "", order: order ?? orders, now: 1_000 };
};
const enter = (holder: string) => part.claim(act(holder), epoch, [], true);

const request = (changes: Partial<ShareRequest> = {}): ShareRequest => ({
  ...{ counter: "second key key_1 a name", key: "key_1", windowMs: 1_000, amount: 100, have: 0, recorded: 0, used: 0 },
  ...{ demand: 1, headroom: 0, mayGrow: true, journal: null },
  ...changes,
});
const claim = (units: number, windowMs = 1_000) => ({
  ...{ counter: "second key key_1 a name", key: "key_1", windowMs, units, ceiling: 100 },
});

function drawn(random: SeededRandom): ShareRequest {
  const most = random.pick([3, 50, 1e12]);
  const any = (): number => (random.int(3) === 0 ? 0 : Math.floor((random.int(1_000) / 1_000) * most));
  return request({
    ...{ amount: Math.max(1, any()), used: any(), demand: any(), have: any(), recorded: any(), headroom: any() },
    mayGrow: random.int(4) > 0,
  });
}

describe("an exchange", () => {
  test("is decided as core decides, whatever is asked and recorded (C6)", async (context) => {
    const random = seededRandom(context);
    const holders = ["a", "b", "c"];
    for (const holder of holders) await enter(holder);
    const rows = new Map<string, { amount: number; ceiling: number }>();
    for (let round = 0; round < 400; round += 1) {
      const asked = drawn(random);
      const holder = random.pick(holders);
      const others = [...rows].filter(([name, { amount }]) => name !== holder && amount > 0).map(([, row]) => row);
      const expected = grantShare(asked, {
        own: rows.get(holder)?.amount ?? 0,
        others: others.reduce((sum, { amount }) => sum + amount, 0),
        othersCeiling: Math.min(...others.map(({ ceiling }) => ceiling)),
      });
      expect(await part.exchange(act(holder), epoch, [asked])).toEqual([expected]);
      rows.set(holder, { amount: expected.recorded, ceiling: asked.amount });
    }
  });

  test("answers each of many requests, in their order", async () => {
    await enter("a");
    const asked = Array.from({ length: 200 }, (_, index) => request({ counter: `c ${index}`, demand: index }));
    const answers = (await part.exchange(act("a"), epoch, asked)) as ShareAnswer[];
    expect(answers.map(({ share }) => share)).toEqual(asked.map(({ demand, amount }) => Math.min(demand, amount)));
  });

  test("of a holder that has not written down what it had, or not yet all of it, changes nothing", async () => {
    await enter("other");
    expect(await part.exchange(act("nobody"), epoch, [request()])).toBe("ended");
    await part.claim(act("a"), epoch, [claim(5)], false);
    expect(await part.exchange(act("a"), epoch, [request()])).toBe("moved");
    await part.claim(act("a"), epoch, [], true);
    expect(await part.exchange(act("a"), epoch, [request({ have: 5, recorded: 5 })])).toMatchObject([{ share: 5 }]);
  });

  test("that a later act overtook is not carried out", async () => {
    await part.claim(act("a", 100), epoch, [], true);
    await part.exchange(act("a", 102), epoch, [request({ demand: 7 })]);
    await expect(part.exchange(act("a", 101), epoch, [request({ demand: 50 })])).rejects.toThrow();
    await expect(part.exchange(act("a", 102), epoch, [request({ demand: 50 })])).rejects.toThrow();
    await expect(part.claim(act("a", 101), epoch, [claim(50)], true)).rejects.toThrow();
    expect(await part.exchange(act("a", 103), epoch, [request({ demand: 0 })])).toMatchObject([{ surplus: 7 }]);
  });

  test("of another epoch or record changes nothing", async () => {
    await enter("a");
    expect(await part.exchange(act("a"), { ...epoch, seq: 2 }, [request()])).toBe("moved");
    expect(await part.exchange(act("a"), { ...epoch, record: "other" }, [request()])).toBe("moved");
  });
});

describe("a record", () => {
  test("is begun once, whoever looks first", async () => {
    const looks = await Promise.all([part.look("second", []), part.look("third", [])]);
    expect(looks.map(({ record }) => record)).toEqual(["first", "first"]);
  });

  test("begins anew with the first claim of a later epoch, and knows no claim of an earlier one", async () => {
    await enter("a");
    await part.exchange(act("a"), epoch, [request({ demand: 60 })]);
    const next = { ...epoch, seq: 2 };
    expect(await part.claim(act("b"), next, [claim(90)], true)).toEqual([true]);
    expect(await part.claim(act("a"), epoch, [claim(60)], true)).toBe("moved");
    expect(await part.look("x", [])).toMatchObject({ record: "first", seq: 2 });
    expect(await part.exchange(act("b"), next, [request({ have: 90, recorded: 90 })])).toMatchObject([{ others: 0 }]);
  });

  test("takes no claim for more than it has of windows that are settled", async () => {
    await part.claim(act("a"), epoch, [claim(5)], true);
    expect(await part.settle(epoch, 1_000)).toBe(true);
    expect(await part.claim(act("b"), epoch, [claim(10), claim(10, 60_000)], true)).toEqual([false, true]);
    expect(await part.settle({ ...epoch, seq: 2 }, 1_000)).toBe(false);
  });

  test.each([
    ["FLUSHALL", () => server.command("FLUSHALL")],
    ["the eviction of its key", () => server.command("UNLINK", `claviger:{test-${installations}:0}:record`)],
    ["a restart, though the data is still there", restartWithData],
    ["a time as a replica, though the data is still there", demoteAndPromote],
  ])("is lost by %s", async (_, happens) => {
    await enter("a");
    await part.exchange(act("a"), epoch, [request({ demand: 60 })]);
    await happens();
    await answering(client);
    expect(await part.exchange(act("a"), epoch, [request()])).toBe("moved");
    expect(await part.look("new", [])).toMatchObject({ record: "new", seq: 0 });
  });

  async function restartWithData(): Promise<void> {
    await server.command("SAVE");
    await server.restart();
    expect(await server.command("EXISTS", `claviger:{test-${installations}:0}:record`)).toBe("1");
  }

  async function demoteAndPromote(): Promise<void> {
    await server.command("REPLICAOF", "127.0.0.1", "1");
    await server.command("REPLICAOF", "NO", "ONE");
    expect(await server.command("EXISTS", `claviger:{test-${installations}:0}:record`)).toBe("1");
  }
});

describe("what a holder leaves", () => {
  const asked = (counter: string, demand: number) =>
    request({ counter, demand, windowMs: 60_000, journal: [[5, demand]] });

  test("is the heir's, with its journal, and nothing more is written for it", async () => {
    for (const holder of ["dead", "heir"]) await enter(holder);
    await part.exchange(act("dead"), epoch, [asked("one", 10), asked("two", 20)]);
    await part.exchange(act("heir"), epoch, [asked("one", 5)]);
    const found = await part.inherit(act("heir"), epoch, "0", ["dead"]);
    if (typeof found === "string") throw new TypeError(found);
    expect(found.cursor).toBe("0");
    const estates = [...found.estates].sort((a, b) => a.share - b.share);
    expect(estates).toMatchObject([
      {
        holder: "dead",
        counter: "one",
        share: 10,
        windowMs: 60_000,
        ceiling: 100,
        noted: { at: 1_000, journal: [[5, 10]] },
      },
      { holder: "dead", counter: "two", share: 20 },
    ]);
    expect(await part.exchange(act("dead"), epoch, [asked("one", 1)])).toBe("ended");
    expect(await part.claim(act("dead"), epoch, [claim(1)], true)).toBe("ended");
    // Recorded for the heir, whose own request knows of the five alone.
    expect(
      await part.exchange(act("heir"), epoch, [request({ counter: "one", have: 5, recorded: 5, used: 5 })]),
    ).toMatchObject([{ others: 0, surplus: 10, recorded: 16 }]);
    expect(await part.inherit(act("heir"), epoch, "0", ["dead"])).toMatchObject({ estates: [] });
    expect(await part.holders()).toEqual(expect.arrayContaining(["dead", "heir"]));
    await part.forget(epoch, ["dead", "heir"]);
    expect(await part.holders()).toEqual(["heir"]);
  });

  test("is found in a large record as well, page by page", async () => {
    for (const holder of ["dead", "heir"]) await enter(holder);
    for (let batch = 0; batch < 20; batch += 1) {
      const some = Array.from({ length: 200 }, (_, index) => asked(`c ${batch} ${index}`, 1));
      await part.exchange(act("dead"), epoch, some);
    }
    const counters = new Set<string>();
    let [cursor, pages] = ["0", 0];
    const inherit = act("heir");
    do {
      const found = await part.inherit(inherit, epoch, cursor, ["dead"]);
      if (typeof found === "string") throw new TypeError(found);
      for (const { counter } of found.estates) counters.add(counter);
      cursor = found.cursor;
      pages += 1;
    } while (cursor !== "0");
    expect(counters.size).toBe(4_000);
    expect(pages).toBeGreaterThan(1);
  });
});

describe("what others lack", () => {
  test("is told to whoever holds some of it, until it is there", async () => {
    for (const holder of ["rich", "poor"]) await enter(holder);
    await part.exchange(act("rich"), epoch, [request({ demand: 100 })]);
    await part.exchange(act("poor"), epoch, [request({ demand: 1 })]);
    const wanted = [{ holder: "rich", counter: "second key key_1 a name", askers: 1 }];
    expect(await part.look("x", ["poor", "rich"])).toMatchObject({ wanted });
    await part.exchange(act("rich"), epoch, [request({ demand: 0, have: 50, recorded: 100 })]);
    await part.exchange(act("poor"), epoch, [request({ demand: 1 })]);
    expect(await part.look("x", ["poor", "rich"])).toMatchObject({ wanted: [] });
  });
});
