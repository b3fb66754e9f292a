import { describe, expect, test } from "vitest";
import {
  type BarrierDecision,
  type BarrierView,
  type BarrierWaiter,
  decideBarrier,
  type NodeRow,
  newBarrierWaiter,
  newObserver,
  type ObserverState,
  observe,
  seeEpoch,
  unsettledEpoch,
} from "./index.ts";

const row = (incarnation: string, changes: Partial<NodeRow> = {}): NodeRow => ({
  incarnation,
  name: `name of ${incarnation}`,
  token: "t",
  ackedSeq: 0,
  ackedEpoch: "e",
  termMs: 1_000,
  maxStaleMs: 0,
  fenced: false,
  ...changes,
});

/** One act at number 7, committed at 1 000, by the node `own`; it looks at what `read` brings. */
class Scene {
  waiter: BarrierWaiter = newBarrierWaiter(7, "e", 1_000);
  observer: ObserverState = newObserver;
  view: BarrierView = {
    own: { incarnation: "own", epoch: "e", ackedSeq: 7 },
    listing: null,
    observer: newObserver,
    epochSettlesAt: null,
    now: 1_000,
  };

  read(at: number, rows: readonly NodeRow[], head = 7): BarrierDecision {
    const reading = { readStarted: at, readFinished: at + 2 };
    const observer = observe(this.view.observer, rows, reading);
    this.view = { ...this.view, observer, listing: { ...reading, head }, now: at + 3 };
    return this.decide();
  }

  decide(changes: Partial<BarrierView> = {}): BarrierDecision {
    this.view = { ...this.view, ...changes };
    const [waiter, decision] = decideBarrier(this.waiter, this.view);
    this.waiter = waiter;
    return decision;
  }
}

const done = (nodes: number, lapsed: string[] = [], everywhere = true): BarrierDecision => ({
  kind: "done",
  everywhere,
  nodes,
  verifiers: 0,
  lapsed,
});

describe("a barrier", () => {
  test("is never done at commit: it waits for a list of nodes", () => {
    expect(new Scene().decide()).toEqual({ kind: "wait", until: null });
  });

  test("takes no list from a read begun before the commit, however late it came back", () => {
    const scene = new Scene();
    expect(scene.read(999, [row("own")]).kind).toBe("wait");
    expect(scene.read(1_000, [row("own")])).toEqual(done(1));
  });

  test("counts this node by what is applied here, not by its row", () => {
    const scene = new Scene();
    scene.decide({ own: { incarnation: "own", epoch: "e", ackedSeq: 6 } });
    expect(scene.read(1_001, [row("own", { ackedSeq: 7 })]).kind).toBe("wait");
    expect(scene.decide({ own: { incarnation: "own", epoch: "e", ackedSeq: 7 } })).toEqual(done(1));
  });

  test("waits for what is applied here even where this node has no row any more", () => {
    const scene = new Scene();
    scene.decide({ own: { incarnation: "own", epoch: "e", ackedSeq: 6 } });
    expect(scene.read(1_001, []).kind).toBe("wait");
  });

  test.each([
    { what: "the number", ack: { ackedSeq: 7 }, kind: "done" },
    { what: "a later number", ack: { ackedSeq: 9 }, kind: "done" },
    { what: "an earlier number", ack: { ackedSeq: 6 }, kind: "wait" },
    { what: "the number in another epoch", ack: { ackedSeq: 7, ackedEpoch: "d" }, kind: "wait" },
  ])("another node that acknowledged $what: $kind", ({ ack, kind }) => {
    expect(new Scene().read(1_001, [row("own"), row("other", ack)]).kind).toBe(kind);
  });

  test("does not wait for a node that joined after the first list, which has read a head of at least the number", () => {
    const scene = new Scene();
    scene.read(1_001, [row("own"), row("other")]);
    expect(scene.read(1_050, [row("own"), row("other", { ackedSeq: 7 }), row("late")])).toEqual(done(2));
  });

  test("remembers who has confirmed, though the row goes", () => {
    const scene = new Scene();
    scene.read(1_001, [row("own"), row("one", { ackedSeq: 7 }), row("two")]);
    expect(scene.read(1_050, [row("own"), row("two", { ackedSeq: 7 })])).toEqual(done(3));
  });
});

