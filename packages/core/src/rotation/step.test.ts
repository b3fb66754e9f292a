import { describe, expect, test } from "vitest";
import { type GraceStart, type RotatingKey, type Rotation, versionWorks } from "./rotation.ts";
import { MOST_WORKING_VERSIONS, type RotationEffect, type RotationEvent, stepRotation, takesAway } from "./step.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 0, 1);

const fresh = (expiresAt: number | null = null): RotatingKey => ({
  ...{ revoked: false, expiresAt, current: 1, newest: 1, rotation: null },
  versions: [{ version: 1, endsAt: null, ended: false }],
});

const rotate = (more: Partial<Extract<RotationEvent, { type: "rotate" }>> = {}): RotationEvent => ({
  ...{ type: "rotate", kind: "guided", overlapMs: 72 * HOUR, graceStarts: "now", longestMs: 168 * HOUR },
  ...{ expiresAt: null, currentInUse: false, ...more },
});

/** The state after these, each at its time. */
function after(key: RotatingKey, ...events: readonly (readonly [event: RotationEvent, at: number])[]) {
  let state = key;
  let effects: readonly RotationEffect[] = [];
  for (const [event, at] of events) [state, effects] = stepRotation(state, event, at);
  return { state, effects, rotation: state.rotation as Rotation };
}

const working = (key: RotatingKey, at: number): number[] =>
  key.versions.map(({ version }) => version).filter((version) => versionWorks(key, version, at));
const news = (effects: readonly RotationEffect[]): string[] =>
  effects.flatMap((effect) => (effect.do === "tell" ? [effect.news] : []));

describe("a guided rotation (D4)", () => {
  test("has both versions work until the old one ends by itself, confirmed or not, to the millisecond", () => {
    const { state, rotation } = after(fresh(), [rotate(), T0]);
    expect(rotation).toMatchObject({ from: 1, to: 2, phase: "issued", oldEndsAt: T0 + 72 * HOUR });
    expect(working(state, T0 + 72 * HOUR - 1)).toEqual([1, 2]);
    expect(working(state, T0 + 72 * HOUR)).toEqual([2]);
    const late = after(state, [{ type: "tick" }, T0 + 73 * HOUR]);
    expect(late.rotation).toMatchObject({ phase: "done", endedAt: T0 + 72 * HOUR });
    expect(news(late.effects)).toEqual(["rotation.finished"]);
  });

  test.each([
    [
      ["used", "confirm"],
      ["seen", "retiring"],
    ],
    [
      ["confirm", "used"],
      ["confirmed", "retiring"],
    ],
  ] as const)("goes by %j through %j", (events, phases) => {
    let { state } = after(fresh(), [rotate(), T0]);
    for (const [index, type] of events.entries()) {
      [state] = stepRotation(state, { type }, T0 + index + 1);
      expect(state.rotation?.phase).toBe(phases[index]);
    }
  });

  test.each([
    ["first-use", "used"],
    ["confirm", "confirm"],
  ] as const)(
    "whose grace starts at %s counts from then, and ends at its last date if that never comes",
    (graceStarts, type) => {
      const started = after(fresh(), [rotate({ graceStarts, overlapMs: 24 * HOUR }), T0]);
      expect(started.rotation).toMatchObject({ oldEndsAt: T0 + 168 * HOUR, lastDate: T0 + 168 * HOUR });
      const begun = after(started.state, [{ type }, T0 + 10 * HOUR]);
      expect(begun.rotation.oldEndsAt).toBe(T0 + 34 * HOUR);
      expect(takesAway(begun.effects)).toBe(true);
      expect(after(started.state, [{ type }, T0 + 160 * HOUR]).rotation.oldEndsAt).toBe(T0 + 168 * HOUR);
      expect(working(started.state, T0 + 168 * HOUR)).toEqual([2]);
    },
  );

  test("with no overlap after its first use ends the old version then, as ended and not at a time", () => {
    const { state, rotation } = after(
      fresh(),
      [rotate({ graceStarts: "first-use", overlapMs: 0 }), T0],
      [{ type: "used" }, T0 + HOUR],
    );
    expect(state.versions[0]).toMatchObject({ version: 1, ended: true });
    expect(rotation).toMatchObject({ phase: "done", seenAt: T0 + HOUR });
  });

  test("is extended up to its last date and not beyond", () => {
    const { state } = after(fresh(), [rotate(), T0]);
    expect(after(state, [{ type: "extend", byMs: 96 * HOUR }, T0 + 1]).rotation.oldEndsAt).toBe(T0 + 168 * HOUR);
    const [same, effects] = stepRotation(state, { type: "extend", byMs: 96 * HOUR + 1 }, T0 + 1);
    expect([same, effects]).toEqual([state, [{ do: "refuse", why: "beyond-last-date" }]]);
  });

  test("that is cancelled leaves the key as it was, and its number is not used again", () => {
    const before = fresh(T0 + 30 * DAY);
    const { state } = after(
      before,
      [rotate({ expiresAt: T0 + 90 * DAY }), T0],
      [{ type: "cancel", latest: null }, T0 + 1],
    );
    expect(working(state, T0 + 29 * DAY)).toEqual([1]);
    expect(state).toMatchObject({ current: 1, newest: 2, expiresAt: before.expiresAt });
    expect(after(state, [rotate(), T0 + 2]).rotation).toMatchObject({ from: 1, to: 3 });
  });

  test("that is cancelled keeps an expiry that the key was given meanwhile", () => {
    const { state } = after(fresh(T0 + 30 * DAY), [rotate({ expiresAt: T0 + 90 * DAY }), T0]);
    const changed = { ...state, expiresAt: T0 + 20 * DAY };
    expect(after(changed, [{ type: "cancel", latest: null }, T0 + 1]).state.expiresAt).toBe(T0 + 20 * DAY);
  });

  test.each([
    { prior: null, latest: T0 + 40 * DAY, expires: T0 + 40 * DAY },
    { prior: T0 + 60 * DAY, latest: T0 + 40 * DAY, expires: T0 + 40 * DAY },
    { prior: T0 + 30 * DAY, latest: T0 + 40 * DAY, expires: T0 + 30 * DAY },
  ])("that is cancelled gives back no later expiry than the latest: %j", ({ prior, latest, expires }) => {
    const { state } = after(fresh(prior), [rotate({ expiresAt: T0 + 10 * DAY }), T0]);
    expect(after(state, [{ type: "cancel", latest }, T0 + 1]).state).toMatchObject({ current: 1, expiresAt: expires });
    const changed = { ...state, expiresAt: T0 + 50 * DAY };
    expect(after(changed, [{ type: "cancel", latest }, T0 + 1]).state.expiresAt).toBe(latest);
  });

  test("gives nothing back to what had expired: the new version alone works", () => {
    const expired = fresh(T0 - 1);
    const { state, rotation, effects } = after(expired, [rotate({ expiresAt: T0 + DAY }), T0]);
    expect(working(state, T0)).toEqual([2]);
    expect(rotation.phase).toBe("done");
    expect(news(effects)).toEqual(["rotation.started", "rotation.finished"]);
    expect(stepRotation(expired, rotate({ expiresAt: T0 }), T0)[1]).toEqual([{ do: "refuse", why: "key-expired" }]);
  });

  test("does not let the old version outlive the expiry that its key had", () => {
    const { state, rotation } = after(fresh(T0 + HOUR), [rotate({ expiresAt: T0 + 90 * DAY }), T0]);
    expect(rotation.oldEndsAt).toBe(T0 + HOUR);
    expect(working(state, T0 + HOUR)).toEqual([2]);
  });
});

