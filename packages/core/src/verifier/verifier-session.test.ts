import { describe, expect, test } from "vitest";
import {
  ackableSeq,
  countLeased,
  type Hello,
  holdingBack,
  isForgettable,
  lastDeadline,
  type NodeMessage,
  type NodeView,
  nextDeadline,
  openSession,
  recentLapses,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  stepSession,
  vouchedSeq,
  WIRE_LIMITS,
} from "../index.ts";

const TERM = 1_000;
/** When a lease of 900 ms given at 0 is surely over. */
const OVER = 990.1;
const EPOCH = "e";

/** One session at a node that has applied up to `node.applied` and holds a lease of its own. */
class Scene {
  state: SessionState | null = null;
  effects: readonly SessionEffect[] = [];
  node: NodeView = { now: 0, serverTime: 5_000_000, epoch: EPOCH, applied: 10, leaseMsLeft: 900, maxStaleMs: 0 };
  credentialLapses = 0;

  step(event: SessionEvent): this {
    if (this.state === null) {
      if (event.kind === "hello") [this.state, this.effects] = openSession(event);
    } else [this.state, this.effects] = stepSession(this.state, event);
    return this;
  }

  at(now: number, more: Partial<NodeView> = {}): this {
    this.node = { ...this.node, now, ...more };
    return this;
  }

  hello(
    changes: Partial<Hello> = {},
    more: { connection?: number; credential?: string; missed?: string[] | null } = {},
  ) {
    const message: Hello = {
      ...{ kind: "hello", versions: [1], session: "s".repeat(22), epoch: null, appliedSeq: 0, understands: [] },
      ...{ termMs: TERM, staleIfUnreachableMs: 0, name: "v", software: "test" },
      ...changes,
    };
    const { connection = 1, credential = "key_1", missed = null } = more;
    return this.step({ kind: "hello", connection, credential, message, missed, node: this.node });
  }

  renew(nonce: number, appliedSeq: number, { epoch = EPOCH, connection = 1 } = {}): this {
    const message = { kind: "renew", nonce, epoch, appliedSeq } as const;
    return this.step({ kind: "renew", connection, message, node: this.node, credentialLapses: this.credentialLapses });
  }

  ack(seq: number, { epoch = EPOCH, connection = 1 } = {}): this {
    return this.step({ kind: "ack", connection, message: { kind: "ack", epoch, seq }, now: this.node.now });
  }

  apply(seq: number, ...subjects: string[]): this {
    this.node = { ...this.node, applied: seq };
    return this.step({ kind: "applied", seq, subjects, now: this.node.now });
  }

  lose(connection = 1): this {
    return this.step({ kind: "disconnected", connection, now: this.node.now });
  }

  tick(now: number): this {
    return this.at(now).step({ kind: "tick", now });
  }

  sessions(): SessionState[] {
    return this.state === null ? [] : [this.state];
  }

  ackable(): number {
    return ackableSeq(this.sessions(), this.node.epoch ?? "", this.node.applied, this.node.now);
  }

  sent(): NodeMessage[] {
    return this.effects.flatMap((effect) => (effect.kind === "send" ? [effect.message] : []));
  }

  kinds(): string[] {
    return this.effects.map((effect) => (effect.kind === "send" ? effect.message.kind : effect.kind));
  }
}

/** Connected, all acknowledged, with a lease given at 0: its deadline is 990. */
const leased = (): Scene => new Scene().hello().renew(1, 10);

