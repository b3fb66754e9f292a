/** Random walks of a key through rotations, held against a model that knows nothing but when each version ends. */
import { type SeededRandom, seededRandom } from "@claviger/testkit";
import { expect, test } from "vitest";
import { GRACE_STARTS, isKeyEnded, isOpenRotation, type RotatingKey, versionWorks } from "./rotation.ts";
import { type RotationEffect, type RotationEvent, stepRotation, takesAway } from "./step.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 0, 1);
const WALKS = 400;
const STEPS = 60;

/** What whoever stores a key has: what the effects told it to write, and nothing else. */
interface Shelf {
  readonly versions: Map<number, { endsAt: number | null; ended: boolean }>;
}

function carryOut(shelf: Shelf, effects: readonly RotationEffect[]): void {
  for (const effect of effects) {
    if (effect.do === "issue") {
      expect(shelf.versions.has(effect.version), "a number is given once").toBe(false);
      shelf.versions.set(effect.version, { endsAt: null, ended: false });
    }
    if (effect.do !== "end" && effect.do !== "set-end") continue;
    const version = shelf.versions.get(effect.version);
    if (version === undefined) throw new TypeError(`there is no version ${effect.version}`);
    expect(version.ended, "what has ended is not touched again").toBe(false);
    if (effect.do === "end") version.ended = true;
    else version.endsAt = effect.endsAt;
  }
}

/** When each version stops, as it stands: the model. Of one that has ended, never after that. */
function endsOf(key: RotatingKey, now: number): Map<number, number> {
  return new Map(
    key.versions.map(({ version, endsAt, ended }) => {
      const byKey = key.revoked ? now : (key.expiresAt ?? Number.POSITIVE_INFINITY);
      return [version, ended ? 0 : Math.min(endsAt ?? Number.POSITIVE_INFINITY, byKey)];
    }),
  );
}

function draw(random: SeededRandom, key: RotatingKey, now: number): RotationEvent {
  const kind = random.int(6) === 0 ? "emergency" : "guided";
  const expiries = [key.expiresAt, key.expiresAt, null, now + random.int(200) * DAY, now - random.int(2) * HOUR];
  const rotation: RotationEvent = {
    ...{ type: "rotate", kind, overlapMs: random.int(169) * HOUR, graceStarts: random.pick(GRACE_STARTS) },
    ...{ longestMs: 168 * HOUR, expiresAt: random.pick(expiries), currentInUse: random.int(2) === 0 },
  };
  const latest = random.pick([null, now + (1 + random.int(100)) * DAY]);
  return random.pick<RotationEvent>([
    ...[rotation, rotation, { type: "used" } as const, { type: "confirm" } as const],
    ...[
      { type: "extend", byMs: random.int(random.pick([24, 200])) * HOUR } as const,
      { type: "cancel", latest } as const,
    ],
    ...[{ type: "finish" } as const, { type: "tick" } as const],
  ]);
}

function walk(random: SeededRandom): Record<string, number> {
  const seen: Record<string, number> = {};
  const shelf: Shelf = { versions: new Map([[1, { endsAt: null, ended: false }]]) };
  let now = T0;
  let key: RotatingKey = {
    ...{ revoked: false, expiresAt: random.int(2) === 0 ? null : T0 + random.int(100) * DAY, current: 1, newest: 1 },
    ...{ rotation: null, versions: [{ version: 1, endsAt: null, ended: false }] },
  };
  const buried = new Set<number>();
  for (let step = 0; step < STEPS; step += 1) {
    now += random.pick([0, 1, HOUR, random.int(100) * HOUR, random.int(20) * DAY]);
    // Acts of others: the key's expiry is changed, or it is revoked.
    if (random.int(15) === 0 && !isKeyEnded(key, now)) key = { ...key, expiresAt: now + random.int(100) * DAY };
    if (random.int(60) === 0) key = { ...key, revoked: true };
    for (const { version } of key.versions) if (!versionWorks(key, version, now)) buried.add(version);
    const event = draw(random, key, now);
    const before = key;
    const [after, effects] = stepRotation(before, event, now);
    const refused = effects.find((effect) => effect.do === "refuse");
    seen[refused?.do === "refuse" ? refused.why : event.type] =
      (seen[refused?.do === "refuse" ? refused.why : event.type] ?? 0) + 1;
    // Whoever refuses writes nothing, as one transaction does.
    if (refused !== undefined) continue;
    carryOut(shelf, effects);
    key = after;
    check(before, after, event, effects, now, buried);
    expect(key.versions.map(({ version, endsAt, ended }) => [version, { endsAt, ended }])).toEqual([...shelf.versions]);
    // Pure: the same again gives the same, and what was given is as it was.
    expect(stepRotation(before, event, now)).toEqual([after, effects]);
  }
  return seen;
}

