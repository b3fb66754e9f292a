import { type SeededRandom, seededRandom } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { type ApprovalState, isOpenApproval, type Party, phaseAt } from "./approval.ts";
import { type ApprovalEvent, stepApproval } from "./step.ts";

const DAY = 86_400_000;
const T0 = Date.UTC(2026, 0, 1);
const BACKEND: Party = { key: "key_backend", member: null };
const STAFF: Party = { key: "key_staff", member: null };
const member = (name: string, key = BACKEND.key): Party => ({ key, member: name });

const waiting = (changes: Partial<ApprovalState> = {}): ApprovalState => ({
  ...{ kind: "create", approver: "account", phase: "requested", asker: member("ada"), dueAt: T0 + 7 * DAY },
  ...changes,
});
const approve = (by: Party, made = false): ApprovalEvent => ({ type: "approve", by, made, keepMs: 3 * DAY });
const deny = (by: Party, made = false): ApprovalEvent => ({ type: "deny", by, made, keepMs: 0 });

describe("who decides (A8)", () => {
  test.each<[string, Partial<ApprovalState>, Party, boolean, string | null]>([
    ["another member, through the same program", {}, member("bob"), false, null],
    ["the member who asked", {}, member("ada"), false, "own-request"],
    ["the member who asked, through another program", {}, member("ada", "key_other"), false, "own-request"],
    ["the platform, through another key", {}, STAFF, false, null],
    ["the platform, through the key that asked", {}, BACKEND, false, "own-request"],
    ["the platform, through a key that the asking one made", {}, STAFF, true, "own-request"],
    ["a member, where the platform is to decide", { approver: "staff" }, member("bob"), false, "staff-only"],
    ["the platform, where it is to decide", { approver: "staff" }, STAFF, false, null],
    ["a member, where the program named nobody who asked", { asker: BACKEND }, member("bob"), false, "own-request"],
    [
      "a member through a key that the asking one made",
      { asker: BACKEND },
      member("bob", "key_2"),
      true,
      "own-request",
    ],
    [
      "a member through another program, where nobody is named",
      { asker: BACKEND },
      member("bob", "key_2"),
      false,
      null,
    ],
  ])("%s", (_, changes, by, made, refused) => {
    for (const event of [approve(by, made), deny(by, made)]) {
      expect(stepApproval(waiting(changes), event, T0).refused).toBe(refused);
    }
  });

  test("a decision is final, and there is one", () => {
    const denied = stepApproval(waiting(), deny(STAFF), T0).state;
    const approved = stepApproval(waiting(), approve(STAFF), T0).state;
    for (const state of [denied, approved]) {
      for (const event of [approve(STAFF), deny(STAFF)]) {
        expect(stepApproval(state, event, T0 + 1)).toEqual({ state, refused: "over" });
      }
    }
  });
});

describe("who claims", () => {
  const approved = stepApproval(waiting(), approve(STAFF), T0).state;

  test("the key that asked, once, after the approval and within its time", () => {
    expect(stepApproval(waiting(), { type: "claim", by: BACKEND }, T0).refused).toBe("not-approved");
    expect(stepApproval(approved, { type: "claim", by: STAFF }, T0).refused).toBe("not-asker");
    const done = stepApproval(approved, { type: "claim", by: BACKEND }, T0 + 3 * DAY - 1);
    expect(done).toMatchObject({ refused: null, state: { phase: "done" } });
    expect(stepApproval(done.state, { type: "claim", by: BACKEND }, T0).refused).toBe("over");
    expect(stepApproval(approved, { type: "claim", by: BACKEND }, T0 + 3 * DAY)).toMatchObject({
      ...{ refused: "over", state: { phase: "expired" } },
    });
  });

  test("the new version of an approved rotation likewise, and not before", () => {
    const rotation = waiting({ kind: "rotate" });
    expect(stepApproval(rotation, { type: "claim", by: BACKEND }, T0).refused).toBe("not-approved");
    const { state } = stepApproval(rotation, approve(STAFF), T0);
    expect(state.phase).toBe("approved");
    expect(stepApproval(state, { type: "claim", by: BACKEND }, T0)).toMatchObject({
      ...{ refused: null, state: { phase: "done" } },
    });
  });

  test("a change is made when it is approved, so that nothing is left to claim", () => {
    const { state } = stepApproval(waiting({ kind: "update" }), approve(STAFF), T0);
    expect(state.phase).toBe("done");
    expect(stepApproval(waiting({ kind: "update" }), { type: "claim", by: BACKEND }, T0).refused).toBe(
      "nothing-to-claim",
    );
  });
});

/** The model: every event that was carried out, and when. */
interface Story {
  readonly told: { readonly type: ApprovalEvent["type"]; readonly at: number; readonly by: Party | null }[];
}

function draw(random: SeededRandom): ApprovalEvent {
  const by: Party = {
    key: random.pick([BACKEND.key, STAFF.key, "key_other"]),
    member: random.pick([null, "ada", "bob"]),
  };
  const made = random.int(4) === 0;
  return random.pick<ApprovalEvent>([
    { type: random.pick(["approve", "deny"]), by, made, keepMs: 3 * DAY },
    ...[{ type: "cancel", by } as const, { type: "claim", by } as const, { type: "tick" } as const],
  ]);
}

/** What must hold of a story whatever the order: told in words that share nothing with the code. */
function holds({ told }: Story, start: ApprovalState): void {
  const find = (type: string) => told.filter((each) => each.type === type);
  const decisions = [...find("approve"), ...find("deny")];
  expect(decisions.length, "one decision at most").toBeLessThanOrEqual(1);
  for (const { by, at } of decisions) {
    expect(at, "in time").toBeLessThan(start.dueAt);
    const itself = by?.member === null ? by.key === start.asker.key : by?.member === start.asker.member;
    expect(itself, "nobody decides their own request").toBe(false);
    if (start.approver === "staff") expect(by?.member, "the platform decides").toBeNull();
  }
  for (const { at, by } of find("claim")) {
    const [approved] = find("approve");
    expect(approved, "nothing is claimed that was not approved").toBeDefined();
    expect(at - (approved?.at ?? 0), "in time").toBeLessThan(3 * DAY);
    expect(by?.key).toBe(start.asker.key);
  }
  expect(find("claim").length, "once").toBeLessThanOrEqual(1);
  const last = told.findIndex(({ type }) => type === "deny" || type === "cancel" || type === "claim");
  expect(last === -1 || last === told.length - 1, "what is over stays over").toBe(true);
}

test("random walks keep to the model", (context) => {
  const random = seededRandom(context);
  let ended = 0;
  for (let walk = 0; walk < 2_000; walk += 1) {
    const start = waiting({
      ...{ kind: random.pick(["create", "update", "rotate"]), approver: random.pick(["account", "staff"]) },
      asker: random.pick([member("ada"), BACKEND]),
    });
    const story: Story = { told: [] };
    let state = start;
    let now = T0;
    for (let step = 0; step < 12; step += 1) {
      now += random.int(2 * DAY);
      const event = draw(random);
      const outcome = stepApproval(state, event, now);
      expect(outcome.state.phase === state.phase || isOpenApproval(state), "what is over does not move").toBe(true);
      if (outcome.refused === null && event.type !== "tick")
        story.told.push({ type: event.type, at: now, by: event.by });
      else expect(outcome.state.phase).toBe(phaseAt(state, now));
      state = outcome.state;
    }
    holds(story, start);
    ended += state.phase === "done" ? 1 : 0;
  }
  expect(ended, "some get to the end").toBeGreaterThan(50);
});