describe("greeting", () => {
  test("a new verifier begins at what is applied here, and holds nothing back before it has a lease", () => {
    const scene = new Scene().hello();
    expect(scene.effects).toEqual([
      { kind: "welcome", connection: 1, welcome: { version: 1, epoch: EPOCH, seq: 10, serverTime: 5_000_000 } },
    ]);
    expect(scene.apply(11, "key:a").kinds()).toEqual([]);
    expect(scene.ackable()).toBe(11);
  });

  test("one that comes back is caught up with what it missed, in one frame after WELCOME", () => {
    const scene = leased().lose().apply(11, "key:a").apply(12, "key:b");
    scene.hello({ epoch: EPOCH, appliedSeq: 10 }, { connection: 2, missed: ["key:a", "key:b"] });
    expect(scene.kinds()).toEqual(["welcome", "invalidate"]);
    expect(scene.sent()).toEqual([{ kind: "invalidate", after: 10, seq: 12, subjects: ["key:a", "key:b"] }]);
    expect(scene.ackable()).toBe(10);
    expect(scene.ack(12, { connection: 2 }).ackable()).toBe(12);
  });

  test.each([
    { what: "is not known", missed: null },
    { what: "is too much to tell", missed: new Array(WIRE_LIMITS.subjects + 1).fill("key:a") as string[] },
  ])("where what it missed $what, it is told to drop everything", ({ missed }) => {
    const scene = new Scene().hello({ epoch: EPOCH, appliedSeq: 3 }, { missed });
    expect(scene.sent()).toEqual([{ kind: "resync", epoch: EPOCH, seq: 10 }]);
  });

  test("one that has missed nothing is sent nothing", () => {
    expect(new Scene().hello({ epoch: EPOCH, appliedSeq: 10 }).kinds()).toEqual(["welcome"]);
  });

  test("one of another epoch is told of this one by WELCOME, and its numbers count for nothing", () => {
    const scene = new Scene().hello({ epoch: "old", appliedSeq: 99 });
    expect(scene.kinds()).toEqual(["welcome"]);
    expect(scene.state).toMatchObject({ acked: 0, claimed: 0, epoch: EPOCH });
  });

  test("a session of another credential can not be taken up, and goes on as if nothing had been tried", () => {
    const scene = leased();
    const before = scene.state;
    scene.hello({ epoch: EPOCH, appliedSeq: 10 }, { connection: 2, credential: "key_2" });
    expect(scene.sent()).toMatchObject([{ kind: "deny", reason: "session-taken" }]);
    expect(scene.effects.at(-1)).toEqual({ kind: "hang-up", connection: 2 });
    expect(scene.state).toEqual(before);
    expect(scene.ack(99, { connection: 2 }).state).toEqual(before);
  });

  test("a second connection takes the place of the first, which is closed and not heard any more", () => {
    const scene = leased().hello({ epoch: EPOCH, appliedSeq: 10 }, { connection: 2 });
    expect(scene.effects[0]).toEqual({ kind: "hang-up", connection: 1 });
    scene.apply(11, "key:a").ack(11, { connection: 1 }).lose(1);
    expect(scene.ackable()).toBe(10);
    expect(scene.state?.connection).toBe(2);
  });

  test("a version that nobody speaks here is told, with those that are", () => {
    const scene = new Scene().hello({ versions: [77] });
    expect(scene.sent()).toMatchObject([{ kind: "deny", reason: "unsupported-version", versions: [1] }]);
    expect(scene.state).toBeNull();
  });

  test("a node that is not in the cluster turns everybody away", () => {
    const scene = new Scene().at(0, { epoch: null }).hello();
    expect(scene.sent()).toMatchObject([{ kind: "deny", reason: "no-lease", nonce: null }]);
    expect(scene.state).toBeNull();
  });
});