describe("superseded by a newer rotation", () => {
  test("a new version that was not seen in use gives way and works on for the overlap, as somebody may use it; the old one is rotated anew", () => {
    const { state, rotation, effects } = after(fresh(), [rotate(), T0], [rotate(), T0 + HOUR]);
    expect(rotation).toMatchObject({ from: 1, to: 3, oldEndsAt: T0 + 73 * HOUR });
    expect(news(effects)).toEqual(["rotation.cancelled", "rotation.started"]);
    expect(working(state, T0 + 73 * HOUR - 1)).toEqual([1, 2, 3]);
    expect(working(state, T0 + 73 * HOUR)).toEqual([3]);
    expect(working(after(state, [{ type: "finish" }, T0 + HOUR + 1]).state, T0 + HOUR + 1)).toEqual([3]);
    expect(working(after(state, [{ type: "cancel", latest: null }, T0 + HOUR + 1]).state, T0 + 73 * HOUR)).toEqual([1]);
  });

  test("one that gave way lives as long as the key that it was issued for, and no later expiry brings it back", () => {
    const first = after(fresh(T0 + 2 * HOUR), [rotate({ expiresAt: T0 + 90 * DAY }), T0]).state;
    const second = after(first, [rotate({ expiresAt: T0 + 90 * DAY }), T0 + HOUR]).state;
    expect(working(second, T0 + 2 * HOUR)).toEqual([2, 3]);
    const third = after(second, [rotate({ expiresAt: T0 + 90 * DAY }), T0 + HOUR + 1]).state;
    expect(working(third, T0 + 73 * HOUR - 1)).toEqual([2, 3, 4]);
    const cut = { ...second, expiresAt: T0 + 3 * HOUR };
    const { state } = after(cut, [rotate({ expiresAt: T0 + 90 * DAY }), T0 + 3 * HOUR]);
    expect(working(state, T0 + 3 * HOUR)).toEqual([4]);
  });

  test("so many versions work at a time and no more, until they are ended or an emergency ends them", () => {
    let state = fresh();
    for (let turn = 1; turn < MOST_WORKING_VERSIONS; turn += 1) [state] = stepRotation(state, rotate(), T0 + turn);
    expect(working(state, T0 + 100)).toHaveLength(MOST_WORKING_VERSIONS);
    expect(stepRotation(state, rotate(), T0 + 100)).toEqual([state, [{ do: "refuse", why: "too-many-versions" }]]);
    const { state: finished } = after(state, [{ type: "finish" }, T0 + 100]);
    for (const [key, event] of [
      [state, rotate({ kind: "emergency" })],
      [finished, rotate()],
    ] as const) {
      expect(after(key, [event, T0 + 101]).state.newest).toBe(MOST_WORKING_VERSIONS + 1);
    }
    expect(after(state, [rotate(), T0 + 74 * HOUR]).state.newest).toBe(MOST_WORKING_VERSIONS + 1);
  });

  test.each([{ seen: true }, { seen: false }])(
    "one that is in use becomes the old version, and what it replaced keeps its end: %j",
    ({ seen }) => {
      const first = after(fresh(), [rotate(), T0], ...(seen ? ([[{ type: "used" }, T0 + 1]] as const) : [])).state;
      const { state, rotation, effects } = after(first, [rotate({ currentInUse: !seen }), T0 + HOUR]);
      expect(rotation).toMatchObject({ from: 2, to: 3 });
      expect(working(state, T0 + HOUR)).toEqual([1, 2, 3]);
      expect(working(state, T0 + 72 * HOUR)).toEqual([2, 3]);
      expect(working(state, T0 + 73 * HOUR)).toEqual([3]);
      expect(news(effects)).toEqual(["rotation.cancelled", "rotation.started"]);
    },
  );

  test("a version that is still retiring is not brought back by a later expiry of its key", () => {
    const first = after(fresh(T0 + 10 * DAY), [rotate({ expiresAt: T0 + 10 * DAY, overlapMs: 168 * HOUR }), T0]);
    const cut = { ...first.state, expiresAt: T0 + DAY };
    const { state } = after(cut, [rotate({ currentInUse: true, expiresAt: T0 + 90 * DAY }), T0 + 2 * DAY]);
    expect(working(state, T0 + 2 * DAY)).toEqual([3]);
  });
});

