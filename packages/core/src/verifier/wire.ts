/**
 * What a verifier (the SDK in a caller's process) and a node say to one another: one WebSocket, one JSON object for each
 * frame, in order. Times are milliseconds; `seq` numbers a change of the database; `id` pairs an answer with its question
 * and is the asker's own.
 *
 * Fields that a reader does not know are ignored, so that they can be added. Whatever changes what a verdict may be is no
 * such field: it comes with a new protocol version, or as a condition of a record that a verifier must understand.
 */
import type { KeyUse } from "../key-table/uses.ts";
import type { ResolvedLimit } from "../limits/resolve-limits.ts";
import type { RouteDefinition } from "../routes/route-map.ts";
import type { ScopeDefinition } from "../scopes/catalogue.ts";
import type { PackedUses } from "../usage/packed-uses.ts";
import type { KeyRecord, RefusalCode } from "../verdict/verdict.ts";
import type { BudgetBody, SpendBody } from "./budget-wire.ts";
import type { Condition } from "./conditions.ts";

/** 32 bytes in base64url; the last character carries four bits, so each hash has one form. */
export const SHA256 = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Versions of this protocol that this software speaks, best first. */
export const PROTOCOL_VERSIONS: readonly number[] = Object.freeze([1]);

/** Bounds of frames and lists. Whoever sends more is answered with `fault` and disconnected. */
export const WIRE_LIMITS = Object.freeze({
  /** Bytes of one frame from a verifier, and from a node. */
  verifierFrameBytes: 262_144,
  nodeFrameBytes: 16_777_216,
  /** Subjects that one INVALIDATE names; a node that has more to say sends RESYNC. */
  subjects: 5_000,
  subjectLength: 300,
  epochLength: 100,
  usageRows: 1_000,
  /** Look-ups that a verifier may have open at a time. */
  openLookups: 1_000,
  /** Counters in one exchange about limits, and the longest term under which they are lent. */
  budgetRequests: 100,
  budgetTermMs: 60_000,
  /** Counters of one part that others lack something of, in one answer. */
  wanted: 1_000,
  /** Values in metadata, objects and lists counted as well; and how deep they may lie. */
  bodyValues: 10_000,
  bodyDepth: 16,
  termMs: 3_600_000,
  staleMs: 86_400_000,
});

/** The first message on every connection. */
export interface Hello {
  readonly kind: "hello";
  /** Protocol versions it speaks. */
  readonly versions: readonly number[];
  /** Random, made once for each verifier; it outlives connections and names the leases held under it. */
  readonly session: string;
  /** The epoch that its records belong to; null while it holds none. */
  readonly epoch: string | null;
  /** Everything up to here is applied; 0 without an epoch. */
  readonly appliedSeq: number;
  /** Conditions of records that it knows how to judge. */
  readonly understands: readonly string[];
  /** The term it asks for. */
  readonly termMs: number;
  /** For how long it would go on without a lease where nobody can be reached; 0: never. */
  readonly staleIfUnreachableMs: number;
  /** What operators know it by, and its software with version. */
  readonly name: string;
  readonly software: string;
}

/** Asks for a lease; says what is applied as well. */
export interface Renew {
  readonly kind: "renew";
  readonly nonce: number;
  readonly epoch: string;
  readonly appliedSeq: number;
}

/** Everything up to `seq` of this epoch is visible to every verification of this verifier. */
export interface Ack {
  readonly kind: "ack";
  readonly epoch: string;
  readonly seq: number;
}

/** Asks for the key whose SHA-256 this is. */
export interface Lookup {
  readonly kind: "lookup";
  readonly id: number;
  /** 32 bytes, base64url without padding. */
  readonly hash: string;
}

export interface AskCatalogue {
  readonly kind: "catalogue";
  readonly id: number;
}

export interface AskSettings {
  readonly kind: "settings";
  readonly id: number;
}

/** What was counted. The same batch may come again, until USAGE_OK names it; it must be counted once. */
export interface Usage {
  readonly kind: "usage";
  /** Random. */
  readonly batch: string;
  readonly rows: readonly KeyUse[];
  /** With what and when, in exact counts, and some of the requests one by one. Left out where there are none. */
  readonly uses?: PackedUses | undefined;
  /** Verifications that are in no batch, because there was no room for them or batches were given up: since it was told last. */
  readonly lost?: number | undefined;
}

/** An exchange about limits. */
export interface Spend {
  readonly kind: "spend";
  readonly id: number;
  readonly body: SpendBody;
}

/** Gives back every lease of this session: from before this was sent, nothing is accepted any more. */
export interface Release {
  readonly kind: "release";
}

export type VerifierMessage = Hello | Renew | Ack | Lookup | AskCatalogue | AskSettings | Usage | Spend | Release;

/** What a verifier needs to judge strings by their form, and where it stands. */
export interface VerifierSettings {
  /** Keys of keyed tags, base64. */
  readonly tagKeys: readonly string[];
  readonly keyPrefix: string;
  /** The environment that the credential is bound to; null: any. */
  readonly environment: string | null;
  /** Whether keys of other forms were imported: then a string of another form may be one, and is asked for. Left out: no. */
  readonly foreignKeys?: boolean | undefined;
  /** Forms of keys that only an older store knows: one that nobody has is asked for by the whole question. Left out: there are none. */
  readonly oldForms?: readonly string[] | undefined;
}