function check(
  before: RotatingKey,
  after: RotatingKey,
  event: RotationEvent,
  effects: readonly RotationEffect[],
  now: number,
  buried: ReadonlySet<number>,
): void {
  const { rotation } = after;
  const works = (version: number, at = now): boolean => versionWorks(after, version, at);
  // At no time no version works, unless the key itself has ended: the one in force lasts as long as the key.
  const current = after.versions.find(({ version }) => version === after.current);
  expect(current).toMatchObject({ ended: false, endsAt: null });
  if (!isKeyEnded(after, now)) expect(works(after.current)).toBe(true);
  // All others end: at their own date, which nothing has moved beyond the last one.
  for (const { version, endsAt, ended } of after.versions) {
    if (version !== after.current) expect(ended || endsAt !== null, `version ${version} ends`).toBe(true);
    if (buried.has(version)) expect(works(version), `version ${version} does not come back`).toBe(false);
  }
  if (rotation !== null) {
    expect(rotation.oldEndsAt).toBeLessThanOrEqual(rotation.lastDate);
    expect(rotation.to).toBeLessThanOrEqual(after.newest);
    if (isOpenRotation(rotation)) {
      expect(rotation.to).toBe(after.current);
      expect(works(rotation.from, rotation.oldEndsAt)).toBe(false);
      expect(rotation.lastDate).toBeLessThanOrEqual(rotation.issuedAt + 168 * HOUR);
    }
  }
  // Both versions of a rotation work while it is open, so that nobody is refused who uses either.
  if (isOpenRotation(rotation) && !isKeyEnded(after, now)) {
    expect([rotation?.from ?? 0, rotation?.to ?? 0].map((version) => works(version))).toEqual([true, true]);
  }
  // Whoever uses a version of the key has the overlap to change over, whatever is known of that use.
  if (event.type === "rotate" && event.kind === "guided") {
    const until = now + (event.graceStarts === "now" ? event.overlapMs : event.longestMs);
    const ends = endsOf(after, now);
    for (const [version, end] of endsOf(before, now)) {
      const expected = Math.min(end, until, after.expiresAt ?? Number.POSITIVE_INFINITY, rotation?.lastDate ?? 0);
      if (expected > now) expect(ends.get(version) ?? 0, `version ${version}`).toBeGreaterThanOrEqual(expected);
    }
  }
  // What is said to take nothing away takes nothing away.
  const shorter = event.type === "rotate" && endOf(after) < endOf(before);
  if (!takesAway(effects) && !shorter) {
    const ends = endsOf(after, now);
    for (const [version, end] of endsOf(before, now)) {
      if (end > now) expect(ends.get(version) ?? 0, `version ${version}`).toBeGreaterThanOrEqual(end);
    }
  }
}

const endOf = (key: RotatingKey): number => key.expiresAt ?? Number.POSITIVE_INFINITY;

test("random walks: some version works while the key does, no old one outlives its last date, nothing that has ended comes back", async (context) => {
  const random = seededRandom(context);
  const seen: Record<string, number> = {};
  for (let index = 0; index < WALKS; index += 1) {
    for (const [name, count] of Object.entries(walk(random))) seen[name] = (seen[name] ?? 0) + count;
  }
  // A walk that never gets anywhere proves nothing.
  for (const name of [
    "rotate",
    "used",
    "confirm",
    "extend",
    "cancel",
    "finish",
    "tick",
    "beyond-last-date",
    "rotation-done",
  ]) {
    expect(seen[name] ?? 0, name).toBeGreaterThan(WALKS / 10);
  }
});