describe("an emergency (D6)", () => {
  test("issues the new version before it ends every older one", () => {
    const three = after(fresh(), [rotate(), T0], [{ type: "used" }, T0 + 1], [rotate(), T0 + 2]).state;
    const { state, effects, rotation } = after(three, [rotate({ kind: "emergency", currentInUse: true }), T0 + 3]);
    expect(working(state, T0 + 3)).toEqual([4]);
    expect(rotation).toMatchObject({ kind: "emergency", phase: "done", overlapMs: 0, oldEndsAt: T0 + 3 });
    const acts = effects.filter((effect) => effect.do === "issue" || effect.do === "end").map((effect) => effect.do);
    expect(acts).toEqual(["issue", "end", "end", "end"]);
    expect(takesAway(effects)).toBe(true);
  });
});

describe("what is over or was never begun", () => {
  const over = {
    "rotation-done": after(fresh(), [rotate(), T0], [{ type: "finish" }, T0 + 1]).state,
    "rotation-cancelled": after(fresh(), [rotate(), T0], [{ type: "cancel", latest: null }, T0 + 1]).state,
    "never-rotated": fresh(),
    "key-revoked": { ...after(fresh(), [rotate(), T0]).state, revoked: true },
  };

  test.each(Object.entries(over))("%s is the answer to what is not possible any more", (why, key) => {
    for (const event of [{ type: "confirm" }, { type: "extend", byMs: 1 }] as const) {
      const [, effects] = stepRotation(key, event, T0 + 2);
      expect(effects.at(-1)).toEqual({ do: "refuse", why });
    }
  });

  test("to repeat what was done changes nothing", () => {
    expect(stepRotation(over["rotation-done"], { type: "finish" }, T0 + 2)[1]).toEqual([{ do: "nothing" }]);
    expect(stepRotation(over["rotation-cancelled"], { type: "cancel", latest: null }, T0 + 2)[1]).toEqual([
      { do: "nothing" },
    ]);
    const { state } = after(fresh(), [rotate(), T0], [{ type: "confirm" }, T0 + 1]);
    expect(stepRotation(state, { type: "confirm" }, T0 + 2)).toEqual([state, [{ do: "nothing" }]]);
  });

  test("what time has ended cannot be acted on, though nobody has written it down", () => {
    const { state } = after(fresh(), [rotate(), T0]);
    for (const event of [{ type: "cancel", latest: null }, { type: "confirm" }] as const) {
      expect(stepRotation(state, event, T0 + 72 * HOUR)[1].at(-1)).toEqual({ do: "refuse", why: "rotation-done" });
    }
  });

  test("with a key that is revoked its rotation is over, and nobody is refused for having looked", () => {
    const [state, effects] = stepRotation(over["key-revoked"], { type: "used" }, T0 + 2);
    expect(state.rotation).toMatchObject({ phase: "done", endedAt: T0 + 2 });
    expect(news(effects)).toEqual(["rotation.finished"]);
  });
});

test("every way to start the grace is known", () => {
  const starts: readonly GraceStart[] = ["now", "first-use", "confirm"];
  for (const graceStarts of starts) {
    const { rotation } = after(fresh(), [rotate({ graceStarts }), T0]);
    expect(rotation.oldEndsAt).toBeLessThanOrEqual(rotation.lastDate);
  }
});
