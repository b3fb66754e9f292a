/** A split as a state machine (K3): whose requests are whose, how far each caller is, and when nothing is in the way of revoking the key. */
import { type SeededRandom, seededRandom } from "@claviger/testkit";
import { expect, test } from "vitest";
import {
  blankCaller,
  type Caller,
  callerOf,
  covers,
  HOUR_MS,
  type Match,
  MOST_CALLERS,
  matchFor,
  nameFor,
  noteGroups,
  type OwnKey,
  progressOf,
  type SeenGroup,
  standingOf,
} from "./split.ts";

const START = Date.UTC(2026, 0, 5);
const at = (hours: number): Date => new Date(START + hours * HOUR_MS);
const match = (parts: Partial<Match>): Match => ({ service: null, network: null, agent: null, ...parts });
const group = (parts: Partial<SeenGroup>): SeenGroup => ({
  ...{ ...match({}), requests: 1, firstAt: at(0), lastAt: at(0), routes: [] },
  ...parts,
});
const seen = (groups: readonly SeenGroup[]) => ({ groups, unlistedAt: null });
const KEY: OwnKey = { requested: false, lives: true, firstUsedAt: null };

test.each([
  ["waiting", { dropped: false, lastSeenAt: at(0) }, null],
  ["waiting", { dropped: false, lastSeenAt: at(0) }, { ...KEY, lives: false, firstUsedAt: at(1) }],
  ["requested", { dropped: false, lastSeenAt: at(0) }, { ...KEY, requested: true }],
  ["issued", { dropped: false, lastSeenAt: null }, KEY],
  ["moving", { dropped: false, lastSeenAt: at(76.001) }, { ...KEY, firstUsedAt: at(1) }],
  ["moved", { dropped: false, lastSeenAt: at(76) }, { ...KEY, firstUsedAt: at(1) }],
  ["moved", { dropped: false, lastSeenAt: null }, { ...KEY, firstUsedAt: at(1) }],
  ["dropped", { dropped: true, lastSeenAt: at(99) }, { ...KEY, firstUsedAt: at(1) }],
] as const)(
  "is %s: %j with the key %j, a hundred hours later, of which 24 are to be quiet",
  (progress, caller, own) => {
    expect(progressOf(caller, own, 24, at(100).getTime())).toBe(progress);
  },
);

test("requests are the caller's that names most of what they have in common", () => {
  const callers = [
    { name: "all-curl", match: match({ agent: "curl" }) },
    { name: "curl-here", match: match({ agent: "curl", network: "192.0.2.0/24" }) },
    { name: "billing", match: match({ service: "billing" }) },
  ];
  const of = (parts: Partial<Match>): string | null => callerOf(match(parts), callers)?.name ?? null;
  expect(of({ agent: "curl", network: "192.0.2.0/24", service: "billing" })).toBe("curl-here");
  expect(of({ agent: "curl", network: "198.51.100.0/24" })).toBe("all-curl");
  expect(of({ agent: "curl", service: "billing" })).toBe("all-curl");
  expect(of({ agent: "wget", service: "billing" })).toBe("billing");
  expect(of({ agent: "wget" })).toBeNull();
  expect(covers(match({ agent: "curl" }), match({ agent: "curl", network: "192.0.2.0/24" }))).toBe(true);
  expect(covers(match({ agent: "curl", network: "192.0.2.0/24" }), match({ agent: "curl" }))).toBe(false);
});

test("who is found is known by where from and what with, and by what was called where that is all there is", () => {
  expect(matchFor(match({ service: "billing", network: "192.0.2.0/24", agent: "curl" }))).toEqual(
    match({ network: "192.0.2.0/24", agent: "curl" }),
  );
  expect(matchFor(match({ service: "billing" }))).toEqual(match({ service: "billing" }));
  expect(matchFor(match({}))).toEqual(match({}));
});