describe("a lease", () => {
  test("is given for what is left of the node's own at most, in whole milliseconds", () => {
    const scene = new Scene().hello().at(0, { leaseMsLeft: 899.7 }).renew(1, 10);
    expect(scene.sent()).toEqual([
      { kind: "grant", nonce: 1, epoch: EPOCH, seq: 10, termMs: 899, staleMs: 0, serverTime: 5_000_000 },
    ]);
    expect(new Scene().hello().at(0, { leaseMsLeft: 9_000 }).renew(1, 10).sent()).toMatchObject([{ termMs: TERM }]);
  });

  test("holds back later changes until they are acknowledged, and no others", () => {
    const scene = leased().at(100).apply(11, "key:a");
    expect(scene.ackable()).toBe(10);
    expect(holdingBack(scene.sessions(), 11, 100)).toHaveLength(1);
    expect(holdingBack(scene.sessions(), 10, 100)).toHaveLength(0);
    expect(scene.ack(11).ackable()).toBe(11);
  });

  test("stands to its deadline, counted longer than its holder counts it, whatever becomes of the connection", () => {
    const scene = leased().lose().at(100).apply(11, "key:a");
    expect(scene.at(989.9).ackable()).toBe(10);
    expect(scene.at(OVER).ackable()).toBe(11);
    expect(countLeased(scene.sessions(), 989)).toBe(1);
    expect(countLeased(scene.sessions(), OVER)).toBe(0);
    expect(nextDeadline(scene.sessions(), 0)).toBeCloseTo(990);
    expect(lastDeadline(scene.sessions(), OVER)).toBeNull();
  });

  test("is never shortened by a later one that ends sooner", () => {
    const scene = leased().at(10, { leaseMsLeft: 20 }).renew(2, 10).at(100).apply(11, "key:a");
    expect(scene.ackable()).toBe(10);
    expect(lastDeadline(scene.sessions(), 100)).toBeCloseTo(990);
  });

  test("given after a change is usable only by who has applied it, so it does not hold the change back", () => {
    const scene = leased().at(100).apply(11, "key:a").at(200).renew(2, 10);
    expect(scene.sent()).toMatchObject([{ kind: "grant", seq: 11 }]);
    expect(scene.at(989).ackable()).toBe(10);
    expect(scene.at(OVER).ackable()).toBe(11);
  });

  test("is not given again while a frame from before the last one is not acknowledged", () => {
    const scene = leased().at(100).apply(11, "key:a").at(200).renew(2, 10).at(300).renew(3, 10);
    expect(scene.sent()).toMatchObject([{ kind: "deny", nonce: 3, reason: "unacknowledged" }]);
    expect(scene.at(310).ack(11).renew(4, 11).sent()).toMatchObject([{ kind: "grant", nonce: 4 }]);
    const other = leased().at(100).apply(11, "key:a").at(200).renew(2, 10).at(300).renew(3, 11);
    expect(other.sent()).toMatchObject([{ kind: "grant", nonce: 3 }]);
  });

  test.each([
    { what: "the node has none itself", node: { leaseMsLeft: 0 }, applied: 10, reason: "no-lease" },
    { what: "the node's own is as good as over", node: { leaseMsLeft: 0.5 }, applied: 10, reason: "no-lease" },
    { what: "the node is not in the cluster", node: { epoch: null }, applied: 10, reason: "no-lease" },
    { what: "the verifier is ahead of the node", node: {}, applied: 12, reason: "behind" },
  ])("is denied where $what", ({ node, applied, reason }) => {
    const scene = new Scene().hello().at(0, node).renew(1, applied);
    expect(scene.sent()).toMatchObject([{ kind: "deny", nonce: 1, reason }]);
    expect(countLeased(scene.sessions(), 0)).toBe(0);
  });

  test("holds back no change for longer than the node may, however often one renews that acknowledges nothing", () => {
    const patient = { patienceMs: TERM };
    const scene = leased().at(100).apply(11, "key:a");
    const granted = () => scene.sent().map((message) => (message.kind === "grant" ? message.termMs : message.kind));
    expect(scene.at(880, patient).renew(2, 10).ackable()).toBe(10);
    expect(granted()).toEqual([199]);
    // The new lease is for who has applied the change; what holds it back is the lease from before, to its end.
    expect(scene.tick(OVER - 1).ackable()).toBe(10);
    expect(scene.tick(OVER).ackable()).toBe(11);
    const late = leased().at(100).apply(11, "key:a").at(1_099.5, patient).renew(2, 10);
    expect(late.sent()).toMatchObject([{ kind: "deny", reason: "unacknowledged" }]);
    expect(late.ack(11).renew(3, 11).sent()).toMatchObject([{ kind: "grant", termMs: 900 }]);
  });

  test("is given to a verifier that was ahead once the node has caught up", () => {
    const scene = new Scene().hello({ epoch: EPOCH, appliedSeq: 12 }).renew(1, 12);
    expect(scene.sent()).toMatchObject([{ reason: "behind" }]);
    expect(scene.apply(12, "key:a").sent()).toEqual([{ kind: "invalidate", after: 10, seq: 12, subjects: ["key:a"] }]);
    expect(scene.renew(2, 12).sent()).toMatchObject([{ kind: "grant" }]);
  });

  test("ends with RELEASE, and the session with it", () => {
    const scene = leased().apply(11, "key:a").step({ kind: "release", connection: 1, now: 5 });
    expect(scene.effects).toEqual([{ kind: "ended" }]);
    expect(scene.ackable()).toBe(11);
    expect(scene.state !== null && isForgettable(scene.state, 5)).toBe(true);
  });

  test("of a process before this one under the same name stands to its end, whatever this one acknowledges or gives back", () => {
    const scene = leased().lose().hello({ epoch: null }, { connection: 2 }).at(50).renew(1, 10, { connection: 2 });
    scene.at(100).apply(11, "key:a").ack(11, { connection: 2 });
    expect(scene.ackable()).toBe(10);
    scene.step({ kind: "release", connection: 2, now: 110 });
    expect(scene.at(989).ackable()).toBe(10);
    expect(scene.at(OVER).ackable()).toBe(11);
  });

  test("many of them are remembered in bounded space, and the earliest still holds back", () => {
    const scene = leased();
    for (let seq = 11; seq < 200; seq += 1)
      scene
        .at(seq)
        .apply(seq, "key:a")
        .renew(seq, seq - 1);
    expect(scene.state?.grants.length).toBeLessThan(40);
    expect(leased().at(100).apply(11, "a").renew(2, 10).ackable()).toBe(10);
  });
});

