import { ClavigerError } from "@claviger/core";
import { sha256 } from "../../kernel/sha256.ts";
import type { Key } from "./key.ts";

const BYTES = 12;

/** Stands for all that acts change of a key, and not for its uses: an ETag, with its quotes. */
export function tagOfKey(key: Key): string {
  const digest = sha256(Buffer.from(JSON.stringify(partsOf(key), inOrder)));
  return `"${Buffer.from(digest).subarray(0, BYTES).toString("base64url")}"`;
}

/** Lists carry more with a key than it is. */
const FIELDS: Readonly<Record<keyof Key, true>> = {
  ...{ id: true, account: true, kind: true, environment: true, label: true, purpose: true },
  ...{ rationale: true, tier: true, scopes: true, ownerMember: true, ownerTeam: true, service: true },
  ...{ createdBy: true, createdAt: true, updatedAt: true, expiresAt: true, state: true, stateReason: true },
  ...{ stateComment: true, stateAt: true, allowedIps: true, allowedReferrers: true, audiences: true, limits: true },
  ...{ storedIn: true, criticality: true, runbookUrl: true, dependants: true, tags: true, metadata: true },
  ...{ version: true, preview: true, rotatingUntil: true, throttle: true },
};
const NAMES = Object.keys(FIELDS) as (keyof Key)[];
const partsOf = (key: Key) => Object.fromEntries(NAMES.map((name) => [name, key[name]]));

/** The database returns the fields of an object in an order of its own. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `match`: an `If-Match` header; null: whatever the key is like. Throws PRECONDITION_FAILED. */
export function demandMatch(key: Key, match: string | null): void {
  if (match === null || match.trim() === "*") return;
  if (!match.split(",").some((tag) => tag.trim() === tagOfKey(key))) throw new ClavigerError("PRECONDITION_FAILED");
}

/** Of two who change a key at once, the one who had to wait is told so. Throws CONFLICT. */
export function demandSame(seen: Key, held: Key): void {
  if (tagOfKey(seen) === tagOfKey(held)) return;
  const publicDetail = "Somebody else has just changed this key. Look at it and decide again.";
  throw new ClavigerError("CONFLICT", { publicDetail });
}
