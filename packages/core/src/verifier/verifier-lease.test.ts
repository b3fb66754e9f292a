import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createRecentInvalidations,
  decisionTime,
  fillVerdict,
  type Moment,
  mayJoinLookup,
  type NodeMessage,
  newVerifier,
  nextTickAt,
  standingOf,
  stepVerifier,
  type VerifierEffect,
  type VerifierEvent,
  type VerifierMessage,
  type VerifierState,
  verifierClocksDisagree,
  verifierLeaseMsLeft,
} from "../index.ts";

const TERM = 1_000;
const SPAN = 898;
const EPOCH = "e";
const SERVER = 1_900_000_000_000;
const at = (ms: number): Moment => ({ mono: ms, wall: 1_700_000_000_000 + ms });

const OPTIONS = {
  session: "s".repeat(22),
  termMs: TERM,
  staleIfUnreachableMs: 0,
  understands: ["allowed-ips"],
  name: "v",
  software: "test",
};
const SETTINGS = { tagKeys: [], keyPrefix: "acme", environment: null };
const LIMITS = { frameBytes: 1, usageRows: 1, openLookups: 1 };

const welcome = (seq: number, epoch = EPOCH, serverTime = SERVER): NodeMessage => ({
  ...{ kind: "welcome", version: 1, epoch, seq, serverTime, node: "n", settings: SETTINGS, limits: LIMITS },
});
const grant = (nonce: number, seq: number, more: object = {}): NodeMessage => ({
  ...{ kind: "grant", nonce, epoch: EPOCH, seq, termMs: TERM, staleMs: 0, serverTime: SERVER },
  ...more,
});
const deny = (nonce: number | null, reason: "unacknowledged" | "no-lease" | "remote-mode" | "session-taken") =>
  ({ kind: "deny", nonce, reason, retryAfterMs: null, versions: [] }) as const;
const invalidate = (after: number, seq: number, ...subjects: string[]): NodeMessage => ({
  ...{ kind: "invalidate", after, seq, subjects },
});

/** A verifier and what it was told to do since the last look. */
class Scene {
  state: VerifierState;
  effects: VerifierEffect[] = [];

  constructor(options: Partial<typeof OPTIONS> = {}) {
    this.state = newVerifier({ ...OPTIONS, ...options });
  }

  step(...events: VerifierEvent[]): this {
    this.effects = [];
    for (const event of events) {
      const [next, effects] = stepVerifier(this.state, event);
      this.state = next;
      this.effects.push(...effects);
    }
    return this;
  }

  receive(ms: number, ...messages: NodeMessage[]): this {
    return this.step(
      ...messages.map(
        (message): VerifierEvent => ({ kind: "received", connection: this.state.connection, at: at(ms), message }),
      ),
    );
  }

  open(ms: number): this {
    return this.step({ kind: "connected", connection: this.state.connection, at: at(ms) });
  }

  lose(ms: number): this {
    return this.step({ kind: "disconnected", connection: this.state.connection, at: at(ms) });
  }

  tick(ms: number): this {
    return this.step({ kind: "tick", at: at(ms) });
  }

  sent(): VerifierMessage[] {
    return this.effects.flatMap((effect) => (effect.kind === "send" ? [effect.message] : []));
  }

  kinds(): string[] {
    return this.effects.map((effect) => (effect.kind === "send" ? effect.message.kind : effect.kind));
  }

  standing(ms: number): string {
    return standingOf(this.state, at(ms));
  }
}

/** Following since `ms`, everything up to `seq` applied, RENEW with nonce 1 sent at `ms`. */
const following = (seq = 10, ms = 0, options: Partial<typeof OPTIONS> = {}): Scene =>
  new Scene(options)
    .step({ kind: "started", at: at(ms) })
    .open(ms)
    .receive(ms, welcome(seq));
/** The same with a lease from `ms`. */
const leased = (seq = 10, ms = 0, options: Partial<typeof OPTIONS> = {}): Scene =>
  following(seq, ms, options).receive(ms + 5, grant(1, seq));

