/** The three questions of support, answered from every constellation of facts: in use, when did it last work, since when does it fail. */
import { describe, expect, test } from "vitest";
import type { KeyStatus } from "../../keys/index.ts";
import { afterDeath, failingOf, type RefusedSince, statusWords, type UseFacts, useState } from "./key-words.ts";

const NOW = new Date("2026-03-10T12:00:00Z");
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const DAY = 1_440;
const origin = { network: "193.0.6.0/24", country: "NL", agent: "curl", service: null, method: "GET", route: "/a" };
const expired = (first: number, last: number, requests = 3): RefusedSince => ({
  ...{ code: "EXPIRED", requests, firstAt: ago(first), lastAt: ago(last) },
});
const facts = (change: Partial<UseFacts>): UseFacts => ({
  ...{ live: true, lastUsedAt: ago(3), version: 2, last: origin, accepted24h: 5, refused24h: 0, since: [] },
  ...change,
});

const USES: readonly [name: string, UseFacts, is: string, why: RegExp, fails: RegExp | null][] = [
  ["never presented", facts({ lastUsedAt: null, version: null }), "unused", /never presented/, null],
  [
    "only refused",
    facts({ lastUsedAt: null, since: [expired(9, 1)] }),
    "failing",
    /never accepted/,
    /since 2026-03-10 11:51/,
  ],
  [
    ...(["in use", facts({}), "working"] as const),
    ...([
      /accepted last on 2026-03-10 11:57 UTC, 3 minutes ago, with version 2 from 193\.0\.6\.0\/24 \(NL\) with curl at GET \/a\. Within 24 hours 5 requests were accepted and none was refused/,
      null,
    ] as const),
  ],
  ["in use, partly refused", facts({ refused24h: 2 }), "working", /accepted and 2 refused/, null],
  [
    "one call fails among others that work",
    facts({ since: [expired(1, 1)], refused24h: 1 }),
    "working",
    /in use/,
    null,
  ],
  [
    "a run that ended with a refused call, hours ago",
    facts({ lastUsedAt: ago(300), since: [expired(299, 299)] }),
    ...(["working", /in use/, null] as const),
  ],
  [
    "a run that ended with a refused call, days ago",
    facts({ lastUsedAt: ago(5 * DAY), since: [expired(5 * DAY - 1, 5 * DAY - 1)] }),
    ...(["quiet", /not in use/, null] as const),
  ],
  [
    "dead a minute after it worked",
    facts({ live: false, since: [expired(1, 1, 1)] }),
    "failing",
    /does not work/,
    /1 request was refused as EXPIRED\./,
  ],
  [
    "refused since an hour",
    facts({ lastUsedAt: ago(61), since: [expired(60, 2)] }),
    "failing",
    /1 hour ago/,
    /since 2026-03-10 11:00 UTC, 1 hour ago: 3 requests were refused as EXPIRED, the latest 2 minutes ago\. because/,
  ],
  ["used ten days ago", facts({ lastUsedAt: ago(10 * DAY) }), "quiet", /10 days ago.*not presented since/, null],
];

describe("use", () => {
  test.each(USES)("%s", (_, given, is, why, fails) => {
    const state = useState(given, NOW);
    expect(state.is).toBe(is);
    expect(state.why).toMatch(why);
    const failing = failingOf(given, NOW, (code) => `because ${code}.`);
    if (fails === null) expect(failing).toBeNull();
    else expect(failing?.why).toMatch(fails);
  });

  test("fails since the first refusal of any code, which is named first", () => {
    const limited = { code: "RATE_LIMITED", requests: 4, firstAt: ago(90), lastAt: ago(80) };
    const failing = failingOf(
      facts({ lastUsedAt: ago(100), since: [expired(60, 2), limited] }),
      NOW,
      (code) => `${code}!`,
    );
    expect(failing).toMatchObject({ since: ago(90), lastAt: ago(2), requests: 7, codes: ["RATE_LIMITED", "EXPIRED"] });
    expect(failing?.why).toMatch(/RATE_LIMITED! EXPIRED!$/);
  });
});

const by = { type: "member", id: "mem_1" };
const ended = { at: ago(DAY), by, reason: "leaked", comment: "seen" };
const STATUSES: readonly [KeyStatus, RegExp][] = [
  ["requested", /waits for approval/],
  ["active", /active; it expires on 2026-03-12 12:00 UTC/],
  ["expiring", /active and it expires on 2026-03-12 12:00 UTC, in 2 days/],
  ["rotating", /being rotated/],
  ["suspended", /suspended on 2026-03-09 12:00 UTC by the member mem_1: leaked \(seen\)/],
  ["expired", /expired on/],
  ["revoked", /revoked on 2026-03-09 12:00 UTC by the member mem_1: leaked \(seen\)\. That is final/],
];

describe("status", () => {
  test.each(STATUSES)("%s, with its reason", (status, words) => {
    const expiresAt = new Date("2026-03-12T12:00:00Z");
    expect(statusWords({ status, expiresAt, ended, accountSuspended: null, throttle: null }, NOW)).toMatch(words);
  });

  test("of a throttled key says to what it is held, and until when; of one that is over nothing", () => {
    const until = new Date("2026-03-11T12:00:00Z");
    const throttle = { amount: 1, per: "minute", until, since: ago(5), reason: "loops" } as const;
    const words = (status: KeyStatus) =>
      statusWords({ status, expiresAt: null, ended: null, accountSuspended: null, throttle }, NOW);
    expect(words("active")).toBe(
      "It is active; it never expires. It is throttled: 1 request per minute until 2026-03-11 12:00 UTC (loops).",
    );
    expect(words("revoked")).not.toContain("throttled");
  });

  test("of a suspended account says so beside", () => {
    const accountSuspended = { at: ago(5), by: null, reason: "unpaid", comment: null };
    const words = statusWords(
      { status: "active", expiresAt: null, ended: null, accountSuspended, throttle: null },
      NOW,
    );
    expect(words).toBe(
      "It is active; it never expires. Its account is suspended since 2026-03-10 11:55 UTC: unpaid, so it is refused all the same.",
    );
  });
});

describe("attempts after a key has ended (E4)", () => {
  const dead = { since: ago(20 * DAY), attempts: 12, lastAt: ago(3 * DAY), last: origin };

  test("are told with how many and the last, until nobody presented it for seven days", () => {
    expect(afterDeath(dead, NOW)).toEqual({
      silent: false,
      why: "Somebody has it still: it was presented 12 times after it had ended, and refused; last refused use 3 days ago from 193.0.6.0/24 (NL) with curl at GET /a.",
    });
    expect(afterDeath({ ...dead, lastAt: ago(7 * DAY - 1) }, NOW).silent).toBe(false);
    expect(afterDeath({ ...dead, lastAt: ago(7 * DAY), last: null }, NOW)).toEqual({
      silent: true,
      why: "Silence: it was presented 12 times after it had ended, and refused; last refused use 7 days ago, and nothing since.",
    });
  });

  test("that nobody made are silence after as long, and nothing yet before", () => {
    const none = { ...dead, attempts: 0, lastAt: null, last: null };
    expect(afterDeath(none, NOW)).toEqual({
      silent: true,
      why: "Silence: nobody presented it since it ended, 20 days ago.",
    });
    expect(afterDeath({ ...none, since: ago(60) }, NOW)).toEqual({
      silent: false,
      why: "Nobody presented it since it ended, 1 hour ago.",
    });
  });
});