/** Answers HELLO. A verifier of another epoch, or of none, drops what it holds and starts at `seq`. */
export interface Welcome {
  readonly kind: "welcome";
  readonly version: number;
  readonly epoch: string;
  readonly seq: number;
  /** The node's wall clock. */
  readonly serverTime: number;
  /** What operators know the node by. */
  readonly node: string;
  readonly settings: VerifierSettings;
  readonly limits: { readonly frameBytes: number; readonly usageRows: number; readonly openLookups: number };
}

/** A lease, usable by whoever has applied everything up to `seq`, counted from before the RENEW was sent. */
export interface Granted {
  readonly kind: "grant";
  readonly nonce: number;
  readonly epoch: string;
  readonly seq: number;
  readonly termMs: number;
  /** For how long after the lease it may go on where nobody can be reached; 0: never. */
  readonly staleMs: number;
  readonly serverTime: number;
}

export const DENY_REASONS = Object.freeze([
  /** It held up changes again and again: it must ask for each verdict for a while. */
  "remote-mode",
  /** An INVALIDATE from before the last grant has not been acknowledged. */
  "unacknowledged",
  /** The node has no lease itself. */
  "no-lease",
  /** The verifier has applied more than the node. */
  "behind",
  /** The verifier speaks of another epoch than the node; RESYNC is under way. */
  "other-epoch",
  "too-many-sessions",
  /** For good, on this session or with this credential: */
  "unsupported-version",
  "session-taken",
  "credential-refused",
] as const);

/** `other`: one that this software does not know. */
export type DenyReason = (typeof DENY_REASONS)[number] | "other";

/** Answers RENEW with its nonce, or HELLO with none. */
export interface Deny {
  readonly kind: "deny";
  readonly nonce: number | null;
  readonly reason: DenyReason;
  /** When asking again makes sense; null: as usual. */
  readonly retryAfterMs: number | null;
  /** With `unsupported-version`: those that the node speaks. */
  readonly versions: readonly number[];
}

/** Changes after `after` and up to `seq` touched these subjects. A verifier that has not applied `after` has a gap. */
export interface Invalidate {
  readonly kind: "invalidate";
  readonly after: number;
  readonly seq: number;
  readonly subjects: readonly string[];
}

/** Drop everything: what was missed cannot be told. From now on everything up to `seq` of `epoch` is applied. */
export interface Resync {
  readonly kind: "resync";
  readonly epoch: string;
  readonly seq: number;
}

/** A key with all that a verifier needs to judge and to count it. */
export interface VerifierEntry {
  /** Of the versions only the presented one. */
  readonly record: KeyRecord;
  /** The version that the hash is of. */
  readonly version: number;
  readonly accountExternalId: string | null;
  /** Of key, plan and environment together. */
  readonly limits: readonly ResolvedLimit[];
  /** What must be understood to judge it; see `conditionsOf`. */
  readonly conditions: readonly Condition[];
}

export type LookupOutcome =
  | { readonly outcome: "entry"; readonly entry: VerifierEntry }
  | { readonly outcome: "refused"; readonly code: RefusalCode }
  /** The record has conditions that this verifier does not understand: ask for the verdict instead. */
  | { readonly outcome: "ask"; readonly missing: readonly string[] };

/** Answers LOOKUP. It is true as of the change `asOfSeq`, read in the same statement as the row. */
export type RecordAnswer = { readonly kind: "record"; readonly id: number; readonly asOfSeq: number } & LookupOutcome;

/** What a catalogue is compiled of. */
export interface CatalogueSource {
  readonly scopes: readonly ScopeDefinition[];
  readonly routes: readonly RouteDefinition[];
  readonly unmapped: "refuse" | "allow";
}

export interface CatalogueAnswer {
  readonly kind: "catalogue";
  readonly id: number;
  readonly asOfSeq: number;
  readonly source: CatalogueSource;
}

export interface SettingsAnswer {
  readonly kind: "settings";
  readonly id: number;
  readonly asOfSeq: number;
  readonly settings: VerifierSettings;
}

export interface UsageOk {
  readonly kind: "usage-ok";
  readonly batch: string;
}

/** Answers SPEND. */
export interface Budget {
  readonly kind: "budget";
  readonly id: number;
  readonly body: BudgetBody;
}

/** A question that cannot be answered now: the node has no lease, no database, or too much to do. */
export interface Unanswered {
  readonly kind: "unanswered";
  readonly id: number;
}

/** The node stops: connect elsewhere. Leases stand until their end. */
export interface Goodbye {
  readonly kind: "goodbye";
}

/** What was received cannot be read; the connection is closed next. */
export interface Fault {
  readonly kind: "fault";
  readonly code: WireErrorCode;
  /** The kind of the message and the path in it, as far as they are known. */
  readonly of: string | null;
  readonly field: string | null;
}

export type NodeMessage =
  | Welcome
  | Granted
  | Deny
  | Invalidate
  | Resync
  | RecordAnswer
  | CatalogueAnswer
  | SettingsAnswer
  | UsageOk
  | Budget
  | Unanswered
  | Goodbye
  | Fault;

export const WIRE_ERROR_CODES = Object.freeze(["NOT_AN_OBJECT", "UNKNOWN_KIND", "WRONG_FIELD"] as const);
export type WireErrorCode = (typeof WIRE_ERROR_CODES)[number];

/** Why a frame is no message. It quotes nothing of what was sent but a short kind. */
export interface WireError {
  readonly code: WireErrorCode;
  readonly kind: string | null;
  /** Path such as `entry.record.scopes[3]`. */
  readonly field: string | null;
}

export type ParsedMessage<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly error: WireError };