test.each([
  [{ agent: "curl", network: "192.0.2.0/24" }, [], "curl-192-0-2-0"],
  [{ agent: "Samsung Internet" }, [], "samsung-internet"],
  [{ agent: "Samsung Internet" }, ["samsung-internet", "samsung-internet-2"], "samsung-internet-3"],
  [{ network: "2001:db8:1::/48" }, [], "2001-db8-1"],
  [{ service: "…" }, [], "unknown"],
  [{}, [], "unknown"],
  [{ service: "x".repeat(100) }, [], "x".repeat(50)],
] as const)("%j, beside %j, is named %s", (parts, taken, name) => {
  expect(nameFor(match(parts), new Set(taken))).toBe(name);
});

test("there is room for so many callers, the most used first, and it is known that there are more", () => {
  const groups = Array.from({ length: MOST_CALLERS + 5 }, (_, index) =>
    group({ agent: `agent-${index}`, requests: index + 1, lastAt: at(index) }),
  );
  const { callers, fresh, unlistedAt } = noteGroups([], seen(groups), new Set());
  expect([callers.length, fresh.length]).toEqual([MOST_CALLERS, MOST_CALLERS]);
  expect(callers.some(({ name }) => name === "agent-4")).toBe(false);
  expect(unlistedAt).toEqual(at(4));
  const standing = standingOf({ quietFrom: at(0), quietHours: 1, unlistedAt }, [], null, at(500).getTime());
  expect(standing).toMatchObject({ ready: false, unlisted: true });
});

test("requests of which nothing is told are one caller's, whom nobody else's requests are", () => {
  const { callers, unlistedAt } = noteGroups([], seen([group({ lastAt: at(3) }), group({ agent: "curl" })]), new Set());
  expect(callers.map(({ name }) => name).toSorted()).toEqual(["curl", "unknown"]);
  expect(unlistedAt).toBeNull();
  expect(callerOf(match({ agent: "wget" }), callers)).toBeNull();
  expect(covers(match({}), match({ agent: "curl" }))).toBe(false);
});

test("what is known from counts alone is of who is known by it, and else of somebody new", () => {
  const known = [{ ...blankCaller("here", match({ agent: "curl", network: "192.0.2.0/24" })), lastSeenAt: at(1) }];
  const parts = [
    group({ network: "192.0.2.0/24", part: true, lastAt: at(5) }),
    group({ network: "198.51.100.0/24", part: true, lastAt: at(6) }),
  ];
  const { callers, fresh } = noteGroups(known, seen(parts), new Set());
  expect(callers.map(({ name, lastSeenAt }) => [name, lastSeenAt])).toEqual([
    ["here", at(5)],
    ["198-51-100-0", at(6)],
  ]);
  expect(fresh.map(({ name }) => name)).toEqual(["198-51-100-0"]);
});

test("nothing is ready where nobody knows how far uses are written", () => {
  const split = { quietFrom: at(0), quietHours: 1, unlistedAt: null };
  expect(standingOf(split, [], null, null).ready).toBe(false);
  expect(standingOf(split, [], null, at(1).getTime()).ready).toBe(true);
  expect(standingOf(split, [], at(1), at(1).getTime()).ready).toBe(false);
});

test("requests of a caller are counted where it is found, and not again when they are looked at again", () => {
  const groups = [
    group({ agent: "curl", network: "192.0.2.0/24", requests: 3, routes: [{ method: "GET", route: "/a" }] }),
    group({ agent: "curl", network: "192.0.2.0/24", service: "billing", requests: 4, lastAt: at(2), routes: [] }),
  ];
  const first = noteGroups([], seen(groups), new Set());
  expect(first.callers).toMatchObject([{ requests: 7, firstSeenAt: at(0), lastSeenAt: at(2), found: true }]);
  expect(noteGroups(first.callers, seen(groups), new Set()).callers).toEqual(first.callers);
});