describe("greeting", () => {
  test("a start asks for a connection, its opening sends HELLO, and WELCOME begins at its number and asks for a lease", () => {
    const scene = new Scene().step({ kind: "started", at: at(0) });
    expect(scene.effects).toEqual([{ kind: "connect", connection: 1, delayMs: 0 }]);
    expect(scene.open(3).sent()).toMatchObject([
      { kind: "hello", epoch: null, appliedSeq: 0, session: OPTIONS.session },
    ]);
    scene.receive(5, welcome(10));
    expect(scene.effects).toEqual([
      { kind: "drop-everything", floor: 10, because: "joined" },
      { kind: "settings", settings: SETTINGS, seq: 10, limits: LIMITS },
      { kind: "send", connection: 1, message: { kind: "renew", nonce: 1, epoch: EPOCH, appliedSeq: 10 } },
    ]);
    expect(scene.state).toMatchObject({ phase: "following", applied: 10, epoch: EPOCH });
    expect(scene.standing(5)).toBe("none");
  });

  test("a reconnect keeps session, epoch, records and lease, and says what is applied", () => {
    const scene = leased().lose(100);
    expect(scene.effects).toEqual([{ kind: "connect", connection: 2, delayMs: 0 }]);
    expect(scene.open(110).sent()).toMatchObject([
      { kind: "hello", session: OPTIONS.session, epoch: EPOCH, appliedSeq: 10 },
    ]);
    scene.receive(120, welcome(14));
    expect(scene.kinds()).toEqual(["settings", "renew"]);
    expect(scene.state.applied).toBe(10);
    expect(scene.standing(200)).toBe("leased");
  });

  test("another epoch at a reconnect drops everything, leases as well", () => {
    const scene = leased().lose(100).open(110).receive(120, welcome(4, "f"));
    expect(scene.effects[0]).toEqual({ kind: "drop-everything", floor: 4, because: "epoch-changed" });
    expect(scene.state).toMatchObject({ epoch: "f", applied: 4, lease: null });
    expect(scene.standing(121)).toBe("none");
  });

  test("connections that come to nothing are tried again ever more slowly, and no slower than a bound", () => {
    const scene = new Scene().step({ kind: "started", at: at(0) });
    const delays = Array.from({ length: 12 }, () => {
      const [effect] = scene.lose(0).effects;
      return effect?.kind === "connect" ? effect.delayMs : -1;
    });
    expect(delays.slice(0, 4)).toEqual([100, 200, 400, 800]);
    expect(delays.at(-1)).toBe(5_000);
  });

  test("a node that answers HELLO with nothing for a term is given up", () => {
    const scene = new Scene().step({ kind: "started", at: at(0) }).open(10);
    expect(nextTickAt(scene.state)).toBe(10 + TERM);
    expect(scene.tick(10 + TERM - 1).effects).toEqual([]);
    expect(scene.tick(10 + TERM).kinds()).toEqual(["disconnect", "connect"]);
  });

  test("a refusal for good ends it: nothing is held, nothing is tried again", () => {
    const scene = new Scene()
      .step({ kind: "started", at: at(0) })
      .open(0)
      .receive(1, deny(null, "session-taken"));
    expect(scene.kinds()).toEqual(["drop-everything", "disconnect", "give-up"]);
    expect(scene.lose(2).effects).toEqual([]);
    const rejected = leased().step({ kind: "rejected", connection: 1, reason: "credential-refused" });
    expect(rejected.standing(10)).toBe("none");
  });

  test("a node of another version is left for another, and the caller told what it speaks", () => {
    const answers = [
      { ...welcome(1), version: 99 } as NodeMessage,
      { ...deny(null, "no-lease"), reason: "unsupported-version", versions: [99] } as NodeMessage,
    ];
    for (const answer of answers) {
      const scene = new Scene()
        .step({ kind: "started", at: at(0) })
        .open(0)
        .receive(1, answer);
      expect(scene.effects[0]).toEqual({ kind: "unsupported", versions: [99] });
      expect(scene.kinds()).toEqual(["unsupported", "disconnect", "connect"]);
      expect(scene.standing(10)).toBe("none");
    }
  });

  test("a node without a lease of its own is left for another", () => {
    const scene = new Scene().step({ kind: "started", at: at(0) }).open(0);
    expect(scene.receive(1, deny(null, "no-lease")).kinds()).toEqual(["disconnect", "connect"]);
  });
});

