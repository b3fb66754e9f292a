import type { KeyUse } from "../key-table/uses.ts";
import { REFUSAL_CODES } from "../verdict/verdict.ts";
import { readSpend } from "./parse-budget.ts";
import { readUses } from "./parse-uses.ts";
import { type ParsedMessage, SHA256, type VerifierMessage, WIRE_LIMITS } from "./wire.ts";
import { type Fields, parseByKind } from "./wire-fields.ts";

/** What a session is named by: random, so that nobody can guess another's. */
const SESSION = /^[A-Za-z0-9_-]{16,64}$/;
const BATCH = /^[A-Za-z0-9_-]{8,64}$/;
/** Shown to operators: printable ASCII. */
const SHOWN = /^[\x20-\x7e]*$/;
const ID_LENGTH = 100;
const MOST_USES = 1e15;

type Reader = (fields: Fields) => VerifierMessage;

const READERS: { readonly [K in VerifierMessage["kind"]]: Reader } = {
  hello: (fields) => ({
    kind: "hello",
    versions: fields.wholes("versions", 32),
    session: fields.text("session", 64, SESSION),
    epoch: fields.textOrNull("epoch", WIRE_LIMITS.epochLength),
    appliedSeq: fields.whole("appliedSeq"),
    understands: fields.texts("understands", 200, 64),
    termMs: fields.whole("termMs", WIRE_LIMITS.termMs, 1),
    staleIfUnreachableMs: fields.whole("staleIfUnreachableMs", WIRE_LIMITS.staleMs),
    name: fields.text("name", 200, SHOWN),
    software: fields.text("software", 100, SHOWN),
  }),
  renew: (fields) => ({
    kind: "renew",
    nonce: fields.whole("nonce"),
    epoch: fields.text("epoch", WIRE_LIMITS.epochLength),
    appliedSeq: fields.whole("appliedSeq"),
  }),
  ack: (fields) => ({ kind: "ack", epoch: fields.text("epoch", WIRE_LIMITS.epochLength), seq: fields.whole("seq") }),
  lookup: (fields) => ({ kind: "lookup", id: fields.whole("id"), hash: fields.text("hash", 43, SHA256) }),
  catalogue: (fields) => ({ kind: "catalogue", id: fields.whole("id") }),
  settings: (fields) => ({ kind: "settings", id: fields.whole("id") }),
  usage: (fields) => ({
    kind: "usage",
    batch: fields.text("batch", 64, BATCH),
    rows: fields.objects("rows", WIRE_LIMITS.usageRows, readUse),
    ...(fields.isAbsent("uses") ? {} : { uses: readUses(fields.object("uses")) }),
    ...(fields.isAbsent("lost") ? {} : { lost: fields.whole("lost", MOST_USES) }),
  }),
  spend: (fields) => ({ kind: "spend", id: fields.whole("id"), body: readSpend(fields.object("body")) }),
  release: () => ({ kind: "release" }),
};

/** Reads what a verifier sent, already parsed from JSON. Total: takes anything. */
export function parseVerifierMessage(value: unknown): ParsedMessage<VerifierMessage> {
  return parseByKind(value, READERS);
}

function readUse(fields: Fields): KeyUse {
  return {
    key: fields.text("key", ID_LENGTH, undefined, 1),
    version: fields.whole("version"),
    account: fields.text("account", ID_LENGTH, undefined, 1),
    accepted: fields.whole("accepted", MOST_USES),
    refused: fields.whole("refused", MOST_USES),
    firstUsedAt: fields.timeOrNull("firstUsedAt"),
    lastUsedAt: fields.timeOrNull("lastUsedAt"),
    lastRefusedAt: fields.timeOrNull("lastRefusedAt"),
    lastRefusedCode: fields.isNull("lastRefusedCode")
      ? null
      : fields.oneOfOr("lastRefusedCode", REFUSAL_CODES, "UNAVAILABLE"),
  };
}