describe("acknowledgements", () => {
  test("count only up to what was announced", () => {
    const scene = leased().ack(99).apply(11, "key:a");
    expect(scene.ackable()).toBe(10);
  });

  test("of another epoch count for nothing, in RENEW as well", () => {
    const scene = leased().apply(11, "key:a").ack(11, { epoch: "old" });
    expect(scene.ackable()).toBe(10);
    expect(scene.renew(2, 11, { epoch: "old" }).sent()).toMatchObject([{ kind: "deny", reason: "other-epoch" }]);
    expect(scene.ackable()).toBe(10);
  });

  test("are cumulative", () => {
    const scene = leased().apply(11, "key:a").ack(11).ack(10).apply(12, "key:b");
    expect(scene.ackable()).toBe(11);
  });
});

describe("invalidations", () => {
  test("go out one frame at a time; what comes meanwhile goes out together", () => {
    const scene = leased().apply(11, "key:a");
    expect(scene.sent()).toEqual([{ kind: "invalidate", after: 10, seq: 11, subjects: ["key:a"] }]);
    expect(scene.apply(12, "key:b").kinds()).toEqual([]);
    expect(scene.apply(13, "key:b", "key:c").kinds()).toEqual([]);
    expect(scene.ack(11).sent()).toEqual([
      { kind: "invalidate", after: 11, seq: 13, subjects: ["key:b", "key:b", "key:c"] },
    ]);
    expect(scene.ackable()).toBe(11);
    expect(scene.ack(13).ackable()).toBe(13);
  });

  test("go out to a verifier without a lease as well", () => {
    const scene = new Scene().hello({ epoch: EPOCH, appliedSeq: 10 }).apply(11, "key:a");
    expect(scene.kinds()).toEqual(["invalidate"]);
  });

  test("that pile up beyond a frame become RESYNC, and take bounded space until then", () => {
    const scene = leased().apply(11, "key:a");
    for (let seq = 12; seq < 12 + WIRE_LIMITS.subjects; seq += 1) scene.apply(seq, "key:same", `key:${seq % 50}`);
    expect(scene.state?.pending?.length).toBeLessThanOrEqual(WIRE_LIMITS.subjects);
    for (let n = 0; n <= WIRE_LIMITS.subjects; n += 1) scene.apply(20_000 + n, `key:x${n}`);
    expect(scene.state?.pending).toBeNull();
    expect(scene.ack(11).sent()).toEqual([{ kind: "resync", epoch: EPOCH, seq: 20_000 + WIRE_LIMITS.subjects }]);
  });

  test("told twice are sent once", () => {
    expect(
      leased()
        .apply(11, "key:a")
        .step({ kind: "applied", seq: 11, subjects: ["key:a"], now: 1 })
        .kinds(),
    ).toEqual([]);
  });
});