describe("a lease", () => {
  test("counts from before RENEW was sent, less the drift and a margin, by either clock", () => {
    const scene = following().receive(500, grant(1, 10));
    expect(scene.standing(SPAN - 0.1)).toBe("leased");
    expect(scene.standing(SPAN)).toBe("none");
    expect(standingOf(scene.state, { mono: 10, wall: at(SPAN).wall })).toBe("none");
    expect(standingOf(scene.state, { mono: SPAN, wall: at(-9_000).wall })).toBe("none");
    expect(standingOf(scene.state, { mono: 10, wall: at(-9_000).wall })).toBe("leased");
    expect(verifierLeaseMsLeft(scene.state, at(98))).toBe(800);
    expect(verifierLeaseMsLeft(scene.state, { mono: 98, wall: at(SPAN).wall })).toBe(0);
  });

  test("lasts as long as was granted, not as was asked for", () => {
    const scene = following().receive(1, grant(1, 10, { termMs: 100 }));
    expect(scene.standing(87)).toBe("leased");
    expect(scene.standing(88)).toBe("none");
  });

  test("is not used before everything up to its number is applied", () => {
    const scene = following().receive(5, grant(1, 12));
    expect(scene.standing(6)).toBe("none");
    expect(scene.receive(7, invalidate(10, 11, "key:a")).standing(8)).toBe("none");
    expect(scene.receive(9, invalidate(11, 12, "key:b")).standing(10)).toBe("leased");
    expect(scene.standing(SPAN)).toBe("none");
  });

  test("for a RENEW of this connection alone: an answer to nothing, or to one from before, is no lease", () => {
    expect(following().receive(5, grant(2, 10)).standing(6)).toBe("none");
    const scene = following().lose(10).open(11).receive(12, welcome(10));
    expect(scene.receive(13, grant(1, 10)).standing(14)).toBe("none");
    expect(scene.receive(13, grant(2, 10)).standing(14)).toBe("leased");
  });

  test("of another epoch is none", () => {
    expect(
      following()
        .receive(5, grant(1, 10, { epoch: "f" }))
        .standing(6),
    ).toBe("none");
  });

  test("is not shortened by one that ends sooner, unless it is over or the clocks have run apart", () => {
    const scene = leased().tick(400);
    expect(scene.sent()).toMatchObject([{ kind: "renew", nonce: 2 }]);
    scene.receive(410, grant(2, 10, { termMs: 50 }));
    expect(scene.standing(SPAN - 1)).toBe("leased");
    const stepped = leased().step({ kind: "tick", at: { mono: 400, wall: at(-5_000).wall } });
    stepped.step({
      ...{ kind: "received", connection: 1, at: { mono: 410, wall: at(-4_990).wall } },
      message: grant(2, 10, { termMs: 50 }),
    });
    expect(standingOf(stepped.state, { mono: 420, wall: at(-4_980).wall })).toBe("leased");
    expect(standingOf(stepped.state, { mono: 450, wall: at(-4_950).wall })).toBe("none");
  });

  test("is asked for again after a third of it, and at once when the clocks have run apart", () => {
    const scene = leased();
    expect(nextTickAt(scene.state)).toBeCloseTo(TERM / 3);
    expect(scene.tick(330).effects).toEqual([]);
    expect(scene.tick(334).sent()).toMatchObject([{ kind: "renew", nonce: 2, appliedSeq: 10 }]);
    const apart = { mono: 100, wall: at(300).wall };
    expect(verifierClocksDisagree(leased().state, apart)).toBe(true);
    expect(leased().step({ kind: "tick", at: apart }).kinds()).toEqual(["renew"]);
  });

  test("that nobody answers for a term is asked for elsewhere", () => {
    const scene = leased().tick(400);
    expect(scene.tick(1_399).kinds()).toEqual(["renew"]);
    expect(scene.tick(1_400).kinds()).toEqual(["disconnect", "connect"]);
  });

  test("outlives its connection, and is over in time without one", () => {
    const scene = leased().lose(100);
    expect(scene.standing(SPAN - 1)).toBe("leased");
    expect(scene.standing(SPAN)).toBe("none");
  });

  test("is given back only after nothing is decided on it any more", () => {
    const scene = leased().step({ kind: "closed" });
    expect(scene.kinds()).toEqual(["drop-everything", "release", "disconnect"]);
    expect(scene.standing(10)).toBe("none");
    expect(scene.receive(11, grant(1, 10)).effects).toEqual([]);
    expect(scene.standing(11)).toBe("none");
  });
});

