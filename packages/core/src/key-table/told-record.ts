import type { KeyRecord, ValidVerdict } from "../verdict/verdict.ts";
import { ACCOUNT_TYPE, idOfWords, KEY_TYPE } from "./id-words.ts";
import type { Profile } from "./profiles.ts";
import {
  expiriesOf,
  KEY_EXPIRES,
  REVOKED,
  type Side,
  SUSPENDED,
  VERSION_ENDED,
  VERSION_EXPIRES,
  VERSION_MISSING,
} from "./record-layout.ts";
import { subjectsOf } from "./subjects.ts";

/** What a record is told from. Nothing in it changes when the table does. */
export interface RecordParts {
  readonly flags: number;
  readonly version: number;
  /** Infinity: never. */
  readonly expiry: number;
  readonly profile: Profile<object>;
  readonly side: Side | undefined;
}

/** The record again, with the presented version as its only one. */
export function recordOf(parts: RecordParts, keyId: string, account: string, accountSuspended: boolean): KeyRecord {
  const { flags, version, profile, side } = parts;
  const { ofKey, ofVersion } = expiriesOf(flags, parts.expiry, side);
  return {
    keyId,
    account,
    environment: profile.environment,
    state: (flags & REVOKED) !== 0 ? "revoked" : (flags & SUSPENDED) !== 0 ? "suspended" : "active",
    accountState: accountSuspended ? "suspended" : "active",
    expiresAt: ofKey,
    tier: profile.grant.tier,
    scopes: profile.grant.scopes,
    versions:
      (flags & VERSION_MISSING) !== 0
        ? []
        : [{ version, state: (flags & VERSION_ENDED) !== 0 ? "ended" : "active", expiresAt: ofVersion }],
    allowedIps: profile.allowedIps.list,
    allowedReferrers: profile.allowedReferrers.list,
    audiences: profile.audiences.list,
    metadata: side === undefined ? NO_METADATA : side.metadata,
    subjects: subjectsOf(profile.group, keyId, account),
  };
}

const NO_METADATA = Object.freeze({});

/**
 * An accepted key, which may be kept for ever: it has copied the few numbers that tell who it is, and makes the record
 * of them when that is first asked for.
 */
export class AcceptedVerdict implements ValidVerdict {
  readonly valid = true;
  readonly code = "VALID";
  readonly checked: ValidVerdict["checked"];
  readonly route: string | null;
  readonly version: number;
  readonly expiresAt: number | null;
  readonly #flags: number;
  readonly #profile: Profile<object>;
  readonly #side: Side | undefined;
  /** Four words of the key's id and four of the account's. */
  readonly #ids: readonly number[];
  /** The account's id where it is not written like ours. */
  readonly #oddAccount: string | undefined;
  #record: KeyRecord | null = null;

  constructor(
    checked: ValidVerdict["checked"],
    route: string | null,
    parts: RecordParts,
    ids: readonly number[],
    oddAccount: string | undefined,
  ) {
    this.checked = checked;
    this.route = route;
    this.version = parts.version;
    this.expiresAt = (parts.flags & (KEY_EXPIRES | VERSION_EXPIRES)) === 0 ? null : parts.expiry;
    this.#flags = parts.flags;
    this.#profile = parts.profile;
    this.#side = parts.side;
    this.#ids = ids;
    this.#oddAccount = oddAccount;
  }

  get keyId(): string {
    const [a = 0, b = 0, c = 0, d = 0] = this.#ids;
    return this.#side?.keyId ?? idOfWords(KEY_TYPE, a, b, c, d);
  }

  get account(): string {
    const [, , , , a = 0, b = 0, c = 0, d = 0] = this.#ids;
    return this.#oddAccount ?? idOfWords(ACCOUNT_TYPE, a, b, c, d);
  }

  get record(): KeyRecord {
    if (this.#record === null) {
      const parts: RecordParts = {
        flags: this.#flags,
        version: this.version,
        expiry: this.expiresAt ?? Number.POSITIVE_INFINITY,
        profile: this.#profile,
        side: this.#side,
      };
      this.#record = recordOf(parts, this.keyId, this.account, false);
    }
    return this.#record;
  }
}