describe("a node that begins anew", () => {
  test("in another epoch: no number of before counts, neither of leases nor of acknowledgements", () => {
    const scene = leased();
    scene.at(100, { epoch: "f", applied: 4 }).step({ kind: "resync", epoch: "f", seq: 4, now: 100 });
    expect(scene.sent()).toEqual([{ kind: "resync", epoch: "f", seq: 4 }]);
    expect(scene.apply(5, "key:a").ackable()).toBe(0);
    expect(scene.ack(10, { epoch: EPOCH }).ackable()).toBe(0);
    expect(scene.ack(4, { epoch: "f" }).ackable()).toBe(4);
    expect(scene.ack(5, { epoch: "f" }).ackable()).toBe(5);
  });

  test("before a session was told of it, the session holds back everything", () => {
    const scene = leased().at(100, { epoch: "f", applied: 4 });
    expect(scene.ackable()).toBe(0);
    expect(scene.at(OVER).ackable()).toBe(4);
  });

  test("in the same epoch after a gap: everything is dropped, and earlier acknowledgements stand", () => {
    const scene = leased().at(100, { applied: 20 }).step({ kind: "resync", epoch: EPOCH, seq: 20, now: 100 });
    expect(scene.sent()).toEqual([{ kind: "resync", epoch: EPOCH, seq: 20 }]);
    expect(scene.ackable()).toBe(10);
    expect(scene.ack(20).ackable()).toBe(20);
  });

  test("under the same name, but with fewer changes: no number of before counts", () => {
    const scene = leased().at(100, { applied: 6 }).step({ kind: "resync", epoch: EPOCH, seq: 6, now: 100 });
    expect(scene.apply(7, "key:a").ackable()).toBe(0);
  });
});