describe("invalidations", () => {
  test("are applied before they are acknowledged", () => {
    const scene = leased().receive(20, invalidate(10, 12, "key:a", "plan:p"));
    expect(scene.effects).toEqual([
      { kind: "drop-subjects", seq: 12, subjects: ["key:a", "plan:p"] },
      { kind: "send", connection: 1, message: { kind: "ack", epoch: EPOCH, seq: 12 } },
    ]);
    expect(scene.state.applied).toBe(12);
  });

  test("one that leaves a gap drops everything, and the gap with it", () => {
    const scene = leased().receive(20, invalidate(11, 12, "key:a"));
    expect(scene.effects[0]).toEqual({ kind: "drop-everything", floor: 12, because: "gap" });
    expect(scene.sent()).toEqual([{ kind: "ack", epoch: EPOCH, seq: 12 }]);
    expect(scene.standing(21)).toBe("leased");
  });

  test("of a node that is behind lower nothing, and still drop their subjects", () => {
    const scene = leased(12).receive(20, invalidate(9, 11, "key:a"));
    expect(scene.effects[0]).toEqual({ kind: "drop-subjects", seq: 11, subjects: ["key:a"] });
    expect(scene.sent()).toEqual([{ kind: "ack", epoch: EPOCH, seq: 12 }]);
    expect(scene.state.applied).toBe(12);
  });

  test("come to a verifier without a lease as well", () => {
    expect(
      following()
        .receive(20, invalidate(10, 11, "key:a"))
        .kinds(),
    ).toEqual(["drop-subjects", "ack"]);
  });

  test.each([8, 10, 15])("RESYNC to %i in the epoch drops everything, and what is applied never falls", (seq) => {
    const scene = leased().receive(20, { kind: "resync", epoch: EPOCH, seq });
    const applied = Math.max(10, seq);
    expect(scene.effects[0]).toEqual({ kind: "drop-everything", floor: applied, because: "resync" });
    expect(scene.sent()).toEqual([{ kind: "ack", epoch: EPOCH, seq: applied }]);
    expect(scene.standing(21)).toBe("leased");
  });

  test("RESYNC to another epoch takes the lease as well, and a grant from before it counts for nothing", () => {
    const scene = leased().tick(400).receive(410, { kind: "resync", epoch: "f", seq: 3 });
    expect(scene.effects[0]).toEqual({ kind: "drop-everything", floor: 3, because: "epoch-changed" });
    expect(scene.sent()).toEqual([
      { kind: "ack", epoch: "f", seq: 3 },
      { kind: "renew", nonce: 3, epoch: "f", appliedSeq: 3 },
    ]);
    expect(scene.receive(411, grant(2, 3)).standing(412)).toBe("none");
    expect(scene.receive(413, grant(3, 3, { epoch: "f" })).standing(414)).toBe("leased");
  });

  test("what cannot be read may have been one: the connection is given up, nothing is acknowledged", () => {
    const scene = leased().step({ kind: "unreadable", connection: 1, at: at(20) });
    expect(scene.kinds()).toEqual(["disconnect", "connect"]);
  });

  test("of an earlier connection count for nothing", () => {
    const scene = leased().lose(10).open(11).receive(12, welcome(10));
    const late: VerifierEvent = { kind: "received", connection: 1, at: at(13), message: invalidate(10, 11, "key:a") };
    expect(scene.step(late).effects).toEqual([]);
    expect(scene.state.applied).toBe(10);
  });
});