/** What really happens, hour by hour. */
interface Life {
  readonly agent: string;
  hasKey: boolean;
  dropped: boolean;
  ownUsedAt: number | null;
  sharedUsedAt: number | null;
}

function walk(random: SeededRandom): { readonly everReady: boolean; readonly lookedOften: number } {
  const quietHours = 2 + random.int(20);
  const lives: Life[] = Array.from({ length: 1 + random.int(5) }, (_, index) => ({
    ...{ agent: `agent-${index}`, hasKey: false, dropped: false, ownUsedAt: null, sharedUsedAt: null },
  }));
  let callers: readonly Caller[] = [];
  let [everReady, lookedOften] = [false, 0];
  let log: SeenGroup[] = [];
  for (let hour = 0; hour < 400; hour += 1) {
    // In the second half all of them move, so that every walk ends.
    for (const life of lives) act(life, hour, hour > 200 ? "settle" : random.pick(ACTS), log);
    if (hour <= 200 && random.int(3) > 0) continue;
    lookedOften += 1;
    callers = noteGroups(callers, seen(log), new Set()).callers.map((caller) => {
      const life = lives.find(({ agent }) => agent === caller.match.agent);
      return { ...caller, dropped: life?.dropped === true };
    });
    log = [];
    const now = at(hour).getTime();
    const shown = callers.map((caller) => {
      const life = lives.find(({ agent }) => agent === caller.match.agent) as Life;
      const own = life.hasKey ? { ...KEY, firstUsedAt: life.ownUsedAt === null ? null : at(life.ownUsedAt) } : null;
      return { name: caller.name, progress: progressOf(caller, own, quietHours, now) };
    });
    const used = lives.flatMap(({ sharedUsedAt }) => sharedUsedAt ?? []);
    const lastUsedAt = used.length === 0 ? null : at(Math.max(...used));
    const { ready } = standingOf({ quietFrom: at(0), quietHours, unlistedAt: null }, shown, lastUsedAt, now);
    if (!ready) continue;
    everReady = true;
    // Whoever ever used the shared key is over it: has its own and uses that, or is to have none; and nobody used it for so long.
    for (const { sharedUsedAt, ownUsedAt, dropped } of lives) {
      if (sharedUsedAt === null) continue;
      expect(hour - sharedUsedAt).toBeGreaterThanOrEqual(quietHours);
      expect(dropped || ownUsedAt !== null).toBe(true);
    }
    expect(hour).toBeGreaterThanOrEqual(quietHours);
  }
  return { everReady, lookedOften };
}

const ACTS = ["call", "call", "issue", "call-own", "drop", "nothing", "nothing", "nothing"] as const;

function act(life: Life, hour: number, what: (typeof ACTS)[number] | "settle", log: SeenGroup[]): void {
  switch (what) {
    case "call":
      life.sharedUsedAt = hour;
      log.push(group({ agent: life.agent, firstAt: at(hour), lastAt: at(hour) }));
      return;
    case "issue":
      life.hasKey = true;
      return;
    case "call-own":
      if (life.hasKey) life.ownUsedAt ??= hour;
      return;
    case "drop":
      life.dropped = !life.dropped;
      return;
    case "nothing":
      return;
    case "settle":
      life.hasKey = true;
      life.ownUsedAt ??= hour;
  }
}

test("whatever callers do, the key is ready to be revoked only when nobody who was ever seen needs it, and then it is", (context) => {
  const random = seededRandom(context);
  let looked = 0;
  for (let round = 0; round < 300; round += 1) {
    const { everReady, lookedOften } = walk(random);
    expect(everReady, `round ${round}`).toBe(true);
    looked += lookedOften;
  }
  expect(looked).toBeGreaterThan(60_000);
});

test("a caller that has nothing in common with others stays itself", () => {
  const { callers } = noteGroups([blankCaller("a", match({ agent: "a" }))], seen([group({ agent: "b" })]), new Set());
  expect(callers.map(({ name }) => name)).toEqual(["a", "b"]);
});