describe("a row that stands still", () => {
  test("is dead after its term and the drift, then removed under the token observed, and named", () => {
    const scene = new Scene();
    expect(scene.read(1_001, [row("own"), row("gone")])).toEqual({ kind: "wait", until: 1_003 + 1_100 });
    expect(scene.read(2_102, [row("own"), row("gone")]).kind).not.toBe("done");
    expect(scene.read(2_103, [row("own"), row("gone")])).toEqual({ kind: "reap", incarnation: "gone", token: "t" });
    expect(scene.decide()).toEqual(done(2, ["name of gone"]));
  });

  test("may have been observed from before the commit, if the last read is after it", () => {
    const scene = new Scene();
    scene.read(0, [row("own"), row("gone")]);
    expect(scene.read(990, [row("own"), row("gone")]).kind).toBe("wait");
    expect(scene.read(1_102, [row("own"), row("gone")]).kind).toBe("reap");
  });

  test("does not count as dead by observation that ended before the commit", () => {
    const scene = new Scene();
    scene.waiter = newBarrierWaiter(7, "e", 5_000);
    scene.read(0, [row("own"), row("gone")]);
    expect(scene.read(4_000, [row("own"), row("gone")])).toEqual({ kind: "wait", until: null });
  });

  test("does not count as dead by a sight older than the list", () => {
    const scene = new Scene();
    scene.waiter = newBarrierWaiter(7, "e", 1_200);
    const gone = observe(observe(newObserver, [row("gone")], { readStarted: 0, readFinished: 0 }), [row("gone")], {
      readStarted: 1_150,
      readFinished: 1_151,
    });
    const listing = { readStarted: 1_201, readFinished: 1_202, head: 7 };
    expect(scene.decide({ listing, observer: gone, now: 1_203 }).kind).toBe("wait");
  });

  test("leaves the act not everywhere where its verifiers may go on without a lease", () => {
    const scene = new Scene();
    scene.read(1_001, [row("own"), row("stale", { maxStaleMs: 500 })]);
    expect(scene.read(2_200, [row("own"), row("stale", { maxStaleMs: 500 })])).toEqual(
      done(2, ["name of stale"], false),
    );
  });

  test("stays until nobody goes on under it, so that the next act knows of them too", () => {
    const scene = new Scene();
    const rows = [row("own"), row("stale", { maxStaleMs: 1_000 })];
    scene.read(1_001, rows);
    expect(scene.read(2_200, rows)).toEqual(done(2, ["name of stale"], false));
    scene.waiter = newBarrierWaiter(7, "e", 3_000);
    expect(scene.read(3_001, rows)).toEqual(done(2, ["name of stale"], false));
    scene.waiter = newBarrierWaiter(7, "e", 3_300);
    expect(scene.read(3_301, rows)).toMatchObject({ kind: "reap" });
  });

  test("and is removed by somebody else first, is named all the same", () => {
    const scene = new Scene();
    scene.read(1_001, [row("own"), row("gone")]);
    scene.read(2_000, [row("own"), row("gone")]);
    expect(scene.read(2_050, [row("own")])).toEqual(done(2, ["name of gone"]));
  });
});

test("a row that goes before its lease can have ended was given back, and is not named", () => {
  const scene = new Scene();
  scene.read(1_001, [row("own"), row("left")]);
  expect(scene.read(1_300, [row("own")])).toEqual(done(2));
});

describe("verifiers", () => {
  test("of the nodes that confirmed are counted, those of this one included", () => {
    const scene = new Scene();
    scene.decide({ own: { incarnation: "own", epoch: "e", ackedSeq: 7, verifiers: 2 } });
    const decision = scene.read(1_001, [row("own", { verifiers: 9 }), row("other", { ackedSeq: 7, verifiers: 3 })]);
    expect(decision).toEqual({ kind: "done", everywhere: true, nodes: 2, verifiers: 5, lapsed: [] });
  });

  test("that may go on without a lease and have not confirmed leave the act not everywhere, here or elsewhere", () => {
    const own = { incarnation: "own", epoch: "e", ackedSeq: 7 };
    const ended = (mine: number, theirs: number) => {
      const scene = new Scene();
      scene.decide({ own: { ...own, vouchedSeq: mine } });
      return scene.read(1_001, [row("own"), row("other", { ackedSeq: 7, vouchedSeq: theirs })]);
    };
    expect(ended(7, 7)).toEqual(done(2));
    expect(ended(6, 7)).toEqual(done(2, [], false));
    expect(ended(7, 6)).toEqual(done(2, [], false));
  });
});