describe("records that arrive", () => {
  const ring = (floor: number, ...notes: [number, string][]) => {
    const recent = createRecentInvalidations(100);
    recent.reset(floor);
    for (const [seq, subject] of notes) recent.note(seq, [subject]);
    return recent;
  };
  const fill = (changes: object = {}) => ({
    ...{ generation: 1, asOfSeq: 10, subjects: ["key:a", "account:x"], conditions: [], own: true },
    ...changes,
  });

  test("are kept under a lease, if nothing that was heard of has touched them since", () => {
    const { state } = leased();
    expect(fillVerdict(state, fill(), ring(10), at(20))).toBe("keep");
    expect(fillVerdict(state, fill(), ring(10, [11, "key:b"]), at(20))).toBe("keep");
    expect(fillVerdict(state, fill(), ring(9, [10, "key:a"]), at(20))).toBe("keep");
    expect(fillVerdict(state, fill(), ring(10, [11, "account:x"]), at(20))).toBe("again");
    expect(fillVerdict(state, fill({ asOfSeq: 9 }), ring(10), at(20))).toBe("again");
  });

  test("from before everything was dropped are asked for anew", () => {
    const { state } = leased().receive(20, { kind: "resync", epoch: "f", seq: 3 });
    expect(fillVerdict(state, fill({ asOfSeq: 100 }), ring(3), at(21))).toBe("again");
  });

  test("without a lease serve only the verification that asked itself", () => {
    const { state } = leased();
    expect(fillVerdict(state, fill(), ring(10), at(SPAN))).toBe("use-once");
    expect(fillVerdict(state, fill({ own: false }), ring(10), at(SPAN))).toBe("none");
    expect(fillVerdict(leased().step({ kind: "closed" }).state, fill(), ring(10), at(20))).toBe("none");
  });

  test("with a condition that is not understood here are not decided on", () => {
    expect(fillVerdict(leased().state, fill({ conditions: ["allowed-ips", "time-of-day"] }), ring(10), at(20))).toBe(
      "ask",
    );
  });

  test("a look-up is joined only under a lease, and only since the last drop", () => {
    const scene = leased();
    expect(mayJoinLookup(scene.state, 1, at(20))).toBe(true);
    expect(mayJoinLookup(scene.state, 0, at(20))).toBe(false);
    expect(mayJoinLookup(scene.state, 1, at(SPAN))).toBe(false);
  });
});

describe("remote mode", () => {
  test("is entered when told so and left with the next lease", () => {
    const scene = leased()
      .tick(400)
      .receive(410, { ...deny(2, "remote-mode"), retryAfterMs: 60_000 });
    expect(scene.effects).toEqual([{ kind: "mode", mode: "remote", because: "remote-mode" }]);
    expect(scene.tick(5_000).effects).toEqual([]);
    expect(scene.tick(60_410).kinds()).toEqual(["renew"]);
    expect(scene.receive(60_420, grant(3, 10)).effects).toEqual([{ kind: "mode", mode: "local", because: null }]);
    expect(scene.standing(60_430)).toBe("leased");
  });

  test("is entered after denials in a row for want of acknowledgement", () => {
    const scene = following();
    const modes: string[] = [];
    for (let nonce = 1; nonce <= 5; nonce += 1) {
      modes.push(...scene.receive(nonce * 400, deny(nonce, "unacknowledged")).kinds());
      scene.tick(nonce * 400 + 399);
    }
    expect(modes).toEqual(["mode"]);
    expect(scene.state.mode).toBe("remote");
  });

  test("is not entered because the node has no lease", () => {
    const scene = following();
    for (let nonce = 1; nonce <= 9; nonce += 1)
      scene.receive(nonce * 400, deny(nonce, "no-lease")).tick(nonce * 400 + 399);
    expect(scene.state.mode).toBe("local");
  });
});

describe("staleIfUnreachable", () => {
  const stale = () => following(10, 0, { staleIfUnreachableMs: 2_000 }).receive(5, grant(1, 10, { staleMs: 2_000 }));

  test("goes on for as long as was granted where nobody can be reached, and is off by default", () => {
    const scene = stale().lose(500);
    expect(scene.standing(SPAN - 1)).toBe("leased");
    expect(scene.standing(SPAN)).toBe("stale");
    expect(scene.standing(SPAN + 1_799)).toBe("stale");
    expect(scene.standing(SPAN + 1_801)).toBe("none");
    expect(leased().lose(500).standing(SPAN)).toBe("none");
  });

  test("goes on where the node has lost the database, or does not answer", () => {
    expect(stale().tick(400).receive(410, deny(2, "no-lease")).standing(SPAN)).toBe("stale");
    expect(stale().tick(400).standing(SPAN)).toBe("stale");
  });

  test("is not for who was denied for its own sake, nor for who has not asked", () => {
    expect(stale().tick(400).receive(410, deny(2, "unacknowledged")).lose(420).standing(SPAN)).toBe("none");
    expect(stale().standing(SPAN)).toBe("none");
  });

  test("ends with another epoch", () => {
    expect(stale().lose(500).open(510).receive(520, welcome(10, "f")).lose(530).standing(SPAN)).toBe("none");
  });
});

