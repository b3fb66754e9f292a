import type { ShareClaim } from "../limiter/stores.ts";
import type { BlockAnswer, GiveBack, Refilled, ShareAnswer, ShareRequest } from "../limits/budget.ts";
import { MAX_AMOUNT } from "../limits/limit.ts";
import type { BudgetBody, LentPart, SpendBody, WireBlock } from "./budget-wire.ts";
import { SHA256, WIRE_LIMITS } from "./wire.ts";
import type { Fields } from "./wire-fields.ts";

const HOLDER = /^[A-Za-z0-9_-]{16,64}$/;
const EPOCH_LENGTH = 200;
const COUNTER_LENGTH = 700;
/** Sums of what several holders say stay exact. */
const UNITS = 1_000 * MAX_AMOUNT;
const LONGEST_WINDOW_MS = 3_600_000;
/** Days and months since 1970, with room to spare. */
const PERIODS = 1e9;
const PARTS = 1_000;
const JOURNAL_GROUPS = 64;

/** What a verifier asks about limits. */
export function readSpend(fields: Fields): SpendBody {
  const act = fields.oneOf("act", ["join", "renew", "leave", "claim", "divide", "take"]);
  switch (act) {
    case "join":
    case "renew":
    case "leave":
      return { act, ...readHolder(fields), termMs: fields.whole("termMs", WIRE_LIMITS.budgetTermMs, 1) };
    case "claim":
      return {
        ...{ act, ...readHolder(fields), ...readPartAct(fields), last: fields.flag("last") },
        claims: fields.objects("claims", WIRE_LIMITS.budgetRequests, readClaim),
      };
    case "divide":
      return {
        ...{ act, ...readHolder(fields), ...readPartAct(fields) },
        requests: fields.objects("requests", WIRE_LIMITS.budgetRequests, readShareRequest),
      };
    case "take":
      return { act, requests: fields.objects("requests", WIRE_LIMITS.budgetRequests, readBlock) };
  }
  return act satisfies never;
}

/** What a node answers. */
export function readBudget(fields: Fields): BudgetBody {
  const act = fields.oneOf("act", ["join", "leave", "renew", "claim", "divide", "take", "gone"]);
  switch (act) {
    case "join":
    case "leave":
      return { act };
    case "renew":
      return { act, alive: fields.flag("alive"), parts: fields.objects("parts", PARTS, readPart) };
    case "claim":
      return { act, holds: fields.flags("holds", WIRE_LIMITS.budgetRequests) };
    case "divide":
      return { act, answers: fields.objects("answers", WIRE_LIMITS.budgetRequests, readShareAnswer) };
    case "take":
      return { act, answers: fields.objects("answers", WIRE_LIMITS.budgetRequests, readBlockAnswer) };
    case "gone":
      return { act, why: fields.oneOf("why", ["ended", "moved"]) };
  }
  return act satisfies never;
}

function readHolder(fields: Fields): { readonly holder: string; readonly now: number } {
  return { holder: fields.text("holder", 64, HOLDER), now: fields.number("now") };
}

function readPartAct(fields: Fields): { readonly part: number; readonly epoch: string; readonly order: number } {
  return {
    part: fields.whole("part", PARTS - 1),
    epoch: fields.text("epoch", EPOCH_LENGTH, undefined, 1),
    order: fields.whole("order"),
  };
}

function readClaim(fields: Fields): ShareClaim {
  return {
    ...readCounter(fields),
    windowMs: fields.whole("windowMs", LONGEST_WINDOW_MS, 1),
    units: fields.whole("units", UNITS),
    ceiling: fields.whole("ceiling", MAX_AMOUNT, 1),
  };
}

function readShareRequest(fields: Fields): ShareRequest {
  return {
    ...readCounter(fields),
    windowMs: fields.whole("windowMs", LONGEST_WINDOW_MS, 1),
    amount: fields.whole("amount", MAX_AMOUNT, 1),
    have: fields.whole("have", UNITS),
    recorded: fields.whole("recorded", UNITS),
    used: fields.whole("used", UNITS),
    demand: fields.whole("demand", UNITS),
    headroom: fields.whole("headroom", MAX_AMOUNT),
    mayGrow: fields.flag("mayGrow"),
    journal: fields.isNull("journal") ? null : fields.pairs("journal", JOURNAL_GROUPS),
  };
}

function readBlock(fields: Fields): WireBlock {
  return {
    ...readCounter(fields),
    period: fields.whole("period", PERIODS),
    amount: fields.whole("amount", MAX_AMOUNT, 1),
    demand: fields.whole("demand", UNITS),
    headroom: fields.whole("headroom", MAX_AMOUNT),
    refill: fields.isNull("refill") ? null : readRefill(fields.object("refill")),
    giveBack: fields.isNull("giveBack") ? null : readGiveBack(fields.object("giveBack")),
  };
}

function readCounter(fields: Fields): { readonly counter: string; readonly key: string } {
  return { counter: fields.text("counter", COUNTER_LENGTH, undefined, 1), key: fields.text("key", 43, SHA256) };
}

function readRefill(fields: Fields): NonNullable<WireBlock["refill"]> {
  return { amount: fields.whole("amount", MAX_AMOUNT, 1), ...readRefilled(fields) };
}

function readRefilled(fields: Fields): Refilled {
  return { every: fields.oneOf("every", ["day", "month"]), period: fields.whole("period", PERIODS) };
}

function readGiveBack(fields: Fields): GiveBack {
  return {
    period: fields.whole("period", PERIODS),
    refilled: fields.isNull("refilled") ? null : readRefilled(fields.object("refilled")),
    units: fields.whole("units", UNITS),
  };
}

function readPart(fields: Fields): LentPart {
  return {
    epoch: fields.textOrNull("epoch", EPOCH_LENGTH),
    settledMs: fields.whole("settledMs", LONGEST_WINDOW_MS),
    wanted: fields.objects("wanted", WIRE_LIMITS.wanted, (each) => ({
      counter: each.text("counter", COUNTER_LENGTH, undefined, 1),
      askers: each.whole("askers"),
    })),
  };
}

function readShareAnswer(fields: Fields): ShareAnswer {
  return {
    share: fields.whole("share", UNITS),
    recorded: fields.whole("recorded", UNITS),
    others: fields.whole("others"),
    unmet: fields.whole("unmet"),
    surplus: fields.whole("surplus", UNITS),
  };
}

function readBlockAnswer(fields: Fields): BlockAnswer {
  return {
    granted: fields.whole("granted", UNITS),
    taken: fields.whole("taken", UNITS),
    refilled: fields.isNull("refilled") ? null : readRefilled(fields.object("refilled")),
  };
}