describe("lapses", () => {
  /** A lease that is given at `from`, a change at once, and no word until it is over. */
  const lapse = (scene: Scene, from: number): Scene =>
    scene
      .at(from)
      .renew(from, scene.node.applied)
      .apply(scene.node.applied + 1, "key:a")
      .tick(from + 995);

  test("a lease that holds back a change to its end is one", () => {
    const scene = lapse(new Scene().hello(), 0);
    expect(scene.effects).toEqual([{ kind: "lapsed", seq: 10 }]);
    expect(recentLapses(scene.sessions(), "key_1", 1_000)).toBe(1);
    expect(recentLapses(scene.sessions(), "key_2", 1_000)).toBe(0);
    expect(scene.tick(5_000).effects).toEqual([]);
  });

  test("a lease that ends with nothing held back is none, nor one whose change came in its last moments", () => {
    expect(leased().tick(OVER).effects).toEqual([]);
    expect(leased().at(950).apply(11, "key:a").tick(OVER).effects).toEqual([]);
  });

  test("several leases that run out over the same change are one", () => {
    const scene = new Scene().hello().at(0).renew(1, 10).at(300).apply(11, "key:a").ack(11).renew(2, 11);
    scene.at(310).apply(12, "key:b");
    expect(scene.tick(995).kinds()).toEqual(["lapsed"]);
    expect(scene.tick(1_295).kinds()).toEqual([]);
    expect(recentLapses(scene.sessions(), "key_1", 1_300)).toBe(1);
    // Once it has spoken, the next is another.
    scene.ack(12).at(1_300).renew(3, 12).apply(13, "key:c");
    expect(scene.tick(2_400).kinds()).toEqual(["lapsed"]);
    expect(recentLapses(scene.sessions(), "key_1", 2_400)).toBe(2);
  });

  test("whoever always has another change to hold back gains nothing: each word begins anew", () => {
    const scene = new Scene().hello().at(0).renew(1, 10).apply(11, "key:a").at(10).apply(12, "key:b");
    expect(scene.tick(995).kinds()).toEqual(["lapsed"]);
    scene.at(1_000).ack(11).renew(2, 11).at(1_010).apply(13, "key:c");
    expect(scene.tick(2_400).kinds()).toEqual(["lapsed"]);
    expect(recentLapses(scene.sessions(), "key_1", 2_400)).toBe(2);
  });

  test("three of them within the window end in remote mode until the first is forgotten", () => {
    const scene = new Scene().hello();
    for (const from of [0, 2_000, 4_000]) {
      lapse(scene, from);
      scene.ack(scene.node.applied);
    }
    expect(scene.at(6_000).renew(9, scene.node.applied).sent()).toMatchObject([
      { kind: "deny", reason: "remote-mode", retryAfterMs: 594_995 },
    ]);
    expect(scene.at(601_000).renew(10, scene.node.applied).sent()).toMatchObject([{ kind: "grant" }]);
  });

  test("new sessions are no way out for a credential whose sessions lapse", () => {
    const scene = new Scene().hello();
    scene.credentialLapses = 12;
    expect(scene.renew(1, 10).sent()).toMatchObject([{ kind: "deny", reason: "remote-mode" }]);
  });

  test("who asks for a longer term than there is gains nothing", () => {
    const scene = new Scene().at(0, { patienceMs: TERM }).hello({ termMs: 60 * TERM });
    expect(lapse(scene, 0).kinds()).toEqual(["lapsed"]);
  });

  test("connecting anew does not hide one", () => {
    const scene = leased().at(10).apply(11, "key:a");
    scene.at(900).hello({ epoch: EPOCH, appliedSeq: 10 }, { connection: 2, missed: ["key:a"] });
    expect(scene.tick(OVER).kinds()).toEqual(["lapsed"]);
  });

  test("a session with lapses is remembered as long as they are", () => {
    const { state } = lapse(new Scene().hello(), 0).lose();
    expect(state !== null && isForgettable(state, 2_000)).toBe(false);
    expect(state !== null && isForgettable(state, 601_000)).toBe(true);
    const calm = leased().lose().tick(OVER).state;
    expect(calm !== null && isForgettable(calm, OVER)).toBe(true);
  });
});

describe("what a node can vouch for", () => {
  test("excludes those that may go on without a lease, though the node need not wait for them", () => {
    const scene = new Scene().at(0, { maxStaleMs: 2_000 }).hello({ staleIfUnreachableMs: 5_000 }).renew(1, 10);
    expect(scene.sent()).toMatchObject([{ kind: "grant", staleMs: 2_000 }]);
    scene.lose().at(100).apply(11, "key:a").tick(OVER);
    expect(scene.ackable()).toBe(11);
    const vouched = (now: number) => vouchedSeq(scene.sessions(), EPOCH, 11, now);
    expect(vouched(OVER)).toBe(10);
    expect(vouched(990 + 2_199)).toBe(10);
    expect(vouched(OVER + 2_200)).toBe(11);
    expect(scene.state !== null && isForgettable(scene.state, 1_000)).toBe(false);
  });

  test("is all that it acknowledges where nobody may go on without a lease", () => {
    const scene = leased().at(100).apply(11, "key:a");
    expect(vouchedSeq(scene.sessions(), EPOCH, 11, 100)).toBe(10);
    expect(vouchedSeq(scene.sessions(), EPOCH, 11, OVER)).toBe(11);
  });
});