describe("a row that is renewed but does not acknowledge", () => {
  test("is fenced once, a term after the first list, and lapses when its token has stood still for a term", () => {
    const scene = new Scene();
    const deaf = (token: string, fenced = false) => [row("own"), row("deaf", { token, fenced })];
    scene.read(1_001, deaf("a"));
    expect(scene.read(1_500, deaf("b")).kind).toBe("wait");
    expect(scene.read(2_099, deaf("c")).kind).toBe("wait");
    expect(scene.read(2_103, deaf("d"))).toEqual({ kind: "fence", incarnation: "deaf" });
    expect(scene.decide().kind).toBe("wait");
    expect(scene.read(2_300, deaf("d", true)).kind).toBe("wait");
    expect(scene.read(3_205, deaf("d", true))).toEqual({ kind: "reap", incarnation: "deaf", token: "d" });
    expect(scene.decide()).toEqual(done(2, ["name of deaf"]));
  });

  test("is not fenced again where another act has done so", () => {
    const scene = new Scene();
    scene.read(1_001, [row("own"), row("deaf", { token: "a", fenced: true })]);
    expect(scene.read(2_103, [row("own"), row("deaf", { token: "b", fenced: true })]).kind).toBe("wait");
  });

  test("is given its own term, not ours", () => {
    const scene = new Scene();
    scene.read(1_001, [row("own"), row("slow", { token: "a", termMs: 9_000 })]);
    expect(scene.read(10_800, [row("own"), row("slow", { token: "b", termMs: 9_000 })]).kind).toBe("wait");
    expect(scene.read(10_904, [row("own"), row("slow", { token: "c", termMs: 9_000 })]).kind).toBe("fence");
  });
});

describe("another database", () => {
  test("leaves the act unconfirmed when the epoch has changed", () => {
    const scene = new Scene();
    scene.read(1_001, [row("own"), row("other")]);
    const own = { incarnation: "own2", epoch: "f", ackedSeq: 9 };
    expect(scene.decide({ own })).toEqual({ kind: "unconfirmed", because: "epoch-changed" });
  });

  test("leaves the act unconfirmed when the head is below its number", () => {
    expect(new Scene().read(1_001, [row("own")], 6)).toEqual({ kind: "unconfirmed", because: "change-lost" });
  });

  test("makes an act wait for the leases whose rows may have been lost", () => {
    const scene = new Scene();
    scene.decide({ epochSettlesAt: 1_900 });
    expect(scene.read(1_001, [row("own")])).toEqual({ kind: "wait", until: 1_900 });
    expect(scene.read(1_900, [row("own")])).toEqual(done(1));
  });

  test("nothing is said while this node is not in the cluster", () => {
    const scene = new Scene();
    scene.decide({ own: null });
    expect(scene.read(1_001, [row("other", { ackedSeq: 7 })])).toEqual({ kind: "wait", until: null });
  });
});

describe("the sight of an epoch", () => {
  test("at the start needs no wait on the first timeline, and a term on any other", () => {
    expect(seeEpoch(null, "id:00000001", 50, 1_000)).toEqual({
      epoch: "id:00000001",
      settlesAt: null,
      vouchesAt: null,
    });
    expect(seeEpoch(null, "id:00000002", 50, 1_000)).toEqual({
      epoch: "id:00000002",
      settlesAt: 1_150,
      vouchesAt: null,
    });
  });

  test("does not vouch for verifiers that may go on without a lease before their time is over as well", () => {
    expect(seeEpoch(null, "id:00000002", 50, 1_000, 500).vouchesAt).toBeCloseTo(1_150 + 550);
    const scene = new Scene();
    scene.decide({ epochSettlesAt: 900, epochVouchesAt: 1_500 });
    expect(scene.read(1_001, [row("own")])).toEqual(done(1, [], false));
    const later = new Scene();
    later.decide({ epochSettlesAt: 900, epochVouchesAt: 1_500 });
    expect(later.read(1_500, [row("own")])).toEqual(done(1));
  });

  test("needs a term from the first sight of every other one, by the longest term known", () => {
    const first = seeEpoch(null, "id:00000001", 0, 1_000);
    const second = seeEpoch(first, "new:00000001", 500, 2_000);
    expect(second).toEqual({ epoch: "new:00000001", settlesAt: 2_700, vouchesAt: null });
    expect(seeEpoch(second, "new:00000001", 900, 9_000)).toBe(second);
    expect(unsettledEpoch("e", 10, 1_000)).toEqual({ epoch: "e", settlesAt: 1_110, vouchesAt: null });
  });
});