describe("the time that expiry is decided by", () => {
  test("is the node's at the last grant and what has passed since, whatever the own wall clock says", () => {
    const scene = following().receive(300, grant(1, 10, { serverTime: SERVER + 150 }));
    const now = decisionTime(scene.state, at(450)) ?? 0;
    expect(now).toBeGreaterThanOrEqual(SERVER + 150 + 450);
    expect(now).toBeLessThan(SERVER + 150 + 450 * 1.25);
    expect(decisionTime(new Scene().state, at(0))).toBeNull();
  });

  test("counts the clock that says more: a machine that slept, a wall clock that was set back", () => {
    const { state } = leased();
    const awake = decisionTime(state, at(500)) ?? 0;
    expect(decisionTime(state, { mono: 10, wall: at(500).wall })).toBe(awake);
    expect(decisionTime(state, { mono: 500, wall: at(-99_999).wall })).toBe(awake);
  });

  test("is never earlier than the node's clock, within the drift of both", () => {
    const drift = fc.double({ min: 0.9, max: 1.1, noNaN: true });
    fc.assert(
      fc.property(drift, drift, fc.nat(400), fc.nat(400), fc.nat(4_000), (own, nodes, there, back, later) => {
        // Real time: RENEW at 0, the node's clock read at `there`, the answer at `there + back`, the verdict after that.
        const serverTime = Math.floor(SERVER + there * nodes);
        const clock = (ms: number): Moment => at(ms * own);
        const scene = following();
        scene.step({ kind: "received", connection: 1, at: clock(there + back), message: grant(1, 10, { serverTime }) });
        const verdictAt = there + back + later;
        const nodesNow = Math.floor(SERVER + verdictAt * nodes);
        expect(decisionTime(scene.state, clock(verdictAt))).toBeGreaterThanOrEqual(nodesNow);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("for every sequence of events", () => {
  const seq = fc.nat(8);
  const nonce = fc.nat(6);
  const epoch = fc.constantFrom(EPOCH, "f");
  const message: fc.Arbitrary<NodeMessage> = fc.oneof(
    fc.tuple(seq, epoch).map(([at, name]) => welcome(at, name)),
    fc.tuple(nonce, seq, epoch).map(([n, s, name]) => grant(n, s, { epoch: name })),
    fc
      .tuple(nonce, fc.constantFrom("unacknowledged", "no-lease", "remote-mode"))
      .map(([n, reason]) => deny(n, reason as "no-lease")),
    fc.tuple(seq, seq).map(([after, s]) => invalidate(after, s, "key:a")),
    fc.tuple(epoch, seq).map(([name, s]) => ({ kind: "resync", epoch: name, seq: s }) as const),
  );
  const moment = fc.nat(3_000).map(at);
  const connection = fc.integer({ min: 1, max: 4 });
  const event: fc.Arbitrary<VerifierEvent> = fc.oneof(
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("started" as const), at: moment }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("connected" as const), connection, at: moment }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("disconnected" as const), connection, at: moment }) },
    { weight: 12, arbitrary: fc.record({ kind: fc.constant("received" as const), connection, at: moment, message }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("tick" as const), at: moment }) },
  );

  test("what is applied never falls within an epoch; leaving one drops everything; no ACK says more than is applied", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const scene = new Scene().step({ kind: "started", at: at(0) });
        for (const each of events) {
          const before = scene.state;
          scene.step(each);
          const { state } = scene;
          if (before.epoch === state.epoch) expect(state.applied).toBeGreaterThanOrEqual(before.applied);
          if (before.epoch !== state.epoch) {
            expect(scene.kinds()).toContain("drop-everything");
            expect(state.lease).toBeNull();
          }
          if (scene.kinds().includes("drop-everything")) expect(state.generation).toBeGreaterThan(before.generation);
          for (const sent of scene.sent()) {
            if (sent.kind === "ack") expect(sent).toEqual({ kind: "ack", epoch: state.epoch, seq: state.applied });
          }
          if (state.lease !== null) expect(state.lease.seq).toBeLessThanOrEqual(state.applied);
          const acked = scene.effects.findIndex((effect) => effect.kind === "send" && effect.message.kind === "ack");
          const dropped = scene.effects.findIndex((effect) => effect.kind.startsWith("drop-"));
          if (acked !== -1) expect(dropped).toBeLessThan(acked);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("what it remembers is bounded, whatever a node sends", () => {
    const scene = leased();
    for (let n = 0; n < 500; n += 1) scene.tick(n * 60).receive(n * 60 + 1, grant(scene.state.lastNonce, 1_000 + n));
    expect(scene.state.waiting.length).toBeLessThan(50);
    expect(scene.state.renewals.length).toBeLessThan(50);
  });
});
