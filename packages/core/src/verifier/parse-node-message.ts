import { REFUSAL_CODES } from "../verdict/verdict.ts";
import { OLD_FORMS } from "./old-forms.ts";
import { readBudget } from "./parse-budget.ts";
import { readCatalogue, readEntry } from "./parse-entry.ts";
import {
  DENY_REASONS,
  type LookupOutcome,
  type NodeMessage,
  type ParsedMessage,
  type VerifierSettings,
  WIRE_ERROR_CODES,
  WIRE_LIMITS,
} from "./wire.ts";
import { type Fields, parseByKind } from "./wire-fields.ts";

const BASE64 = /^[A-Za-z0-9+/]{22,344}={0,2}$/;
const PREFIX = /^[a-z0-9]{2,12}$/;
const TAG_KEYS = 64;

type Reader = (fields: Fields) => NodeMessage;

const READERS: { readonly [K in NodeMessage["kind"]]: Reader } = {
  welcome: readWelcome,
  grant: (fields) => ({
    kind: "grant",
    nonce: fields.whole("nonce"),
    epoch: fields.text("epoch", WIRE_LIMITS.epochLength),
    seq: fields.whole("seq"),
    termMs: fields.whole("termMs", WIRE_LIMITS.termMs),
    staleMs: fields.whole("staleMs", WIRE_LIMITS.staleMs),
    serverTime: fields.time("serverTime"),
  }),
  deny: (fields) => ({
    kind: "deny",
    nonce: fields.wholeOrNull("nonce"),
    reason: fields.oneOfOr("reason", DENY_REASONS, "other"),
    retryAfterMs: fields.wholeOrNull("retryAfterMs", WIRE_LIMITS.termMs),
    versions: fields.wholes("versions", 32),
  }),
  invalidate: (fields) => ({
    kind: "invalidate",
    after: fields.whole("after"),
    seq: fields.whole("seq"),
    subjects: fields.texts("subjects", WIRE_LIMITS.subjects, WIRE_LIMITS.subjectLength),
  }),
  resync: (fields) => ({
    kind: "resync",
    epoch: fields.text("epoch", WIRE_LIMITS.epochLength),
    seq: fields.whole("seq"),
  }),
  record: (fields) => ({
    kind: "record",
    id: fields.whole("id"),
    asOfSeq: fields.whole("asOfSeq"),
    ...readOutcome(fields),
  }),
  catalogue: (fields) => ({
    kind: "catalogue",
    id: fields.whole("id"),
    asOfSeq: fields.whole("asOfSeq"),
    source: readCatalogue(fields.object("source")),
  }),
  settings: (fields) => ({
    kind: "settings",
    id: fields.whole("id"),
    asOfSeq: fields.whole("asOfSeq"),
    settings: readSettings(fields.object("settings")),
  }),
  "usage-ok": (fields) => ({ kind: "usage-ok", batch: fields.text("batch", 64) }),
  budget: (fields) => ({ kind: "budget", id: fields.whole("id"), body: readBudget(fields.object("body")) }),
  unanswered: (fields) => ({ kind: "unanswered", id: fields.whole("id") }),
  goodbye: () => ({ kind: "goodbye" }),
  fault: (fields) => ({
    kind: "fault",
    code: fields.oneOf("code", WIRE_ERROR_CODES),
    of: fields.textOrNull("of", 32),
    field: fields.textOrNull("field", 500),
  }),
};

/** Reads what a node sent, already parsed from JSON. Total: takes anything. */
export function parseNodeMessage(value: unknown): ParsedMessage<NodeMessage> {
  return parseByKind(value, READERS);
}

function readWelcome(fields: Fields): NodeMessage {
  const limits = fields.object("limits");
  return {
    kind: "welcome",
    version: fields.whole("version"),
    epoch: fields.text("epoch", WIRE_LIMITS.epochLength),
    seq: fields.whole("seq"),
    serverTime: fields.time("serverTime"),
    node: fields.text("node", 200),
    settings: readSettings(fields.object("settings")),
    limits: {
      frameBytes: limits.whole("frameBytes"),
      usageRows: limits.whole("usageRows"),
      openLookups: limits.whole("openLookups"),
    },
  };
}

function readSettings(fields: Fields): VerifierSettings {
  return {
    tagKeys: fields.texts("tagKeys", TAG_KEYS, 344, BASE64),
    keyPrefix: fields.text("keyPrefix", 12, PREFIX),
    environment: fields.textOrNull("environment", 100),
    ...(fields.isAbsent("foreignKeys") ? {} : { foreignKeys: fields.flag("foreignKeys") }),
    ...(fields.isAbsent("oldForms") ? {} : { oldForms: fields.texts("oldForms", OLD_FORMS.most, OLD_FORMS.length) }),
  };
}

function readOutcome(fields: Fields): LookupOutcome {
  const outcome = fields.oneOf("outcome", ["entry", "refused", "ask"]);
  switch (outcome) {
    case "entry":
      return { outcome, entry: readEntry(fields.object("entry")) };
    case "refused":
      return { outcome, code: fields.oneOfOr("code", REFUSAL_CODES, "UNAVAILABLE") };
    case "ask":
      return { outcome, missing: fields.texts("missing", 200, 64) };
  }
  return outcome satisfies never;
}
